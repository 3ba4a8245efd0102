"""Contacts and contributions in the state database."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.deadlines.records import OPEN
from api.deadlines.tables import DEADLINE
from api.platforms.duty.tables import CONTACT, CONTRIBUTION

CONTRIBUTION_KIND = "contribution"


def contacted(connection: Connection, suggestion: int) -> bool:
    """Whether the unit says that it spoke with the deputy, and the deputy does not deny it."""
    at = CONTACT.c
    query = sa.select(at.id).where(at.suggestion == suggestion, at.confirmed.isnot(sa.false()))
    return connection.execute(query.limit(1)).first() is not None


def awaited(connection: Connection, suggestion: int, now_ms: int) -> bool:
    """Whether a further unit still has time for its opinion: a late one holds up nobody."""
    at, term = CONTRIBUTION.c, DEADLINE.c
    running = sa.select(term.id).where(
        term.platform == "duty",
        term.kind == CONTRIBUTION_KIND,
        term.subject == sa.cast(at.id, sa.String(100)),
        term.state.in_(OPEN),
        term.due_ms >= now_ms,
    )
    query = sa.select(at.id).where(at.suggestion == suggestion, at.state == "asked")
    return connection.execute(query.where(running.exists()).limit(1)).first() is not None
