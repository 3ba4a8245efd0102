"""Conductivity of air takes along all that its sonde measures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from config.catalogue.quality import Checks, checks_at, defaults
from config.vocabulary.quality import Cause, Quality
from config.vocabulary.time import HOUR_MS
from ingest.quality.flagging import Series, Station, flag

QUARTER_MS = HOUR_MS // 4
WET = [400 + row % 5 for row in range(200)]


def out_of_water(
    salt: Sequence[float], code: str = "w01001", checks: dict[str, Checks] | None = None
) -> list[int]:
    """Rows of another indicator of the station that are doubted for it."""
    value = np.array(salt, np.float64)
    t = np.arange(len(value), dtype=np.int64) * QUARTER_MS
    good, plain = np.full(len(t), Quality.GOOD, np.uint8), np.zeros(len(t), np.uint8)
    other = 8 + np.arange(len(t)) % 7 * 0.01
    of = {"w01014": Series(t, value, good, plain), code: Series(t, other, good, plain)}
    found = flag(Station(of, defaults() | (checks or {}), QUARTER_MS, {}, {}), code)
    assert {*found.quality[found.cause == Cause.OUT_OF_WATER].tolist()} <= {Quality.SUSPECT}
    return np.flatnonzero(found.cause == Cause.OUT_OF_WATER).tolist()


def test_given_no_conductivity_then_what_the_sonde_measures_is_doubted() -> None:
    """From the first reading on, before it makes a message."""
    assert out_of_water([*WET, 0.3]) == [200]
    assert out_of_water([*WET, 0.3, 2.0, *WET]) == [200, 201]
    for code in ("w01010", "w01009", "w01003"):
        assert out_of_water([*WET, 0.3, *WET], code) == [200]


def test_an_analyser_on_the_bank_measures_on() -> None:
    assert out_of_water([*WET, 0.3, *WET], "w21003") == []


def test_a_wet_probe_in_air_is_told_by_what_it_read_before() -> None:
    """Soft water is as low all the time, and the fresh end of a tide lower than a tenth."""
    assert out_of_water([*WET, 30, 25, *WET]) == [200, 201]
    assert out_of_water([28, 30, 25, 32] * 100) == []
    assert out_of_water([*[18_000.0] * 20, *[300.0] * 20] * 10) == []


def test_what_reads_far_too_much_the_same_day_is_broken_and_says_nothing_of_the_others() -> None:
    """7999 is what common loggers write for no number."""
    assert out_of_water([*WET, 0.0, 7999, 0.0, *WET]) == []
    assert out_of_water([*WET, 0.0, 4000, 0.0, *WET]) == []


def test_an_instrument_of_its_own_hangs_on_no_sonde() -> None:
    """By the catalogue; what a logger sends may come from anywhere."""
    codes = ["w01014", "w01001", "w01009"]
    instruments = [["w01014", "w01010"], ["w01001"]]
    found = checks_at(codes, instruments, {})
    assert (found["w01001"].sonde, found["w01009"].sonde) == (False, True)
    assert checks_at(codes, instruments, {"w01001": {"sonde": True}})["w01001"].sonde
    assert out_of_water([*WET, 0.3, *WET], checks=found) == []


def test_under_ice_that_keeps_the_salt_away_the_lens_is_covered_too() -> None:
    """Not so in warm water, which rain makes as thin."""
    salt = np.array([*WET, *[120.0] * 8, *WET])
    t = np.arange(len(salt), dtype=np.int64) * QUARTER_MS
    good, plain = np.full(len(t), Quality.GOOD, np.uint8), np.zeros(len(t), np.uint8)
    mud = 9 + np.arange(len(t)) % 7 * 0.1
    for celsius, rows in ((0.0, list(range(200, 208))), (4.0, [])):
        of = {
            "w01014": Series(t, salt, good, plain),
            "w01003": Series(t, mud, good, plain),
            "w01010": Series(t, np.full(len(t), celsius), good, plain),
        }
        found = flag(Station(of, defaults(), QUARTER_MS, {}, {}), "w01003")
        assert np.flatnonzero(found.quality == Quality.SUSPECT).tolist() == rows
