"""The calendar of last year's case, and what the station measured on its days. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from config.vocabulary.time import DAY_MS, MINUTE_MS, begins_ms
from simulators.incidents import Spill

STATION, AMMONIA, RULE = "tonglv-pingchao", "w21003", "ammonia-over-class"
IN_RANGE_DAYS = 1
SPILLED, _IN_RANGE = (3, 6), (8, 18)
_SPILL_MINUTE, _MINUTES_BEFORE, _MINUTES_AFTER = 17 * 60, 1, 22
_STEP_MS = 2000
"""An alert needs readings that follow each other at the pace of the instruments."""


def last_year(today: date, month: int, day: int) -> date:
    """A day of the year before."""
    return date(today.year - 1, month, day)


def this_year(today: date, month: int, day: int) -> date:
    """A day of this year; today where it has not come yet."""
    return min(date(today.year, month, day), today)


def spill_of(today: date) -> Spill:
    """Sewage that reached the station one evening and was gone a quarter of an hour later."""
    began = begins_ms(last_year(today, *SPILLED)) + _SPILL_MINUTE * MINUTE_MS
    rise, hold, fall = MINUTE_MS, 8 * MINUTE_MS, 2 * MINUTE_MS
    return Spill((STATION,), began, rise_ms=rise, hold_ms=hold, fall_ms=fall)


def measured(today: date) -> Iterator[range]:
    """The instants of which the station's readings are kept, UTC epoch ms: around the spill, and
    every minute of the day that proves that it is over.
    """
    began = spill_of(today).began_ms
    first, last = began - _MINUTES_BEFORE * MINUTE_MS, began + _MINUTES_AFTER * MINUTE_MS
    yield range(first, last, _STEP_MS)
    day = begins_ms(last_year(today, *_IN_RANGE))
    yield range(day, day + IN_RANGE_DAYS * DAY_MS, MINUTE_MS)
