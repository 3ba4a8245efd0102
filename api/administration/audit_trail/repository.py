"""Looks up who is meant, and the head of the chain."""

from __future__ import annotations

import sqlalchemy as sa

from api.audit_chain import links
from api.audit_chain.links import Head
from api.tables import ACCOUNT, TOKEN
from ingest.state.database import State


def usernames_called(state: State, name: str) -> list[str]:
    """The usernames of everybody who has a name."""
    query = sa.select(ACCOUNT.c.username).where(ACCOUNT.c.name == name)
    with state.read() as connection:
        return list(connection.scalars(query))


def token_names(state: State, ids: list[int]) -> dict[int, str]:
    """The names of machines' tokens, by id."""
    query = sa.select(TOKEN.c.id, TOKEN.c.name).where(TOKEN.c.id.in_(ids))
    with state.read() as connection:
        return {row.id: row.name for row in connection.execute(query)}


def head(state: State) -> Head:
    """The newest link of the chain."""
    with state.read() as connection:
        return links.last(connection)
