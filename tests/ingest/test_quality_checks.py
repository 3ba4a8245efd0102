"""Each check by itself: what it objects to, and what it leaves alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.catalogue.quality import Erratic
from config.vocabulary.time import HOUR_MS
from ingest.quality import checks, crossing
from ingest.quality.checks import Instants, Values

NAN = float("nan")
QUARTER_MS = HOUR_MS // 4
NO_GAP = float("inf")


def quarters(count: int, *, hole_behind: int | None = None, hole_ms: int = 0) -> Instants:
    """Instants a quarter of an hour apart, once with a hole."""
    t = np.arange(count, dtype=np.int64) * QUARTER_MS
    if hole_behind is not None:
        t[hole_behind + 1 :] += hole_ms
    return t


def values(*of: float) -> Values:
    return np.array(of, np.float64)


def rows(found: np.ndarray) -> list[int]:
    """Where a check objects."""
    return np.flatnonzero(found).tolist()


def test_a_span_holds_its_own_ends_and_says_nothing_of_nothing() -> None:
    assert rows(checks.outside(values(-0.1, 0, 7, 14, 14.1, NAN), (0, 14))) == [0, 4]


def test_a_spike_lies_off_the_mean_of_its_neighbours() -> None:
    """By more than the limit; on a slope there is none."""
    t = quarters(7)
    assert rows(checks.spike(t, values(1, 1, 4, 1, 1, 3, 5), 3.0, NO_GAP)) == []
    assert rows(checks.spike(t, values(1, 1, 4.1, 1, 1, 3, 5), 3.0, NO_GAP)) == [2]
    assert rows(checks.spike(t, values(0, 5, 10, 15, 20, 25, 30), 3.0, NO_GAP)) == []


@pytest.mark.parametrize("column", [(), (9.0,), (1.0, 9.0), (9.0, 1.0, 1.0, 1.0, 9.0)])
def test_the_first_and_the_last_row_are_no_spikes(column: tuple[float, ...]) -> None:
    found = checks.spike(quarters(len(column)), values(*column), 5.0, NO_GAP)
    assert rows(found) == []


def test_a_row_beside_a_nan_or_a_gap_is_no_spike() -> None:
    assert rows(checks.spike(quarters(4), values(1, 9, NAN, 1), 3.0, NO_GAP)) == []
    for hole in (0, 1):
        t = quarters(3, hole_behind=hole, hole_ms=HOUR_MS)
        assert rows(checks.spike(t, values(1, 9, 1), 3.0, HOUR_MS)) == []
        assert rows(checks.spike(t, values(1, 9, 1), 3.0, 2 * HOUR_MS)) == [1]


def test_a_rate_counts_by_time_and_not_by_rows() -> None:
    """Two in a quarter of an hour are eight in an hour; in two hours they are one."""
    t = np.array([0, QUARTER_MS, QUARTER_MS + 2 * HOUR_MS])
    assert rows(checks.rate(t, values(1, 3, 5), 7.9, NO_GAP)) == [1]
    assert rows(checks.rate(t, values(1, 3, 5), 8.0, NO_GAP)) == []
    assert rows(checks.rate(t, values(1, 3, 5), 0.9, NO_GAP)) == [1, 2]
    assert rows(checks.rate(t, values(1, 3, 5), 0.9, HOUR_MS)) == [1]


def test_a_rate_behind_nothing_is_none() -> None:
    assert rows(checks.rate(quarters(4), values(9, NAN, 1, 9), 1.0, NO_GAP)) == [3]
    assert rows(checks.rate(quarters(1), values(9), 1.0, NO_GAP)) == []


@given(st.data())
def test_an_extent_is_the_largest_less_the_smallest_of_its_window(data: st.DataObject) -> None:
    """However the windows lie, as long as each begins at or before its row."""
    column = np.array(data.draw(st.lists(st.integers(-9, 9), max_size=40)), np.float64)
    first = np.array([data.draw(st.integers(0, row)) for row in range(len(column))], dtype=np.intp)
    found = checks.extent(column, first)
    assert found.tolist() == [np.ptp(column[f : i + 1]) for i, f in enumerate(first)]


def test_a_flat_line_is_reported_when_it_lasted_its_hours_and_back_to_its_beginning() -> None:
    """One hour is five rows at a quarter each, and not four."""
    column = values(1, 5, 5, 5, 5, 2, 5, 5, 5, 5, 5, 3)
    ends = checks.still(quarters(12), column, HOUR_MS, 0.0, HOUR_MS)
    assert rows(ends) == [10]
    assert rows(checks.back_to_beginning(quarters(12), ends, HOUR_MS)) == [6, 7, 8, 9, 10]


def test_a_flat_line_may_move_by_its_tolerance() -> None:
    column = values(5, 5.2, 5, 5.2, 5.1)
    assert rows(checks.still(quarters(5), column, HOUR_MS, 0.21, HOUR_MS)) == [4]
    assert rows(checks.still(quarters(5), column, HOUR_MS, 0.19, HOUR_MS)) == []


def test_a_gap_breaks_a_flat_window() -> None:
    """Nobody knows what was in it; a hole no longer than the gap is none."""
    column = np.full(9, 5.0)
    t = quarters(9, hole_behind=3, hole_ms=HOUR_MS)
    assert rows(checks.still(t, column, HOUR_MS, 0.0, HOUR_MS)) == [8]
    assert rows(checks.still(t, column, HOUR_MS, 0.0, 1.25 * HOUR_MS)) == [4, 5, 6, 7, 8]


def held(column: Values, t: Instants | None = None) -> list[int]:
    at = quarters(len(column)) if t is None else t
    return rows(checks.held(at, column, (1.5, 0.01), HOUR_MS))


LIVELY = (300.0, 300.2, 300.1, 300.3, 300.2, 300.4)


def test_values_held_while_somebody_works_end_in_a_step() -> None:
    """The first of them was measured; the step itself is a matter of other checks."""
    assert held(values(*LIVELY, 300.9, 300.9, 300.9, 310, 310.2)) == [7, 8]


@pytest.mark.parametrize(
    ("column", "why"),
    [
        ((*LIVELY, 300.9, 300.9, 310, 310.2), "only twice the same"),
        ((*LIVELY, 300.9, 300.9, 300.9, 304, 310), "a step within what the water does"),
        ((*LIVELY, 300.9, 300.9, 300.9), "no step yet"),
        ((300.0, 309, 300, 309, 300, 309, 309, 309, 300), "steps are usual here"),
        ((300.0, 300.9, 300.9, 300.9, 310), "nothing known of what is usual"),
        ((300.9, 300.9, 310), "too few rows"),
    ],
)
def test_other_repeated_values_are_left_alone(column: tuple[float, ...], why: str) -> None:
    assert held(values(*column)) == [], why


def test_values_are_held_for_half_a_day_at_most_and_a_gap_ends_none() -> None:
    """What stands longer is a flat line, behind a gap everything may be another."""
    twelve_hours = [300.9] * (12 * 4 + 1)
    assert len(held(values(*LIVELY, *twelve_hours, 310))) == len(twelve_hours) - 1
    assert held(values(*LIVELY, *twelve_hours, 300.9, 310)) == []
    column = values(*LIVELY, 300.9, 300.9, 300.9, 310)
    assert held(column, quarters(10, hole_behind=8, hole_ms=HOUR_MS)) == []


def test_what_is_usual_is_reported_by_the_half_day_before() -> None:
    column = values(*LIVELY, 300.9, 300.9, 300.9, 310)
    assert held(column, quarters(10, hole_behind=5, hole_ms=13 * HOUR_MS)) == []
    assert held(column, quarters(10, hole_behind=5, hole_ms=2 * HOUR_MS)) == [7, 8]


RULE = Erratic(hours=4, offset=2, ratio=0.5, ice_ratio=0.1)


def erratic(column: Values, *, icy: bool = False, gap_ms: float = HOUR_MS) -> list[int]:
    where = np.full(len(column), icy)
    return rows(checks.erratic(quarters(len(column)), column, RULE, where, gap_ms))


def test_what_jumps_most_of_the_time_is_erratic() -> None:
    """Around its middle; at the ends too little is known: thirteen rows there must be."""
    restless = values(*[4, 30] * 12)
    assert erratic(restless) == list(range(4, 20))
    assert erratic(restless[:12]) == []
    assert erratic(values(*[4, 30, 30, 30, 30, 30] * 4)) == []


def test_about_to_freeze_less_is_erratic() -> None:
    """Steps of a fifth of the level are a rough river's, and not one's under ice."""
    column = values(*[10, 13] * 12)
    assert erratic(column) == []
    assert erratic(column, icy=True) == list(range(4, 20))


def test_a_step_over_a_gap_says_nothing() -> None:
    assert erratic(values(*[4, 30] * 12), gap_ms=QUARTER_MS - 1) == []


@pytest.mark.parametrize(
    ("celsius", "milligrams"), [(0, 14.62), (5, 12.77), (20, 9.09), (30, 7.56), (40, 6.41)]
)
def test_saturation_is_as_the_tables_of_benson_and_krause_print_it(
    celsius: float, milligrams: float
) -> None:
    """USGS tables of dissolved oxygen, 760 mm Hg, fresh water."""
    (found,) = crossing.saturation(values(celsius))
    assert found == pytest.approx(milligrams, abs=0.006)


def test_more_oxygen_than_water_can_hold_is_reported_where_the_temperature_is_known() -> None:
    oxygen, celsius = values(18.1, 18.3, 18.3), values(20, 20, NAN)
    assert rows(crossing.oversaturated(oxygen, celsius, 2.0)) == [1]


def test_beside_a_reading_stands_the_nearest_of_the_other_series() -> None:
    """Of two as near the earlier; nothing that is too far away, nothing of no series."""
    other = np.array([0, 100, 200]), values(1, 2, 3)
    at = np.array([-51, -50, 0, 50, 51, 149, 250, 251])
    found = crossing.beside(at, other, 50)
    np.testing.assert_array_equal(found, values(NAN, 1, 1, 1, 2, 2, 3, NAN))
    nothing = np.empty(0, np.int64), np.empty(0)
    assert np.isnan(crossing.beside(at, nothing, 50)).all()


def test_a_part_exceeds_its_whole_by_more_than_the_instruments_differ() -> None:
    whole = values(100, 100, NAN)
    assert rows(crossing.exceeds(values(130, 130.1, 999), whole, (10, 0.2))) == [1]


def test_a_station_lies_apart_from_neighbours_that_agree() -> None:
    """Beyond both of them: what lies between the two, or beside two that differ, may be true."""
    value = values(16.1, 15.9, 3.9, 4.1, 30, 30, 30)
    above = values(10, 10, 10, 10, 10, NAN, 10)
    below = values(10, 10, 10, 10, 16.1, 10, NAN)
    assert rows(crossing.apart(value, above, below, (6, 0))) == [0, 2]
    assert rows(crossing.apart(values(23), values(10), values(16), (6, 0))) == [0]
    assert rows(crossing.apart(values(21), values(10), values(16), (6, 0))) == []
    by_half = crossing.apart(values(18.9, 19.1), values(10, 10), values(14, 14), (0, 0.5))
    assert rows(by_half) == [1]
