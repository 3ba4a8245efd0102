"""All checks of a station together: which flag and cause a reading gets in the end."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from config.catalogue.quality import (
    Attenuated,
    Checks,
    Dry,
    Erratic,
    Excursion,
    Flat,
    Held,
    checks_of,
    defaults,
)
from config.vocabulary.quality import Cause, Quality, severity
from config.vocabulary.time import HOUR_MS
from ingest.quality.flagging import Layer, Series, Station, flag, reach_ms
from tests.conftest import examples

NAN = float("nan")
QUARTER_MS = HOUR_MS // 4
GOOD, SUSPECT, BAD = Quality.GOOD, Quality.SUSPECT, Quality.BAD
CODE = "w01010"
PLAIN = (GOOD, Cause.NORMAL)
Said = tuple[Quality, Cause]


def series(
    column: Sequence[float],
    *,
    cadence_ms: int = QUARTER_MS,
    begin_ms: int = 0,
    came: Mapping[int, Said] | None = None,
) -> Series:
    """Good readings, missing where there is no value; ``came``: how some others came, by row."""
    value = np.array(column, np.float64)
    quality = np.where(np.isnan(value), Quality.MISSING, GOOD).astype(np.uint8)
    cause = np.where(np.isnan(value), Cause.TIMEOUT, Cause.NORMAL).astype(np.uint8)
    for row, (flag_, why) in (came or {}).items():
        quality[row], cause[row] = flag_, why
    t = begin_ms + np.arange(len(value), dtype=np.int64) * cadence_ms
    return Series(t, value, quality, cause)


def station(
    checks: Mapping[str, Checks] | None = None, cadence_ms: int = QUARTER_MS, **of: Series
) -> Station:
    """Series by code, without neighbours; checks not given are the defaults."""
    return Station(of, defaults() | dict(checks or {}), cadence_ms, {}, {})


def said(index: Station, code: str) -> list[Said]:
    """Flag and cause of each reading."""
    found = flag(index, code)
    pairs = zip(found.quality.tolist(), found.cause.tolist(), strict=True)
    return [(Quality(quality), Cause(cause)) for quality, cause in pairs]


def reported(index: Station, code: str) -> dict[int, Cause]:
    """Cause of each reading that is suspect or bad."""
    return {row: why for row, (of, why) in enumerate(said(index, code)) if of in (SUSPECT, BAD)}


def alone(checks: Checks, column: Sequence[float], code: str = CODE, **more: Any) -> list[Said]:
    """One series under given checks."""
    return said(station({code: checks}, **{code: series(column, **more)}), code)


def test_what_cannot_be_is_bad_and_what_is_not_usual_is_suspect() -> None:
    """At the ends of either span it is still well."""
    found = alone(Checks(usual=(-1, 40)), [-2.1, -2, -1.1, -1, 40, 40.1, 45, 45.1])
    assert [of for of, _ in found] == [BAD, SUSPECT, SUSPECT, GOOD, GOOD, SUSPECT, SUSPECT, BAD]
    assert [why for _, why in found] == [
        *[Cause.RANGE, Cause.UNUSUAL, Cause.UNUSUAL],
        *[Cause.NORMAL, Cause.NORMAL],
        *[Cause.UNUSUAL, Cause.UNUSUAL, Cause.RANGE],
    ]


def test_what_is_usual_changes_with_the_month_in_china() -> None:
    """A quarter of an hour before midnight of 30 June there, and midnight."""
    last_of_june_ms = 1_782_834_300_000  # 2026-06-30 15:45 UTC
    checks = Checks(seasonal={"6": (10, 25), "7": (15, 30)})
    found = alone(checks, [28, 28], begin_ms=last_of_june_ms)
    assert found == [(SUSPECT, Cause.UNUSUAL), PLAIN]
    assert alone(Checks(seasonal={"12": (0, 5)}), [28], begin_ms=last_of_june_ms) == [PLAIN]


def test_below_the_detection_limit_a_reading_stays_good_and_says_so() -> None:
    """At the limit it is one like any other; what is doubted otherwise keeps its doubt."""
    ammonia = [0.019, 0.02, 0.5, -0.1]
    found = alone(Checks(detection=0.02), ammonia, "w21003", came={2: (GOOD, Cause.BY_HAND)})
    assert found == [
        (GOOD, Cause.BELOW_DETECTION),
        PLAIN,
        (GOOD, Cause.BY_HAND),
        (BAD, Cause.RANGE),
    ]
    came = {0: (SUSPECT, Cause.CLOCK), 1: (GOOD, Cause.BY_HAND)}
    assert alone(Checks(detection=0.02), [0.01, 0.01], "w21003", came=came) == list(came.values())


def test_one_row_away_is_a_spike_and_several_are_a_rate() -> None:
    column = [10.0] * 12 + [20.0] + [10.0] * 12 + [20.0] * 2 + [10.0] * 12
    found = reported(station(**{CODE: series(column)}), CODE)
    assert found == {12: Cause.SPIKE, 25: Cause.RATE, 26: Cause.RATE}


def test_spikes_at_the_first_and_the_last_row_are_not_judged() -> None:
    for column in ([20.0] + [10.0] * 12, [10.0] * 12 + [20.0]):
        assert reported(station(**{CODE: series(column)}), CODE) == {}


def test_what_is_not_usual_makes_no_level() -> None:
    """The one that is usual among them is left alone."""
    found = said(station(**{CODE: series([42.0] * 8 + [10.0] + [42.0] * 8)}), CODE)
    assert [row for row, of in enumerate(found) if of == PLAIN] == [8]


def test_limits_of_a_spike_and_a_rate_may_be_set_by_a_station() -> None:
    checks = replace(Checks(), spike=3.0)
    assert alone(checks, [10, 10, 14, 10, 10])[2] == (SUSPECT, Cause.SPIKE)
    assert alone(replace(Checks(), rate=8.0), [10, 10, 13, 13]) == [
        PLAIN,
        PLAIN,
        (SUSPECT, Cause.RATE),
        PLAIN,
    ]


FLAT = Checks(flat=Flat(hours=1, exempt=(-0.3, 0.3), readings=5))


def test_a_flat_line_is_reported_back_to_its_beginning() -> None:
    found = alone(FLAT, [9.8, 9.9, *[10.0] * 5, 10.1])
    assert found == [PLAIN] * 2 + [(SUSPECT, Cause.FLAT_LINE)] * 5 + [PLAIN]


def test_given_results_below_detection_when_they_stand_still_then_they_stay_good() -> None:
    """Half of one limit is the same value for as long as the water is clean."""
    below = (GOOD, Cause.UNDETECTED)
    assert alone(FLAT, [1.0] * 12, came=dict.fromkeys(range(12), below)) == [below] * 12


@pytest.mark.parametrize("at", [-0.3, 0.0, 0.3])
def test_where_it_is_exempt_it_may_stand_still(at: float) -> None:
    """Water about to freeze does."""
    assert alone(FLAT, [at] * 9) == [PLAIN] * 9
    assert alone(FLAT, [at + 0.7] * 9) == [(SUSPECT, Cause.FLAT_LINE)] * 9


def test_a_missing_reading_does_not_end_a_flat_line_and_a_long_gap_does() -> None:
    """Two missing are three quarters between the others; five are an hour and a half."""
    short = [9, 10, 10, NAN, NAN, 10, 10, 10]
    assert [why for _, why in alone(FLAT, short)] == [
        *[Cause.NORMAL, Cause.FLAT_LINE, Cause.FLAT_LINE],
        *[Cause.TIMEOUT] * 2,
        *[Cause.FLAT_LINE] * 3,
    ]
    long = [10, 10, 10, *[NAN] * 5, 10, 10, 10]
    assert Cause.FLAT_LINE not in [why for _, why in alone(FLAT, long)]


def test_what_varies_far_too_little_is_attenuated() -> None:
    """Its range must reach what is asked; one that just does is well."""
    checks = Checks(attenuated=Attenuated(hours=1, range=0.25))
    assert alone(checks, [10, 10.125, 10, 10.125, 10]) == [(SUSPECT, Cause.ATTENUATED)] * 5
    assert alone(checks, [10, 10.25, 10, 10.25, 10]) == [PLAIN] * 5


def test_held_values_are_reported_as_a_flat_line() -> None:
    lively = [300.0, 300.2, 300.1, 300.3, 300.2, 300.4]
    column = [*lively, 300.9, 300.9, 300.9, 310, *lively]
    found = reported(station(w01014=series(column)), "w01014")
    assert found == {7: Cause.FLAT_LINE, 8: Cause.FLAT_LINE}


def test_turbidity_is_erratic_sooner_where_water_is_about_to_freeze() -> None:
    """The station's own thermometer tells, within half a day."""
    turbidity = series([10.0, 16.0] * 20)
    warm, cold = series([8.0] * 40), series([0.1] * 40)
    assert reported(station(w01003=turbidity, w01010=warm), "w01003") == {}
    assert reported(station(w01003=turbidity), "w01003") == {}
    found = reported(station(w01003=turbidity, w01010=cold), "w01003")
    assert set(found.values()) == {Cause.ERRATIC}
    assert len(found) > 25
    long_ago = series([0.1] * 4, begin_ms=-13 * HOUR_MS)
    assert reported(station(w01003=turbidity, w01010=long_ago), "w01003") == {}


