"""Days of water from before the demonstration: at one section before, while and after money was
spent on it, at two others one bad day each. Ammonia alone is given, for a day of it is cheap.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock, Measured, Sample
from config.vocabulary.time import DAY_MS, HOUR_MS, begins_ms

SECTION = "tonglv-pingchao"
AMMONIA = "w21003"
STEP_MS = 80_000
"""So close that an hour is valid, and that the station is not taken for silent."""
_OVER, _WITHIN = 1.25, 0.6
"""mg/L, the limit of class III being 1."""
_BESIDE = ("tonglv-jinsha", "tonglv-erjia")


@dataclass(frozen=True, slots=True)
class _Span:
    """So many whole days in a row, of which the first ones are over."""

    first: date
    days: int
    over: int


def earlier(station: str, today: date) -> Iterator[list[Sample]]:
    """The samples of a station, each row of days by itself."""
    spans = _spans(today) if station == SECTION else _beside(station, today)
    return (list(_samples(span)) for span in spans)


def _samples(span: _Span) -> Iterator[Sample]:
    for day in range(span.days):
        level = _OVER if day < span.over else _WITHIN
        begin_ms = begins_ms(span.first) + day * DAY_MS
        for t_ms in range(begin_ms, begin_ms + DAY_MS, STEP_MS):
            value = level + 0.08 * math.sin(t_ms / HOUR_MS) + t_ms // STEP_MS % 7 / 200
            yield Sample(
                t_ms, Clock.SYNCHRONISED, {AMMONIA: Measured(round(value, 3), Cause.NORMAL)}
            )


def _spans(today: date) -> Sequence[_Span]:
    """Around the payments of 2025, and in the last quarter that ended."""
    return (
        _Span(date(2025, 1, 20), 8, 5),
        _Span(date(2025, 5, 12), 5, 2),
        _Span(date(2025, 10, 13), 5, 1),
        _Span(_of_last_quarter(today), 5, 1),
    )


def _beside(station: str, today: date) -> Sequence[_Span]:
    return (_Span(_of_last_quarter(today), 1, 1),) if station in _BESIDE else ()


def _of_last_quarter(today: date) -> date:
    """In the middle month of the last quarter that ended."""
    first = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    return (first - timedelta(days=45)).replace(day=10)
