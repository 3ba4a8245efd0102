"""The checks that QARTOD names say what ioos_qc says: its implementation by those who wrote it.

Where the two differ by design the columns are chosen so that both mean the same: ioos_qc counts
rows at the median interval where we count time, so cadences are regular; its flat line moves by
less than the tolerance and ours by no more than it, so no range is just as large. It has no words
for a gap, so none is asked of ours.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ioos_qc import qartod
from numpy.typing import NDArray

from config.catalogue.quality import Checks
from config.catalogue.shapes import Catalogue
from config.vocabulary.indicators import INDICATORS
from config.vocabulary.quality import Quality
from config.vocabulary.time import EAST_MS, HOUR_MS
from ingest.quality import checks
from ingest.quality.checks import Instants, Values
from ingest.quality.flagging import Series, Station, flag
from simulators import nature

NO_GAP = float("inf")
SUSPECT, FAIL = 3, 4
WHOLE = st.integers(-12, 12).map(lambda quarters: quarters / 4)
KNOWN = st.lists(WHOLE, min_size=3, max_size=60)
HOLED = st.lists(WHOLE | st.just(float("nan")), min_size=3, max_size=60)
LIMIT = st.integers(0, 20).map(lambda quarters: quarters / 4 + 0.125)
"""Never a difference of two values, nor off the mean of two by just as much."""
CADENCE_S = st.sampled_from([1, 60, 900, 3600])


def regular(count: int, cadence_s: int) -> Instants:
    return np.arange(count, dtype=np.int64) * cadence_s * 1000


def times(t: Instants) -> NDArray[np.datetime64]:
    """As ioos_qc takes them."""
    return t.astype("datetime64[ms]")


def is_suspect(flags: Any) -> list[bool]:
    return (np.ma.filled(flags, 0) == SUSPECT).tolist()


def kept(column: list[float] | Values) -> tuple[Values, NDArray[np.bool_]]:
    """Values, and where there are any: only those are given to our checks."""
    value = np.array(column, np.float64)
    return value, ~np.isnan(value)


@given(HOLED, WHOLE, LIMIT, LIMIT)
def test_spans_are_those_of_the_gross_range_test(
    column: list[float], middle: float, half: float, more: float
) -> None:
    """The physical one fails, the usual one only makes suspect."""
    value, _ = kept(column)
    usual = (middle - half, middle + half)
    possible = (usual[0] - more, usual[1] + more)
    theirs = np.ma.filled(qartod.gross_range_test(value, possible, usual), 0)
    assert (theirs == FAIL).tolist() == checks.outside(value, possible).tolist()
    beyond = checks.outside(value, usual) & ~checks.outside(value, possible)
    assert (theirs == SUSPECT).tolist() == beyond.tolist()


@given(st.lists(WHOLE | st.just(float("nan")), min_size=3, max_size=30), st.integers(0, 40))
def test_months_are_those_of_the_climatology_test(column: list[float], first_day: int) -> None:
    """Given China's time, for ours are China's months."""
    value, known = kept(column)
    t = (first_day + 10 * np.arange(len(value), dtype=np.int64)) * 24 * HOUR_MS - EAST_MS
    spans = {month: (-month / 8 - 0.0625, month / 8 + 0.0625) for month in range(1, 13)}
    config = [
        {"tspan": (month, month), "vspan": span, "period": "month"}
        for month, span in spans.items()
    ]
    nowhere = np.full(len(value), np.nan)
    theirs = qartod.climatology_test(config, value, times(t + EAST_MS), nowhere)
    quality = np.where(known, Quality.GOOD, Quality.MISSING).astype(np.uint8)
    series = Series(t, value, quality, np.zeros(len(t), np.uint8))
    asked = Checks(seasonal={str(month): span for month, span in spans.items()})
    code = "a01001"
    ours = flag(Station({code: series}, {code: asked}, 240 * HOUR_MS, {}, {}), code)
    assert is_suspect(theirs) == (ours.quality == Quality.SUSPECT).tolist()


@given(HOLED, LIMIT)
def test_spikes_are_those_of_the_spike_test(column: list[float], most: float) -> None:
    value, _ = kept(column)
    ours = checks.spike(regular(len(value), 60), value, most, NO_GAP)
    assert ours.tolist() == is_suspect(qartod.spike_test(value, most))


@given(HOLED, LIMIT, CADENCE_S)
def test_rates_are_those_of_the_rate_of_change_test(
    column: list[float], most: float, cadence_s: int
) -> None:
    """Theirs is by the second, ours by the hour."""
    value, _ = kept(column)
    t = regular(len(value), cadence_s)
    theirs = qartod.rate_of_change_test(value, times(t), most / cadence_s)
    ours = checks.rate(t, value, most / cadence_s * 3600, NO_GAP)
    assert ours.tolist() == is_suspect(theirs)


@given(KNOWN, LIMIT, CADENCE_S, st.integers(1, 12))
def test_flat_lines_are_those_of_the_flat_line_test(
    column: list[float], most: float, cadence_s: int, steps: int
) -> None:
    """A window of so many steps has one row more; its last row is told."""
    value, _ = kept(column)
    t = regular(len(value), cadence_s)
    window_s = steps * cadence_s
    theirs = qartod.flat_line_test(value, times(t), window_s, 10**9, most)
    ours = checks.still(t, value, window_s * 1000, most, NO_GAP)
    assert ours.tolist() == is_suspect(theirs)


@given(HOLED, LIMIT, st.integers(1, 12))
def test_with_holes_a_flat_line_of_ours_is_one_of_theirs(
    column: list[float], most: float, steps: int
) -> None:
    """Ours begins at a value that is there, so that it may reach further back."""
    value, known = kept(column)
    t = regular(len(value), 60)
    theirs = is_suspect(qartod.flat_line_test(value, times(t), steps * 60, 10**9, most))
    ours = np.zeros(len(value), np.bool_)
    ours[known] = checks.still(t[known], value[known], steps * 60_000, most, NO_GAP)
    assert (ours <= np.array(theirs)).all()


@given(KNOWN, LIMIT, CADENCE_S, st.integers(1, 12))
def test_attenuation_is_that_of_the_attenuated_signal_test_by_range(
    column: list[float], least: float, cadence_s: int, steps: int
) -> None:
    """Their window is open at its beginning, hence the half step more; full ones alone count."""
    value, _ = kept(column)
    t = regular(len(value), cadence_s)
    theirs = qartod.attenuated_signal_test(
        value,
        times(t),
        suspect_threshold=least,
        fail_threshold=0,
        test_period=(steps + 0.5) * cadence_s,
        min_obs=steps + 1,
        check_type="range",
    )
    ours = checks.still(t, value, steps * cadence_s * 1000, np.nextafter(least, 0), NO_GAP)
    assert ours.tolist() == is_suspect(theirs)


@pytest.mark.parametrize("code", ["w01010", "w01009", "w01003", "a05024"])
def test_on_a_week_of_pretended_nature_they_say_the_same(catalogue: Catalogue, code: str) -> None:
    """With spikes, a stuck sensor and a dull one put in; each check finds something."""
    station = next(
        place for place in catalogue.stations.values() if code in catalogue.plans[place.id]
    )
    cadence_s, rows = 600, 7 * 144
    t = regular(rows, cadence_s)
    course = [nature.value(1, station, code, int(at)) for at in t]
    value = np.round(np.array(course), INDICATORS[code].decimals + 2)
    spread = float(np.ptp(value))
    value[100:900:97] += 2 * spread
    value[300:340] = value[300]
    value[600:640] = value[600] + 0.01 * spread * (np.arange(40) % 3)
    at, hour = times(t), checks.HOUR_MS

    spikes = checks.spike(t, value, 0.7 * spread, NO_GAP)
    assert spikes.tolist() == is_suspect(qartod.spike_test(value, 0.7 * spread))
    rates = checks.rate(t, value, 6.1 * spread, NO_GAP)
    theirs = qartod.rate_of_change_test(value, at, 6.1 * spread / 3600)
    assert rates.tolist() == is_suspect(theirs)
    flat = checks.still(t, value, 2 * hour, 1e-9, NO_GAP)
    assert flat.tolist() == is_suspect(qartod.flat_line_test(value, at, 7200, 10**9, 1e-9))
    dull = checks.still(t, value, 2 * hour, np.nextafter(0.031 * spread, 0), NO_GAP)
    theirs = qartod.attenuated_signal_test(
        value, at, 0.031 * spread, 0, test_period=7500, min_obs=13, check_type="range"
    )
    assert dull.tolist() == is_suspect(theirs)
    low, high = float(value.min()), float(value.max()) - spread / 3
    theirs = np.ma.filled(qartod.gross_range_test(value, (low, high)), 0)
    beyond = checks.outside(value, (low, high))
    assert beyond.tolist() == (theirs == FAIL).tolist()
    assert [bool(found.any()) for found in (spikes, rates, flat, dull, beyond)] == [True] * 5
