"""A spill is what its label says, and travels downstream; a breakdown strikes one instrument."""

from __future__ import annotations

import pytest

from config.catalogue.shapes import Catalogue
from config.vocabulary.quality import Cause
from simulators import nature
from simulators.district import District
from simulators.incidents import DUST, Breakdown, Episode, Spill, state_of

BEGAN_MS = 1_795_513_600_000
PATH = ("tonglv-pingchao", "tonglv-jinsha", "tonglv-erjia")


@pytest.fixture(scope="module")
def spilled(catalogue: Catalogue) -> District:
    return District(catalogue, seed=1, now_ms=lambda: 0, incidents=[Spill(PATH, BEGAN_MS)])


def ammonia(district: District, catalogue: Catalogue, station_id: str, t_ms: int) -> float:
    return district.truth(catalogue.stations[station_id], "w21003", t_ms)


def test_before_its_label_a_spill_does_nothing(spilled: District, catalogue: Catalogue) -> None:
    """The last sample before is the undisturbed river's."""
    for name in PATH:
        station = catalogue.stations[name]
        undisturbed = nature.value(1, station, "w21003", BEGAN_MS - 1)
        assert ammonia(spilled, catalogue, name, BEGAN_MS - 1) == undisturbed


@pytest.mark.parametrize("since_ms", [0, 1, 999, 1000, 1999])
@pytest.mark.parametrize("seed", range(5))
def test_the_first_sample_behind_the_label_is_far_beyond_the_limit(
    catalogue: Catalogue, seed: int, since_ms: int
) -> None:
    """An alert's beginning lies within two cadences of the label wherever polling falls."""
    given = District(catalogue, seed=seed, now_ms=lambda: 0, incidents=[Spill(PATH, BEGAN_MS)])
    assert ammonia(given, catalogue, PATH[0], BEGAN_MS + since_ms) > 1.5


def test_at_its_height_it_shows_in_everything_a_spill_changes(
    spilled: District, catalogue: Catalogue
) -> None:
    """Ammonia, permanganate index and conductivity rise; oxygen falls; temperature stays."""
    station, height_ms = catalogue.stations[PATH[0]], BEGAN_MS + 20_000
    for code, sign in (("w21003", 1), ("w01019", 1), ("w01014", 1), ("w01009", -1)):
        undisturbed = nature.value(1, station, code, height_ms)
        assert sign * spilled.truth(station, code, height_ms) > sign * undisturbed
    undisturbed = nature.value(1, station, "w01010", height_ms)
    assert spilled.truth(station, "w01010", height_ms) == undisturbed
    assert 4.0 < ammonia(spilled, catalogue, PATH[0], height_ms) < 6.0


def test_a_spill_arrives_downstream_later_and_weaker(
    spilled: District, catalogue: Catalogue
) -> None:
    """Each station of the path is reached in turn, and none before its time."""
    (spill,) = spilled.incidents
    arrivals = [spill.began_at(name) for name in PATH]
    assert arrivals == [BEGAN_MS, BEGAN_MS + 20_000, BEGAN_MS + 40_000]
    for name, arrival in zip(PATH, arrivals, strict=True):
        assert spill.strength(name, arrival - 1) == 0 < spill.strength(name, arrival)
    heights = [spill.strength(name, spill.began_at(name) + 20_000) for name in PATH]
    assert heights == sorted(heights, reverse=True)
    assert heights[0] == 1.0


def test_another_river_stays_clean(spilled: District, catalogue: Catalogue) -> None:
    """A spill concerns its own path only."""
    station = catalogue.downstream("xinjianghai")[0]
    at_ms = BEGAN_MS + 20_000
    assert spilled.truth(station, "w21003", at_ms) == nature.value(1, station, "w21003", at_ms)


def test_a_spill_ends(spilled: District, catalogue: Catalogue) -> None:
    """Ten minutes later the river is within its class again."""
    assert all(ammonia(spilled, catalogue, name, BEGAN_MS + 600_000) < 0.9 for name in PATH)


def test_the_label_of_a_spill_names_its_path_its_beginning_and_its_end() -> None:
    """What judges an alert comes from the script; at the end hardly anything is left of it."""
    spill = Spill(PATH, BEGAN_MS)
    label = spill.label
    assert (label["station"], label["stations"]) == (PATH[0], list(PATH))
    assert (label["kind"], label["began"]) == ("spill", BEGAN_MS)
    height = max(spill.strength(PATH[-1], label["began"] + s * 1000) for s in range(300))
    assert 0 < spill.strength(PATH[-1], label["ended"]) < 0.01 * height
    assert spill.strength(PATH[-1], label["ended"] - spill.fall_ms) > 0.01 * height


def test_the_labels_of_breakdowns_and_episodes_say_whom_they_strike_and_how_long() -> None:
    """An instrument by its name and what it is at, every station of a storm."""
    assert Breakdown("s", "make", 1, 2, Cause.CALIBRATION).label == {
        "station": "s", "instrument": "make", "kind": "calibration", "began": 1, "ended": 2,
    }  # fmt: skip
    assert Breakdown("s", "make", 1, 2).label["kind"] == "no-values"
    assert Episode("dust", ("a", "b"), 1, 2, DUST).label == {
        "station": "a", "stations": ["a", "b"], "kind": "dust", "began": 1, "ended": 2,
    }  # fmt: skip


def test_a_breakdown_strikes_one_instrument_for_its_time(catalogue: Catalogue) -> None:
    """The instruments beside it and the instants around it are not touched."""
    station = catalogue.stations[PATH[0]]
    struck = Breakdown(PATH[0], "hengtai-nh4", 1000, 2000, Cause.CALIBRATION)

    def seen(t_ms: int) -> dict[str, Cause]:
        return {p.instrument: state_of([struck], station, p, t_ms) for p in station.instruments}

    assert seen(1000)["hengtai-nh4"] is seen(1999)["hengtai-nh4"] is Cause.CALIBRATION
    assert seen(999)["hengtai-nh4"] is seen(2000)["hengtai-nh4"] is Cause.NORMAL
    assert seen(1500)["lanhe-wq500"] is Cause.NORMAL


def test_the_past_holds_every_indicator_and_the_incidents_of_then(
    spilled: District, catalogue: Catalogue
) -> None:
    """As readings that are written before the first start are."""
    station = catalogue.stations[PATH[0]]
    before, within = spilled.history(station, [BEGAN_MS - 1000, BEGAN_MS + 20_000])
    assert (before.taken_ms, within.taken_ms) == (BEGAN_MS - 1000, BEGAN_MS + 20_000)
    assert tuple(within.readings) == catalogue.plans[station.id]
    assert (before.readings["w21003"].value or 9) < 1.0 < (within.readings["w21003"].value or 0)
