"""Where loads, their reports and the mappings of sources are kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.engine import Row as Found

from api.imports.records import UNDER_WAY, Fault, Load, LoadState, Mapping, Report
from api.imports.tables import LOAD, LOAD_MAPPING, LOAD_REPORT, SOURCE
from ingest.state.database import State

_EMPTY: dict[str, Any] = dict.fromkeys(
    ("claim", "done", "rows", "refused", "fresh", "changed", "same", "faults"), 0
) | {"from_month": "", "until_month": "", "problem": "", "totals": "{}", "heard": True}


class Loads:
    """Loads in the state database. Each change moves a load from a state to another, and says
    whether it was in the first.
    """

    def __init__(self, state: State) -> None:
        self.state = state

    def add(
        self, connection: Connection, *, kind: str, source: str, file: str, sha256: str,
        size: int, by: str, at_ms: int,
    ) -> int:  # fmt: skip
        """Keep a file that was sent, with the unit that owes it now; the id of its load."""
        owner = sa.select(SOURCE.c.unit).where(SOURCE.c.kind == kind, SOURCE.c.name == source)
        values = _EMPTY | {
            "kind": kind,
            "source": source,
            "file": file,
            "sha256": sha256,
            "bytes": size,
            "state": "draft",
            "mapping": "{}",
            "made_by": by,
            "made_ms": at_ms,
            "beat_ms": at_ms,
            "unit": connection.scalar(owner) or "",
        }
        kept = connection.execute(sa.insert(LOAD).values(values))
        (load_id,) = kept.inserted_primary_key or (0,)
        return int(load_id)

    def one(self, load_id: int) -> Load | None:
        """One of them."""
        with self.state.read() as connection:
            return self.found(connection, load_id)

    def found(self, connection: Connection, load_id: int) -> Load | None:
        """One of them, in the caller's transaction."""
        row = connection.execute(sa.select(LOAD).where(LOAD.c.id == load_id)).first()
        return load_of(row) if row else None

    def listed(
        self,
        kinds: Collection[str],
        *,
        source: str = "",
        state: str = "",
        before: int = 0,
        most: int = 50,
    ) -> list[Load]:
        """Loads of these kinds, the newest first; ``before`` is an id, 0: all."""
        query = sa.select(LOAD).where(LOAD.c.kind.in_(kinds))
        if source:
            query = query.where(LOAD.c.source == source)
        if state:
            query = query.where(LOAD.c.state == state)
        if before:
            query = query.where(LOAD.c.id < before)
        with self.state.read() as connection:
            rows = connection.execute(query.order_by(LOAD.c.id.desc()).limit(most))
            return [load_of(row) for row in rows]

    def sources(self, kinds: Collection[str]) -> list[str]:
        """Every source from which something of these kinds came."""
        query = sa.select(LOAD.c.source).where(LOAD.c.kind.in_(kinds)).distinct()
        with self.state.read() as connection:
            return list(connection.execute(query.order_by(LOAD.c.source)).scalars())

    def under_way(self, connection: Connection, kind: str) -> bool:
        """Whether rows of a kind are being written."""
        query = sa.select(LOAD.c.id).where(LOAD.c.kind == kind, LOAD.c.state == "loading")
        return connection.execute(query.limit(1)).first() is not None

    def silent(self, before_ms: int) -> list[Load]:
        """Loads that are under way and of which nothing was heard since an instant."""
        query = sa.select(LOAD).where(LOAD.c.state.in_(UNDER_WAY), LOAD.c.beat_ms < before_ms)
        with self.state.read() as connection:
            return [load_of(row) for row in connection.execute(query)]

    def of_state(self, state: LoadState) -> list[Load]:
        """Every load in a state."""
        with self.state.read() as connection:
            rows = connection.execute(sa.select(LOAD).where(LOAD.c.state == state))
            return [load_of(row) for row in rows]

    def waiting_for(self, username: str, most: int) -> list[Load]:
        """Files that somebody sent and that wait for a decision, the newest first."""
        query = sa.select(LOAD).where(
            LOAD.c.made_by == username, LOAD.c.state.in_(("draft", "checked"))
        )
        with self.state.read() as connection:
            rows = connection.execute(query.order_by(LOAD.c.id.desc()).limit(most))
            return [load_of(row) for row in rows]

    def unheard(self) -> list[Load]:
        """Loads of which their platform has still to hear."""
        with self.state.read() as connection:
            rows = connection.execute(sa.select(LOAD).where(LOAD.c.heard.is_(False)))
            return [load_of(row) for row in rows]

    def move(
        self,
        connection: Connection,
        load_id: int,
        states: tuple[LoadState, ...],
        to: LoadState,
        **values: Any,
    ) -> bool:
        """Move a load to a state; False where it is in none of ``states``."""
        own = sa.and_(LOAD.c.id == load_id, LOAD.c.state.in_(states))
        changed = sa.update(LOAD).where(own).values(state=to, **values)
        return bool(connection.execute(changed).rowcount)

    def claim(
        self, connection: Connection, load_id: int, states: tuple[LoadState, ...],
        to: LoadState, **values: Any,
    ) -> Load | None:  # fmt: skip
        """Take a load in hand; None where it is in none of ``states``."""
        claimed = LOAD.c.claim + 1
        if not self.move(connection, load_id, states, to, claim=claimed, done=0, **values):
            return None
        return self.found(connection, load_id)

    def settle(self, connection: Connection, load: Load, to: LoadState, **values: Any) -> bool:
        """Change a load that was taken in hand; False where that is somebody else's by now."""
        own = sa.and_(LOAD.c.id == load.id, LOAD.c.state == load.state, LOAD.c.claim == load.claim)
        changed = sa.update(LOAD).where(own).values(state=to, **values)
        return bool(connection.execute(changed).rowcount)

    def hear(self, load_id: int) -> None:
        """Note that the platform has heard."""
        with self.state.begin() as connection:
            connection.execute(sa.update(LOAD).where(LOAD.c.id == load_id).values(heard=True))

    def remove(self, connection: Connection, load_id: int, state: LoadState) -> bool:
        """Forget a load that is in a state, with its report."""
        own = sa.select(LOAD.c.id).where(LOAD.c.id == load_id, LOAD.c.state == state)
        connection.execute(sa.delete(LOAD_REPORT).where(LOAD_REPORT.c.load.in_(own)))
        gone = sa.delete(LOAD).where(LOAD.c.id == load_id, LOAD.c.state == state)
        return bool(connection.execute(gone).rowcount)

    def uses(self, sha256: str) -> bool:
        """Whether a load may still be read from a content."""
        query = sa.select(LOAD.c.id).where(LOAD.c.sha256 == sha256).limit(1)
        with self.state.read() as connection:
            return connection.execute(query).first() is not None

    def contents(self) -> list[str]:
        """The hash of every content of which there is a load."""
        with self.state.read() as connection:
            return list(connection.execute(sa.select(LOAD.c.sha256).distinct()).scalars())

    def of_content(self, sha256: str) -> list[Load]:
        """The loads of a content, the first one first."""
        query = sa.select(LOAD).where(LOAD.c.sha256 == sha256).order_by(LOAD.c.id)
        with self.state.read() as connection:
            return [load_of(row) for row in connection.execute(query)]

    def next_ordinal(self, connection: Connection) -> int:
        """Of a load that comes into force now."""
        return int(connection.scalar(sa.select(sa.func.max(LOAD.c.ordinal))) or 0) + 1

    def keep_report(
        self, connection: Connection, load_id: int, report: Report, faults: Sequence[Fault]
    ) -> None:
        """Keep the report of a load and its faults, instead of those before."""
        connection.execute(sa.delete(LOAD_REPORT).where(LOAD_REPORT.c.load == load_id))
        values = {"load": load_id, "report": _json(report), "faults": _json(list(faults))}
        connection.execute(sa.insert(LOAD_REPORT).values(values))

    def report(self, load_id: int) -> tuple[Report, list[Fault]]:
        """The report of a load and its faults; empty before it was checked."""
        query = sa.select(LOAD_REPORT).where(LOAD_REPORT.c.load == load_id)
        with self.state.read() as connection:
            row = connection.execute(query).first()
        if row is None:
            return Report(), []
        return (
            msgspec.json.decode(row.report, type=Report),
            msgspec.json.decode(row.faults, type=list[Fault]),
        )

    def mapping(self, kind: str, source: str) -> Mapping | None:
        """The mapping by which files of a source were read last."""
        own = sa.and_(LOAD_MAPPING.c.kind == kind, LOAD_MAPPING.c.source == source)
        with self.state.read() as connection:
            text = connection.scalar(sa.select(LOAD_MAPPING.c.mapping).where(own))
        return None if text is None else msgspec.json.decode(text, type=Mapping)

    def keep_mapping(
        self, connection: Connection, load: Load, mapping: Mapping, by: str, at_ms: int
    ) -> None:
        """Keep the mapping of a source for its next file, without the totals of this one."""
        own = sa.and_(LOAD_MAPPING.c.kind == load.kind, LOAD_MAPPING.c.source == load.source)
        connection.execute(sa.delete(LOAD_MAPPING).where(own))
        kept = _json(msgspec.structs.replace(mapping, controls={}))
        values = {
            "kind": load.kind,
            "source": load.source,
            "mapping": kept,
            "kept_by": by,
            "kept_ms": at_ms,
        }
        connection.execute(sa.insert(LOAD_MAPPING).values(values))


def written(mapping: Mapping) -> str:
    """A mapping as its column has it."""
    return _json(mapping)


def counts_of(report: Report) -> dict[str, Any]:
    """The columns of a load that lists show of its report."""
    months = sorted(report.rows_of_months)
    return {
        **{
            name: getattr(report, name) for name in ("rows", "refused", "fresh", "changed", "same")
        },
        "faults": report.faults,
        "totals": _json(report.totals),
        "from_month": months[0] if months else "",
        "until_month": months[-1] if months else "",
    }


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def load_of(row: Found[Any]) -> Load:
    """The load of a row."""
    values: dict[str, Any] = {column.key: row._mapping[column] for column in LOAD.c}
    values["mapping"] = msgspec.json.decode(values["mapping"], type=Mapping)
    values["totals"] = msgspec.json.decode(values["totals"], type=dict[str, int])
    return Load(**values)
