"""Books on which rules are tried, the last ones kept."""

from __future__ import annotations

import threading

import sqlalchemy as sa

from api.imports.standing import IN_FORCE
from api.imports.tables import LOAD
from api.platforms.budget.books import repository as books
from budget.detection.books import Books
from ingest.state.database import State


class TriedBooks:
    """Everything that stands up to the end of a year. Who tries a rule tries it several times, so
    the last books are kept until a load comes or goes; who asks while they are read waits.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._of: tuple[str, tuple[int, ...]] | None = None
        self._books: Books | None = None

    def of(self, state: State, year: str) -> Books:
        """The books of a year and those before it."""
        with self._lock:
            key = year, _loads(state)
            if self._books is None or self._of != key:
                self._books = books.books(state, until_day=f"{year}-12-31")
                self._of = key
            return self._books


def _loads(state: State) -> tuple[int, ...]:
    query = sa.select(LOAD.c.id).where(LOAD.c.kind.startswith("budget."), LOAD.c.state == IN_FORCE)
    with state.read() as connection:
        return tuple(connection.scalars(query.order_by(LOAD.c.id)))
