"""A fleet whose clocks are all wrong at once has a centre whose clock is wrong."""

from __future__ import annotations

from ingest.arrival.fleet_clock import TOGETHER_MS, WAIT_MS, FleetClock

T0 = 1_800_000_000_000
NAMES = ("a", "b", "c", "d")


def shown(*wrong: str, right: tuple[str, ...] = NAMES) -> dict[str, bool | None]:
    """The clocks of four stations."""
    return {name: name in wrong if name in (*wrong, *right) else None for name in NAMES}


def test_given_most_clocks_show_wrong_within_minutes_then_it_is_the_centre_s_alone() -> None:
    """However the first one began; of the stations nothing is said."""
    fleet = FleetClock()
    core, stations = fleet.judged(shown("a"), T0)
    assert (core, stations["a"]) == (False, None), "the first one waits for others"
    core, stations = fleet.judged(shown("a", "b"), T0 + 60_000)
    assert (core, stations["b"]) == (False, None), "half are not most"
    core, stations = fleet.judged(shown("a", "b", "c"), T0 + 100_000)
    assert core is True
    assert stations == {"a": None, "b": None, "c": None, "d": False}
    core, _ = fleet.judged(shown("a", "b", "c"), T0 + 40 * WAIT_MS)
    assert core is True, "as long as it lasts"


def test_given_the_centre_s_clock_is_right_again_then_stations_that_show_it_last_are_not_blamed() -> (
    None
):
    """One that still shows wrong when all others have settled is."""
    fleet, later = FleetClock(), T0 + 10 * WAIT_MS
    fleet.judged(shown("a", "b", "c"), T0)
    fleet.judged(shown("a", "b", "c"), later)
    core, stations = fleet.judged(shown("a"), later + 1000)
    assert (core, stations["a"]) == (None, None)
    core, stations = fleet.judged(shown("a"), later + WAIT_MS)
    assert (core, stations["a"]) == (False, True)


def test_given_one_clock_shows_wrong_then_it_is_the_station_s_after_a_wait() -> None:
    """It is over at once where it shows right."""
    fleet = FleetClock()
    assert fleet.judged(shown("a"), T0)[1]["a"] is None
    assert fleet.judged(shown("a"), T0 + WAIT_MS) == (False, shown("a"))
    assert fleet.judged(shown(), T0 + WAIT_MS + 1) == (False, shown())


def test_given_clocks_that_show_wrong_one_after_the_other_then_each_is_the_station_s() -> None:
    """They have nothing to do with each other."""
    fleet = FleetClock()
    for n in range(3):
        core, stations = fleet.judged(shown(*NAMES[: n + 1]), T0 + n * (TOGETHER_MS + 1))
        assert core is False
    core, stations = fleet.judged(shown("a", "b", "c"), T0 + 4 * TOGETHER_MS)
    assert (core, stations) == (False, shown("a", "b", "c"))


def test_given_fewer_than_three_stations_then_nobody_can_tell_and_each_is_judged_at_once() -> None:
    """Two say nothing of a third."""
    fleet = FleetClock()
    clocks = shown("a", "b", right=())
    assert fleet.judged(clocks, T0) == (False, clocks)


def test_a_clock_of_which_nothing_is_known_stays_as_it_is() -> None:
    """It counts for neither."""
    fleet = FleetClock()
    fleet.judged(shown("a"), T0)
    unknown: dict[str, bool | None] = {**shown(), "a": None}
    assert fleet.judged(unknown, T0 + WAIT_MS)[1]["a"] is None
    assert fleet.judged(shown("a"), T0 + WAIT_MS)[1]["a"] is True
