"""Keeps what the station itself dates in step with its clock, also when that is set.

A step is measured beside the time that the machine has been running. Samples that wait are dated
again rather than put in doubt, because both times are exact: whoever sets a clock sets it because
it was wrong. Used by several threads; whoever needs the time sees to it that samples are dated by
the same.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import replace

import msgspec

from config.vocabulary.health import ClockHealth
from config.vocabulary.reading import CLOCK_OFF_MS, Clock, Sample
from edge_agent.clock import STEP_MS, Machine, StationClock
from edge_agent.spool.dating import Dated, Setting
from edge_agent.spool.spool import Spool, SpoolFailed

AGAIN_MS = 60_000
"""Until samples are dated again that could not be, because the disk failed."""

log = logging.getLogger(__name__)


class Timekeeping:
    """The clock of one station with the samples in its spool. What waits when an agent begins may
    have been taken by one before it, so it is dated at once.
    """

    def __init__(
        self, station_id: str, spool: Spool, machine: Machine, now_ms: Callable[[], int]
    ) -> None:
        self._station, self._spool, self._machine = station_id, spool, machine
        self._clock = StationClock(now_ms, machine.up_s, machine.synchronised)
        self._lock = threading.RLock()
        self._dated_by: int | None = None
        self._was_kept = False
        self._moved_ms = self._undated_ms = 0
        self._failed_ms: int | None = None
        self._said = ClockHealth()
        self.unset = True
        """The clock shows that it was never set: what the station dates waits until it is."""
        self.tend()

    def up_ms(self) -> int:
        """Since the machine's start, by a clock that nobody sets."""
        return int(self._machine.up_s() * 1000)

    def read(self) -> tuple[int, int, Clock]:
        """The instant, how long the machine ran then, and how sure the instant is."""
        with self._lock:
            self.tend()
            now_ms, state = self._clock.read()
            if state is Clock.SYNCHRONISED and not (self._was_kept or self.unset):
                self._date_again()
            return now_ms, self._clock.up_ms, state

    def keep(self, sample: Sample, up_ms: int) -> None:
        """Spool what was taken when the machine had run so long, by the clock as it is set now.

        Raises:
            SpoolFailed: it is not kept.
        """
        with self._lock:
            taken_ms = self._clock.began_ms + up_ms
            if abs(taken_ms - sample.taken_ms) > STEP_MS:  # set while its instruments were asked
                sample = replace(sample, taken_ms=taken_ms)
            self._spool.append(sample, up_ms=up_ms)

    def tend(self) -> bool:
        """Notice a step, and date by it what waits; whether what the station dated may be sent."""
        with self._lock:
            moved_ms = self._clock.watch()
            self._moved_ms += moved_ms
            self._undated_ms += moved_ms
            if not self._clock.is_set:
                self._dated_by, self.unset = None, True
            elif self._is_dated_otherwise():
                self._date_again()
            return not self.unset

    def moved_ms(self) -> int:
        """By how much the clock was set since this was asked last."""
        with self._lock:
            moved_ms, self._moved_ms = self._moved_ms, 0
            return moved_ms

    def minute_report(self) -> ClockHealth:
        """Of the minute; the next begins with this."""
        with self._lock:
            self.tend()
            minute, last = self._clock.minute_report(), self._said
            return msgspec.structs.replace(
                last, state=minute.state, steps=minute.steps, stepped_ms=minute.stepped_ms
            )

    def _is_dated_otherwise(self) -> bool:
        by_ms = self._dated_by
        return by_ms is None or abs(self._clock.began_ms - by_ms) > STEP_MS

    def _date_again(self) -> None:
        """Where the disk fails it is tried again after a while."""
        up_ms, began_ms = self._clock.up_ms, self._clock.began_ms
        if self._failed_ms is not None and up_ms - self._failed_ms < AGAIN_MS:
            return
        kept, moved_ms = self._clock.is_kept, self._undated_ms
        was_wrong = abs(moved_ms) > CLOCK_OFF_MS
        try:
            found = self._spool.date_again(Setting(self._machine.boot, began_ms, kept, was_wrong))
        except SpoolFailed as failed:
            self._failed_ms = up_ms
            log.error("%s: samples are not dated yet: %s", self._station, failed)  # noqa: TRY400
            return
        self._failed_ms, self._undated_ms = None, 0
        self._dated_by, self._was_kept, self.unset = began_ms, kept, False
        self._tell(moved_ms, found)

    def _tell(self, moved_ms: int, found: Dated) -> None:
        if moved_ms:
            now_ms = self._clock.began_ms + self._clock.up_ms
            self._said = ClockHealth(set_ms=now_ms, set_by_ms=moved_ms)
            log.warning("%s: the clock was set by %+.1f s", self._station, moved_ms / 1000)
        if not any(found):
            return
        said = msgspec.structs.replace(self._said, redated=found.again, unknown=found.unknown)
        self._said = said
        log.warning(
            "%s: of the samples that wait %d are dated again, %d are put in doubt, %d are of a"
            " time that nobody knows",
            self._station, *found,
        )  # fmt: skip
