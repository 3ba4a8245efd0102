"""How often somebody let earlier links to a feed end, and the account behind a link."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.deadlines.tables import FEED
from api.tables import ACCOUNT
from ingest.state.database import State


def serial(state: State, username: str) -> int | None:
    """The number of times; None where nobody of this name may sign in."""
    stands = sa.select(ACCOUNT.c.username).where(
        ACCOUNT.c.username == username, ACCOUNT.c.disabled_ms.is_(None)
    )
    query = sa.select(sa.func.count()).select_from(FEED).where(FEED.c.username == username)
    with state.read() as connection:
        if connection.scalar(stands) is None:
            return None
        return connection.scalar(query) or 0


def language(state: State, username: str) -> str:
    """The language that a person chose; empty: none."""
    query = sa.select(ACCOUNT.c.language).where(ACCOUNT.c.username == username)
    with state.read() as connection:
        return connection.scalar(query) or ""


def renew(connection: Connection, username: str, now_ms: int) -> None:
    """Let every link of somebody's that was given so far end."""
    connection.execute(sa.insert(FEED).values(username=username, renewed_ms=now_ms))
