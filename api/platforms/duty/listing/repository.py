"""Suggestions in lists, as somebody may see them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.accounts.visibility import visible
from api.deadlines.kept import rows
from api.deadlines.records import OPEN, Deadline
from api.deadlines.tables import DEADLINE
from api.platforms.duty.listing.records import Criteria, Line
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.tables import MARKS, SIGNATURE, SUGGESTION

KIND = "suggestion"
COUNTED = 1000
"""More lines are not counted."""
HANDLED = (
    *("submitted", "accepted", "assigned", "handling", "returning", "disputed", "answered"),
    *("again", "conferring"),
)
"""States in which somebody has to do something."""
_AT = SUGGESTION.c
_COLUMNS: tuple[sa.ColumnElement[Any], ...] = (
    *(_AT.id, _AT.state, _AT.number, _AT.title, _AT.lead, _AT.topic, _AT.town, _AT.unit),
    *(_AT.submitted_day, _AT.assigned_day, _AT.answered_day, _AT.result),
)


def lines(
    connection: Connection, account: Account, criteria: Criteria, most: int
) -> Sequence[Line]:
    """Lines that somebody sees, the newest first."""
    chosen = sa.select(_AT.id).where(*_conditions(account, criteria))
    if criteria.before:
        chosen = chosen.where(_AT.id < criteria.before)
    ids = connection.scalars(chosen.order_by(_AT.id.desc()).limit(most)).all()
    query = sa.select(*_COLUMNS).where(_AT.id.in_(ids)).order_by(_AT.id.desc())
    return [Line(*row) for row in connection.execute(query)]


def every(
    connection: Connection, account: Account, criteria: Criteria, most: int
) -> Iterator[Line]:
    """Lines for a table that is handed out, the newest first."""
    query = sa.select(*_COLUMNS).where(*_conditions(account, criteria))
    for row in connection.execute(query.order_by(_AT.id.desc()).limit(most)):
        yield Line(*row)


def count(connection: Connection, account: Account, criteria: Criteria, most: int) -> int:
    """How many lines somebody sees, ``most`` at most."""
    some = sa.select(_AT.id).where(*_conditions(account, criteria)).limit(most)
    return connection.scalar(sa.select(sa.func.count()).select_from(some.subquery())) or 0


def own_drafts(connection: Connection, username: str, text: str) -> list[int]:
    """Drafts of somebody with a text in them: the search has none of them."""
    query = sa.select(_AT.id).where(
        _AT.lead == username,
        _AT.state == "draft",
        sa.or_(
            _AT.title.contains(text, autoescape=True), _AT.body.contains(text, autoescape=True)
        ),
    )
    return list(connection.scalars(query))


def terms(connection: Connection, ids: Collection[int]) -> Mapping[int, Deadline]:
    """Of each suggestion the open term that is due first."""
    at = DEADLINE.c
    query = sa.select(DEADLINE).where(
        at.platform == "duty",
        at.kind == KIND,
        at.subject.in_([str(of) for of in ids]),
        at.state.in_(OPEN),
    )
    found: dict[int, Deadline] = {}
    for row in connection.execute(query.order_by(at.due_ms, at.id)):
        found.setdefault(int(row.subject), rows.deadline_of(row))
    return found


def _conditions(account: Account, criteria: Criteria) -> Iterator[sa.ColumnElement[bool]]:
    yield visible(account, DutyPermission.SEE, MARKS)
    if criteria.show == "mine":
        yield _AT.lead == account.username
    elif criteria.show == "sign":
        yield _AT.id.in_(_asked(account.username))
    elif criteria.show == "open":
        yield _AT.state.in_(HANDLED)
    equal: Mapping[sa.Column[Any], str] = {
        _AT.state: criteria.state,
        _AT.unit: criteria.unit,
        _AT.topic: criteria.topic,
        _AT.town: criteria.town,
    }
    for column, value in equal.items():
        if value:
            yield column == value
    if criteria.year:
        first, last = date(criteria.year, 1, 1), date(criteria.year, 12, 31)
        yield _AT.submitted_day.between(first, last)
    if criteria.among is not None:
        yield _AT.id.in_(criteria.among)


def _asked(username: str) -> sa.Select[tuple[int]]:
    at = SIGNATURE.c
    return sa.select(at.item).where(at.kind == KIND, at.username == username)
