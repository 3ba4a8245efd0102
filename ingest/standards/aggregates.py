"""Means that the standards speak of, out of hourly means: valid or not, and how complete. Pure.

Nothing of this is kept: a store that corrections, reviews and findings are laid over gives the
hourly means back, and everything else follows from them when it is asked for. So late data, a
correction or a review leave no stale mean behind. Hours, days, months and years are those of
Asia/Shanghai, UTC+8 without summer time; ``begin_ms`` is UTC epoch ms. Values stay in the
indicator's unit; rounding them as a standard says is part of judging.

How much must be measured stands in ``air.toml`` (GB 3095, 6.4 and table 4; HJ 663, 6.1.2).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from config.vocabulary.time import EAST_MS, HOUR_MS, MINUTE_MS
from ingest.standards.air import air_limit
from ingest.standards.cadences import Cadences
from ingest.standards.limits import completeness
from ingest.store.protocol import Good, Mean, bucket_ms

Instants = NDArray[np.int64]
Values = NDArray[np.float64]
Flags = NDArray[np.bool_]

WINDOW = 8
"""Hours of a sliding mean of ozone."""
_DIGITS = 9
"""A mean is cut to so many decimals: the error of a sum of binary fractions beyond them would turn
a half, which GB/T 8170 rounds to the even digit, into a little more or less.
"""


@dataclass(frozen=True, slots=True)
class Hours:
    """Hourly means of the good readings of one series. ``begin_ms`` grows strictly; an hour that
    is not there has no reading. ``mean`` is NaN where none is good, ``covered_ms`` how much of the
    hour the good ones stand for; a valid hour stands for ``stands_ms``: itself, or the cadence of
    an instrument that is slower.
    """

    begin_ms: Instants
    mean: Values
    covered_ms: Instants
    stands_ms: Instants


@dataclass(frozen=True, slots=True)
class Means:
    """Means of one length, a row each, by time. ``value`` is of what there is, also where that is
    too little to be ``valid``, and NaN where there is nothing; ``share`` of the span is measured,
    0 to 1.
    """

    begin_ms: Instants
    value: Values
    share: Values
    valid: Flags

    def __len__(self) -> int:
        return len(self.begin_ms)

    def counted(self) -> Values:
        """Values that a judgement may rest on; NaN elsewhere."""
        return np.where(self.valid, self.value, np.nan)


def hours_of(means: Sequence[Mean], cadences: Cadences, good: Callable[[int, int], Good]) -> Hours:
    """Hourly means of one series as a store gives them, in any order. Its good readings of a span,
    UTC epoch ms, are asked for where the minutes that they lie in could make an hour valid.

    Raises:
        ValueError: of several series, or two means of one hour.
    """
    rows = sorted(means, key=lambda row: row.begin_ms)
    if len({row.series for row in rows}) > 1:
        raise ValueError("hourly means of several series")
    begin = np.array([row.begin_ms for row in rows], np.int64)
    if (np.diff(begin) <= 0).any():
        raise ValueError("two means of one hour")
    mean = np.array([np.nan if row.mean is None else row.mean for row in rows], np.float64)
    each = cadences.at(begin)
    covered = covered_ms(np.array([row.good for row in rows], np.int64), each)
    short = np.flatnonzero(np.isfinite(mean) & ~enough(covered) & (each < MINUTE_MS))
    if len(short):
        t, _ = good(int(begin[short[0]]), int(begin[short[-1]]) + HOUR_MS)
        covered = np.maximum(covered, minutes_ms(t, begin))
    return Hours(begin, mean, covered, stands_ms(each))


def covered_ms(good: NDArray[np.int64], cadence_ms: Instants) -> Instants:
    """The time that so many good readings of each hour cover: a cadence of the hour each."""
    found: Instants = np.minimum(HOUR_MS, good * cadence_ms)
    return found


def stands_ms(cadence_ms: Instants) -> Instants:
    """The time that a valid hour stands for, by the cadence of each."""
    found: Instants = np.maximum(HOUR_MS, cadence_ms)
    return found


def minutes_ms(good_ms: Instants, begin_ms: Instants) -> Instants:
    """The minutes of each hour, in ms, in which a good reading lies; instants in UTC epoch ms."""
    minutes = np.unique(good_ms // MINUTE_MS) * MINUTE_MS
    hour = np.searchsorted(begin_ms, minutes, "right") - 1
    return np.minimum(HOUR_MS, np.bincount(hour, minlength=len(begin_ms)) * MINUTE_MS)


def enough(covered: Instants) -> Flags:
    """Whether so much of an hour makes it valid (GB 3095, table 4)."""
    return covered >= completeness().hour_minutes * MINUTE_MS


def hourly(hours: Hours) -> Means:
    """Hourly values: valid where good readings cover 45 minutes. Each stands for a cadence, so one
    of a slow instrument is enough; all of an hour for the minutes of the clock that they lie in,
    where those are more.
    """
    covered = np.where(np.isfinite(hours.mean), hours.covered_ms, 0)
    value = np.round(hours.mean, _DIGITS)
    return Means(hours.begin_ms, value, covered / HOUR_MS, enough(covered))


def daily(hours: Hours) -> Means:
    """Means of the valid hours of each day that has a reading: valid with 20 of them. One of an
    instrument with a cadence above an hour stands for as many hours.
    """
    found = hourly(hours)
    begin, at = np.unique(_day(found), return_inverse=True)
    count = np.bincount(at, found.valid, len(begin))
    total = np.bincount(at, np.where(found.valid, found.value, 0), len(begin))
    value = np.full(len(begin), np.nan)
    np.divide(total, count, out=value, where=count > 0)
    stands = np.bincount(at, np.where(found.valid, hours.stands_ms, 0), len(begin))
    covered = np.minimum(24, stands / HOUR_MS)
    valid = covered >= completeness().day_hours
    return Means(begin, np.round(value, _DIGITS), covered / 24, valid)


def sliding_8h(hours: Hours, upto_ms: int | None = None) -> Means:
    """For each hour the mean of the 8 hours that end with it: valid with 6 valid ones.

    A row stands by the beginning of its last hour. Windows go on until no valid hour is left in
    them, also past the newest one; ``upto_ms`` leaves out those that end after it, because they
    are not over yet.
    """
    found = hourly(hours)
    begin, value = found.begin_ms[found.valid], found.value[found.valid]
    place = (begin - begin[:1]) // HOUR_MS
    span = int(place[-1]) + WINDOW if len(place) else 0
    total, count, stands = np.zeros(span), np.zeros(span), np.zeros(span)
    for later in reversed(range(WINDOW)):
        # The oldest hour first in every window, so that how hours are cut changes no bit.
        total[place + later] += value
        count[place + later] += 1
        stands[place + later] += hours.stands_ms[found.valid]
    rows = np.flatnonzero(count)
    last = begin[:1] + rows * HOUR_MS
    if upto_ms is not None:
        rows, last = rows[last + HOUR_MS <= upto_ms], last[last + HOUR_MS <= upto_ms]
    covered = np.minimum(WINDOW, stands[rows] / HOUR_MS)
    mean = np.round(total[rows] / count[rows], _DIGITS)
    return Means(last, mean, covered / WINDOW, covered >= completeness().ozone_8h_hours)


def daily_8h_max(hours: Hours, upto_ms: int | None = None) -> Means:
    """Ozone: each day's largest valid sliding mean of those that end at 8:00 .. 24:00, that is of
    windows within the day (from memory of HJ 663-2013); ``share`` is of these 17.

    Valid with 14 of them, or with fewer where the largest, rounded to whole µg/m³ as it is judged,
    is above the 8 h limit of class 2 areas by the GB 3095 in force on that day (HJ 663, 6.1.2).
    """
    asked = completeness()
    first, last = asked.ozone_hours_of_day
    found = sliding_8h(hours, upto_ms)
    ends = (found.begin_ms + EAST_MS) // HOUR_MS % 24 + 1
    rows = found.valid & (ends >= first) & (ends <= last)
    day = np.unique(bucket_ms(hours.begin_ms, 24))
    at = np.searchsorted(day, _day(found)[rows])
    count = np.bincount(at, minlength=len(day))
    value = np.full(len(day), np.nan)
    np.fmax.at(value, at, found.value[rows])
    valid = count >= asked.ozone_day_sliding
    for row in np.flatnonzero((count > 0) & ~valid):
        valid[row] = np.rint(value[row]) > _ozone_limit(int(day[row]))
    return Means(day, value, count / (last - first + 1), valid)


def daily_hour_max(hours: Hours) -> Means:
    """Each day's largest valid hourly mean: valid with as many of them as a day's mean asks."""
    found, days = hourly(hours), daily(hours)
    value = np.full(len(days), np.nan)
    at = np.searchsorted(days.begin_ms, _day(found)[found.valid])
    np.fmax.at(value, at, found.value[found.valid])
    return Means(days.begin_ms, value, days.share, days.valid)


def _day(means: Means) -> Instants:
    return bucket_ms(means.begin_ms, 24)


def _ozone_limit(begin_ms: int) -> float:
    on = (datetime.fromtimestamp(begin_ms / 1000, UTC) + timedelta(milliseconds=EAST_MS)).date()
    found = air_limit("a05024", on=on, averaging="daily")
    return found[1] if found else np.inf
