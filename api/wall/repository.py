"""Terms that are over, and whose; never their titles."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.deadlines.records import Standing
from api.deadlines.tables import DEADLINE
from api.ports import Reference


def overdue(
    connection: Connection, platforms: Collection[str], now_ms: int
) -> Sequence[tuple[Reference, date]]:
    """The things of some platforms with the due days of their terms, the first due first. A term
    that pauses is not late, and a rule that nobody stands for makes none late.
    """
    at = DEADLINE.c
    query = (
        sa.select(at.platform, at.kind, at.subject, at.due_day)
        .where(at.state == Standing.RUNNING, at.due_ms < now_ms, at.verified)
        .where(at.platform.in_(platforms))
        .order_by(at.due_ms)
    )
    return [
        (Reference(*of), date.fromisoformat(due_day)) for *of, due_day in connection.execute(query)
    ]
