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


class Silences:
    """Silences in the state database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def standing(self, connection: Connection, at_ms: int) -> list[Silence]:
        """Those in force at an instant, the earliest first."""
        lasts = sa.func.coalesce(SILENCE.c.ended_ms, SILENCE.c.until_ms) > at_ms
        query = sa.select(SILENCE).where(
            SILENCE.c.from_ms <= at_ms, SILENCE.c.until_ms > at_ms, lasts
        )
        return [_silence(row) for row in connection.execute(query.order_by(SILENCE.c.id))]

    def add(self, connection: Connection, silence: Silence) -> int:
        """Keep a new one, whatever its id; its id."""
        values = _values(silence)
        del values["id"]
        (found,) = connection.execute(sa.insert(SILENCE).values(values)).inserted_primary_key or (
            0,
        )
        return int(found)

    def end(self, connection: Connection, silence_id: int, by: str, at_ms: int) -> None:
        """End one early."""
        own = sa.and_(SILENCE.c.id == silence_id, SILENCE.c.ended_ms.is_(None))
        connection.execute(sa.update(SILENCE).where(own).values(ended_by=by, ended_ms=at_ms))


def _values(silence: Silence) -> dict[str, Any]:
    return asdict(silence) | {
        "scope": msgspec.json.encode(silence.scope).decode(),
        "level": int(silence.level),
    }


def _silence(row: Row[Any]) -> Silence:
    values = {column.key: row._mapping[column] for column in SILENCE.c}
    scope = msgspec.json.decode(values.pop("scope"), type=Scope)
    return Silence(scope=scope, level=Level(values.pop("level")), **values)
