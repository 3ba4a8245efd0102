"""Where silences and maintenance windows are kept."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from alerting.alert import Level
from alerting.silences.silence import Scope, Silence
from alerting.tables import SILENCE
from ingest.state.database import State as Database

_END = sa.func.coalesce(SILENCE.c.ended_ms, SILENCE.c.until_ms)
"""Nobody ends one after its end."""


class Silences:
    """Silences in the state database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def standing(self, connection: Connection, at_ms: int) -> list[Silence]:
        """Those in force at an instant, the earliest first."""
        return self.within(connection, at_ms, at_ms)

    def within(self, connection: Connection, begin_ms: int, until_ms: int) -> list[Silence]:
        """Those in force at any time of a span, its end among it, the earliest first."""
        query = sa.select(SILENCE).where(
            SILENCE.c.from_ms <= until_ms, SILENCE.c.until_ms > begin_ms, begin_ms < _END
        )
        return [_silence(row) for row in connection.execute(query.order_by(SILENCE.c.id))]

    def to_come(self, connection: Connection, at_ms: int) -> list[Silence]:
        """Those that begin after an instant, the next one first."""
        query = sa.select(SILENCE).where(SILENCE.c.from_ms > at_ms, at_ms < _END)
        query = query.order_by(SILENCE.c.from_ms, SILENCE.c.id)
        return [_silence(row) for row in connection.execute(query)]

    def over(
        self, connection: Connection, at_ms: int, *, before: int, most: int
    ) -> tuple[list[Silence], int | None]:
        """Those that are over, the newest first, of ids below ``before``, 0: of all; and before
        which id the next ones are found, None where there are none.
        """
        query = sa.select(SILENCE).where(at_ms >= _END)
        if before:
            query = query.where(SILENCE.c.id < before)
        rows = connection.execute(query.order_by(SILENCE.c.id.desc()).limit(most + 1)).all()
        found = [_silence(row) for row in rows[:most]]
        return found, found[-1].id if len(rows) > most else None

    def one(self, connection: Connection, silence_id: int) -> Silence | None:
        """One of them."""
        row = connection.execute(sa.select(SILENCE).where(SILENCE.c.id == silence_id)).first()
        return _silence(row) if row else None

    def add(self, connection: Connection, silence: Silence) -> int:
        """Keep a new one, whatever its id; its id."""
        values = _values(silence)
        del values["id"]
        (found,) = connection.execute(sa.insert(SILENCE).values(values)).inserted_primary_key or (
            0,
        )
        return int(found)

    def end(self, connection: Connection, silence_id: int, by: str, at_ms: int) -> bool:
        """End one early; False where it is over already. One that was to come never begins."""
        own = sa.and_(
            SILENCE.c.id == silence_id, SILENCE.c.ended_ms.is_(None), SILENCE.c.until_ms > at_ms
        )
        changed = sa.update(SILENCE).where(own).values(ended_by=by, ended_ms=at_ms)
        return bool(connection.execute(changed).rowcount)


def _values(silence: Silence) -> dict[str, Any]:
    return asdict(silence) | {
        "scope": msgspec.json.encode(silence.scope).decode(),
        "level": int(silence.level),
    }


def _silence(row: Row[Any]) -> Silence:
    values = {column.key: row._mapping[column] for column in SILENCE.c}
    scope = msgspec.json.decode(values.pop("scope"), type=Scope)
    return Silence(scope=scope, level=Level(values.pop("level")), **values)
