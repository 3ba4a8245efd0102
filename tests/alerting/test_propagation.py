"""Propagation: sentence by sentence, against the interpreter, and over any cut."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from alerting.backtest.test_series import district
from alerting.rules.conditions.signal import EvaluationTarget, Readings
from alerting.rules.kinds.propagation import Arrival
from config.catalogue.shapes import Catalogue
from tests.alerting import interpreter
from tests.alerting.signals import (
    EVER,
    STEP,
    Given,
    Rows,
    at_lower,
    cuts,
    histories,
    in_parts,
    plain,
    readings,
    whole,
)

AMMONIA, OXYGEN = "w21003", "w01009"
RISE = Arrival(window_ms=10, travel_ms=(10, 30))
FALL = Arrival(window_ms=10, travel_ms=(10, 30), sign=-1)
TARGET = at_lower(AMMONIA, upper=[AMMONIA])


@pytest.mark.parametrize(
    ("why", "signal", "here", "above", "expected"),
    [
        ("the smaller of the two rises", RISE, [0, 0, 0, 3], [0, 5, 5, 5], [(20, 0), (30, 3)]),
        ("which may be the one above", RISE, [0, 0, 0, 9], [0, 5, 5, 5], [(20, 0), (30, 5)]),
        ("both ends of the travel time count", RISE, [0, 0, 4, 4, 8, 9], [0, 5, 5, 5, 5, 5],
         [(20, 4), (30, 0), (40, 4), (50, 0)]),
        ("of several rises above the largest", RISE, {20: 0, 30: 9}, [0, 3, 8, 8], [(30, 5)]),
        ("a rise above just before the shorter time is too young",
         RISE, {20: 0, 30: 9}, {10: 0, 20: 1, 21: 8, 31: 8}, [(30, 1)]),
        ("one just after the longer time is too old",
         RISE, {40: 0, 50: 9}, {9: 0, 19: 8, 29: 8, 39: 8}, [(50, 0)]),
        ("what falls here is no rise", RISE, {10: 9, 20: 2}, [0, 5], [(20, -7)]),
        ("unknown while nothing was known above", RISE, [0, 1, 2, 3], {30: 0, 40: 5}, []),
        ("unknown where it is unknown above at that time",
         RISE, {0: 0, 10: 1, 50: 0, 60: 1}, [0, 5], []),
        ("and where it is unknown here", RISE, {0: 0, 30: 5}, [0, 5, 5], []),
        ("a change as for rate, scaled and rounded: 2 x 10 / 15",
         RISE, {10: 0, 25: 9}, {0: 1, 15: 3}, [(25, 1.3333)]),
        ("instants are those of readings here", RISE, {10: 0, 23: 9}, [0, 5, 5, 9], [(23, 5)]),
        ("of falls the least fallen", FALL, [9, 9, 9, 7], [9, 4, 4, 4], [(20, 0), (30, -2)]),
        ("also where it is the one above", FALL, {20: 9, 30: 0}, [9, 4, 4], [(30, -5)]),
        ("of several falls above the deepest", FALL, {20: 9, 30: 0}, [9, 6, 1], [(30, -5)]),
        ("what rises here is no fall", FALL, {10: 2, 20: 9}, [9, 4], [(20, 7)]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_the_signal_is_the_lesser_of_two_changes_a_travel_time_apart(
    why: str, signal: Arrival, here: Given, above: Given, expected: Rows
) -> None:
    """One sentence a row: changes over 10 ms, 10 to 30 ms apart."""
    assert whole(signal, TARGET, [readings(here), readings(above)]) == expected


def test_a_zero_has_no_sign() -> None:
    """A page would show it."""
    _, value = FALL.compute(TARGET, [readings([9, 9, 9]), readings([9, 4, 9])], -1, EVER)
    assert value.tolist() == [0.0]
    assert not np.signbit(value).any()


def along(**rivers: str | None) -> Catalogue:
    """Four stations from the source down, of which the bend measures oxygen alone; all on one
    river but for those that are named.
    """
    codes = {"mouth": [AMMONIA], "bend": [OXYGEN], "weir": [AMMONIA], "source": [AMMONIA, OXYGEN]}
    made = district(codes, "water", 10)
    for station, river in rivers.items():
        moved = msgspec.structs.replace(made.stations[station], river=river)
        made.stations[station] = moved
    return made


@pytest.mark.parametrize(
    ("why", "catalogue", "station", "code", "upstream"),
    [
        ("the next above that measures it", along(), "mouth", AMMONIA, "weir"),
        ("and from there", along(), "weir", AMMONIA, "source"),
        ("of another indicator it is another one", along(), "bend", OXYGEN, "source"),
        ("nothing above the source", along(), "source", AMMONIA, None),
        ("nothing is above on another river", along(weir="brook"), "mouth", AMMONIA, "source"),
        ("nor beside all rivers", along(mouth=None, weir=None), "mouth", AMMONIA, None),
        ("nor is what lies there", along(weir=None), "mouth", AMMONIA, "source"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_upstream_is_the_next_station_up_the_river_that_measures_the_indicator(
    why: str, catalogue: Catalogue, station: str, code: str, upstream: str | None
) -> None:
    """Members follow: without such a neighbour there are none."""
    target = EvaluationTarget(catalogue, catalogue.stations[station], code)
    found = RISE.upstream(target)
    assert (found and found.id) == upstream
    expected = (f"{station}/{code}", f"{upstream}/{code}") if upstream else ()
    assert RISE.members(target) == expected


both = st.tuples(*[histories([0.0, 0.1, 0.3, 0.7, 1.0, 2.5])] * 2)
looks = st.builds(
    Arrival,
    window_ms=st.sampled_from([5, 10, 20]),
    travel_ms=st.sampled_from([(1, 1), (10, 10), (10, 30), (5, 64)]),
    sign=st.sampled_from([1, -1]),
)


@given(both, looks)
def test_the_interpreter_finds_the_same(
    members: tuple[Readings, Readings], signal: Arrival
) -> None:
    """To the bit."""
    here, above = map(plain, members)
    expected = interpreter.propagation(
        here, above, signal.window_ms, signal.travel_ms, signal.sign, 3, EVER, STEP
    )
    assert whole(signal, TARGET, members) == list(expected)


FARTHEST = readings({40: 0, 50: 9}), readings({0: 0, 20: 8})
"""The change above that arrives at 50 began all that the lookback of RISE reaches before."""


@example(FARTHEST, RISE, range(400))
@given(both, looks, cuts)
def test_any_cut_gives_the_same_rows_from_what_the_lookback_reaches(
    members: tuple[Readings, Readings], signal: Arrival, at: Iterable[int]
) -> None:
    """To the bit; instants between two cuts see nothing older or newer."""
    assert in_parts(signal, TARGET, members, at) == whole(signal, TARGET, members)
