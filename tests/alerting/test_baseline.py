"""The baseline: sentence by sentence, against a plain loop over hours, and over any cut."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import pairwise
from statistics import median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.rules.conditions.signal import EvaluationTarget, Readings
from alerting.rules.kinds.baseline import Cusum, Departure
from config.catalogue.shapes import Catalogue
from config.vocabulary.time import DAY_MS, HOUR_MS

MIDNIGHT = int(datetime(2026, 3, 2, tzinfo=timezone(timedelta(hours=8))).timestamp() * 1000)
STEP = 0.001
"""Of the decimals of ammonia."""


def at_canal(catalogue: Catalogue) -> EvaluationTarget:
    """A station, for its ammonia."""
    return EvaluationTarget(catalogue, catalogue.stations["tonglv-pingchao"], "w21003")


@pytest.fixture
def target(catalogue: Catalogue) -> EvaluationTarget:
    return at_canal(catalogue)


def end(hour: int) -> int:
    """Of an hour, counted from a midnight."""
    return MIDNIGHT + (hour + 1) * HOUR_MS


def hours(of: dict[int, float]) -> Readings:
    """Valid hours by their number from a midnight."""
    kept = sorted(of.items())
    t = np.array([MIDNIGHT + hour * HOUR_MS for hour, _ in kept], np.int64)
    return t, np.array([value for _, value in kept], float)


def at_nine(*values: float | None) -> dict[int, float]:
    """The hour from 9:00 of days in a row."""
    return {24 * day + 9: value for day, value in enumerate(values) if value is not None}


SEVEN = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0)
"""Median 4, median absolute deviation 2."""
DEVIATION = 1.4826 * 2


@pytest.mark.parametrize(
    ("why", "given_hours", "departure"),
    [
        ("in robust standard deviations from the median",
         at_nine(*SEVEN, 4 + 3 * DEVIATION), 3.0),
        ("below it, negative", at_nine(*SEVEN, 4 - 3 * DEVIATION), -3.0),
        ("rounded to two decimals", at_nine(*SEVEN, 4 + 1.23456 * DEVIATION), 1.23),
        ("what is usual departs by nothing", at_nine(*SEVEN, 4.0), 0.0),
        ("one that stands out among them changes little", at_nine(*SEVEN[:6], 700.0, 4.0), 0.0),
        ("of an even number the middle of the two middle ones",
         at_nine(*SEVEN, 8.0, 4.5 + 2 * DEVIATION), 2.0),
        ("six are too few, and an hour is not usual for itself", at_nine(*SEVEN[:6], 9.0), None),
        ("missing days do not matter while seven are there",
         at_nine(*SEVEN[:3], None, None, *SEVEN[3:], None, 4 + DEVIATION), 1.0),
        ("the first of the window's ten days counts",
         at_nine(*SEVEN, None, None, None, 4 + DEVIATION), 1.0),
        ("the day before them does not", at_nine(*SEVEN, None, None, None, None, 4.0), None),
        ("other hours of the day do not count",
         at_nine(*SEVEN, 4 + DEVIATION) | {24 * day + 10: 90.0 for day in range(7)}, 1.0),
        ("and do not help", dict.fromkeys(range(6 * 24 + 10), 1.0), None),
        ("where all are equal the divisor is one step of the decimals",
         at_nine(*[0.1] * 7, 0.1 + 5 * STEP), 5.0),
        ("also where their spread is smaller than that",
         at_nine(*(1 + STEP / 10 * n for n in range(7)), 1 + 5.3 * STEP), 5.0),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_an_hour_departs_from_the_same_hour_of_the_days_before(
    target: EvaluationTarget, why: str, given_hours: dict[int, float], departure: float | None
) -> None:
    """One sentence of the definition a row; at the end of the last hour."""
    until = end(max(given_hours))
    signal = Departure(window_ms=10 * DAY_MS)
    t, value = signal.compute(target, [hours(given_hours)], until - 1, until)
    assert t.tolist() == ([] if departure is None else [until])
    assert value.tolist() == ([] if departure is None else [departure])


def test_a_zero_has_no_sign(target: EvaluationTarget) -> None:
    """A page would show it."""
    history = dict.fromkeys(range(8 * 24), 1.0) | {8 * 24 - 1: 1 - STEP / 1000}
    for signal in (Departure(), Departure(cusum=Cusum(), sign=-1)):
        _, value = signal.compute(target, [hours(history)], 0, end(8 * 24))
        assert value.tolist() == [0.0] * 24
        assert not np.signbit(value).any()


def after_a_week(*departs: float | None) -> dict[int, float]:
    """A week at 1, then hours that depart by so many steps."""
    history = dict.fromkeys(range(7 * 24), 1.0)
    return history | {7 * 24 + n: 1 + STEP * d for n, d in enumerate(departs) if d is not None}


@pytest.mark.parametrize(
    ("why", "over_h", "sign", "departs", "sums"),
    [
        ("each hour adds what it departs beyond the slack", 9, 1, [2, 2, 2], [1.5, 3, 4.5]),
        ("and one within it takes away", 9, 1, [2, 2, 0], [1.5, 3, 2.5]),
        ("a slow drift grows and grows", 9, 1, [0.6, 0.7, 0.8, 0.9], [0.1, 0.3, 0.6, 1.0]),
        ("never below nothing", 9, 1, [0, -9, 0], [0, 0, 0]),
        ("so that one good hour makes an end of it", 9, 1, [2, 2, -9, 2], [1.5, 3, 0, 1.5]),
        ("hours that begin before the span are left out",
         2, 1, [2, 3, 2, 2, 2], [1.5, 4, 4, 3, 3]),
        ("the largest sum need not be of the whole span",
         3, 1, [2, -9, 2, 2], [1.5, 0, 1.5, 3]),
        ("a missing hour adds nothing and has no sum",
         9, 1, [2, None, None, 2], [1.5, None, None, 3]),
        ("but time goes on in it", 2, 1, [2, None, 2], [1.5, None, 1.5]),
        ("below, it is mirrored and negative", 9, -1, [-2, -2, 0, 9], [-1.5, -3, -2.5, 0]),
        ("and a rise is nothing there", 9, -1, [2, 2], [0, 0]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_the_cusum_is_the_largest_sum_that_ends_at_the_hour(
    target: EvaluationTarget,
    why: str,
    over_h: int,
    sign: int,
    departs: list[float | None],
    sums: list[float | None],
) -> None:
    """One sentence of the definition a row."""
    signal = Departure(cusum=Cusum(over_ms=over_h * HOUR_MS), sign=sign)  # type: ignore[arg-type]
    first = end(7 * 24 - 1)
    found = signal.compute(target, [hours(after_a_week(*departs))], first, end(8 * 24))
    expected = {first + (n + 1) * HOUR_MS: s for n, s in enumerate(sums) if s is not None}
    assert dict(zip(*(column.tolist() for column in found), strict=True)) == expected


def test_an_hour_without_a_departure_has_no_cusum_and_adds_nothing(
    target: EvaluationTarget,
) -> None:
    """Ten o'clock is known since three days only."""
    known = {hour: v for hour, v in after_a_week(2, 2, 2).items() if hour % 24 != 1 or hour > 96}
    first = end(7 * 24 - 1)
    t, value = Departure(cusum=Cusum()).compute(target, [hours(known)], first, end(8 * 24))
    assert t.tolist() == [first + HOUR_MS, first + 3 * HOUR_MS]
    assert value.tolist() == [1.5, 3.0]


