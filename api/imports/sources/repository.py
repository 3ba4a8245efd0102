"""Where sources, what they owe, and attempts to take it are kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.engine import Row as Found

from api.accounts.repositories.tokens import Tokens
from api.imports.permission import ImportPermission
from api.imports.records import Load
from api.imports.repository import load_of
from api.imports.sources.periods import Period, PeriodKind
from api.imports.sources.records import Attempt, Outcome, Owed, Seen, Source, Terms
from api.imports.tables import LOAD, SOURCE, SOURCE_ATTEMPT, SOURCE_PERIOD
from api.kinds.tables import TableKind
from config.vocabulary.time import MINUTE_MS
from ingest.state.database import State

ABANDONED_MS = 30 * MINUTE_MS
"""A turn of which nothing was heard so long was ended with its process."""
_CAME = ("in-force", "unchanged", "withdrawn")


class Sources:
    """The register in the state database."""

    def __init__(self, state: State) -> None:
        self.state = state

    def add(
        self, connection: Connection, kind: TableKind, name: str, period: PeriodKind,
        since_day: str, terms: Terms, *, by: str, at_ms: int,
    ) -> int:  # fmt: skip
        """Register a source; its id."""
        row = {"name": name, "kind": kind.name, "permission": str(kind.permission)}
        row |= {"period": period, "since_day": since_day}
        row |= asdict(terms) | {"active": True, "made_by": by, "made_ms": at_ms}
        made = connection.execute(sa.insert(SOURCE).values(row | {"problem": "", "seen": "{}"}))
        (source_id,) = made.inserted_primary_key or (0,)
        return int(source_id)

    def put(self, connection: Connection, source_id: int, **values: object) -> None:
        """Write other values of a source."""
        same = SOURCE.c.id == source_id
        connection.execute(sa.update(SOURCE).where(same).values(values))

    def one(self, source_id: int) -> Source | None:
        """One of them."""
        with self.state.read() as connection:
            return self.found(connection, source_id)

    def found(self, connection: Connection, source_id: int) -> Source | None:
        """One of them, in the caller's transaction."""
        row = connection.execute(sa.select(SOURCE).where(SOURCE.c.id == source_id)).first()
        return _source(row) if row else None

    def named(self, connection: Connection, kind: str, name: str) -> Source | None:
        """The source of a kind that is called so."""
        query = sa.select(SOURCE).where(SOURCE.c.kind == kind, SOURCE.c.name == name)
        row = connection.execute(query).first()
        return _source(row) if row else None

    def all(self, kinds: Collection[str]) -> list[Source]:
        """Every source of some kinds, by kind and name."""
        query = sa.select(SOURCE).where(SOURCE.c.kind.in_(kinds))
        with self.state.read() as connection:
            rows = connection.execute(query.order_by(SOURCE.c.kind, SOURCE.c.name))
            return [_source(row) for row in rows]

    def active(
        self, connection: Connection, condition: sa.ColumnElement[bool], most: int
    ) -> list[Source]:
        """Sources that owe tables and meet a condition, by kind and name."""
        query = sa.select(SOURCE).where(SOURCE.c.active, condition)
        query = query.order_by(SOURCE.c.kind, SOURCE.c.name).limit(most)
        return [_source(row) for row in connection.execute(query)]

    def claim(self, source_id: int, now_ms: int) -> bool:
        """Take a source in hand, so that no other process does; False where one has it."""
        free = sa.or_(SOURCE.c.taken_ms.is_(None), SOURCE.c.taken_ms < now_ms - ABANDONED_MS)
        claimed = sa.update(SOURCE).where(SOURCE.c.id == source_id, SOURCE.c.active, free)
        with self.state.begin() as connection:
            return bool(connection.execute(claimed.values(taken_ms=now_ms)).rowcount)

    def release(
        self, source: Source, problem: str, now_ms: int, seen: Mapping[str, Seen] | None = None
    ) -> None:
        """Let go of it after a turn; ``problem`` is why nothing was reached, empty: it was."""
        values: dict[str, object] = {"taken_ms": None, "tried_ms": now_ms}
        if seen is not None and seen != source.seen:
            values["seen"] = msgspec.json.encode(seen).decode()
        if problem != source.problem:
            values |= {"problem": problem, "problem_ms": now_ms if problem else None}
        with self.state.begin() as connection:
            self.put(connection, source.id, **values)
            if problem and problem != source.problem:
                self.note(connection, source.id, "", "unreached", None, problem, now_ms)

    def note(
        self, connection: Connection, source_id: int, name: str, outcome: Outcome,
        load: int | None, why: str, at_ms: int,
    ) -> None:  # fmt: skip
        """Keep an attempt."""
        row = {"source": source_id, "at_ms": at_ms, "name": name[-200:], "outcome": outcome}
        row |= {"load": load, "why": why[:300]}
        connection.execute(sa.insert(SOURCE_ATTEMPT).values(row))

    def attempts(self, source_id: int, most: int = 30) -> list[Attempt]:
        """Attempts, the newest first."""
        query = sa.select(SOURCE_ATTEMPT).where(SOURCE_ATTEMPT.c.source == source_id)
        with self.state.read() as connection:
            rows = connection.execute(query.order_by(SOURCE_ATTEMPT.c.id.desc()).limit(most))
            return [Attempt(**row) for row in rows.mappings()]

    def forget_attempts(self, before_ms: int, most: int = 500) -> None:
        """Remove attempts from before an instant, slice by slice."""
        old = sa.select(SOURCE_ATTEMPT.c.id).where(SOURCE_ATTEMPT.c.at_ms < before_ms).limit(most)
        forgotten = sa.delete(SOURCE_ATTEMPT).where(SOURCE_ATTEMPT.c.id.in_(old))
        left = most
        while left == most:
            with self.state.begin() as connection:
                left = connection.execute(forgotten).rowcount

    def owe(self, connection: Connection, source_id: int, period: Period, deadline: int) -> None:
        """Write that a table is owed for a period."""
        row = {"source": source_id, "last_day": period.last.isoformat(), "label": period.label}
        connection.execute(sa.insert(SOURCE_PERIOD).values(row | {"deadline": deadline}))

    def owed(self, source_id: int, most: int | None = None) -> list[Owed]:
        """Every period of a source, the newest first."""
        query = sa.select(SOURCE_PERIOD).where(SOURCE_PERIOD.c.source == source_id)
        query = query.order_by(SOURCE_PERIOD.c.last_day.desc()).limit(most)
        with self.state.read() as connection:
            return [Owed(**row) for row in connection.execute(query).mappings()]

    def change_owed(self, connection: Connection, owed: Owed, **values: object) -> None:
        """Write other values of a period."""
        same = sa.and_(
            SOURCE_PERIOD.c.source == owed.source, SOURCE_PERIOD.c.last_day == owed.last_day
        )
        connection.execute(sa.update(SOURCE_PERIOD).where(same).values(values))

    def loads(self, source: Source, most: int = 200) -> list[Load]:
        """Loads of a source, the newest first."""
        query = sa.select(LOAD).where(LOAD.c.kind == source.kind, LOAD.c.source == source.name)
        with self.state.read() as connection:
            rows = connection.execute(query.order_by(LOAD.c.id.desc()).limit(most))
            return [load_of(row) for row in rows]

    def taken(self, source: Source, sha256: str) -> Load | None:
        """The load of a source by which a content was taken already."""
        query = sa.select(LOAD).where(
            LOAD.c.kind == source.kind,
            LOAD.c.source == source.name,
            LOAD.c.sha256 == sha256,
            LOAD.c.state.in_(_CAME),
        )
        with self.state.read() as connection:
            row = connection.execute(query.limit(1)).first()
        return load_of(row) if row else None

    def machines(self, now_ms: int) -> Mapping[str, str]:
        """Tokens by which the table of a source may be sent: names by id."""
        return {
            str(of.id): of.name
            for of in Tokens(self.state).all(sa.true())
            if of.ended_ms is None
            and of.expires_ms > now_ms
            and ImportPermission.SEND in of.permissions
        }


def _source(row: Found[Any]) -> Source:
    terms = Terms(**{name: getattr(row, name) for name in Terms.__dataclass_fields__})
    return Source(
        row.id, row.name, row.kind, row.permission, row.period, row.since_day, terms, row.active,
        row.made_by, row.made_ms, row.tried_ms, row.problem, row.problem_ms,
        msgspec.json.decode(row.seen, type=dict[str, Seen]),
    )  # fmt: skip
