"""Looks alerts up by what people ask for, a page at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from alerting.alert import About, Level, State
from alerting.record.repository import RECORD, SHOWN, Kept, kept
from alerting.tables import ALERT, EVENT
from ingest.state.database import State as Database

Order = Literal["standing", "newest", "level"]


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
    rows = sa.select(*SHOWN).select_from(RECORD).where(*conditions).order_by(*_order(asked))
    count = sa.select(sa.func.count()).select_from(ALERT).where(*conditions)
    with database.read() as connection:
        found = connection.execute(rows.offset(first).limit(most))
        return Found(tuple(kept(row) for row in found), connection.execute(count).scalar_one())


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


def _order(asked: Criteria) -> list[sa.ColumnElement[object]]:
    newest: list[sa.ColumnElement[object]] = [ALERT.c.fired_ms.desc(), ALERT.c.id.asc()]
    if asked.order == "newest":
        return newest
    if asked.order == "level":
        return [ALERT.c.level.desc(), *newest]
    firing_first = sa.case((ALERT.c.state == str(State.FIRING), 0), else_=1)
    seen = EVENT.c.officers_ms if asked.seen_by == "officer" else EVENT.c.deputies_ms
    seen_last = sa.case((seen.is_(None), 0), else_=1)
    return [firing_first.asc(), seen_last.asc(), *newest]
