"""The exchange in the state database: questions to what imports, cases and deadlines keep."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.engine import Row as Found

from api.accounts.records import Account
from api.accounts.repositories.units import below
from api.accounts.visibility import Marks, visible
from api.cases.means.records import KIND as MEASURE_KIND
from api.cases.permission import CasePermission
from api.deadlines.kept import rows
from api.deadlines.records import OPEN, Deadline
from api.deadlines.tables import DEADLINE
from api.exchange.permission import ExchangePermission
from api.exchange.records import ANSWERING, LOAD, OF_BODIES, Answer, Answering, Entry, Thing
from api.imports import tables
from api.imports.records import Load
from api.imports.repository import load_of
from api.imports.sources.records import Source
from api.imports.sources.repository import Sources
from api.ports import Reference
from api.procedures.tables import EVENT
from api.tables import TOKEN, UNIT

MOST_THINGS = 500
"""Of a kind that are asked for at a time."""
_LATER = EVENT.alias("later")


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads the exchange, of ``unit`` and those below it (empty: of all units that
    they see). Who holds no unit sees tables of ``kinds`` alone.
    """

    account: Account
    kinds: Collection[str]
    unit: str = ""

    def covers(self, unit: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
        """Whether a thing is of a body that they look at."""
        return self._covers(unit, _marks(unit))

    def covers_table(self, table: sa.Table) -> sa.ColumnElement[bool]:
        """The same of a load or a source, which has a kind."""
        return self._covers(table.c.unit, _marks(table.c.unit, table.c.kind.in_(self.kinds)))

    def _covers(self, unit: sa.ColumnElement[Any], marks: Marks) -> sa.ColumnElement[bool]:
        chosen = unit.in_(below((self.unit,))) if self.unit else unit != ""
        return sa.and_(visible(self.account, ExchangePermission.SEE, marks), chosen)


def units(connection: Connection, account: Account) -> list[tuple[str, str]]:
    """Ids and names of the units whose exchange somebody sees, in the official order."""
    seen = visible(account, ExchangePermission.SEE, _marks(UNIT.c.id))
    query = sa.select(UNIT.c.id, UNIT.c.name).where(seen)
    rows_of = connection.execute(query.order_by(UNIT.c.official_order, UNIT.c.id))
    return [(row.id, row.name) for row in rows_of]


def things(connection: Connection, reader: Reader) -> list[Thing]:
    """Things of cases that wait for bodies."""
    return [thing for of in ANSWERING.values() for thing in _things(connection, reader, of)]


def sources(connection: Connection, sources_of: Sources, reader: Reader) -> list[Source]:
    """Sources that owe tables."""
    return sources_of.active(connection, reader.covers_table(tables.SOURCE), MOST_THINGS)


def terms(
    connection: Connection, things_of: Iterable[Reference]
) -> Mapping[Reference, Sequence[Deadline]]:
    """Open deadlines of things, the first due first."""
    by_kind: dict[tuple[str, str], list[str]] = {}
    for of in things_of:
        by_kind.setdefault((of.platform, of.kind), []).append(of.id)
    same = [
        sa.and_(
            DEADLINE.c.platform == platform, DEADLINE.c.kind == kind, DEADLINE.c.subject.in_(ids)
        )
        for (platform, kind), ids in by_kind.items()
    ]
    query = sa.select(DEADLINE).where(sa.or_(sa.false(), *same), DEADLINE.c.state.in_(OPEN))
    found: dict[Reference, list[Deadline]] = {}
    for row in connection.execute(query.order_by(DEADLINE.c.due_ms, DEADLINE.c.id)):
        deadline = rows.deadline_of(row)
        found.setdefault(deadline.subject, []).append(deadline)
    return found


def sent(
    connection: Connection, reader: Reader, most: int, first: int = 0
) -> tuple[list[Entry], int]:
    """Things that came, the newest first, and how many there are of all."""
    every = sa.union_all(_loads(reader), *(_answers(reader, of) for of in ANSWERING.values()))
    union = every.subquery()
    total = connection.scalar(sa.select(sa.func.count()).select_from(union)) or 0
    query = sa.select(union).order_by(union.c.at_ms.desc(), union.c.kind, union.c.id.desc())
    found = connection.execute(query.limit(most).offset(first))
    return [Entry(row.kind, row.id, row.at_ms) for row in found], total


def loads(connection: Connection, reader: Reader, ids: Collection[int]) -> list[Load]:
    """Loads by their ids, as far as they are seen."""
    own = sa.and_(tables.LOAD.c.id.in_(ids), reader.covers_table(tables.LOAD))
    return [load_of(row) for row in connection.execute(sa.select(tables.LOAD).where(own))]


def loads_of_machine(
    connection: Connection, source: Source, username: str, most: int, load_id: int | None = None
) -> list[Load]:
    """Loads that a machine sent for a source, the newest first; of one id that one alone."""
    at = tables.LOAD.c
    own = [at.kind == source.kind, at.source == source.name, at.made_by == username]
    if load_id is not None:
        own.append(at.id == load_id)
    query = sa.select(tables.LOAD).where(*own).order_by(at.id.desc()).limit(most)
    return [load_of(row) for row in connection.execute(query)]


def answers(
    connection: Connection, reader: Reader, of: Answering, ids: Collection[int]
) -> list[Answer]:
    """Answers by the ids of their events, as far as they are seen."""
    back = sa.exists().where(
        _LATER.c.platform == EVENT.c.platform,
        _LATER.c.kind == EVENT.c.kind,
        _LATER.c.item == EVENT.c.item,
        _LATER.c.takes_back == EVENT.c.number,
    )
    state = of.procedure.table.c.state.label("now")
    query = sa.select(EVENT, state, back.label("back")).select_from(_joined(of))
    found = connection.execute(query.where(*_answered(reader, of), EVENT.c.id.in_(ids)))
    return [_answer(of, row) for row in found]


def machine(connection: Connection, token_id: int) -> str:
    """The name of a machine; empty where there is none."""
    return connection.scalar(sa.select(TOKEN.c.name).where(TOKEN.c.id == token_id)) or ""


def _marks(unit: sa.ColumnElement[Any], of_office: sa.ColumnElement[bool] | None = None) -> Marks:
    """Of a thing of a unit; who reaches it by no unit of their own does so only ``of_office``."""
    beyond = sa.true() if of_office is None else of_office
    return Marks(
        unit,
        sa.literal(0),
        sa.false(),
        stage=lambda reach: sa.true() if reach.unit else beyond,
    )


def _things(connection: Connection, reader: Reader, of: Answering) -> list[Thing]:
    table = of.procedure.table
    waits = sa.and_(table.c.state == of.waits, *_seen(reader, of))
    query = sa.select(table).where(waits).order_by(table.c.id).limit(MOST_THINGS)
    return [
        Thing(of.kind, row["id"], row["title"], row["unit"], of.procedure.path(dict(row)))
        for row in connection.execute(query).mappings()
    ]


def _loads(reader: Reader) -> sa.Select[Any]:
    at, kind = tables.LOAD.c, sa.literal_column(f"'{LOAD}'", sa.String).label("kind")
    query = sa.select(kind, at.id.label("id"), at.made_ms.label("at_ms"))
    return query.where(reader.covers_table(tables.LOAD))


def _answers(reader: Reader, of: Answering) -> sa.Select[Any]:
    at = EVENT.c
    query = sa.select(at.kind.label("kind"), at.id.label("id"), at.at_ms.label("at_ms"))
    return query.select_from(_joined(of)).where(*_answered(reader, of))


def _joined(of: Answering) -> sa.Join:
    table = of.procedure.table
    same = sa.and_(
        EVENT.c.platform == of.procedure.platform,
        EVENT.c.kind == of.kind,
        EVENT.c.item == sa.cast(table.c.id, sa.String),
    )
    return table.join(EVENT, same)


def _answered(reader: Reader, of: Answering) -> list[sa.ColumnElement[bool]]:
    return [EVENT.c.step.in_(of.steps), *_seen(reader, of)]


def _seen(reader: Reader, of: Answering) -> list[sa.ColumnElement[bool]]:
    """Of a body that they look at, and seen as a thing of its case is."""
    table = of.procedure.table
    of_case = visible(reader.account, CasePermission.SEE, of.procedure.marks)
    found = [reader.covers(table.c.unit), of_case]
    if of.kind == MEASURE_KIND:
        ours = [sa.and_(table.c.means == means, table.c.name == name) for means, name in OF_BODIES]
        found.append(sa.or_(sa.false(), *ours))
    return found


def _answer(of: Answering, row: Found[Any]) -> Answer:
    given, after = json.loads(row.given), json.loads(row.after)
    return Answer(
        id=row.id,
        kind=row.kind,
        item=row.item,
        title=after["title"],
        unit=after["unit"],
        step=row.step,
        signed=row.signed,
        at_ms=row.at_ms,
        text=given.get(of.text, ""),
        paper=given.get("paper", ""),
        state=row.now,
        taken_back=bool(row.back),
    )
