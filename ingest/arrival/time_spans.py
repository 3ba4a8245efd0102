"""Sets of instants as sorted spans of time: small, quick to ask, and never too few."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field

TimeSpan = tuple[int, int]
"""First and last instant, ms, both included."""


@dataclass(slots=True)
class TimeSpans:
    """Ascending spans that do not touch. Beyond ``most`` those that lie nearest to each other
    become one: the set grows, it never lacks an instant.
    """

    spans: list[TimeSpan] = field(default_factory=list)
    most: int = 4096

    @classmethod
    def of(cls, spans: Iterable[TimeSpan]) -> TimeSpans:
        """The set that holds these, in whatever order they come."""
        found = cls()
        for low_ms, high_ms in spans:
            found.add(low_ms, high_ms)
        return found

    def add(self, low_ms: int, high_ms: int) -> None:
        """Take in a span; an empty one, its low end above its high end, changes nothing."""
        if low_ms > high_ms:
            return
        at, end = self._met(low_ms - 1, high_ms + 1)
        if at < end:
            low_ms = min(low_ms, self.spans[at][0])
            high_ms = max(high_ms, self.spans[end - 1][1])
        self.spans[at:end] = [(low_ms, high_ms)]
        if len(self.spans) > self.most:
            self._thin()

    def meeting(self, low_ms: int, high_ms: int) -> list[TimeSpan]:
        """Those in which something of ``low_ms`` to ``high_ms`` lies."""
        at, end = self._met(low_ms, high_ms)
        return self.spans[at:end]

    def holds(self, at_ms: int) -> bool:
        """Whether an instant lies in one of them."""
        at, end = self._met(at_ms, at_ms)
        return at < end

    def _met(self, low_ms: int, high_ms: int) -> tuple[int, int]:
        at = bisect_left(self.spans, low_ms, key=lambda span: span[1])
        end = bisect_left(self.spans, high_ms + 1, at, key=lambda span: span[0])
        return at, end

    def _thin(self) -> None:
        """Halve their number at the narrowest gaps, so that this is seldom done."""
        gaps = [(b[0] - a[1], place) for place, (a, b) in enumerate(self._pairs(), 1)]
        joined = {place for _, place in sorted(gaps)[: len(self.spans) - self.most // 2]}
        kept: list[TimeSpan] = []
        for place, span in enumerate(self.spans):
            if place in joined:
                kept[-1] = (kept[-1][0], span[1])
            else:
                kept.append(span)
        self.spans = kept

    def _pairs(self) -> Iterable[tuple[TimeSpan, TimeSpan]]:
        return zip(self.spans, self.spans[1:], strict=False)
