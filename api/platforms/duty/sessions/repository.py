"""Sessions in the state database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.platforms.duty.sessions.records import Session
from api.platforms.duty.sessions.tables import SESSION


def every(connection: Connection) -> Sequence[Session]:
    """All of them, the newest first, also those that are offered no more."""
    query = sa.select(SESSION).order_by(SESSION.c.first_day.desc(), SESSION.c.town)
    return [Session(**row) for row in connection.execute(query).mappings()]


def put(connection: Connection, session: Session) -> None:
    """Write a session, or other days of one."""
    at, values = SESSION.c, asdict(session)
    same = sa.and_(at.town == session.town, at.term == session.term, at.number == session.number)
    if not connection.execute(sa.update(SESSION).where(same).values(values)).rowcount:
        connection.execute(sa.insert(SESSION).values(values))
