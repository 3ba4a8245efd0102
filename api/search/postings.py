"""Which entries may have the words of a question: segments of entries, and their blocks of grams.

Entries are written once, under ids that only grow. As soon as there are enough that are in no
segment, a segment is made of them, and stays as it is: an entry that goes is missing among the
entries, not in here. Neighbours of which so many have gone that they fit into one are made one.
All of it is derived from the texts, and no part of a backup.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.engine import Connection

from api.search.blocks import BLOCKS, ENTRIES, asked, block_of, blocks, having
from api.search.tables import BLOCK, ENTRY, SEGMENT, TEXT
from ingest.state.database import State

CHARACTERS = 1_000_000
"""Of the texts of a segment, about: long ones fill it sooner."""
DUE = 4
"""Entries in no segment are read whenever somebody asks: this part of a full one is made one."""
A_TRANSACTION_BYTES = 256 * 1024
"""Of blocks that one transaction writes, about."""
A_TRANSACTION_BLOCKS = 512
"""Of those that one transaction takes away; a part of ``BLOCKS``."""
NEWEST = 4
"""Segments that are asked first, together; then all others."""
MADE, READY, GONE = "made", "ready", "gone"
"""States of a segment: being made, asked, and on its way out."""
_GAP = np.dtype("<u4")


@dataclass(frozen=True, slots=True)
class Segment:
    """Entries from one id to another; ``gaps`` are the packed differences between their ids."""

    number: int
    first: int
    last: int
    gaps: bytes

    def ids(self) -> NDArray[np.int64]:
        """Of its entries, by ordinal."""
        return self.first + _behind_first(self.gaps)


class Postings:
    """Segments in the state database."""

    def __init__(self, state: State) -> None:
        self.state = state

    def segments(self, connection: Connection) -> list[Segment]:
        """Those that are asked, the newest first."""
        query = sa.select(SEGMENT.c.id, SEGMENT.c.first, SEGMENT.c.last, SEGMENT.c.gaps)
        query = query.where(SEGMENT.c.state == READY).order_by(SEGMENT.c.last.desc())
        return [Segment(*row) for row in connection.execute(query).all()]

    def proposed(
        self,
        connection: Connection,
        segments: Sequence[Segment],
        words: Sequence[str],
        *,
        titled: bool,
    ) -> Iterator[list[int]]:
        """Ids of all entries of some segments that may have every word, and of a few others, the
        last ones written first.
        """
        grams = asked(words, titled=titled)
        for some in (segments[:NEWEST], segments[NEWEST:]):
            if some:
                yield [one for of in self._having(connection, some, grams) for one in of]

    def _having(
        self, connection: Connection, segments: Sequence[Segment], grams: Sequence[int]
    ) -> Iterator[list[int]]:
        keys = [of.number * BLOCKS + block_of(gram) for of in segments for gram in grams]
        query = sa.select(BLOCK.c.id, BLOCK.c.body).where(one_of(connection, BLOCK.c.id, keys))
        found = {row[0]: row[1] for row in connection.execute(query).all()}
        for of in segments:
            bodies = [found.get(of.number * BLOCKS + block_of(gram)) for gram in grams]
            if any(body is None for body in bodies):
                continue
            every = np.logical_and.reduce(
                [having(body, gram) for body, gram in zip(bodies, grams, strict=True) if body]
            )
            ordinals = np.flatnonzero(every)
            if len(ordinals):
                ids: list[int] = of.ids()[ordinals[::-1]].tolist()
                yield ids

    def complete(self) -> int:
        """Make the segments that are due, each in many short transactions; how many entries are in
        them. Of two that do so at once, the one that began later goes on.
        """
        self._clear()
        done = 0
        while due := self._due():
            made = self._make(*due, replaced=0)
            if made is None:
                return done
            done += made
        while done and (pair := self._sparse()):
            if self._make(*pair, replaced=2) is None:
                break
            self._clear()
        return done

    def _due(self) -> tuple[int, int] | None:
        """The first and the last id of entries that are enough for a segment."""
        length = sa.func.length(TEXT.c.folded)
        query = sa.select(TEXT.c.entry, length).order_by(TEXT.c.entry).limit(ENTRIES)
        with self.state.read() as connection:
            last = connection.scalar(_last()) or 0
            rows = connection.execute(query.where(TEXT.c.entry > last)).all()
        characters = np.cumsum([row[1] for row in rows])
        if len(rows) * DUE < ENTRIES and (not rows or characters[-1] * DUE < CHARACTERS):
            return None
        full = int(np.searchsorted(characters, CHARACTERS))
        return rows[0][0], rows[min(full, len(rows) - 1)][0]

    def _sparse(self) -> tuple[int, int] | None:
        """The first and the last id of two neighbours whose entries fit into one segment."""
        here = sa.and_(ENTRY.c.id >= SEGMENT.c.first, ENTRY.c.id <= SEGMENT.c.last)
        living = sa.select(sa.func.count()).select_from(ENTRY).where(here).scalar_subquery()
        query = sa.select(SEGMENT, living.label("living")).where(SEGMENT.c.state == READY)
        with self.state.read() as connection:
            rows = connection.execute(query.order_by(SEGMENT.c.first)).all()
        for left, right in pairwise(rows):
            characters = sum(
                of.characters * of.living / max(of.entries, 1) for of in (left, right)
            )
            if left.living + right.living <= ENTRIES and characters <= CHARACTERS:
                return left.first, right.last
        return None

    def _make(self, first: int, last: int, *, replaced: int) -> int | None:
        """Make a segment of all entries between two ids, instead of so many that are there; how
        many entries they are, or None where somebody else makes it.
        """
        query = sa.select(TEXT.c.entry, TEXT.c.folded_title, TEXT.c.folded)
        query = query.where(TEXT.c.entry.between(first, last)).order_by(TEXT.c.entry)
        with self.state.read() as connection:
            rows = connection.execute(query).all()
        ids = np.array([row[0] for row in rows], np.int64)
        values = {
            "first": first,
            "last": last,
            "state": MADE,
            "entries": len(rows),
            "characters": sum(len(row[2]) for row in rows),
            "gaps": zlib.compress(np.diff(ids, prepend=first).astype(_GAP).tobytes()),
        }
        before = sa.and_(
            SEGMENT.c.first <= last, SEGMENT.c.last >= first, SEGMENT.c.state == READY
        )
        with self.state.begin() as connection:
            if len(connection.execute(sa.select(SEGMENT.c.id).where(before)).all()) != replaced:
                return None
            others = sa.update(SEGMENT).where(SEGMENT.c.state == MADE)
            connection.execute(others.values(state=GONE))
            row = connection.execute(sa.insert(SEGMENT).values(values))
            (number,) = row.inserted_primary_key or (0,)
        for some in _portions(blocks([row[1] for row in rows], [row[2] for row in rows])):
            with self.state.begin() as connection:
                if not _is_made(connection, number):
                    return None
                kept = [{"id": number * BLOCKS + at, "body": body} for at, body in some]
                connection.execute(sa.insert(BLOCK), kept)
        with self.state.begin() as connection:
            if not _is_made(connection, number):
                return None
            connection.execute(sa.update(SEGMENT).where(before).values(state=GONE))
            ready = sa.update(SEGMENT).where(SEGMENT.c.id == number).values(state=READY)
            connection.execute(ready)
        return len(rows)

    def _clear(self) -> None:
        """Take away what was replaced, and what nobody made to the end."""
        left = SEGMENT.c.state.in_((MADE, GONE))
        with self.state.read() as connection:
            numbers = connection.scalars(sa.select(SEGMENT.c.id).where(left)).all()
        if numbers:
            with self.state.begin() as connection:
                gone = sa.update(SEGMENT).where(SEGMENT.c.id.in_(numbers), left)
                connection.execute(gone.values(state=GONE))
        for number in numbers:
            begin = number * BLOCKS
            for first in range(begin, begin + BLOCKS, A_TRANSACTION_BLOCKS):
                some = BLOCK.c.id.between(first, first + A_TRANSACTION_BLOCKS - 1)
                with self.state.begin() as connection:
                    connection.execute(sa.delete(BLOCK).where(some))
            with self.state.begin() as connection:
                connection.execute(sa.delete(SEGMENT).where(SEGMENT.c.id == number))


@lru_cache(maxsize=1 << 8)
def _behind_first(gaps: bytes) -> NDArray[np.int64]:
    """By how much the id of each entry is behind the first one."""
    return np.cumsum(np.frombuffer(zlib.decompress(gaps), _GAP).astype(np.int64))


class _Numbers(sa.types.UserDefinedType[str]):
    """An array of PostgreSQL's as text: the driver takes long to write one."""

    cache_ok = True
    render_bind_cast = True

    def get_col_spec(self, **_options: object) -> str:
        """Its name in SQL."""
        return "bigint[]"


def one_of(
    connection: Connection, column: sa.ColumnElement[int], numbers: Sequence[int]
) -> sa.ColumnElement[bool]:
    """Whether a column is one of many numbers, which are one value to the database."""
    if connection.dialect.name == "sqlite":
        each = sa.func.json_each(json.dumps(numbers)).table_valued("value")
        return column.in_(sa.select(each.c.value))
    array = sa.literal(f"{{{','.join(map(str, numbers))}}}", _Numbers())
    return column == sa.func.any(array)


def _last() -> sa.Select[Any]:
    return sa.select(sa.func.max(SEGMENT.c.last)).where(SEGMENT.c.state == READY)


def _is_made(connection: Connection, number: int) -> bool:
    query = sa.select(SEGMENT.c.id).where(SEGMENT.c.id == number, SEGMENT.c.state == MADE)
    return connection.scalar(query) is not None


def _portions(found: Iterator[tuple[int, bytes]]) -> Iterator[list[tuple[int, bytes]]]:
    """Blocks, so many as one transaction writes."""
    size = 0

    def portion(block: tuple[int, bytes]) -> int:
        nonlocal size
        size += len(block[1])
        return size // A_TRANSACTION_BYTES

    for _, some in groupby(found, portion):
        yield list(some)
