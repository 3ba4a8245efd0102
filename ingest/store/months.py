"""Months of UTC and the tables of each: one sorted, the others as readings arrived. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import NamedTuple

from config.vocabulary.time import FOR_EVER_MS

LAST_MS = 253_402_300_799_000
"""The last second of the year 9999, the last that a month's name can say."""
_SORTED, _FRESH, _BUILDING = "sorted_", "fresh_", "building_"


def month_of(at_ms: int) -> str:
    """As it stands in the name of a table: "202611"."""
    return f"{datetime.fromtimestamp(min(max(at_ms, 0), LAST_MS) / 1000, UTC):%Y%m}"


def begin_ms(month: str) -> int:
    """The first instant of a month."""
    return int(datetime(int(month[:4]), int(month[4:]), 1, tzinfo=UTC).timestamp()) * 1000


def sorted_table(month: str) -> str:
    """Where its readings stand by series and time, each once."""
    return f"{_SORTED}{month}"


def building_table(month: str) -> str:
    """The table that becomes the sorted one; without worth until it is whole."""
    return f"{_BUILDING}{month}"


class Months:
    """Which tables there are; readings go to the highest generation of their month."""

    def __init__(self) -> None:
        self._sorted: set[str] = set()
        self._fresh: dict[str, list[int]] = {}
        self._open: dict[str, int] = {}
        self.half_built: list[str] = []

    def found(self, tables: Iterable[str]) -> None:
        """Take note of the tables on disk. Generations that were finished stay so."""
        self._sorted, self._fresh, self.half_built = set(), {}, []
        for name in sorted(tables):
            if name.startswith(_SORTED):
                self._sorted.add(name.removeprefix(_SORTED))
            elif name.startswith(_FRESH):
                month, generation = name.removeprefix(_FRESH).split("_")
                self._fresh.setdefault(month, []).append(int(generation))
            elif name.startswith(_BUILDING):
                self.half_built.append(name)

    def all(self) -> list[str]:
        """Months that hold anything, in order."""
        return sorted(self._sorted | self._fresh.keys())

    def between(self, from_ms: int, to_ms: int) -> list[str]:
        """Months that a span touches, in order."""
        first, last = month_of(from_ms), month_of(to_ms)
        return [month for month in self.all() if first <= month <= last]

    def ended(self, before_ms: int) -> list[str]:
        """Months that were over at an instant."""
        return [month for month in self.all() if month < month_of(before_ms)]

    def is_sorted(self, table: str) -> bool:
        """Whether it is the sorted one of its month."""
        return table.startswith(_SORTED)

    def unsorted(self) -> list[str]:
        """Months to which something came since they were sorted."""
        return sorted(self._fresh)

    def tables(self, month: str) -> list[str]:
        """Readings received first stand in the first, and so on."""
        fresh = sorted(self._fresh.get(month, []))
        return [sorted_table(month)] * (month in self._sorted) + [
            f"{_FRESH}{month}_{generation}" for generation in fresh
        ]

    def arriving(self, month: str) -> tuple[str, bool]:
        """The table for what arrives now, and whether it is there already."""
        there = self._fresh.get(month, [])
        generation = max([self._open.get(month, 1), *there])
        return f"{_FRESH}{month}_{generation}", generation in there

    def finish(self, month: str) -> list[str]:
        """Its tables; none of them grows from here on."""
        self._open[month] = max(self._fresh[month]) + 1
        return self.tables(month)


class Piece(NamedTuple):
    """Series ``first`` to ``last`` inclusive, ``from_ms <= t < to_ms``."""

    first: int
    last: int
    from_ms: int = -FOR_EVER_MS
    to_ms: int = FOR_EVER_MS


def pieces(counts: Sequence[tuple[int, int, int, int]], most: int) -> Iterator[Piece]:
    """Rows of (series, readings, first and last t), in order of series, cut so that a piece holds
    about ``most`` readings: neighbouring series together, a large one by spans of time.
    """
    first = last = held = 0
    for series, count, low, high in counts:
        if held and held + count > most:
            yield Piece(first, last)
            held = 0
        if count > most:
            parts = -(-count // most)
            edges = [low + (high + 1 - low) * part // parts for part in range(parts + 1)]
            yield from (Piece(series, series, *span) for span in pairwise(edges))
            continue
        first, last, held = first if held else series, series, held + count
    if held:
        yield Piece(first, last)
