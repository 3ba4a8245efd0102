"""Promises in the state database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.accounts.visibility import visible
from api.deadlines.records import OPEN
from api.deadlines.tables import DEADLINE
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.promises.records import RUNNING, Show
from api.platforms.duty.tables import ANSWER, PROMISE, PROMISE_MARKS, SUGGESTION
from api.procedures.procedure import Row

KIND = "promise"
PAGE = 50


def of_suggestion(connection: Connection, account: Account, suggestion: int) -> Sequence[Row]:
    """The promises of a suggestion that an account sees, but for those of a reply that was taken
    back.
    """
    at = PROMISE.c
    query = sa.select(PROMISE).where(
        at.suggestion == suggestion,
        at.state != "void",
        visible(account, DutyPermission.SEE, PROMISE_MARKS),
    )
    return [dict(row) for row in connection.execute(query.order_by(at.id)).mappings()]


def listed(
    connection: Connection, account: Account, show: Show, now_ms: int, page: int
) -> tuple[Sequence[Row], Mapping[Show, int]]:
    """A page of the ledger, the first due first, and how many there are by each filter."""
    conditions = _shown(now_ms)
    own = _own(account)
    columns = [
        sa.func.sum(sa.case((condition, 1), else_=0)).label(name)
        for name, condition in conditions.items()
    ]
    counted = connection.execute(sa.select(*columns).where(*own)).mappings().one()
    query = sa.select(PROMISE, SUGGESTION.c.number.label("number"))
    query = query.join(SUGGESTION, SUGGESTION.c.id == PROMISE.c.suggestion)
    query = query.where(*own, conditions[show]).order_by(PROMISE.c.due_day, PROMISE.c.id)
    rows = connection.execute(query.limit(PAGE).offset((page - 1) * PAGE)).mappings()
    return [dict(row) for row in rows], {name: counted[name] or 0 for name in conditions}


def watched(connection: Connection) -> Sequence[Row]:
    """The open promises for which the centre watches evidence."""
    at = PROMISE.c
    query = sa.select(PROMISE).where(at.state == "open", at.evidence.isnot(None))
    return [dict(row) for row in connection.execute(query.order_by(at.id)).mappings()]


def void(connection: Connection) -> Sequence[int]:
    """Running promises of replies that were taken back, by id."""
    at = PROMISE.c
    query = sa.select(at.id).join(ANSWER, ANSWER.c.id == at.answer)
    query = query.where(at.state.in_(RUNNING), ANSWER.c.withdrawn)
    return list(connection.execute(query.order_by(at.id)).scalars())


def of_former_lead(connection: Connection) -> Mapping[int, str]:
    """Running promises whose suggestion has another lead deputy by now: by id, with that one."""
    at = PROMISE.c
    query = sa.select(at.id, SUGGESTION.c.lead)
    query = query.join(SUGGESTION, SUGGESTION.c.id == at.suggestion)
    query = query.where(at.state.in_(RUNNING), at.lead != SUGGESTION.c.lead)
    return {row.id: row.lead for row in connection.execute(query.order_by(at.id))}


def last_reply(connection: Connection, suggestion: int) -> int | None:
    """The last reply to a suggestion that stands, by id."""
    at = ANSWER.c
    query = sa.select(sa.func.max(at.id)).where(at.suggestion == suggestion, ~at.withdrawn)
    return connection.execute(query).scalar()


def _own(account: Account) -> Sequence[sa.ColumnElement[bool]]:
    """The ledger of an account: of a deputy the own ones, of a unit its own, of the
    office all.
    """
    seen = visible(account, DutyPermission.SEE, PROMISE_MARKS)
    may_all = account.may(DutyPermission.CHECK) or not account.may(DutyPermission.WRITE)
    people = PROMISE_MARKS.people
    assert people is not None
    mine = sa.true() if may_all else people(account.username)
    return [seen, mine, PROMISE.c.state != "void"]


def _shown(now_ms: int) -> Mapping[Show, sa.ColumnElement[bool]]:
    at, term = PROMISE.c, DEADLINE.c
    overdue = sa.select(term.id).where(
        term.platform == "duty",
        term.kind == KIND,
        term.subject == sa.cast(at.id, sa.String(100)),
        term.state.in_(OPEN),
        term.due_ms < now_ms,
    )
    return {
        "open": at.state == "open",
        "overdue": overdue.exists(),
        "reported": at.state == "reported",
        "kept": at.state == "kept",
        "all": sa.true(),
    }
