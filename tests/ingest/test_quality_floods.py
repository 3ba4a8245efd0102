"""Rain in a river is not a broken sensor: conductivity and turbidity tell it together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from config.catalogue.quality import defaults
from config.vocabulary.quality import Quality
from config.vocabulary.time import HOUR_MS
from ingest.quality.flagging import Series, Station, flag

QUARTER_MS = HOUR_MS // 4
SALT, MUD, TEMPERATURE = "w01014", "w01003", "w01010"
CALM = 160
"""Rows of two days at the level, less a bit."""


def doubted(code: str, **of: Sequence[float]) -> list[int]:
    """Rows of one series that are suspect or bad, of columns a quarter of an hour apart."""
    series = {}
    for name, column in of.items():
        value = np.array(column, np.float64)
        t = np.arange(len(value), dtype=np.int64) * QUARTER_MS
        good = np.full(len(value), Quality.GOOD, np.uint8)
        series[name] = Series(t, value, good, np.zeros(len(value), np.uint8))
    found = flag(Station(series, defaults(), QUARTER_MS, {}, {}), code)
    return np.flatnonzero(np.isin(found.quality, (Quality.SUSPECT, Quality.BAD))).tolist()


def lively(level: float, rows: int) -> list[float]:
    return [level + row * 7 % 5 * 0.2 for row in range(rows)]


FALLEN = [170 + row * 0.75 for row in range(96)]
SALTY = [*lively(350, CALM), *FALLEN, *lively(280, CALM)]
"""A fall that runs off slowly, and that a step ends a day later."""
WAVE = [15 + 255 * np.exp(-row / 20) for row in range(96)]
SECOND = [15 + 65 * np.exp(-row / 10) for row in range(CALM)]
STILL = [*lively(15, 2 * CALM + 96)]


def test_given_mud_when_conductivity_falls_then_it_is_rain_and_a_second_rain_may_end_it() -> None:
    """Without mud somebody took the probe out, and put it back."""
    muddy = [*lively(15, CALM), *WAVE, *SECOND]
    assert doubted(SALT, w01014=SALTY, w01003=muddy) == []
    assert set(range(CALM, CALM + 96)) <= set(doubted(SALT, w01014=SALTY, w01003=STILL))
    assert doubted(SALT, w01014=SALTY) == doubted(SALT, w01014=SALTY, w01003=STILL)


def test_mud_at_the_end_alone_tells_that_rain_ended_the_fall() -> None:
    """The first of it was missed: the turbidimeter came later."""
    muddy = [*lively(15, CALM), *lively(15, 96), *SECOND]
    assert doubted(SALT, w01014=SALTY, w01003=muddy) == []


def test_one_dirty_reading_is_no_flood() -> None:
    leaf = STILL.copy()
    leaf[CALM + 1] = 300.0
    assert doubted(SALT, w01014=SALTY, w01003=leaf) != []


def test_while_water_is_about_to_freeze_there_is_no_rain() -> None:
    """Ice at a sonde makes all that it measures fall and rise."""
    muddy = [*lively(15, CALM), *WAVE, *SECOND]
    cold = [0.0] * len(SALTY)
    assert doubted(SALT, w01014=SALTY, w01003=muddy, w01010=cold) != []


def test_air_is_no_rain_however_dirty_the_lens() -> None:
    dry = [*lively(350, CALM), *[2.0] * 30, *lively(350, CALM)]
    muddy = [*lively(15, CALM), *[400.0] * 30, *lively(15, CALM)]
    assert set(range(CALM, CALM + 30)) <= set(doubted(SALT, w01014=dry, w01003=muddy))


@pytest.mark.parametrize(("step", "rain"), [(6.0, True), (1.0, False)])
def test_a_wave_of_mud_with_other_water_is_mud(step: float, rain: bool) -> None:
    """A leaf on the lens changes no conductivity."""
    mud = [*lively(3, CALM), 60.0, 30.0, *lively(3, CALM)]
    salt = [*lively(320, CALM), *lively(320 + step, CALM + 2)]
    found = doubted(MUD, w01003=mud, w01014=salt)
    assert found == ([] if rain else [CALM, CALM + 1])


def test_of_turbidity_only_readings_away_from_the_level_are_doubted() -> None:
    """The leaf lay off the lens for half an hour."""
    mud = [*lively(3, CALM), 60.0, 30.0, 3.1, 3.3, 45.0, *lively(3, CALM)]
    assert doubted(MUD, w01003=mud) == [CALM, CALM + 1, CALM + 4]