def test_oxygen_is_held_against_the_temperature_of_the_water() -> None:
    """Twice 14.6 mg/L at 0 °C, twice 9.09 at 20."""
    cold, warm = series([0.0] * 3), series([20.0] * 3)
    oxygen = series([18.1, 18.3, 19.9])
    assert reported(station(w01009=oxygen, w01010=cold), "w01009") == {}
    found = reported(station(w01009=oxygen, w01010=warm), "w01009")
    assert found == {1: Cause.CROSS_CHECK, 2: Cause.CROSS_CHECK}
    assert reported(station(w01009=oxygen), "w01009") == {}


def test_fine_particles_are_part_of_the_coarse() -> None:
    """Beyond 10 and a fifth, which is as far as two instruments may differ."""
    fine, coarse = series([130.0, 131.0, 130.0, 131.0]), series([100.0, 100.0, NAN, NAN])
    assert reported(station(a34004=fine, a34002=coarse), "a34004") == {1: Cause.CROSS_CHECK}
    assert reported(station(a34004=fine), "a34004") == {}


def test_much_ozone_does_not_stand_beside_much_nitrogen_dioxide() -> None:
    ozone, dioxide = series([201.0, 201, 200, 201]), series([201.0, 200, NAN, NAN])
    found = reported(station(a05024=ozone, a21004=dioxide), "a05024")
    assert found == {0: Cause.CROSS_CHECK}