def test_the_slack_is_the_rules(target: EvaluationTarget) -> None:
    """With none, the sum is of the departures."""
    members = [hours(after_a_week(2, 2, -1))]
    signal = Departure(cusum=Cusum(slack=0))
    assert signal.compute(target, members, end(7 * 24 - 1), end(8 * 24))[1].tolist() == [2, 4, 3]


def test_instants_are_ends_of_valid_hours(target: EvaluationTarget) -> None:
    """After the one, up to and with the other."""
    members = [hours(after_a_week(1, 2, None, 4, 5))]
    compute, last = Departure().compute, 7 * 24 - 1

    def found(after: int, until: int) -> list[float]:
        return list(compute(target, members, after, until)[1])

    assert found(end(last), end(last + 9)) == [1, 2, 4, 5]
    assert found(end(last + 1) - 1, end(last + 2)) == [1, 2]
    assert found(end(last + 1), end(last + 4)) == [2, 4]
    assert found(end(last + 1), end(last + 4) - 1) == [2]
    assert found(end(last + 2), end(last + 3)) == []
    assert found(end(last + 5), end(last + 9)) == []
    assert compute(target, [hours({})], 0, end(last))[1].tolist() == []


NIGHT = 3
"""Hours of a day that the histories below know of."""
history = st.lists(
    st.sampled_from([0.5, 0.501, 0.52, 1.3, 2.0, None]), min_size=12 * NIGHT, max_size=22 * NIGHT
).map(lambda of: {n // NIGHT * 24 + n % NIGHT: v for n, v in enumerate(of) if v is not None})
looks = st.builds(
    Departure,
    window_ms=st.sampled_from([7, 9, 12]).map(lambda n: n * DAY_MS),
    cusum=st.one_of(
        st.none(),
        st.builds(Cusum, slack=st.sampled_from([0, 0.5]), over_ms=st.sampled_from([1, 2, 3, 24, 25, 47, 50, 96]).map(lambda n: n * HOUR_MS)),
    ),
    sign=st.sampled_from([1, -1]),
)  # fmt: skip


def plain_departure(history: dict[int, float], hour: int, days: int) -> float | None:
    """By the definition, unrounded."""
    same = [history[h] for h in range(hour - 24 * days, hour, 24) if h in history]
    if hour not in history or len(same) < 7:
        return None
    usual = median(same)
    spread = median([abs(value - usual) for value in same])
    return (history[hour] - usual) / max(1.4826 * spread, STEP)


def plain_signal(history: dict[int, float], signal: Departure) -> dict[int, float]:
    """Unrounded, by the ends of hours: of a CUSUM every sum that ends at the hour is tried."""
    found = {}
    for hour in history:
        departure = plain_departure(history, hour, signal.window_ms // DAY_MS)
        if departure is None:
            continue
        found[end(hour)] = departure
        if signal.cusum:
            total, largest = 0.0, 0.0
            for h in range(hour, hour - signal.cusum.over_ms // HOUR_MS, -1):
                one = plain_departure(history, h, signal.window_ms // DAY_MS)
                total += 0.0 if one is None else signal.sign * one - signal.cusum.slack
                largest = max(largest, total)
            found[end(hour)] = signal.sign * largest
    return found


@given(history, looks)
def test_a_plain_loop_finds_the_same(
    catalogue: Catalogue, history: dict[int, float], signal: Departure
) -> None:
    """But for the rounding."""
    t, value = signal.compute(at_canal(catalogue), [hours(history)], 0, end(99 * 24))
    expected = plain_signal(history, signal)
    assert t.tolist() == list(expected)
    assert value.tolist() == pytest.approx(list(expected.values()), rel=1e-9, abs=0.005_001)
    assert value.tolist() == [round(v, 2) for v in value.tolist()]


cut = st.builds(
    lambda day, hour, minute: MIDNIGHT + day * DAY_MS + hour * HOUR_MS + minute * 60_000,
    st.integers(0, 21),
    st.integers(0, NIGHT),
    st.sampled_from([0, 0, 1, 59]),
)


@given(history, looks, st.lists(cut, max_size=9))
def test_any_cut_gives_the_same_rows_from_what_the_lookback_reaches(
    catalogue: Catalogue, history: dict[int, float], signal: Departure, cuts: list[int]
) -> None:
    """To the bit; instants between two cuts see nothing older or newer."""
    target, (t, value), until = at_canal(catalogue), hours(history), end(23 * 24)
    whole = signal.compute(target, [(t, value)], MIDNIGHT - 1, until)

    parts = []
    for after, to in pairwise(sorted({MIDNIGHT - 1, until, *cuts})):
        first = after - after % HOUR_MS + HOUR_MS
        seen = (t > first - signal.lookback_ms) & (t < to)
        parts.append(signal.compute(target, [(t[seen], value[seen])], after, to))

    for column, expected in enumerate(whole):
        assert np.array_equal(np.concatenate([part[column] for part in parts]), expected)
