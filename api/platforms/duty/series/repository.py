"""Suggestions and promises of some days, as somebody may see them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.accounts.visibility import visible
from api.deadlines.records import OPEN
from api.deadlines.tables import DEADLINE
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.series.records import Promised, Submitted
from api.platforms.duty.tables import MARKS, PROMISE, PROMISE_MARKS, SUGGESTION
from api.procedures.tables import EVENT

MOST = 50_000
_REPORTS = ("report", "evidence-met")


def submitted(
    connection: Connection, account: Account, first: date, last: date
) -> Sequence[Submitted]:
    """Suggestions that were submitted from a day to another."""
    at = SUGGESTION.c
    query = sa.select(
        *(at.id, at.title, at.submitted_day, at.unit, at.town, at.topic),
        at.answered_day.is_not(None),
    ).where(
        at.submitted_day.between(first, last),
        at.state != "draft",
        visible(account, DutyPermission.SEE, MARKS),
    )
    found = connection.execute(query.order_by(at.id).limit(MOST))
    return [Submitted(*row) for row in found]


def promised(
    connection: Connection, account: Account, first: date, last: date, now_ms: int
) -> Sequence[Promised]:
    """Promises whose day lies from one to another; not those of a reply that was taken back."""
    at, item = PROMISE.c, sa.cast(PROMISE.c.id, sa.String(100))
    term, event = DEADLINE.c, EVENT.c
    overdue = sa.select(term.id).where(
        *(term.platform == "duty", term.kind == "promise", term.subject == item),
        *(term.state.in_(OPEN), term.due_ms < now_ms),
    )
    reported = (
        sa.select(event.step)
        .where(
            *(event.platform == "duty", event.kind == "promise", event.item == item),
            event.step.in_(_REPORTS),
        )
        .order_by(event.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = (
        sa.select(
            *(at.id, at.title, at.due_day, at.unit, SUGGESTION.c.topic, at.state),
            *(sa.func.coalesce(reported, "") == "evidence-met", overdue.exists()),
        )
        .join(SUGGESTION, SUGGESTION.c.id == at.suggestion)
        .where(
            *(at.due_day.between(first, last), at.state != "void"),
            visible(account, DutyPermission.SEE, PROMISE_MARKS),
        )
    )
    found = connection.execute(query.order_by(at.id).limit(MOST))
    return [Promised(*row) for row in found]
