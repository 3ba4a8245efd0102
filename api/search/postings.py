"""Which entries have these pairs of characters: FTS5 in SQLite, GIN over an array in PostgreSQL.

Both are derived from the texts, no part of a backup, and made anew where they are missing. Neither
is ever handed a text: only numbers, so that nothing that people write is an operator.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.search.folding import grams_of, grams_of_words
from api.search.tables import ENTRY

WHOLE, TITLE = "derived_search", "derived_search_title"


class Postings:
    """One of the two: of titles, or of titles with their texts."""

    def __init__(self, name: str, *, embedded: bool) -> None:
        self._name, self._embedded = name, embedded
        key = sa.column("rowid" if embedded else "entry", sa.Integer)
        # The column with the name of the table takes commands, and is where it is matched.
        self.table = sa.table(name, key, sa.column("grams"), sa.column(name))
        self.entry = self.table.c[key.name]

    def put(self, connection: Connection, entry: int, folded: str) -> None:
        """Keep the grams of an entry."""
        values = {self.entry.name: entry, "grams": self._written(grams_of(folded))}
        connection.execute(sa.insert(self.table).values(values))

    def remove(self, connection: Connection, entry: int, folded: str) -> None:
        """Let go of an entry; ``folded`` is as it was put."""
        if not self._embedded:
            connection.execute(sa.delete(self.table).where(self.entry == entry))
            return
        values = {self._name: "delete", "rowid": entry, "grams": self._written(grams_of(folded))}
        connection.execute(sa.insert(self.table).values(values))

    def having(self, words: Sequence[str]) -> sa.ColumnElement[bool]:
        """Whether an entry has every gram of some words."""
        grams = grams_of_words(words)
        if self._embedded:
            asked = " AND ".join(f'"{gram:x}"' for gram in grams)
            return self.table.c[self._name].op("match", is_comparison=True)(asked)
        return self.table.c.grams.op("@>", is_comparison=True)(self._written(grams))

    def has(self, connection: Connection, entry: int) -> bool:
        """Whether it has an entry."""
        return (
            connection.execute(sa.select(self.entry).where(self.entry == entry)).first()
            is not None
        )

    def lacks(self) -> sa.ColumnElement[bool]:
        """Whether it has nothing of an entry."""
        return ENTRY.c.id.not_in(sa.select(self.entry))

    def _written(self, grams: Iterable[int]) -> Any:
        if self._embedded:
            return " ".join(f"{gram:x}" for gram in grams)
        return sa.cast(list(grams), sa.ARRAY(sa.BigInteger))
