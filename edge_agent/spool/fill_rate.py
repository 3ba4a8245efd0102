"""How fast a spool grows, by its newest writes, and the report of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86_400


@dataclass(frozen=True, slots=True)
class SpoolReport:
    """How much a spool holds and how long it lasts."""

    depth: int
    """Samples held."""
    oldest_ms: int | None
    """When the oldest of them was taken."""
    days_left: float | None
    """Until something is given up, at the pace of the last hour and with nothing settled."""
    given_up: int
    """Samples dropped unsent, ever."""


@dataclass(slots=True)
class _Minute:
    """Writes of at most a minute; the first one ends the time before them."""

    first_s: float
    first_bytes: int
    bytes: int


class Pace:
    """Bytes a day, by the writes of the last hour, or by the last two where they are rarer: some
    thousands at once, as a logger's backlog is, are not taken for how it goes on.
    ``monotonic_s`` is a clock that nobody sets.
    """

    def __init__(self, monotonic_s: Callable[[], float]) -> None:
        self._monotonic_s = monotonic_s
        self._minutes: deque[_Minute] = deque()
        self._writes = 0

    def note(self, size_bytes: int) -> None:
        """Something was written now."""
        now_s = self._monotonic_s()
        self._writes += 1
        if self._minutes and now_s - self._minutes[-1].first_s < MINUTE_S:
            self._minutes[-1].bytes += size_bytes
            return
        self._minutes.append(_Minute(now_s, size_bytes, size_bytes))
        while len(self._minutes) > 2 and now_s - self._minutes[1].first_s >= HOUR_S:
            self._minutes.popleft()

    def bytes_a_day(self) -> float | None:
        """None before there are two writes to measure between."""
        if self._writes < 2:
            return None
        first = self._minutes[0]
        passed_s = self._monotonic_s() - first.first_s
        written = sum(minute.bytes for minute in self._minutes) - first.first_bytes
        return written * DAY_S / passed_s if passed_s > 0 else None