def test_a_reading_far_off_both_neighbours_is_reported_where_they_agree() -> None:
    """Within an hour of it; with one of them alone nothing is said."""
    here, ten = {CODE: series([10.0, 17.0])}, {CODE: series([10.0])}
    late = {CODE: series([10.0], begin_ms=HOUR_MS + QUARTER_MS)}
    checks = defaults()
    both = Station(here, checks, QUARTER_MS, ten, ten)
    assert reported(both, CODE) == {1: Cause.NEIGHBOURS}
    assert reported(Station(here, checks, QUARTER_MS, ten, late), CODE) == {1: Cause.NEIGHBOURS}
    later = {CODE: series([10.0], begin_ms=HOUR_MS + QUARTER_MS + 1)}
    assert reported(Station(here, checks, QUARTER_MS, ten, later), CODE) == {}
    assert reported(Station(here, checks, QUARTER_MS, ten, {}), CODE) == {}
    broken = {CODE: series([99.0])}
    assert reported(Station(here, checks, QUARTER_MS, broken, ten), CODE) == {}


def test_calibrations_stay_as_they_came_and_are_no_part_of_what_surrounds_a_reading() -> None:
    """With them the readings beside would be spikes, and the oxygen too much."""
    column = [10.0, 10.0, 20.0, 20.0, 10.0, 10.0, 10.0]
    came = {2: (BAD, Cause.CALIBRATION), 3: (BAD, Cause.MAINTENANCE)}
    checks = Checks(spike=3.0, rate=20.0, flat=Flat(hours=1.5, readings=5))
    found = alone(checks, column, came=came)
    assert found[2:4] == list(came.values())
    assert [found[row] for row in (0, 1, 4, 5, 6)] == [(SUSPECT, Cause.FLAT_LINE)] * 5
    oxygen = series([18.3])
    warm = series([20.0], came={0: (BAD, Cause.CALIBRATION)})
    assert reported(station(w01009=oxygen, w01010=warm), "w01009") == {}


