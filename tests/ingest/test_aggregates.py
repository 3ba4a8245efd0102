"""Means and their validity at every edge of completeness, over gaps, cadences and cuts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.vocabulary.time import DAY_MS, HOUR_MS, MINUTE_MS
from ingest.standards.aggregates import (
    Hours,
    Means,
    covered_ms,
    daily,
    daily_8h_max,
    hourly,
    hours_of,
    sliding_8h,
    stands_ms,
)
from ingest.standards.cadences import Cadences
from ingest.store.protocol import Good, Mean

EPOCH = date(1970, 1, 1)


def midnight(on: date) -> int:
    """Beginning of a day in Shanghai, UTC epoch ms."""
    return (on - EPOCH).days * DAY_MS - 8 * HOUR_MS


DAY = midnight(date(2026, 7, 1))


def nothing_asked(_from_ms: int, _to_ms: int) -> Good:
    raise AssertionError


def whole_hours(at: Sequence[int], value: Sequence[float] | float = 50.0, day: int = DAY) -> Hours:
    """Fully measured hours so many hours behind a midnight."""
    begin = np.array(at, np.int64) * HOUR_MS + day
    whole = np.full(len(begin), HOUR_MS)
    return Hours(begin, np.broadcast_to(value, len(begin)).astype(float), whole, whole)


def days_of(on: Sequence[date], value: Sequence[float] | float = 10.0) -> Means:
    """Valid daily means."""
    begin = np.array([midnight(day) for day in on], np.int64)
    values = np.broadcast_to(value, len(begin)).astype(float)
    return Means(begin, values, np.ones(len(begin)), np.ones(len(begin), np.bool_))


def span(first: date, days: int) -> list[date]:
    """Days in a row."""
    return [first + timedelta(days=i) for i in range(days)]


def same(one: Means, other: Means) -> bool:
    """To the bit."""
    return all(
        np.array_equal(getattr(one, f.name), getattr(other, f.name), equal_nan=f.name == "value")
        for f in fields(Means)
    )


@pytest.mark.parametrize(
    ("cadence_ms", "good", "valid", "share"),
    [
        (MINUTE_MS, 44, False, 44 / 60),
        (MINUTE_MS, 45, True, 45 / 60),
        (MINUTE_MS, 75, True, 1),  # it sent more than it said
        (5 * MINUTE_MS, 8, False, 40 / 60),
        (5 * MINUTE_MS, 9, True, 45 / 60),
        (100_000, 26, False, 26 / 36),
        (100_000, 27, True, 27 / 36),
        (HOUR_MS, 1, True, 1),
        (4 * HOUR_MS, 1, True, 1),
        (MINUTE_MS, 0, False, 0),
    ],
)
def test_an_hour_is_valid_with_45_minutes_of_good_readings(
    cadence_ms: int, good: int, valid: bool, share: float
) -> None:
    """A reading stands for a cadence; those that are not good are in ``samples`` only. The value
    stands all the same.
    """
    mean = Mean("a/b", DAY, 7.0 if good else None, good, 60)
    found = hourly(hours_of([mean], Cadences.constant(cadence_ms), nothing_asked))
    assert (found.valid[0], found.share[0]) == (valid, pytest.approx(share))
    assert np.isnan(found.value[0]) if not good else found.value[0] == 7
    assert np.isnan(found.counted()[0]) != valid


@pytest.mark.parametrize(
    ("apart_ms", "count", "valid", "minutes"),
    [
        (MINUTE_MS, 44, False, 44),
        (MINUTE_MS, 45, True, 45),
        (30_000, 89, True, 45),
        (30_000, 88, False, 44),
        (10_000, 200, False, 34),
    ],
)
def test_readings_thinner_than_a_quick_cadence_count_by_the_minutes_they_lie_in(
    apart_ms: int, count: int, valid: bool, minutes: int
) -> None:
    """A history of minutes behind a station that samples every two seconds. The hour before it is
    whole, the one after it has no reading; neither is asked for.
    """
    t = DAY + np.arange(count) * apart_ms
    asked: list[tuple[int, int]] = []

    def good(from_ms: int, to_ms: int) -> Good:
        asked.append((from_ms, to_ms))
        return t, np.full(count, 7.0)

    means = [
        Mean("a/b", DAY - HOUR_MS, 7.0, 1800, 1800),
        Mean("a/b", DAY, 7.0, count, count),
        Mean("a/b", DAY + HOUR_MS, None, 0, 60),
    ]
    found = hourly(hours_of(means, Cadences.constant(2000), good))
    assert found.valid.tolist() == [True, valid, False]
    assert found.share.tolist() == pytest.approx([1, minutes / 60, 0])
    assert asked == [(DAY, DAY + HOUR_MS)]


def test_hours_come_in_any_order_but_of_one_series_and_once() -> None:
    """A store sorts by series."""
    rows = [Mean("a/b", DAY + HOUR_MS, 2, 60, 60), Mean("a/b", DAY, 1, 60, 60)]
    assert hours_of(rows, Cadences.constant(MINUTE_MS), nothing_asked).mean.tolist() == [1, 2]
    with pytest.raises(ValueError, match="several series"):
        hours_of([*rows, Mean("a/c", DAY, 1, 60, 60)], Cadences.constant(MINUTE_MS), nothing_asked)
    with pytest.raises(ValueError, match="one hour"):
        hours_of([*rows, rows[0]], Cadences.constant(MINUTE_MS), nothing_asked)


@pytest.mark.parametrize(("count", "valid"), [(19, False), (20, True), (24, True)])
def test_a_day_is_valid_with_20_hours(count: int, valid: bool) -> None:
    """Of its own calendar day, at UTC+8; an invalid hour neither counts nor weighs."""
    hours = whole_hours([-1, *range(count), 24], [9999.0, *map(float, range(count)), 9999.0])
    found = daily(hours)
    assert found.begin_ms.tolist() == [DAY - DAY_MS, DAY, DAY + DAY_MS]
    assert (found.value[1], found.valid[1]) == ((count - 1) / 2, valid)
    assert found.share[1] == count / 24
    short = replace(hours, covered_ms=np.where(hours.begin_ms == DAY, 44, 60) * MINUTE_MS)
    assert daily(short).value[1] == count / 2
    assert daily(short).valid[1] == (count == 24)


def test_a_day_without_any_valid_hour_is_there_without_a_value() -> None:
    """A gap is seen, not left out."""
    hours = whole_hours([0, 1])
    found = daily(replace(hours, covered_ms=np.array([0, 3]) * MINUTE_MS))
    assert (len(found), found.share[0], found.valid[0]) == (1, 0, False)
    assert np.isnan(found.value[0])


@pytest.mark.parametrize(
    ("cadence_hours", "readings", "valid", "share"),
    [(4, 5, True, 20 / 24), (4, 4, False, 16 / 24), (4, 6, True, 1), (24, 1, True, 1)],
)
def test_a_slow_instrument_covers_the_hours_of_its_cadence(
    cadence_hours: int, readings: int, valid: bool, share: float
) -> None:
    """Water analysers measure every four hours."""
    at = [cadence_hours * i for i in range(readings)]
    stands = np.full(readings, cadence_hours * HOUR_MS)
    found = daily(replace(whole_hours(at), stands_ms=stands))
    assert (found.valid[0], found.share[0]) == (valid, share)


@pytest.mark.parametrize(("gone", "valid"), [((0, 1), True), ((0, 1, 2), False), ((5, 7), True)])
def test_a_sliding_mean_is_valid_with_6_of_8_hours(gone: tuple[int, ...], valid: bool) -> None:
    """Whichever they are, its last one too."""
    at = [i for i in range(8) if i not in gone]
    found = sliding_8h(whole_hours(at, [float(i) for i in at]))
    row = found.begin_ms.tolist().index(DAY + 7 * HOUR_MS)
    assert (found.valid[row], found.share[row]) == (valid, len(at) / 8)
    assert found.value[row] == pytest.approx(sum(at) / len(at))


def test_sliding_means_pass_over_midnight_and_end_where_reported() -> None:
    """Those that are not over yet are no means yet."""
    hours = whole_hours(range(20, 30))
    found = sliding_8h(hours)
    assert found.begin_ms.tolist() == [DAY + i * HOUR_MS for i in range(20, 37)]
    upto = sliding_8h(hours, DAY + 30 * HOUR_MS)
    assert upto.begin_ms[-1] == DAY + 29 * HOUR_MS
    assert len(sliding_8h(whole_hours([]))) == len(daily_8h_max(whole_hours([]))) == 0


def sliding_of(count: int) -> list[int]:
    """Hours that give a day so many valid sliding means: the first valid one ends at 8:00."""
    # Hours 0 .. count + 4: windows may lack their two last hours.
    return list(range(count + 5))


@pytest.mark.parametrize(
    ("count", "value", "valid"),
    [
        (13, 160.0, False),
        (13, 160.5, False),  # rounds to 160, the even one
        (13, 160.51, True),
        (13, 161.0, True),
        (1, 161.0, True),
        (14, 160.0, True),
        (14, 20.0, True),
    ],
)
def test_a_days_largest_needs_14_sliding_means_or_one_above_the_limit(
    count: int, value: float, valid: bool
) -> None:
    """160 µg/m³ in areas of class 2."""
    found = daily_8h_max(whole_hours(sliding_of(count), value))
    assert found.share[0] == count / 17
    assert (found.value[0], found.valid[0]) == (value, valid)


def test_a_days_largest_is_of_windows_within_the_day() -> None:
    """17 of them, of a whole day; the night before does not reach into it."""
    value = [500.0] * 24 + [float(i) for i in range(24)]
    found = daily_8h_max(whole_hours(range(-24, 24), value))
    assert found.begin_ms.tolist() == [DAY - DAY_MS, DAY]
    assert found.value.tolist() == [500, 19.5]
    assert found.share.tolist() == [1, 1]


def test_a_day_with_too_few_hours_for_any_sliding_mean_has_no_largest() -> None:
    """But it is there."""
    found = daily_8h_max(whole_hours([8, 9, 20]))
    assert (found.valid[0], found.share[0]) == (False, 0)
    assert np.isnan(found.value[0])


def test_a_mean_keeps_a_half_that_a_sum_of_binary_fractions_would_lose() -> None:
    """0.35 rounds to 0.4, and a hair less to 0.3."""
    assert sum([0.35] * 20) / 20 != 0.35
    assert daily(whole_hours(range(20), 0.35)).value[0] == 0.35
    assert hourly(whole_hours([0], sum([0.35] * 20) / 20)).value[0] == 0.35
    assert sliding_8h(whole_hours(range(8), 0.35)).value[-1] == 0.35


@st.composite
def some_hours(draw: st.DrawFn) -> Hours:
    """Up to six days with gaps, bad readings and any cadence."""
    at = sorted(draw(st.sets(st.integers(0, 143), min_size=1, max_size=144)))
    n = len(at)
    good = draw(st.lists(st.integers(0, 60), min_size=n, max_size=n))
    value = draw(st.lists(st.floats(0, 500), min_size=n, max_size=n))
    cadence = draw(st.sampled_from([MINUTE_MS, 5 * MINUTE_MS, HOUR_MS, 4 * HOUR_MS]))
    mean = np.where(np.array(good) > 0, value, np.nan)
    begin = DAY + np.array(at, np.int64) * HOUR_MS
    each = np.full(n, cadence)
    return Hours(begin, mean, covered_ms(np.array(good, np.int64), each), stands_ms(each))


def part(hours: Hours, rows: np.ndarray) -> Hours:
    """Some of the hours."""
    columns = (hours.begin_ms, hours.mean, hours.covered_ms, hours.stands_ms)
    return Hours(*(column[rows] for column in columns))


@settings(deadline=None)
@given(some_hours(), st.integers(0, 6))
def test_days_of_hours_cut_at_a_midnight_are_those_of_the_whole(hours: Hours, cut: int) -> None:
    """Neither a day's mean nor its largest sliding mean looks beyond it."""
    early = hours.begin_ms < DAY + cut * DAY_MS
    for days in (daily, daily_8h_max):
        halves = [days(part(hours, early)), days(part(hours, ~early))]
        joined = [np.concatenate([getattr(h, f.name) for h in halves]) for f in fields(Means)]
        assert same(days(hours), Means(*joined))


