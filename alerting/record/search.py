"""Looks alerts up by what people ask for, a page at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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
    waiting: bool = False
    """Nobody of ``seen_by`` has acknowledged or taken the event, and nobody reviewed the alert."""
    order: Order = "standing"
    seen_by: Literal["officer", "deputy"] = "officer"
    """Of what stands that comes last which one of these has acknowledged."""


@dataclass(frozen=True, slots=True)
class Found:
    """Alerts of one page, and how many there are on all of them."""

    rows: tuple[Kept, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Group:
    """Alerts of one event that are asked for, or one of none, by the id of the event or its own:
    the gravest of them, how many there are, how many nobody has reviewed, and the state of these,
    which is another one as soon as one comes or goes.
    """

    key: str
    rows: tuple[Kept, ...]
    alerts: int
    unreviewed: int
    state: str


@dataclass(frozen=True, slots=True)
class Grouped:
    """Groups of one page, and what there is on all of them."""

    rows: tuple[Group, ...]
    total: int
    alerts: int
    unreviewed: int
    state: str


KEY = sa.func.coalesce(ALERT.c.event_id, ALERT.c.id)
OPEN = ALERT.c.reviewed_as.is_(None)
MOST_OF_GROUP = 24
"""Alerts of a group that are read; its event's page has them all."""
_COUNTS = (
    sa.func.count(),
    sa.func.sum(sa.case((OPEN, 1), else_=0)),
    sa.func.sum(sa.case((OPEN, ALERT.c.fired_ms), else_=0)),
)


def grouped(database: Database, asked: Criteria, *, first: int, most: int) -> Grouped:
    """The same by their events, from group number ``first`` on."""
    conditions = _conditions(asked)
    stands, newest = sa.func.max(sa.case((STANDS, 1), else_=0)), sa.func.max(ALERT.c.fired_ms)
    seen = EVENT.c.officers_ms if asked.seen_by == "officer" else EVENT.c.deputies_ms
    unseen = sa.func.max(sa.case((sa.and_(STANDS, seen.is_(None)), 1), else_=0))
    orders = {
        "standing": (stands.desc(), unseen.desc()),
        "newest": (),
        "level": (sa.func.max(ALERT.c.level).desc(),),
    }
    counted = sa.select(sa.func.count(sa.distinct(KEY)), *_COUNTS).where(*conditions)
    query = sa.select(KEY, *_COUNTS).select_from(RECORD).where(*conditions).group_by(KEY)
    query = query.order_by(*orders[asked.order], newest.desc(), KEY).offset(first).limit(most)
    with database.read() as connection:
        total, alerts, *left = connection.execute(counted).one()
        groups = connection.execute(query).all()
        rows = _of_groups(connection, conditions, [of[0] for of in groups])
    found = tuple(Group(key, tuple(rows[key]), n, *_left(*of)) for key, n, *of in groups)
    return Grouped(found, total, alerts, *_left(*left))


def unreviewed(
    database: Database, asked: Criteria, keys: Collection[str] | None, most: int
) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Ids of alerts that nobody has reviewed, ``most`` and one at most, by group; and the state of
    each group. ``keys``: of these groups alone.
    """
    query = sa.select(KEY, ALERT.c.id, ALERT.c.fired_ms).where(*_conditions(asked), OPEN)
    if keys is not None:
        query = query.where(_in_groups(keys))
    ids: dict[str, list[str]] = {}
    sums: dict[str, int] = {}
    with database.read() as connection:
        for key, alert_id, fired_ms in connection.execute(query.limit(most + 1)):
            ids.setdefault(key, []).append(alert_id)
            sums[key] = sums.get(key, 0) + fired_ms
    return ids, {key: _left(len(of), sums[key])[1] for key, of in ids.items()}


def state_of_all(states: Iterable[str]) -> str:
    """The state of several groups together."""
    parts = [of.split("-") for of in states]
    return _left(sum(int(of[0]) for of in parts), sum(int(of[1]) for of in parts))[1]


def _left(count: int | None, fired_ms: int | None) -> tuple[int, str]:
    """How many wait for their review, and their state: no two sets that somebody may meet in turn
    have as many alerts and the same sum of instants.
    """
    return int(count or 0), f"{int(count or 0)}-{int(fired_ms or 0)}"


def _in_groups(keys: Collection[str]) -> sa.ColumnElement[bool]:
    return ALERT.c.event_id.in_(keys) | (ALERT.c.event_id.is_(None) & ALERT.c.id.in_(keys))


def _of_groups(
    connection: Connection, conditions: list[sa.ColumnElement[bool]], keys: list[str]
) -> Mapping[str, list[Kept]]:
    """The first alerts of groups: what stands, the gravest, the newest."""
    order = (sa.case((STANDS, 0), else_=1).asc(), ALERT.c.level.desc(), *NEWEST)
    number = sa.func.row_number().over(partition_by=KEY, order_by=order).label("number")
    within = sa.select(ALERT.c.id, number).where(*conditions, _in_groups(keys)).subquery()
    ids = sa.select(within.c.id).where(within.c.number <= MOST_OF_GROUP)
    found: dict[str, list[Kept]] = {}
    rows = sa.select(*SHOWN).select_from(RECORD).where(ALERT.c.id.in_(ids)).order_by(*order)
    for row in connection.execute(rows):
        of = kept(row)
        found.setdefault(of.event or of.alert.id, []).append(of)
    return found


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


def count(database: Database, asked: Criteria) -> int:
    """How many there are."""
    query = sa.select(sa.func.count()).select_from(ALERT).where(*_conditions(asked))
    with database.read() as connection:
        return connection.execute(query).scalar_one()


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
    if asked.waiting:
        event = EVENT.alias()
        seen = event.c.officers_ms if asked.seen_by == "officer" else event.c.deputies_ms
        known = seen.is_not(None) | event.c.taken_ms.is_not(None)
        yield OPEN & ~sa.exists().where(event.c.id == ALERT.c.event_id, known)
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
