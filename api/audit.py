"""Rows of the audit, which enter with the change that they tell of and never change: written here,
and found again.
"""

from __future__ import annotations

import os
import pwd
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TypedDict, Unpack

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.tables import AUDIT, AUDIT_LINK
from ingest.state.database import State

ROWS_A_SLICE = 1000


@dataclass(frozen=True, slots=True)
class Actor:
    """A person by username, and for whom they act; empty: for themselves."""

    who: str
    on_behalf: str = ""


CENTRE = Actor("")
"""The centre itself, where no person did it."""
CONSOLE = "cli:"
"""Before the name of somebody at the command line; no username has a colon in it."""


def _operator() -> Actor:
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container may know its users by number alone
        name = str(os.getuid())
    return Actor(f"{CONSOLE}{name}"[:40])


OPERATOR = _operator()
"""Whoever runs this process, by the name that the operating system has for them."""


@dataclass(frozen=True, slots=True)
class Row:
    """One deed; ``position`` is its place in the chain, None while it waits for one."""

    id: int
    at_ms: int
    who: str
    on_behalf: str
    action: str
    subject: str
    detail: str
    position: int | None


class Asked(TypedDict, total=False):
    """Rows that are asked for: of some people, also where somebody acted for them; of an action
    and a subject; with a text, in whatever case; of a time, half open. Left out: all. ``among``
    are the people whose rows may be seen at all, as a query; None: everybody.
    """

    who: Collection[str]
    among: sa.Select[tuple[str]] | None
    action: str
    subject: str
    text: str
    from_ms: int | None
    until_ms: int | None


def record(
    connection: Connection, *, by: Actor, action: str, subject: str, detail: str, at_ms: int
) -> None:
    """Add a row in the caller's transaction, so that no change stands without it."""
    record_all(connection, by=by, action=action, details={subject: detail}, at_ms=at_ms)


def record_all(
    connection: Connection, *, by: Actor, action: str, details: Mapping[str, str], at_ms: int
) -> None:
    """Add a row for each subject, at once."""
    same = asdict(by) | {"at_ms": at_ms, "action": action}
    rows = [same | {"subject": of, "detail": detail} for of, detail in details.items()]
    if rows:
        connection.execute(sa.insert(AUDIT), rows)


def search(
    state: State,
    *,
    before_id: int | None = None,
    after_id: int = 0,
    most: int = 50,
    **asked: Unpack[Asked],
) -> list[Row]:
    """Rows that are asked for, the newest first; ``before_id`` is the last that was seen, and none
    is older than ``after_id``.
    """
    query = sa.select(AUDIT, AUDIT_LINK.c.position).outerjoin(AUDIT_LINK)
    query = query.where(AUDIT.c.id > after_id, *_conditions(**asked))
    query = query.order_by(AUDIT.c.id.desc()).limit(most)
    if before_id is not None:
        query = query.where(AUDIT.c.id < before_id)
    with state.read() as connection:
        return [Row(**row._mapping) for row in connection.execute(query)]


def rows(state: State, **asked: Unpack[Asked]) -> Iterator[Row]:
    """All of them, the newest first, few at a time: what enters meanwhile is not among them."""
    before: int | None = None
    while found := search(state, before_id=before, most=ROWS_A_SLICE, **asked):
        yield from found
        before = found[-1].id


def newest(state: State) -> int:
    """The id of the last row, 0 where there is none."""
    with state.read() as connection:
        return connection.scalar(sa.select(sa.func.max(AUDIT.c.id))) or 0


def count(state: State, **asked: Unpack[Asked]) -> int:
    """How many there are."""
    query = sa.select(sa.func.count()).select_from(AUDIT).where(*_conditions(**asked))
    with state.read() as connection:
        return connection.scalar(query) or 0


def actions(state: State) -> list[str]:
    """Every action that there is a row of."""
    query = sa.select(AUDIT.c.action).distinct().order_by(AUDIT.c.action)
    with state.read() as connection:
        return list(connection.execute(query).scalars())


def _conditions(
    *,
    who: Collection[str] = (),
    among: sa.Select[tuple[str]] | None = None,
    action: str = "",
    subject: str = "",
    text: str = "",
    from_ms: int | None = None,
    until_ms: int | None = None,
) -> Iterator[sa.ColumnElement[bool]]:
    """Each holds of every row that is asked for."""
    row = AUDIT.c
    if who:
        yield sa.or_(row.who.in_(who), row.on_behalf.in_(who))
    if among is not None:
        yield sa.or_(row.who.in_(among), row.on_behalf.in_(among))
    if action:
        yield row.action == action
    if subject:
        yield row.subject == subject
    if text:
        columns = (row.who, row.on_behalf, row.action, row.subject, row.detail)
        yield sa.or_(*(of.icontains(text, autoescape=True) for of in columns))
    if from_ms is not None:
        yield row.at_ms >= from_ms
    if until_ms is not None:
        yield row.at_ms < until_ms