@settings(deadline=None)
@given(some_hours())
def test_means_are_what_a_plain_loop_finds(hours: Hours) -> None:
    """Sliding ones of the minute cadences, and days of all."""
    good = {
        int(t): v
        for t, v, covered in zip(hours.begin_ms, hours.mean, hours.covered_ms, strict=True)
        if covered >= 45 * MINUTE_MS
    }
    stride = int(hours.stands_ms[0]) // HOUR_MS
    slid = sliding_8h(hours)
    for t, value, valid in zip(slid.begin_ms, slid.value, slid.valid, strict=True):
        window = [good[k] for i in range(8) if (k := int(t) - i * HOUR_MS) in good]
        assert value == pytest.approx(np.mean(window), abs=1e-8)
        assert valid == (len(window) * stride >= 6)
    found = daily(hours)
    for t, value, valid in zip(found.begin_ms, found.value, found.valid, strict=True):
        day = [v for k, v in good.items() if t <= k < t + DAY_MS]
        assert np.isnan(value) if not day else value == pytest.approx(np.mean(day), abs=1e-8)
        assert valid == (len(day) * stride >= 20)


def test_days_are_those_of_shanghai() -> None:
    """A day begins at 16:00 UTC of the day before."""
    begun = datetime.fromtimestamp(int(daily(whole_hours([0])).begin_ms[0]) / 1000, UTC)
    assert begun == datetime(2026, 6, 30, 16, tzinfo=UTC)
