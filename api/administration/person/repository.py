"""The last rows of the audit that name somebody."""

from __future__ import annotations

import sqlalchemy as sa

from api.administration.person.records import Happened
from api.tables import AUDIT
from ingest.state.database import State


def happened(state: State, username: str, most: int) -> tuple[Happened, ...]:
    """The newest first."""
    query = sa.select(
        AUDIT.c.at_ms, AUDIT.c.who, AUDIT.c.on_behalf, AUDIT.c.action, AUDIT.c.detail
    )
    query = query.where(AUDIT.c.subject == username).order_by(AUDIT.c.id.desc()).limit(most)
    with state.read() as connection:
        return tuple(Happened(*row) for row in connection.execute(query))
