"""How sure a station is of its own clock, sample by sample, and since when its machine runs."""

from __future__ import annotations

import ctypes
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from config.vocabulary.health import ClockHealth
from config.vocabulary.reading import Clock

BEFORE_US_MS = 1_767_225_600_000
"""2026: a clock that shows an earlier year was never set."""
STEP_MS, SLEW = 1000, 0.001
"""A clock is stepped when it gains or loses more than this beside one that nobody sets: what NTP
does unseen is at most 0.0005 of the time that passed.
"""
_TIME_ERROR = 5
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_UPTIME = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
_AT_ONCE_S, _TRIES = 0.05, 5
"""Both clocks are read within this time, or again: a process may be stopped in between."""


def uptime_s() -> float:
    """Seconds since the machine was started, its sleep included (CLOCK_BOOTTIME)."""
    return time.clock_gettime(_UPTIME)


def kernel_is_synchronised() -> bool:
    """Whether something keeps the clock right, by adjtimex(2); True where nobody knows."""
    try:
        state: int = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512))
    except (OSError, AttributeError):
        return True
    return state != _TIME_ERROR


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine under an agent. ``boot`` is drawn anew whenever it is started, ``up_s`` are the
    seconds since, which nobody sets; ``synchronised`` says whether something keeps its clock.
    """

    boot: str
    up_s: Callable[[], float] = uptime_s
    synchronised: Callable[[], bool] = kernel_is_synchronised


def this_machine() -> Machine:
    """By the kernel; where that names no start, nothing that was kept is known to be of this."""
    try:
        return Machine(_BOOT_ID.read_text(encoding="ascii").strip())
    except OSError:
        return Machine(uuid.uuid4().hex)


class StationClock:
    """Reads the clock and says how far it may be trusted. ``synchronised`` asks the system."""

    def __init__(
        self,
        now_ms: Callable[[], int],
        monotonic_s: Callable[[], float] = uptime_s,
        synchronised: Callable[[], bool] | None = None,
    ) -> None:
        self._now_ms, self._monotonic_s = now_ms, monotonic_s
        self._synchronised = synchronised or kernel_is_synchronised
        self._before: tuple[int, float] | None = None
        self._steps = self._stepped_ms = 0
        self._unread = False
        self.up_ms = self.began_ms = 0
        """At the last reading: how long the machine ran, and when it was started by the clock as
        it was set then (UTC epoch ms). Only a step changes the latter: NTP slews both clocks.
        """

    def read(self) -> tuple[int, Clock]:
        """The instant, and the state: stepped where it was set since the last reading."""
        self.watch()
        stepped, self._unread = self._unread, False
        now_ms = self.began_ms + self.up_ms
        return now_ms, self._judged(now_ms, stepped=stepped)

    def watch(self) -> int:
        """By how many ms the clock was set since it was read or watched last; 0 where it was not.
        The next reading says it too.
        """
        now_ms, monotonic_s = self._both()
        before_ms, before_s = self._before or (now_ms, monotonic_s)
        self._before = (now_ms, monotonic_s)
        self.up_ms = int(monotonic_s * 1000)
        self.began_ms = now_ms - self.up_ms
        passed_ms = (monotonic_s - before_s) * 1000
        moved_ms = round(now_ms - before_ms - passed_ms)
        if abs(moved_ms) <= STEP_MS + SLEW * passed_ms:
            return 0
        self._unread = True
        self._steps += 1
        self._stepped_ms += moved_ms
        return moved_ms

    @property
    def is_set(self) -> bool:
        """Whether it was ever set, as of the last reading."""
        return self.began_ms + self.up_ms >= BEFORE_US_MS

    @property
    def is_kept(self) -> bool:
        """Whether it was set and something keeps it right."""
        return self.is_set and self._synchronised()

    def _both(self) -> tuple[int, float]:
        for _ in range(_TRIES):
            before_s, now_ms, after_s = self._monotonic_s(), self._now_ms(), self._monotonic_s()
            if after_s - before_s < _AT_ONCE_S:
                break
        return now_ms, after_s

    def _judged(self, now_ms: int, *, stepped: bool) -> Clock:
        if now_ms < BEFORE_US_MS:
            return Clock.NEVER_SET
        if stepped:
            return Clock.STEPPED
        return Clock.SYNCHRONISED if self._synchronised() else Clock.FREE_RUNNING

    def minute_report(self) -> ClockHealth:
        """Of the minute, and the state now; the next minute begins with this."""
        state = self._judged(self.began_ms + self.up_ms, stepped=False)
        said = ClockHealth(state, self._steps, self._stepped_ms)
        self._steps = self._stepped_ms = 0
        return said
