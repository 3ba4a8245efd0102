"""Looks alerts up by what people ask for, a page at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from alerting.alert import About, Level, State
from alerting.record.repository import RECORD, SHOWN, Kept, kept
from alerting.tables import ALERT, EVENT
from ingest.state.database import State as Database

Order = Literal["standing", "newest", "level"]
Ordering = Sequence[sa.ColumnElement[Any]]
NEWEST: Ordering = (ALERT.c.fired_ms.desc(), ALERT.c.id.asc())
STANDS = ALERT.c.state == str(State.FIRING)


@dataclass(frozen=True, slots=True)
class Criteria:
    """Every one that is given must hold. ``stations`` and ``rules``: one of either is enough."""

    stations: Collection[str] | None = None
    rules: Collection[str] | None = None
    station: str | None = None
    level: Level | None = None
    state: State | None = None
    unreviewed: bool = False
    about: About | None = None
    rule: str | None = None
    among: Collection[str] | None = None
    """Of these stations."""
    from_ms: int | None = None
    until_ms: int | None = None
    """That fired within a span, half open."""
    order: Order = "standing"
    seen_by: Literal["officer", "deputy"] = "officer"
    """Of what stands that comes last which one of these has acknowledged."""


@dataclass(frozen=True, slots=True)
class Found:
    """Alerts of one page, and how many there are on all of them."""

    rows: tuple[Kept, ...]
    total: int


def search(database: Database, asked: Criteria, *, first: int, most: int) -> Found:
    """Alerts that were not withdrawn, from number ``first`` on, 0 is the first."""
    conditions = _conditions(asked)
    count = sa.select(sa.func.count()).select_from(ALERT)
    with database.read() as connection:
        total = connection.execute(count.where(*conditions)).scalar_one()
        if asked.order != "standing":
            order = (ALERT.c.level.desc(), *NEWEST) if asked.order == "level" else NEWEST
            return Found(_rows(connection, ALERT, conditions, order, first, most), total)
        standing = connection.execute(count.where(*conditions, STANDS)).scalar_one()
        order = _seen_last(asked)
        found = _rows(connection, RECORD, [*conditions, STANDS], order, first, most)
        others = max(first - standing, 0), most - len(found)
        found += _rows(connection, ALERT, [*conditions, ~STANDS], NEWEST, *others)
        return Found(found, total)


def counts(database: Database, asked: Criteria) -> Mapping[tuple[Level, About], int]:
    """How many there are of each level and kind."""
    columns = ALERT.c.level, ALERT.c.about
    query = sa.select(*columns, sa.func.count()).where(*_conditions(asked)).group_by(*columns)
    with database.read() as connection:
        return {(Level(level), about): n for level, about, n in connection.execute(query)}


def _conditions(asked: Criteria) -> list[sa.ColumnElement[bool]]:
    found = [ALERT.c.state != str(State.WITHDRAWN), *_narrowed(asked)]
    if asked.stations is not None and asked.rules is not None:
        found.append(ALERT.c.station.in_(asked.stations) | ALERT.c.rule_id.in_(asked.rules))
    if asked.station:
        found.append(ALERT.c.station == asked.station)
    if asked.level is not None:
        found.append(ALERT.c.level == asked.level)
    if asked.state is not None:
        found.append(ALERT.c.state == str(asked.state))
    if asked.unreviewed:
        found.append(ALERT.c.reviewed_as.is_(None))
    return found


def _narrowed(asked: Criteria) -> Iterator[sa.ColumnElement[bool]]:
    if asked.about is not None:
        yield ALERT.c.about == asked.about
    if asked.rule is not None:
        yield ALERT.c.rule_id == asked.rule
    if asked.among is not None:
        yield ALERT.c.station.in_(asked.among)
    if asked.from_ms is not None:
        yield ALERT.c.fired_ms >= asked.from_ms
    if asked.until_ms is not None:
        yield ALERT.c.fired_ms < asked.until_ms


def _rows(
    connection: Connection,
    sorted_in: sa.FromClause,
    conditions: list[sa.ColumnElement[bool]],
    order: Ordering,
    first: int,
    most: int,
) -> tuple[Kept, ...]:
    """The ids alone are sorted and counted off, before anything is read of their rows."""
    ids = sa.select(ALERT.c.id).select_from(sorted_in).where(*conditions)
    ids = ids.order_by(*order).offset(first).limit(most)
    rows = sa.select(*SHOWN).select_from(RECORD).where(ALERT.c.id.in_(ids)).order_by(*order)
    return tuple(kept(row) for row in connection.execute(rows)) if most > 0 else ()


def _seen_last(asked: Criteria) -> Ordering:
    seen = EVENT.c.officers_ms if asked.seen_by == "officer" else EVENT.c.deputies_ms
    return (sa.case((seen.is_(None), 0), else_=1).asc(), *NEWEST)