def test_of_several_checks_the_worst_is_heard_and_of_equals_the_first() -> None:
    """Two that only make suspect, and one that makes bad."""
    checks = Checks(usual=(0, 15), spike=3.0)
    assert alone(checks, [10, 10, 20, 10, 10])[2] == (SUSPECT, Cause.UNUSUAL)
    assert alone(checks, [10, 10, 50, 10, 10])[2] == (BAD, Cause.RANGE)
    clock = {2: (SUSPECT, Cause.CLOCK)}
    assert alone(checks, [10, 10, 20, 10, 10], came=clock)[2] == (SUSPECT, Cause.CLOCK)


def test_what_was_not_evaluated_can_only_become_worse() -> None:
    came = dict.fromkeys(range(2), (Quality.NOT_EVALUATED, Cause.NORMAL))
    found = alone(Checks(usual=(0, 15)), [10, 20], came=came)
    assert found == [(Quality.NOT_EVALUATED, Cause.NORMAL), (SUSPECT, Cause.UNUSUAL)]


def test_the_range_that_the_intake_named_is_named_again() -> None:
    """And such readings are away from every level, as they were."""
    came = dict.fromkeys(range(8, 12), (BAD, Cause.RANGE))
    column = [10.0] * 8 + [99.0] * 4 + [3.0] + [10.0] * 12
    found = reported(station(**{CODE: series(column, came=came)}), CODE)
    assert found == {
        8: Cause.RANGE,
        9: Cause.RANGE,
        10: Cause.RANGE,
        11: Cause.RANGE,
        12: Cause.RATE,
    }


def test_layers_part_what_is_said() -> None:
    column = [10.0] * 12 + [41.0] + [10.0] * 12
    index = station(**{CODE: series(column)})
    far, near = flag(index, CODE, [Layer.FAR]), flag(index, CODE, [Layer.NEAR])
    assert (far.cause[12], near.cause[12]) == (Cause.SPIKE, Cause.UNUSUAL)
    assert flag(index, CODE, []).cause.tolist() == [0] * 25


def test_a_check_left_out_is_not_made() -> None:
    overrides = {CODE: {"excursion": False, "usual": [-1, 15]}}
    checks = {CODE: checks_of(CODE, overrides)}
    column = [10.0] * 12 + [14.0] + [16.0] + [10.0] * 12
    assert reported(station(checks, **{CODE: series(column)}), CODE) == {13: Cause.UNUSUAL}


# What is said of a reading is a function of those around it.

