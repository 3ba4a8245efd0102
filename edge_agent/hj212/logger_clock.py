"""A logger's clock as its packets show it, and the zone of its DataTime. Pure.

A packet that waited in a logger bears the QN of its first try, so an old QN is as well a backlog's
as a slow clock's. A backlog is worked off, so it comes nearer; a clock that is wrong stays as far
off as it is.
"""

from __future__ import annotations

from config.vocabulary.reading import CLOCK_OFF_MS
from config.vocabulary.time import HOUR_MS, MINUTE_MS

STEADY_MS = 3000
"""Two minutes' quickest packets of one clock differ by no more."""
ZONE_MS = 8 * HOUR_MS
"""From Asia/Shanghai to UTC."""
ABOUT_MS = 5 * MINUTE_MS
"""So exactly QN and DataTime tell of a wrong zone."""
SAME_MS = 1500
"""Two packets of one wrong zone differ by no more, where DataTime comes in whole seconds."""


class LoggerClock:
    """How far a logger's clock is off, minute by minute."""

    def __init__(self) -> None:
        self._behind_ms: int | None = None
        self._quickest_ms: int | None = None
        self._stored_ms: int | None = None
        self._stored_before_ms: int | None = None

    def heard(self, behind_ms: int, *, may_have_waited: bool) -> None:
        """A packet came so long after its QN; ``may_have_waited``: it carries data that a logger
        keeps until they are answered.
        """
        if may_have_waited and behind_ms > CLOCK_OFF_MS:
            self._stored_ms = _less(self._stored_ms, behind_ms)
        else:
            self._quickest_ms = _less(self._quickest_ms, behind_ms)

    def minute(self) -> int | None:
        """How far it is behind, by the minute that ends now; as before where nothing tells."""
        quickest_ms, stored_ms = self._quickest_ms, self._stored_ms
        if quickest_ms is None and stored_ms is not None:
            before_ms, self._stored_before_ms = self._stored_before_ms, stored_ms
            if before_ms is not None and abs(stored_ms - before_ms) <= STEADY_MS:
                quickest_ms = stored_ms
        elif quickest_ms is not None:
            self._stored_before_ms = None
        if quickest_ms is not None:
            self._behind_ms = quickest_ms
        self._quickest_ms = self._stored_ms = None
        return self._behind_ms


def _less(known_ms: int | None, one_ms: int) -> int:
    return one_ms if known_ms is None else min(known_ms, one_ms)


class Zone:
    """Whether DataTime is in Asia/Shanghai, by packets whose QN is right."""

    def __init__(self, period_ms: int) -> None:
        self._period_ms = period_ms
        self._proved = False
        self._before_ms: int | None = None

    def off_ms(self, data_ms: int, sent_ms: int) -> int:
        """By how much DataTime is behind in a packet that was sent just now, 0 where it is right.

        A backlog passes through eight hours too; but once other packets have shown the zone to be
        right, only a distance that stays the same tells of a wrong one.
        """
        late_ms = sent_ms - data_ms
        before_ms, self._before_ms = self._before_ms, late_ms
        if self._about(late_ms + ZONE_MS):
            return -ZONE_MS
        if not self._about(late_ms - ZONE_MS):
            self._proved = True
            return 0
        stays = before_ms is not None and abs(late_ms - before_ms) <= SAME_MS
        if self._proved and not stays:
            return 0
        return ZONE_MS

    def _about(self, late_ms: int) -> bool:
        return -ABOUT_MS <= late_ms <= self._period_ms + ABOUT_MS
