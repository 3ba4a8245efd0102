"""How sure a station is of its own clock, sample by sample."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable

from config.vocabulary.health import ClockHealth
from config.vocabulary.reading import Clock

BEFORE_US_MS = 1_704_067_200_000
"""2024: a clock that shows an earlier year was never set."""
STEP_MS, SLEW = 1000, 0.001
"""A clock is stepped when it gains or loses more than this beside one that nobody sets: what NTP
does unseen is at most 0.0005 of the time that passed.
"""
_TIME_ERROR = 5


class StationClock:
    """Reads the clock and says how far it may be trusted. ``synchronised`` asks the system."""

    def __init__(
        self,
        now_ms: Callable[[], int],
        monotonic_s: Callable[[], float] = time.monotonic,
        synchronised: Callable[[], bool] | None = None,
    ) -> None:
        self._now_ms, self._monotonic_s = now_ms, monotonic_s
        self._synchronised = synchronised or kernel_is_synchronised
        self._before: tuple[int, float] | None = None
        self._state, self._steps, self._stepped_ms = Clock.SYNCHRONISED, 0, 0

    def read(self) -> tuple[int, Clock]:
        """The instant, and the state: stepped where it was set since the last reading."""
        now_ms, monotonic_s = self._now_ms(), self._monotonic_s()
        before_ms, before_s = self._before or (now_ms, monotonic_s)
        self._before = (now_ms, monotonic_s)
        passed_ms = (monotonic_s - before_s) * 1000
        moved_ms = round(now_ms - before_ms - passed_ms)
        stepped = abs(moved_ms) > STEP_MS + SLEW * passed_ms
        if stepped:
            self._steps += 1
            self._stepped_ms += moved_ms
        self._state = self._judged(now_ms, stepped=stepped)
        return now_ms, self._state

    def _judged(self, now_ms: int, *, stepped: bool) -> Clock:
        if now_ms < BEFORE_US_MS:
            return Clock.NEVER_SET
        if stepped:
            return Clock.STEPPED
        return Clock.SYNCHRONISED if self._synchronised() else Clock.FREE_RUNNING

    def minute_report(self) -> ClockHealth:
        """Of the minute; the next begins with this."""
        said = ClockHealth(self._state, self._steps, self._stepped_ms)
        self._steps = self._stepped_ms = 0
        return said


def kernel_is_synchronised() -> bool:
    """Whether something keeps the clock right, by adjtimex(2); True where nobody knows."""
    try:
        state: int = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512))
    except (OSError, AttributeError):
        return True
    return state != _TIME_ERROR
