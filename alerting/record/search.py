"""Looks alerts up by what people ask for, a page at a time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from alerting.alert import Level, State
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


def _conditions(asked: Criteria) -> list[sa.ColumnElement[bool]]:
    found = [ALERT.c.state != str(State.WITHDRAWN)]
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
