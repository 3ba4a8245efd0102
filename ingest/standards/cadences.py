"""The cadence of a series at any time: what a reading stands for, and what a silence is. Pure.

It is recorded, not guessed from how many readings there are: a broken sensor of seconds that gives
one reading an hour does not become a valid hourly one. What an import brought has the cadence of
its file, all else that of the catalogue of the time. Where spans of imports overlap the shortest
stands, of equally long ones the latest: a file of a week says more of that week than one of ten
years. Spans begin and end with hours, so that an hour has one cadence.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

import numpy as np
from numpy.typing import NDArray

from config.catalogue.cadences import CadenceSpan
from config.catalogue.shapes import Catalogue
from config.vocabulary.time import FOR_EVER_MS

Instants = NDArray[np.int64]

_ALWAYS_MS = -FOR_EVER_MS
"""Before every instant."""
_UNKNOWN = 0


@dataclass(frozen=True, slots=True)
class Cadences:
    """Cadences in ms, each from its instant on, UTC epoch ms; instants grow, the first lies before
    all others.
    """

    from_ms: tuple[int, ...]
    each_ms: tuple[int, ...]

    @classmethod
    def constant(cls, cadence_ms: int) -> Self:
        """One for ever."""
        return cls((_ALWAYS_MS,), (cadence_ms,))

    @property
    def steady(self) -> bool:
        """Whether it never changes."""
        return len(self.each_ms) == 1

    def at(self, t: Instants) -> Instants:
        """Of each of some instants."""
        if self.steady:
            return np.full(len(t), self.each_ms[0], np.int64)
        rows = np.searchsorted(np.array(self.from_ms, np.int64), t, "right") - 1
        return np.array(self.each_ms, np.int64)[rows]

    def one(self, t_ms: int) -> int:
        """Of one instant."""
        return self.each_ms[self._at(t_ms)]

    def no_less(self, least_ms: int) -> Cadences:
        """The same, none shorter than this."""
        return Cadences(self.from_ms, tuple(max(least_ms, each) for each in self.each_ms))

    def slowest(self, from_ms: int = _ALWAYS_MS) -> int:
        """The longest that holds at an instant or later."""
        return max(self.each_ms[self._at(from_ms) :])

    def within(self, from_ms: int, to_ms: int) -> int:
        """The longest that holds somewhere in a closed span."""
        return max(each for _, _, each in self.pieces(from_ms, to_ms))

    def pieces(self, from_ms: int, to_ms: int) -> Iterator[tuple[int, int, int]]:
        """Of a closed span the parts of one cadence: first and last instant, and the cadence."""
        at = self._at(from_ms)
        while from_ms <= to_ms:
            behind = self.from_ms[at + 1] if at + 1 < len(self.from_ms) else to_ms + 1
            yield from_ms, min(behind - 1, to_ms), self.each_ms[at]
            from_ms, at = behind, at + 1

    def _at(self, t_ms: int) -> int:
        return max(bisect_right(self.from_ms, t_ms) - 1, 0)


def cadences_of(catalogue: Catalogue, station: str, code: str = "") -> Cadences:
    """Those of an indicator of a station; without one of the whole station, whose cadence is that
    of the quickest of its series.

    Raises:
        KeyError: there is no such station.
    """
    usual_ms = catalogue.stations[station].cadence_ms
    spans = catalogue.cadences.get(station)
    return _of(spans, usual_ms, code) if spans else Cadences.constant(usual_ms)


@lru_cache(4096)
def _of(spans: tuple[CadenceSpan, ...], usual_ms: int, code: str) -> Cadences:
    """By spans in the order in which they were recorded; where there is none, the usual one."""
    own = [span for span in spans if span.origin == "catalogue"]
    brought: dict[str, list[CadenceSpan]] = {}
    for span in spans:
        if span.origin == "import" and code in ("", span.indicator):
            brought.setdefault(span.indicator, []).append(span)
    every = [*own, *(span for of in brought.values() for span in of)]
    edges = {edge for span in every for edge in (span.from_ms, _end(span)) if edge < FOR_EVER_MS}
    begins = np.array(sorted({_ALWAYS_MS, *edges}), np.int64)
    each = _painted(begins, own)
    each[each == _UNKNOWN] = usual_ms
    imported = np.full(len(begins), FOR_EVER_MS, np.int64)
    for of in brought.values():
        # Stable, so that of equally long ones the latest is painted last.
        painted = _painted(begins, sorted(of, key=lambda span: span.from_ms - _end(span)))
        imported = np.where(painted == _UNKNOWN, imported, np.minimum(painted, imported))
    each = np.where(imported < FOR_EVER_MS, imported, each)
    fresh = np.flatnonzero(np.diff(each, prepend=_UNKNOWN))
    return Cadences(tuple(begins[fresh].tolist()), tuple(each[fresh].tolist()))


def _painted(begins: Instants, spans: Sequence[CadenceSpan]) -> Instants:
    """The cadence from each instant on, later spans over earlier ones."""
    found = np.full(len(begins), _UNKNOWN, np.int64)
    for span in spans:
        first, behind = np.searchsorted(begins, (span.from_ms, _end(span)))
        found[first:behind] = span.cadence_ms
    return found


def _end(span: CadenceSpan) -> int:
    return FOR_EVER_MS if span.to_ms is None else span.to_ms
