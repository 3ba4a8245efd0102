"""The semantics of rules read aloud: the witness that the engine is held against.

It follows ``docs/rules.md`` sentence by sentence, one reading after the other, over the whole
history at once: no columns, nothing carried from batch to batch, nothing borrowed from the engine.
Sums are exact, in fractions of the decimals that were written, so that equality with a limit means
what it says. Instants are UTC epoch ms; values stand in the indicator's unit.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from itertools import combinations, zip_longest
from statistics import mean as average
from statistics import median
from typing import Literal, NamedTuple

from config.catalogue.shapes import WaterClass
from config.vocabulary.time import DAY_MS, EAST_MS, HOUR_MS, MINUTE_MS
from ingest.standards.air import air_items, air_quality
from ingest.standards.water import water_items, water_quality

CLASSES = ("I", "II", "III", "IV", "V", "劣V")


class Reading(NamedTuple):
    """One of a series, in order of arrival. ``cause`` is the number of a cause, 0: normal."""

    t_ms: int
    value: float | None
    good: bool = True
    cause: int = 0


Series = Sequence[Reading]
Signal = Iterator[tuple[int, float]]
"""Instant and value, by time; where it is unknown there is none."""
Means = Mapping[int, Fraction]
"""Valid means of hours or days by their beginning."""


@dataclass(frozen=True)
class Level:
    """``sign``: 1 above the limit, -1 below it. No clear limit: what is not beyond clears."""

    name: str
    sign: int
    limit: float
    for_ms: int = 0
    clear_limit: float | None = None
    clear_for_ms: int = 0

    def beyond(self, value: float) -> bool:
        return value > self.limit if self.sign > 0 else value < self.limit

    def clears(self, value: float) -> bool:
        if self.clear_limit is None:
            return not self.beyond(value)
        return value <= self.clear_limit if self.sign > 0 else value >= self.clear_limit


@dataclass
class Episode:
    """An alert from its run's first reading on. ``resolved`` None: it stands. ``peak`` is the
    worst value from the beginning to the end, the first of equals, ``fired_value`` that of the
    firing; an absence has neither.
    """

    began: int
    fired: int | None = None
    resolved: int | None = None
    peak: float | None = None
    peak_at: int | None = None
    fired_value: float | None = None

    def note(self, level: Level, t: int, value: float) -> None:
        """Keep the worst value."""
        if self.peak is None or level.sign * value > level.sign * self.peak:
            self.peak, self.peak_at = value, t


def final(readings: Iterable[Reading]) -> list[Reading]:
    """By time; of one instant the first that arrived stands."""
    first: dict[int, Reading] = {}
    for reading in readings:
        first.setdefault(reading.t_ms, reading)
    return [first[t] for t in sorted(first)]


def judged(t: int, members: Iterable[Series], upto_ms: int) -> bool:
    """Every member has a reading at or after the instant, or silence is known up to it."""
    return upto_ms >= t or all(any(one.t_ms >= t for one in member) for member in members)


def fed(signal: Signal) -> list[Reading]:
    """A signal as a series that levels judge."""
    return [Reading(t, value) for t, value in signal]


def threshold(level: Level, readings: Series, cadence_ms: int, upto_ms: int) -> list[Episode]:
    """Every alert that fired, to its end by readings or by too long a silence."""
    lifetime_ms = max(DAY_MS, 4 * cadence_ms, 2 * level.for_ms, 2 * level.clear_for_ms)
    alerts: list[Episode] = []
    run: Episode | None = None
    row = last = None
    for t, value in values(readings):
        silence = 0 if last is None else t - last
        if expires(run, last, t, lifetime_ms):
            run = row = None
        last = t
        if run is None or run.fired is None:
            if not level.beyond(value):
                run = None
                continue
            if run is None or (silence > level.for_ms and silence > 2.5 * cadence_ms):
                run = Episode(began=t)
            run.note(level, t, value)
            if t - run.began >= level.for_ms:
                run.fired, run.fired_value = t, value
                alerts.append(run)
            continue
        run.note(level, t, value)
        if not level.clears(value):
            row = None
        elif row is None or (silence > level.clear_for_ms and silence > 2.5 * cadence_ms):
            row = t
        if row is not None and t - row >= level.clear_for_ms:
            run.resolved = t
            run = row = None
    expires(run, last, upto_ms, lifetime_ms)
    return alerts


def expires(run: Episode | None, last: int | None, now: int, lifetime_ms: int) -> bool:
    """Whether silence up to an instant ends an alert."""
    if run is None or run.fired is None or last is None or now - last <= lifetime_ms:
        return False
    run.resolved = last + lifetime_ms
    return True


def absence(
    for_ms: int, members: Iterable[Series], upto_ms: int, cadence_ms: int = 0
) -> list[Episode]:
    """Of a station with these series: it begins at the last good reading of any of them, and lasts
    2.5 cadences at least.
    """
    for_ms = max(for_ms, 5 * cadence_ms // 2)
    instants = sorted({t for member in members for t, _ in values(member)})
    return [
        Episode(began=t, fired=t + for_ms, resolved=following)
        for t, following in zip_longest(instants, instants[1:])
        if (upto_ms if following is None else following) - t > for_ms
    ]


def values(readings: Iterable[Reading]) -> Signal:
    """The good readings; the others are as if they were not there."""
    for reading in final(readings):
        if reading.good and reading.value is not None:
            yield reading.t_ms, reading.value


def exact(value: float) -> Fraction:
    """The decimal that is written."""
    return Fraction(str(value))


def rounded(value: Fraction, targets: int) -> float:
    """Half to even (GB/T 8170)."""
    return float(round(value, targets))


def mean(readings: Series, window_ms: int, decimals: int) -> Signal:
    """Of the window that ends at each reading; a reading at its very beginning is outside."""
    good = list(values(readings))
    for t, _ in good:
        inside = [exact(value) for at, value in good if t - window_ms < at <= t]
        yield t, rounded(average(inside), decimals + 1)


def change(readings: Series, window_ms: int, decimals: int, cadence_ms: int = 0) -> Signal:
    """From the last good reading at or before the window's beginning, to the window's length, which
    is a cadence at least; a quarter of one is jitter.
    """
    window_ms, jitter_ms = max(window_ms, cadence_ms), cadence_ms // 4
    good = list(values(readings))
    for t, value in good:
        before = [(at, old) for at, old in good if at <= t - window_ms + jitter_ms]
        if before and before[-1][0] >= t - 2 * window_ms - jitter_ms:
            at, old = before[-1]
            yield t, rounded((exact(value) - exact(old)) * window_ms / (t - at), decimals + 1)


def propagation(
    here: Series,
    above: Series,
    window_ms: int,
    travel: tuple[int, int],
    sign: int,
    decimals: int,
    upto_ms: int,
    cadence_ms: int = 0,
) -> Signal:
    """The lesser of a rise (a fall for ``sign`` -1) here and one above, a travel time before."""
    shorter, longer = travel
    upstream = list(change(above, window_ms, decimals, cadence_ms))
    for t, risen in change(here, window_ms, decimals, cadence_ms):
        before = [value for at, value in upstream if t - longer <= at <= t - shorter]
        if before and judged(t, (here, above), upto_ms):
            yield t, min(risen, max(before)) if sign > 0 else max(risen, min(before))


class Condition(NamedTuple):
    """Readings of a member, what is made of them (values, means or changes), and what must hold."""

    readings: Series
    signal: Sequence[tuple[int, float]]
    level: Level

    def holds(self, t: int, cadence_ms: int) -> bool | None:
        """By its last value at or before the instant; None where that is unknown."""
        before = [(at, value) for at, value in self.signal if at <= t]
        if not before or t - before[-1][0] > 2.5 * cadence_ms:
            return None
        return self.level.beyond(before[-1][1])


def combined(rule: Sequence[Condition], needs: set[int], cadence_ms: int, upto_ms: int) -> Signal:
    """How many hold, where that decides each level's need whatever the unknown ones are."""
    members = [condition.readings for condition in rule]
    for t in sorted({t for member in members for t, _ in values(member)}):
        known = [condition.holds(t, cadence_ms) for condition in rule]
        holding, unknown = known.count(True), known.count(None)
        decided = all(holding >= need or holding + unknown < need for need in needs)
        if decided and judged(t, members, upto_ms):
            yield t, holding


