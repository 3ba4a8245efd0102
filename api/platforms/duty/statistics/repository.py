"""Counts of suggestions in the state database."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.accounts.visibility import Marks, visible
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.statistics.records import (
    HANDLED,
    MEASURES,
    OF_PROMISES,
    Asked,
    AskedRows,
    Group,
    Line,
    counts_of,
)
from api.platforms.duty.statistics.tables import COUNTED, THROUGH
from api.platforms.duty.tables import ANSWER, PROMISE, RATING, SUGGESTION
from api.procedures.tables import EVENT

_AT = COUNTED.c
MARKS = Marks(_AT.unit, _AT.secrecy, sa.false())
"""The figures that somebody sees: by the same rule for a sum and for its rows."""
_FOLLOWED = ("suggestion", "promise")
_STATES = {"claimed": ("reported", "kept"), "kept": ("kept",)}


def behind(connection: Connection, most: int) -> tuple[int, Collection[int]]:
    """The last of the next events that were not counted yet, and the suggestions that they
    changed. Writers take turns, so that no event comes before one that was counted.
    """
    at = EVENT.c
    query = sa.select(at.id, at.platform, at.kind, at.item).where(at.id > _through(connection))
    events = connection.execute(query.order_by(at.id).limit(most)).all()
    own = [of for of in events if of.platform == "duty" and of.kind in _FOLLOWED]
    items = {kind: [int(of.item) for of in own if of.kind == kind] for kind in _FOLLOWED}
    of_promises = sa.select(PROMISE.c.suggestion).where(PROMISE.c.id.in_(items["promise"]))
    changed = {*items["suggestion"], *connection.scalars(of_promises)}
    return (events[-1].id if events else 0), changed


def through(connection: Connection, event: int) -> None:
    """Events up to this one are counted."""
    if not connection.execute(sa.update(THROUGH).values(event=event)).rowcount:
        connection.execute(sa.insert(THROUGH).values(id=1, event=event))


def _through(connection: Connection) -> int:
    return connection.scalar(sa.select(THROUGH.c.event)) or 0


def count(connection: Connection, items: Collection[int]) -> None:
    """Count some suggestions anew, by id."""
    connection.execute(sa.delete(COUNTED).where(_AT.suggestion.in_(items)))
    if rows := list(_counted(connection, items)):
        connection.execute(sa.insert(COUNTED), rows)


def _counted(connection: Connection, items: Collection[int]) -> Iterator[dict[str, object]]:
    at = SUGGESTION.c
    query = sa.select(
        *(at.id, at.state, at.unit, at.secrecy, at.submitted_day, at.session),
        *(at.topic, at.round, at.result, at.lead),
    ).where(at.id.in_(items), at.state.in_(HANDLED), at.unit.isnot(None))
    outcomes = _outcomes(connection, items)
    promises: dict[int, list[str]] = {}
    made = sa.select(PROMISE.c.suggestion, PROMISE.c.state)
    made = made.where(PROMISE.c.suggestion.in_(items), PROMISE.c.state != "void")
    for one in connection.execute(made):
        promises.setdefault(one.suggestion, []).append(one.state)
    for row in connection.execute(query).mappings():
        outcome = outcomes.get((row["id"], row["round"], row["lead"]), "")
        values: dict[str, object] = {
            "suggestion": row["id"],
            "unit": row["unit"],
            "secrecy": row["secrecy"],
            "year": row["submitted_day"].year if row["submitted_day"] else 0,
            "session": row["session"] or "",
            "topic": row["topic"] or "",
        }
        yield values | dict(counts_of(dict(row), outcome, promises.get(row["id"], ())))


def _outcomes(connection: Connection, items: Collection[int]) -> dict[tuple[int, int, str], str]:
    """By suggestion, round and username how the outcome was rated the last time."""
    reply, rating = ANSWER.c, RATING.c
    query = sa.select(reply.suggestion, reply.round, rating.username, rating.outcome)
    query = query.join(RATING, rating.answer == reply.id)
    query = query.where(reply.suggestion.in_(items), ~reply.withdrawn).order_by(rating.id)
    return {(of.suggestion, of.round, of.username): of.outcome for of in connection.execute(query)}


def groups(connection: Connection, account: Account, asked: Asked) -> Sequence[Group]:
    """The sums of each unit, year, session or topic."""
    column = _AT[asked.by]
    sums = [sa.func.sum(_AT[name]).label(name) for name in MEASURES]
    query = sa.select(column.label("key"), *sums).where(*_conditions(account, asked))
    rows = connection.execute(query.group_by(column)).mappings()
    return [Group(str(row["key"]), {name: int(row[name]) for name in MEASURES}) for row in rows]


def years(connection: Connection) -> Sequence[int]:
    """Of which something is counted, the last one first."""
    query = sa.select(sa.func.min(_AT.year), sa.func.max(_AT.year))
    first, last = connection.execute(query).one()
    return range(last, first - 1, -1) if last else ()


def lines(connection: Connection, account: Account, asked: AskedRows, most: int) -> Sequence[Line]:
    """The rows that a measure counts, the newest first."""
    at, promise = SUGGESTION.c, PROMISE.c
    conditions = [*_conditions(account, asked), _AT[asked.measure] > 0]
    if asked.measure not in OF_PROMISES:
        query = sa.select(at.id, at.id, at.number, at.title, _AT.unit, at.state)
        query = query.join(COUNTED, _AT.suggestion == at.id).where(*conditions)
        key = at.id
    else:
        states = _STATES.get(asked.measure, ())
        chosen = promise.state.in_(states) if states else promise.state != "void"
        query = sa.select(
            promise.id, at.id, at.number, promise.title, _AT.unit, promise.state
        ).join_from(PROMISE, SUGGESTION, at.id == promise.suggestion)
        query = query.join(COUNTED, _AT.suggestion == at.id).where(chosen, *conditions)
        key = promise.id
    if asked.before:
        query = query.where(key < asked.before)
    rows = connection.execute(query.order_by(key.desc()).limit(most))
    return [Line(*row[:2], row[2] or "", *row[3:], asked.measure in OF_PROMISES) for row in rows]


def _conditions(account: Account, asked: Asked) -> Iterator[sa.ColumnElement[bool]]:
    yield visible(account, DutyPermission.SEE_STATISTICS, MARKS)
    if asked.year:
        yield _AT.year == int(asked.year)
    for name in ("session", "topic", "unit"):
        if chosen := getattr(asked, name):
            yield _AT[name] == chosen