HOURLY, SALT = "w01003", "w01014"
LEVELS = st.sampled_from([0.0, 1.0, 4.0, 8.0, 10.0, 10.5, 12.0, 16.0, 39.0, 50.0])
SEGMENT = st.tuples(
    st.sampled_from(["still", "restless", "rising", "away", "missing", "gap"]),
    st.integers(1, 8),
    LEVELS,
)
AMOUNT = st.tuples(st.sampled_from([0.5, 2.0, 6.0]), st.sampled_from([0.0, 0.1]))
RULES = st.builds(
    Checks,
    usual=st.none() | st.just((2.0, 38.0)),
    detection=st.none() | st.just(1.0),
    spike=st.none() | st.just(3.0),
    rate=st.none() | st.just(4.0),
    flat=st.none()
    | st.builds(
        Flat,
        hours=st.sampled_from([3.0, 5.0]),
        tolerance=st.sampled_from([0.0, 0.5]),
        readings=st.sampled_from([2, 6]),
        resolution=st.just(0.1),
        coarse_hours=st.just(8.0),
    ),
    attenuated=st.none() | st.just(Attenuated(hours=6, range=0.7)),
    held=st.none() | st.just(Held(step=(1.5, 0.01))),
    excursion=st.none()
    | st.builds(
        Excursion,
        hours=st.sampled_from([2.0, 6.0, 9.0]),
        settle_hours=st.sampled_from([1.0, 2.0, 4.0]),
        below=st.none() | AMOUNT,
        above=AMOUNT,
        returns=st.sampled_from([0.6, 1.0, 1.7]),
        background_hours=st.sampled_from([None, 3, 8]),
        gradual=st.booleans(),
        dilution=st.none() | st.just((1.0, 0.1)),
        mixing=st.none() | st.just((1.0, 0.1)),
        each=st.booleans(),
    ),
    erratic=st.none()
    | st.just(Erratic(hours=16, offset=2, ratio=0.1, ice_ratio=0.02, ice_hours=20, iced=0.6)),
    neighbours=st.none() | st.just((1.0, 0.1)),
    dry=st.none() | st.just(Dry(nothing=0.5, film=5, part=0.5)),
    sonde=st.booleans(),
    placeholders=st.sampled_from([[], [39.0, 50.0]]),
    surge=st.none() | st.just((3.0, 0.1)),
)
CAME = st.sampled_from([*[(GOOD, Cause.NORMAL)] * 8, (Quality.NOT_EVALUATED, Cause.NORMAL)]) | (
    st.sampled_from([(SUSPECT, Cause.CLOCK), (BAD, Cause.FAULT), (BAD, Cause.RANGE)])
)