def state(readings: Series, states: Sequence[int]) -> Signal:
    """The cause of a reading, good or not, where it is one of these; a failed read tells nothing,
    nor does a reading whose clock is doubted.
    """
    for reading in final(readings):
        if not 20 <= reading.cause < 40 and reading.cause != 41:
            yield reading.t_ms, reading.cause if reading.cause in states else 0


def hours(readings: Series, cadence_ms: int) -> Means:
    """Valid with good readings over 45 minutes, which are so many cadences, or minutes that hold
    one; an hour's first instant is its own, its end not.
    """
    inside: dict[int, list[tuple[int, Fraction]]] = defaultdict(list)
    for t, value in values(readings):
        inside[t - t % HOUR_MS].append((t // MINUTE_MS, exact(value)))
    return {
        begin: average([value for _, value in of])
        for begin, of in inside.items()
        if max(len(of) * cadence_ms, len({minute for minute, _ in of}) * MINUTE_MS)
        >= 45 * MINUTE_MS
    }


def days(means: Means, cadence_ms: int = HOUR_MS) -> Means:
    """Valid with 20 valid hours; of a cadence beyond an hour each stands for a cadence."""
    inside: dict[int, list[Fraction]] = defaultdict(list)
    for begin, value in means.items():
        inside[day_of(begin)].append(value)
    stands_ms = max(HOUR_MS, cadence_ms)
    return {b: average(of) for b, of in inside.items() if len(of) * stands_ms >= 20 * HOUR_MS}


def day_of(t: int) -> int:
    """Beginning of the day of Asia/Shanghai that an instant lies in."""
    return t - (t + EAST_MS) % DAY_MS


def ozone_days(means: Means, cadence_ms: int = HOUR_MS) -> Means:
    """HJ 633 takes a day's ozone by its largest 8 h mean, of 6 valid hours, that ends at 8:00 to
    24:00; 14 of these, or fewer where it is above the 8 h limit of 160 (HJ 663, GB 3095).
    """
    found = {}
    for day in {day_of(begin) for begin in means}:
        sliding = []
        for end in range(day + 8 * HOUR_MS, day + 24 * HOUR_MS + 1, HOUR_MS):
            inside = [means[b] for b in range(end - 8 * HOUR_MS, end, HOUR_MS) if b in means]
            if len(inside) * max(HOUR_MS, cadence_ms) >= 6 * HOUR_MS:
                sliding.append(average(inside))
        if len(sliding) >= 14 or (sliding and round(max(sliding)) > 160):
            found[day] = max(sliding)
    return found


def ozone_hours(means: Means, cadence_ms: int = HOUR_MS) -> Means:
    """The largest hour of the days that have a mean: it counts beside that of 8 h until 2026."""
    return {
        day: max(value for begin, value in means.items() if day_of(begin) == day)
        for day in days(means, cadence_ms)
    }


def standard(
    members: Mapping[str, Series],
    cadence_ms: int,
    upto_ms: int,
    averaging: Literal["hourly", "daily"] = "hourly",
    target: WaterClass | None = None,
    least: float = 0.0,
) -> Signal:
    """The AQI of an air station's plan; with a ``target`` the classes by which a water station's
    plan is worse than it. The date is that on which the hour or day begins. With an item missing
    it is known only above ``least``, the lowest limit of the levels.
    """
    items = water_items() if target else air_items()
    plan = {code: s for code, s in members.items() if code in items}
    length = HOUR_MS if averaging == "hourly" else DAY_MS
    means = {code: hours(series, cadence_ms) for code, series in plan.items()}
    largest = ozone_hours(means.get("a05024", {}), cadence_ms)
    if averaging == "daily":
        for code, hourly in means.items():
            means[code] = (ozone_days if code == "a05024" else days)(hourly, cadence_ms)
    for begin in sorted({begin for found in means.values() for begin in found}):
        here = {code: float(found[begin]) for code, found in means.items() if begin in found}
        on = datetime.fromtimestamp((begin + EAST_MS) / 1000, UTC).date()
        if target is None:
            hour = None
            if averaging == "daily" and begin in largest:
                hour = float(largest[begin])
            worse = air_quality(
                here, on=on, averaging=averaging, plan=tuple(plan), ozone_hour=hour
            ).aqi
        else:
            name = water_quality(here, on=on, target=target).class_name
            worse = CLASSES.index(name) - CLASSES.index(target) if name else None
        if worse is None or (len(here) < len(plan) and worse <= least):
            continue
        if judged(begin + length, plan.values(), upto_ms):
            yield begin + length, worse


def trend_days(
    readings: Series,
    cadence_ms: int,
    upto_ms: int,
    window_days: int = 60,
    significance: float = 0.05,
    season: Literal["none", "week"] = "none",
    limit: float | None = None,
    sign: int = 1,
) -> Signal:
    """The slope a day, or the days until the limit is passed, at the end of every valid day whose
    window holds enough of them. ``sign`` -1: towards below.
    """
    found = days(hours(readings, cadence_ms), cadence_ms)
    means = {(begin + EAST_MS) // DAY_MS: value for begin, value in found.items()}
    for today in sorted(means):
        end = (today + 1) * DAY_MS - EAST_MS
        points = sorted((d, v) for d, v in means.items() if today - window_days < d <= today)
        enough = len(points) >= 10 and len(points) >= window_days / 2
        if enough and judged(end, (readings,), upto_ms):
            slope = slope_of(points, significance, 7 if season == "week" else 1)
            middle = Fraction(median(day for day, _ in points))
            level = median(value for _, value in points) + slope * (today - middle)
            yield end, float(slope) if limit is None else days_until(limit, level, slope, sign)


def slope_of(points: list[tuple[int, Fraction]], significance: float, period: int) -> Fraction:
    """Theil and Sen: the median of all slopes between two days, a day; 0 where the test of Mann
    and Kendall (two-sided, normal, corrected for continuity and ties) finds no trend. Of a week
    only equal days are compared, and their scores and variances add up (Hirsch).
    """
    rises = [
        (other - value, later - day)
        for (day, value), (later, other) in combinations(points, 2)
        if (later - day) % period == 0
    ]
    score = abs(sum((rise > 0) - (rise < 0) for rise, _ in rises))
    alike = Counter(day % period for day, _ in points).values()
    tied = Counter((day % period, value) for day, value in points).values()
    variance = sum(n * (n - 1) * (2 * n + 5) for n in alike)
    variance -= sum(n * (n - 1) * (2 * n + 5) for n in tied)
    if score == 0 or math.erfc((score - 1) / math.sqrt(variance / 9)) >= significance:
        return Fraction(0)
    return median(rise / apart for rise, apart in rises)


def days_until(limit: float, level: Fraction, slope: Fraction, sign: int) -> float:
    """0 where the limit has been passed, infinite where no trend leads there."""
    room = sign * (exact(limit) - level)
    if room < 0:
        return 0.0
    return float(room / (sign * slope)) if sign * slope > 0 else math.inf


def departures(readings: Series, cadence_ms: int, decimals: int, window_days: int) -> Means:
    """Of each hour from the usual at its hour of the day, in robust standard deviations."""
    means = hours(readings, cadence_ms)
    found = {}
    for begin, value in means.items():
        before = [begin - day * DAY_MS for day in range(1, window_days + 1)]
        usual = [means[at] for at in before if at in means]
        if len(usual) >= 7:
            middle = median(usual)
            spread = Fraction("1.4826") * median(abs(one - middle) for one in usual)
            found[begin] = (value - middle) / max(spread, Fraction(1, 10**decimals))
    return found


def departure(
    readings: Series, cadence_ms: int, upto_ms: int, decimals: int, window_days: int = 28
) -> Signal:
    """At the end of each hour that has one."""
    for begin, value in departures(readings, cadence_ms, decimals, window_days).items():
        if judged(begin + HOUR_MS, (readings,), upto_ms):
            yield begin + HOUR_MS, rounded(value, 2)


def cusum(
    readings: Series,
    cadence_ms: int,
    upto_ms: int,
    decimals: int,
    sign: int = 1,
    window_days: int = 28,
    slack: float = 0.5,
    over_ms: int = 7 * DAY_MS,
) -> Signal:
    """The largest sum of (departure - slack) over hours that end at this one and begin within
    ``over_ms`` of its end; for ``sign`` -1 it is mirrored, and negative.
    """
    found = departures(readings, cadence_ms, decimals, window_days)
    for begin in found:
        end = begin + HOUR_MS
        largest = total = Fraction(0)
        for at in range(begin, end - over_ms - 1, -HOUR_MS):
            total += sign * found[at] - exact(slack) if at in found else 0
            largest = max(largest, total)
        if judged(end, (readings,), upto_ms):
            yield end, rounded(sign * largest, 2)
