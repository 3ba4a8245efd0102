"""Which hints somebody has closed."""

from __future__ import annotations

import sqlalchemy as sa

from api.hints.tables import CLOSED
from ingest.state.database import State

HINTS = ("workbench", "duty", "budget", "judicial", "documents", "cases")
"""Platforms whose first page says once how to begin. Of the environment's, the state of the river
comes first.
"""


class Hints:
    """Those of everybody."""

    def __init__(self, state: State) -> None:
        self._state = state

    def stands(self, username: str, name: str) -> bool:
        """Whether there is a hint of a name that the person has not closed."""
        if name not in HINTS:
            return False
        with self._state.read() as connection:
            return connection.execute(_closed(username, name)).first() is None

    def close(self, username: str, name: str) -> None:
        """Show it to the person no more."""
        with self._state.begin() as connection:
            if connection.execute(_closed(username, name)).first() is None:
                connection.execute(sa.insert(CLOSED).values(username=username, name=name))


def _closed(username: str, name: str) -> sa.Select[tuple[str]]:
    same = sa.and_(CLOSED.c.username == username, CLOSED.c.name == name)
    return sa.select(CLOSED.c.name).where(same)