@st.composite
def histories(draw: st.DrawFn, least: int = 0, most: int = 40) -> Series:
    """Readings about an hour apart: levels, noise, slopes, breaks, holes."""
    steps, value, level = list[int](), list[float](), 10.0
    uneven = draw(st.booleans())
    for kind, count, at in draw(st.lists(SEGMENT, min_size=least, max_size=most)):
        if kind == "gap":
            steps.append((1, 2, 3, 4, 12, 30, 60, 90)[count - 1])
            value.append(level)
            continue
        level = at if kind == "still" else level
        course = {
            "still": [level] * count,
            "restless": [level + (7 * row % 5 - 2) * at / 8 for row in range(count)],
            "rising": [level * (1 + row / count) for row in range(count)],
            "away": [at] * count,
            "missing": [NAN] * count,
        }[kind]
        steps += [1] * count
        value += course
    t = np.cumsum(np.array(steps, np.int64)) * HOUR_MS
    if uneven:
        t += np.arange(len(t)) * 7_919_000 % (HOUR_MS // 2)
    came = draw(st.lists(CAME, min_size=len(value), max_size=len(value)))
    known = ~np.isnan(np.array(value, np.float64))
    quality = np.where(known, [of for of, _ in came], Quality.MISSING).astype(np.uint8)
    cause = np.where(known, [why for _, why in came], Cause.TIMEOUT).astype(np.uint8)
    return Series(t, np.array(value, np.float64), quality, cause)


@st.composite
def indices(draw: st.DrawFn) -> Station:
    """A station that measures turbidity, conductivity and temperature, between two others."""
    checks = {HOURLY: draw(RULES), SALT: draw(RULES), CODE: draw(RULES)}
    temperature = draw(histories(most=10))
    above, below = draw(histories(most=10)), draw(histories(most=10))
    own = {HOURLY: draw(histories(least=4)), SALT: draw(histories()), CODE: temperature}
    return Station(own, checks, HOUR_MS, {HOURLY: above}, {HOURLY: below})


def cut(of: Mapping[str, Series], low_ms: int, high_ms: int) -> dict[str, Series]:
    found = {}
    for code, whole in of.items():
        rows = (whole.t >= low_ms) & (whole.t <= high_ms)
        columns = (whole.t, whole.value, whole.quality, whole.cause)
        found[code] = Series(*(column[rows] for column in columns))
    return found


@settings(max_examples=examples(200))
@given(indices(), st.sampled_from([HOURLY, SALT]), st.sampled_from(Layer), st.integers(1, 9))
def test_a_history_judged_in_pieces_says_what_it_says_as_a_whole(
    index: Station, code: str, layer: Layer, rows: int
) -> None:
    """With as much of it on both sides of a piece as ``reach_ms`` says, and no more."""
    whole = flag(index, code, [layer])
    reach = reach_ms(index.checks[code], index.cadence_ms, layer)
    for first in range(0, len(whole.t), rows):
        instants = whole.t[first : first + rows]
        span = (int(instants[0]) - reach, int(instants[-1]) + reach)
        own, above, below = (cut(of, *span) for of in (index.series, index.above, index.below))
        piece = flag(Station(own, index.checks, HOUR_MS, above, below), code, [layer])
        inside = np.isin(piece.t, instants)
        assert piece.quality[inside].tolist() == whole.quality[first : first + rows].tolist()
        assert piece.cause[inside].tolist() == whole.cause[first : first + rows].tolist()


@given(indices())
def test_no_flag_is_better_than_the_one_a_reading_came_with(index: Station) -> None:
    """And only the intake's own word on a range is said again."""
    for code, came in index.series.items():
        found = flag(index, code)
        assert found.value is came.value
        for before, after, cause, why in zip(
            *(came.quality, found.quality, came.cause, found.cause), strict=True
        ):
            assert severity(Quality(after)) >= severity(Quality(before))
            if before in (Quality.MISSING, Quality.BAD):
                assert (after, why) == (before, cause)


@st.composite
def columns(draw: st.DrawFn) -> Series:
    """Whatever the store may hold: it is below ten million, and of one instant only once."""
    value = draw(
        st.lists(
            st.sampled_from([NAN, 0.0, -0.0, 7.0, 7.0, 1e-8, 9_999_999.0, -9_999_999.0])
            | st.floats(-1e7, 1e7),
            max_size=30,
        )
    )
    steps = draw(
        st.lists(
            st.sampled_from([1, 1000, HOUR_MS, 10**12]), min_size=len(value), max_size=len(value)
        )
    )
    cause = draw(st.lists(st.sampled_from(Cause), min_size=len(value), max_size=len(value)))
    quality = draw(st.lists(st.sampled_from(Quality), min_size=len(value), max_size=len(value)))
    return Series(
        np.cumsum(np.array(steps, np.int64)),
        np.array(value, np.float64),
        np.array(quality, np.uint8),
        np.array(cause, np.uint8),
    )


@given(columns(), columns(), st.sampled_from(sorted(defaults())), st.integers(1, 86_400_000))
def test_nothing_that_a_store_may_hold_makes_a_check_stumble(
    one: Series, other: Series, code: str, cadence_ms: int
) -> None:
    """No row, one, three; equal values, the largest, none; instants far apart and beside."""
    of = dict.fromkeys(defaults(), other) | {code: one}
    index = Station(of, defaults(), cadence_ms, of, of)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = flag(index, code)
    assert len(found.quality) == len(found.cause) == len(one.t)


def test_a_reach_grows_with_what_is_asked() -> None:
    """Weeks where excursions may last for weeks, a day where nothing looks further."""
    hours = {
        code: [reach_ms(of, QUARTER_MS, layer) / HOUR_MS for layer in Layer]
        for code, of in defaults().items()
    }
    assert hours["w01001"] == [3 * 504 + 12 + 30 + 2, 72 + 6 + 2 + 1.25]
    assert reach_ms(defaults()["w01001"], QUARTER_MS, Layer.NEAR, coarse=False) / HOUR_MS == (
        36 + 6 + 2 + 1.25
    )
    assert hours["a21004"] == [30 + 2, 24 + 2 + 1.25]
