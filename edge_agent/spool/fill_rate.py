"""How fast a spool grows, by its newest writes, and the report of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

DAY_S = 86_400
NEWEST = 1000
"""So many writes tell the pace: of a sample a minute that is most of a day."""


@dataclass(frozen=True, slots=True)
class SpoolReport:
    """How much a spool holds and how long it lasts."""

    depth: int
    """Samples held."""
    oldest_ms: int | None
    """When the oldest of them was taken."""
    days_left: float | None
    """Until something is given up, at the pace of the newest samples and with nothing settled."""
    given_up: int
    """Samples dropped unsent, ever."""


class Pace:
    """Bytes a day; ``monotonic_s`` is a clock that nobody sets."""

    def __init__(self, monotonic_s: Callable[[], float]) -> None:
        self._monotonic_s = monotonic_s
        self._writes: deque[tuple[float, int]] = deque(maxlen=NEWEST)

    def note(self, size_bytes: int) -> None:
        """Something was written now."""
        self._writes.append((self._monotonic_s(), size_bytes))

    def bytes_a_day(self) -> float | None:
        """None before there are two writes to measure between."""
        if len(self._writes) < 2:
            return None
        first_s, first_bytes = self._writes[0]
        passed_s = self._monotonic_s() - first_s
        written = sum(size for _, size in self._writes) - first_bytes
        return written * DAY_S / passed_s if passed_s > 0 else None
