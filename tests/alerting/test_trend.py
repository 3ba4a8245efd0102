"""The trend: its statistics against two peers, its signal sentence by sentence, and any cut."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

import msgspec
import numpy as np
import pymannkendall
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from alerting.rules.conditions.signal import EvaluationTarget, Readings, Values
from alerting.rules.kinds.trend import Trend, mann_kendall, sen_level, sen_slope
from config.catalogue.shapes import Catalogue
from config.vocabulary.time import DAY_MS, HOUR_MS

MONDAY = int(datetime(2026, 3, 2, tzinfo=timezone(timedelta(hours=8))).timestamp() * 1000)
INF = float("inf")
NONE = None

tied = st.one_of(st.just(np.nan), st.integers(0, 5).map(float))
untied = st.one_of(st.just(np.nan), st.integers(0, 10**6).map(lambda v: v / 1000))
rows = st.one_of(
    st.lists(tied, min_size=8, max_size=40), st.lists(untied, min_size=8, max_size=40)
).map(np.array)


@pytest.fixture
def target(catalogue: Catalogue) -> EvaluationTarget:
    """A station by a canal, for its ammonia."""
    return EvaluationTarget(catalogue, catalogue.stations["tonglv-pingchao"], "w21003")


def days(*values: float | None, hours: int = 24) -> Readings:
    """Hourly means of days in a row from a Monday on, each of so many hours."""
    kept = [
        (MONDAY + day * DAY_MS + hour * HOUR_MS, value)
        for day, value in enumerate(values)
        if value is not None
        for hour in range(hours)
    ]
    return np.array([t for t, _ in kept], np.int64), np.array([v for _, v in kept], float)


def joined(*parts: Readings) -> Readings:
    """One behind the other."""
    return np.concatenate([t for t, _ in parts]), np.concatenate([v for _, v in parts])


def end(day: int) -> int:
    """Of the so manieth day."""
    return MONDAY + day * DAY_MS


def near(expected: Any) -> Any:
    """To nine decimals or digits."""
    return pytest.approx(expected, rel=1e-9, abs=1e-9)


def has_pair(row: Values, period: int) -> bool:
    """Whether two days of one place in the period are known; a peer fails without."""
    return any(np.count_nonzero(~np.isnan(row[i::period])) > 1 for i in range(period))


@given(rows)
def test_the_test_is_that_of_a_peer(row: Values) -> None:
    """With ties and without, with gaps and without."""
    assume(has_pair(row, 1))
    found, peer = mann_kendall(row[None]), pymannkendall.original_test(row)
    assert [found.s[0], found.variance[0]] == [peer.s, near(peer.var_s)]
    assert [found.z[0], found.p[0]] == near([peer.z, peer.p])


@given(rows)
def test_the_seasonal_test_is_that_of_a_peer(row: Values) -> None:
    """The sum over the days of the week, each with ties and gaps of its own."""
    assume(has_pair(row, 7))
    found, peer = mann_kendall(row[None], 7), pymannkendall.seasonal_test(row, period=7)
    assert [found.s[0], found.variance[0]] == [peer.s, near(peer.var_s)]
    assert [found.z[0], found.p[0]] == near([peer.z, peer.p])


@given(rows)
def test_the_score_is_that_of_kendalls_tau(row: Values) -> None:
    """Of the days that are known; tau-b is undefined where all are equal."""
    day = np.flatnonzero(~np.isnan(row))
    known = row[day]
    assume(len(set(known)) > 1)
    all_pairs = len(known) * (len(known) - 1) / 2
    of_equals = sum(int(n) * (int(n) - 1) / 2 for n in np.unique(known, return_counts=True)[1])
    tau = stats.kendalltau(day, known).statistic
    expected = tau * np.sqrt(all_pairs * (all_pairs - of_equals))
    assert mann_kendall(row[None]).s[0] == near(expected)


@given(rows)
def test_slope_and_level_are_those_of_two_peers(row: Values) -> None:
    """A gap is one in time: days keep their numbers."""
    assume(has_pair(row, 1))
    slope = sen_slope(row[None])
    level = sen_level(row[None], slope)
    day = np.flatnonzero(~np.isnan(row))
    peer, other = stats.theilslopes(row[day], day), pymannkendall.sens_slope(row)
    for by in (peer, other):
        assert slope[0] == near(by.slope)
        assert level[0] == near(by.intercept + by.slope * (len(row) - 1))


@given(rows)
def test_the_seasonal_slope_is_that_of_a_peer(row: Values) -> None:
    """Who gives it in the unit a week."""
    assume(has_pair(row, 7))
    slope = sen_slope(row[None], 7)
    level = sen_level(row[None], slope)
    peer = pymannkendall.seasonal_sens_slope(row, period=7)
    last = peer.intercept + peer.slope * (len(row) - 1) / 7
    assert [slope[0] * 7, level[0]] == near([peer.slope, last])


@given(st.lists(rows, min_size=1, max_size=5), st.sampled_from([1, 7]))
def test_rows_do_not_know_of_each_other(many: list[Values], period: int) -> None:
    """Of several at once each has what it has alone, to the bit."""
    shortest = min(map(len, many))
    together = np.array([row[:shortest] for row in many])
    test, slope = mann_kendall(together, period), sen_slope(together, period)
    for target, row in enumerate(together):
        alone = mann_kendall(row[None], period)
        assert [test.z[target], test.p[target]] == [alone.z[0], alone.p[0]]
        assert np.array_equal(slope[[target]], sen_slope(row[None], period), equal_nan=True)


@pytest.mark.parametrize("period", [1, 7])
@given(value=st.floats(-1e7, 1e7), count=st.integers(8, 60))
def test_what_is_constant_has_no_trend_at_all(period: int, value: float, count: int) -> None:
    """To the bit: neither a chance below one nor dust of a slope."""
    row = np.full((1, count), value)
    assert mann_kendall(row, period).p.tolist() == [1.0]
    assert sen_slope(row, period).tolist() == [0.0]


def test_many_wide_windows_are_as_each_alone() -> None:
    """More pairs than are held at a time."""
    rows = np.random.default_rng(1).normal(size=(40, 400))
    found = sen_slope(rows)
    assert found.tolist() == [sen_slope(row[None])[0] for row in rows]


RISING, FALLING = [float(i) for i in range(20)], [float(40 - i) for i in range(20)]
RESTLESS = [1.0, 2.0] * 10
WEEK = [0.0, 60.0, 10.0, 50.0, 20.0, 40.0, 30.0]
WEEKLY = [value + week for week in range(3) for value in WEEK]
TWENTY = Trend(window_ms=20 * DAY_MS)


def by(signal: Trend = TWENTY, **changes: object) -> Trend:
    """A trend with some parameters set otherwise."""
    return msgspec.structs.replace(signal, **changes)


@pytest.mark.parametrize(
    ("why", "signal", "means", "expected"),
    [
        ("the slope is in the unit a day", by(), RISING, 1.0),
        ("and negative where it falls", by(), FALLING, -1.0),
        ("days before the window do not count", by(), [90.0] * 9 + RISING, 1.0),
        ("what swings has no trend", by(), RESTLESS, 0.0),
        ("nor has what stays", by(), [0.1] * 20, 0.0),
        ("significance is asked for", by(significance=1e-12), RISING, 0.0),
        ("nine valid days are too few", by(), [*[None] * 11, *RISING[:9]], NONE),
        ("ten are enough of twenty", by(), [*[None] * 10, *RISING[:10]], 1.0),
        ("and of less", by(window_ms=10 * DAY_MS), RISING, 1.0),
        ("of thirty, fourteen are less than half",
         by(window_ms=30 * DAY_MS), [*[None] * 16, *RISING[:14]], NONE),
        ("and fifteen are half",
         by(window_ms=30 * DAY_MS), [*[None] * 15, *RISING[:15]], 1.0),
        ("a gap is one in time",
         by(), [*RISING[:6], *[None] * 8, *RISING[14:]], 1.0),
        ("the day itself must be known", by(), [*RISING[:19], None], NONE),
        ("the days before it need not be", by(), [*RISING[:14], *[None] * 5, 19.0], 1.0),
        ("with a limit, days until it is passed", by(limit=29.0), RISING, 10.0),
        ("from the line at the window's end, which lies beyond its middle",
         by(limit=29.0), [*RISING[:14], *[None] * 5, 19.0], 10.0),
        ("however slowly it is reached", by(limit=2.0), [v / 64 for v in RISING], 64 * 2 - 19.0),
        ("from the line and not from the last value",
         by(limit=29.0), [*RISING[:19], 500.0], 10.0),
        ("none where it has been passed", by(limit=15.0), RISING, 0.0),
        ("also where nothing moves any more", by(limit=0.05), [0.1] * 20, 0.0),
        ("and where it falls again", by(limit=15.0), FALLING, 0.0),
        ("reached is not passed", by(limit=0.1), [0.1] * 20, INF),
        ("it passes at once where it rises", by(limit=19.0), RISING, 0.0),
        ("never without a trend", by(limit=3.0), RESTLESS, INF),
        ("nor with one that leads away", by(limit=50.0), FALLING, INF),
        ("below, a fall leads to it", by(limit=11.0, towards="below"), FALLING, 10.0),
        ("below, a rise leads away", by(limit=-5.0, towards="below"), RISING, INF),
        ("below, it has been passed", by(limit=25.0, towards="below"), FALLING, 0.0),
        ("the week hides a rise", by(window_ms=21 * DAY_MS), WEEKLY, 0.0),
        ("equal days of the week show it",
         by(window_ms=21 * DAY_MS, season="week"), WEEKLY, 1 / 7),
        ("and what swings by the week alone has none",
         by(season="week", window_ms=21 * DAY_MS), WEEK * 3, 0.0),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_at_a_days_end_the_signal_is_what_the_definition_says(
    target: EvaluationTarget,
    why: str,
    signal: Trend,
    means: list[float | None],
    expected: float | None,
) -> None:
    """One sentence of the definition a row."""
    until = end(len(means))
    t, value = signal.compute(target, [days(*means)], until - 1, until)
    assert t.tolist() == ([] if expected is None else [until])
    assert value.tolist() == ([] if expected is None else [near(expected)])


def test_no_trend_is_no_dust(target: EvaluationTarget) -> None:
    """Days of 20 and of 24 hours sum up 0.1 to other last bits; their means are equal."""
    means = joined(*([days(*[None] * n, 0.1, hours=24 - n % 5) for n in range(20)]))
    _, value = TWENTY.compute(target, [means], 0, end(20))
    assert value.tolist() == [0.0] * 11


def test_a_day_with_nineteen_valid_hours_is_none(target: EvaluationTarget) -> None:
    """With twenty it is one."""
    for hours, known in ((19, []), (20, [end(10)])):
        means = joined(days(*RISING[:9]), days(*[None] * 9, 9.0, hours=hours))
        assert TWENTY.compute(target, [means], 0, end(10))[0].tolist() == known


def test_an_hour_of_a_slow_instrument_stands_for_more(target: EvaluationTarget) -> None:
    """One that measures every four hours has six in a day; five of them are enough."""
    slow = msgspec.structs.replace(target.station, cadence_ms=4 * HOUR_MS)
    catalogue = msgspec.structs.replace(target.catalogue, stations={slow.id: slow})
    t, value = days(*RISING[:10])
    every = (t - MONDAY) // HOUR_MS % 4 == 1
    for hours, count in ((every, 1), (every & ((t - MONDAY) % DAY_MS < 16 * HOUR_MS), 0)):
        members = [(t[hours], value[hours])]
        found, _ = TWENTY.compute(EvaluationTarget(catalogue, slow, "w21003"), members, 0, end(10))
        assert len(found) == count


def test_instants_are_ends_of_days_in_shanghai(target: EvaluationTarget) -> None:
    """After the one, up to and with the other, of days that are known."""
    means = days(*RISING)
    compute = TWENTY.compute

    assert compute(target, [means], 0, end(20))[0].tolist() == [end(n) for n in range(10, 21)]
    assert compute(target, [means], end(12), end(14))[0].tolist() == [end(13), end(14)]
    assert compute(target, [means], end(12) - 1, end(14) - 1)[0].tolist() == [end(12), end(13)]
    assert compute(target, [means], end(12), end(13) - 1)[0].tolist() == []
    assert compute(target, [means], end(18), end(99))[0].tolist() == [end(19), end(20)]
    assert compute(target, [means], end(20), end(99))[0].tolist() == []
    late = days(*RISING[:15], *[None] * 3, 18.0)
    assert compute(target, [late], end(14), end(99))[0].tolist() == [end(15), end(19)]
    assert compute(target, [days()], 0, end(99))[0].tolist() == []
    assert TWENTY.cadences(target).one(0) == DAY_MS


def rising(swing: list[tuple[int | None, int]], slope: int) -> list[tuple[float | None, int]]:
    """Days that swing about a slope: their means and how many hours they have."""
    return [
        (None if v is None else v + n * slope / 4, hours) for n, (v, hours) in enumerate(swing)
    ]


history = st.builds(
    rising,
    st.lists(
        st.tuples(st.sampled_from([0, 1, 2, 3, None]), st.sampled_from([24, 24, 20, 19])),
        min_size=20,
        max_size=40,
    ),
    st.integers(-2, 2),
)
looks = st.builds(
    Trend,
    window_ms=st.sampled_from([10, 15, 24]).map(lambda n: n * DAY_MS),
    significance=st.sampled_from([0.05, 0.4]),
    season=st.sampled_from(["none", "week"]),
    limit=st.one_of(st.none(), st.integers(-9, 15).map(lambda n: n + 0.3719)),
    towards=st.sampled_from(["above", "below"]),
)


@given(history, looks)
def test_every_window_is_judged_as_a_peer_would(
    catalogue: Catalogue, history: list[tuple[float | None, int]], signal: Trend
) -> None:
    """The whole signal against a plain loop over the days."""
    target = EvaluationTarget(catalogue, catalogue.stations["tonglv-pingchao"], "w21003")
    means = joined(*[days(*[None] * n, v, hours=h) for n, (v, h) in enumerate(history)])
    width, expected = signal.window_ms // DAY_MS, {}
    padded = [np.nan] * width + [np.nan if v is None or h < 20 else v for v, h in history]
    for day in range(1, len(history) + 1):
        window = np.array(padded[day : day + width])
        if np.isnan(window[-1]) or np.count_nonzero(~np.isnan(window)) < max(10, width / 2):
            continue
        test = pymannkendall.original_test(window)
        slope = test.slope
        if signal.season == "week":
            test = pymannkendall.seasonal_test(window, period=7)
            slope = test.slope / 7
        slope = slope if test.p < signal.significance else 0.0
        level = np.nanmedian(window)
        level += slope * (width - 1 - np.median(np.flatnonzero(~np.isnan(window))))
        # Cut at nine decimals, like every mean: dividing by a small slope would show the rest.
        level = round(level, 9)
        expected[end(day)] = slope if signal.limit is None else _left(signal, slope, level)

    t, value = signal.compute(target, [means], 0, end(len(history)))

    assert dict(zip(t.tolist(), value.tolist(), strict=True)) == near(expected)


def _left(signal: Trend, slope: float, level: float) -> float:
    assert signal.limit is not None
    to_go = signal.limit - level
    if (to_go < 0) if signal.towards == "above" else (to_go > 0):
        return 0.0
    leads = slope > 0 if signal.towards == "above" else slope < 0
    return to_go / slope if leads else INF


@given(history, looks, st.lists(st.integers(0, 45 * 24), max_size=6))
def test_any_cut_gives_the_same_rows_from_what_the_lookback_reaches(
    catalogue: Catalogue, history: list[tuple[float | None, int]], signal: Trend, cuts: list[int]
) -> None:
    """To the bit; instants between two cuts see nothing older or newer. No hour is like another."""
    target = EvaluationTarget(catalogue, catalogue.stations["tonglv-pingchao"], "w21003")
    t, value = joined(*[days(*[None] * n, v, hours=h) for n, (v, h) in enumerate(history)])
    value = value + (t - MONDAY) % DAY_MS / DAY_MS
    until = end(45)
    whole = signal.compute(target, [(t, value)], MONDAY - 1, until)

    parts = []
    for after, to in pairwise(sorted({MONDAY - 1, until, *(MONDAY + c * HOUR_MS for c in cuts)})):
        first = after - (after - MONDAY) % DAY_MS + DAY_MS
        seen = (t > first - signal.lookback_ms) & (t < to)
        parts.append(signal.compute(target, [(t[seen], value[seen])], after, to))

    found = joined(*parts)
    assert np.array_equal(found[0], whole[0])
    assert np.array_equal(found[1], whole[1])
