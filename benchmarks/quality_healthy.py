"""Made readings with nothing wrong in them, of the kinds that quality control used to doubt.

A rain-fed river in flood, a tidal one, a station that measures every four hours, instruments that
write whole degrees. The same seed makes the same readings. They are made here
from what such water does, independently of the simulators. Two settings were mended after other
seeds of them: the level that mud rises above (its low side, for one rain follows another), and the
hours of whole degrees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from config.catalogue.quality import defaults
from config.vocabulary.quality import Quality
from config.vocabulary.time import DAY_MS, HOUR_MS
from ingest.quality.flagging import Series, Station, flag

BEGIN_MS = 1_767_225_600_000
TIDE_HOURS, SPRING_DAYS = 12.42, 14.77
Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Healthy:
    """Series of one station by code, every ``cadence_ms``."""

    name: str
    cadence_ms: int
    of: dict[str, Values]

    def flagged(self) -> Iterator[tuple[str, int, int]]:
        """Code, readings that are suspect or bad, and how many there are."""
        series = {code: self._series(value) for code, value in self.of.items()}
        station = Station(series, defaults(), self.cadence_ms, {}, {})
        for code, came in series.items():
            doubted = np.isin(flag(station, code).quality, (Quality.SUSPECT, Quality.BAD))
            yield code, int(np.count_nonzero(doubted)), len(came.t)

    def _series(self, value: Values) -> Series:
        t = BEGIN_MS + self.cadence_ms * np.arange(len(value), dtype=np.int64)
        good = np.full(len(t), Quality.GOOD, np.uint8)
        return Series(t, value, good, np.zeros(len(t), np.uint8))


def stations(days: int, seed: int) -> list[Healthy]:
    """One of each kind, over so many days."""
    return [make(days, np.random.default_rng(seed)) for make in _KINDS]


def _floods(days: int, rng: np.random.Generator, cadence_ms: int = HOUR_MS // 4) -> Healthy:
    """Rain about every five days, often a second one before the first has run off: it thins the
    water further, or pushes older, saltier water down at once.
    """
    hours = _hours(days, cadence_ms)
    wet, mud = _rains(hours, rng)
    day = np.sin(2 * np.pi * hours / 24)
    salt = 420 * np.exp(-wet) + 4 * day + rng.normal(0, 1, len(hours))
    return Healthy(
        f"floods of a rain-fed river, every {cadence_ms / HOUR_MS:g} hours",
        cadence_ms,
        {
            "w01014": np.round(salt, 1),
            "w01003": np.round(8 * np.exp(rng.normal(0, 0.06, len(hours))) + mud, 1),
            "w01010": np.round(19 + 2 * day - 1.5 * wet + _wander(len(hours), 0.01, rng), 2),
            "w01001": np.round(7.8 + 0.15 * day - 0.3 * wet + rng.normal(0, 0.01, len(hours)), 2),
            "w01009": np.round(8.2 + 0.8 * day - 0.4 * wet + rng.normal(0, 0.05, len(hours)), 2),
        },
    )


def _hourly_floods(days: int, rng: np.random.Generator) -> Healthy:
    return _floods(days, rng, HOUR_MS)


def _rains(hours: Values, rng: np.random.Generator) -> tuple[Values, Values]:
    """How much rain is in the water, as a power of e, and the mud that came with it."""
    wet, mud = np.zeros(len(hours)), np.zeros(len(hours))
    begins = np.cumsum(rng.exponential(120, int(hours[-1] / 100) + 1))
    for begin in begins:
        for start in (begin, *(begin + rng.uniform(6, 40, rng.integers(0, 3)))):
            rises, falls, settles = rng.uniform(0.2, 4), rng.uniform(10, 50), rng.uniform(5, 20)
            since = hours - start
            front = np.clip(since / rises, 0, 1)
            thins = rng.uniform(0.2, 0.9)
            if start > begin and rng.random() < 0.5:
                thins = -rng.uniform(0.2, 0.5)
            wet += thins * front * np.exp(-np.maximum(since - rises, 0) / falls)
            size = rng.uniform(60, 400) * front
            mud += size * np.exp(-np.maximum(since - rises, 0) / settles)
    return np.clip(wet, -0.2, 1.6), mud * np.exp(rng.normal(0, 0.05, len(hours)))


def _tides(days: int, rng: np.random.Generator, cadence_ms: int = HOUR_MS // 4) -> Healthy:
    """Twice a day a front of salt passes the station, sharper and further at spring tide."""
    hours = _hours(days, cadence_ms)
    phase = 2 * np.pi * hours / TIDE_HOURS
    spring = 0.75 + 0.25 * np.cos(2 * np.pi * hours / 24 / SPRING_DAYS)
    sea = 1 / (1 + np.exp(-7 * spring * (np.sin(phase) - 0.25)))
    day = np.sin(2 * np.pi * hours / 24)
    n = len(hours)
    return Healthy(
        f"tides, every {cadence_ms / HOUR_MS:g} hours",
        cadence_ms,
        {
            "w01014": np.round(450 + 15_000 * spring * sea * np.exp(rng.normal(0, 0.01, n)), 0),
            "w01003": np.round(
                (12 + 30 * spring * np.cos(phase) ** 2) * np.exp(rng.normal(0, 0.08, n)), 1
            ),
            "w01010": np.round(17 + day - 1.5 * sea + _wander(n, 0.01, rng), 2),
            "w01001": np.round(7.5 + 0.5 * sea + 0.1 * day + rng.normal(0, 0.01, n), 2),
            "w01009": np.round(6.5 + 1.2 * sea + 0.5 * day + rng.normal(0, 0.05, n), 2),
        },
    )


def _tides_every_four_hours(days: int, rng: np.random.Generator) -> Healthy:
    return _tides(days, rng, 4 * HOUR_MS)


def _four_hours(days: int, rng: np.random.Generator) -> Healthy:
    """A national water station, in the digits that it publishes."""
    cadence_ms = 4 * HOUR_MS
    hours = _hours(days, cadence_ms)
    n, day = len(hours), np.sin(2 * np.pi * hours / 24)
    slow = [_returning(n, 0.97, 1, rng) for _ in range(9)]
    return Healthy(
        "a river station, every 4 hours",
        cadence_ms,
        {
            "w01010": np.round(18 + 8 * np.sin(hours / 1400) + 0.5 * day + 0.5 * slow[0], 1),
            "w01001": np.round(7.6 + 0.15 * day + 0.1 * slow[1], 2),
            "w01009": np.round(7.5 + 0.8 * day + 0.5 * slow[2], 2),
            "w01014": np.round(550 * np.exp(0.08 * slow[3] + rng.normal(0, 0.005, n)), 1),
            "w01003": np.round(9 * np.exp(0.6 * slow[4] + rng.normal(0, 0.1, n)), 1),
            "w01019": np.round(3 * np.exp(0.2 * slow[5] + rng.normal(0, 0.04, n)), 2),
            "w21003": np.round(0.15 * np.exp(0.5 * slow[6] + rng.normal(0, 0.1, n)), 3),
            "w21011": np.round(0.08 * np.exp(0.3 * slow[7] + rng.normal(0, 0.08, n)), 3),
            "w21001": np.round(1.8 * np.exp(0.2 * slow[8] + rng.normal(0, 0.04, n)), 2),
        },
    )


def _whole_numbers(days: int, rng: np.random.Generator) -> Healthy:
    """A large, slow river and the air above it, by instruments that write whole numbers."""
    hours = _hours(days, HOUR_MS)
    n, day = len(hours), np.sin(2 * np.pi * hours / 24)
    weather = _returning(n, 0.99, 4, rng)
    return Healthy(
        "whole degrees and numbers, every hour",
        HOUR_MS,
        {
            "w01010": np.round(18 + 8 * np.sin(hours / 1400) + 0.4 * day + 0.1 * weather),
            "w01001": np.round(7.8 + 0.15 * day + _wander(n, 0.005, rng)),
            "w01009": np.round(8 + 0.6 * day + 0.1 * weather, 1),
            "w01014": np.round(500 + 8 * weather + rng.normal(0, 1.5, n)),
            "w01003": np.round(12 * np.exp(0.1 * weather + rng.normal(0, 0.05, n))),
            "a01001": np.round(15 + 3 * day + weather),
            "a01002": np.clip(np.round(65 - 12 * day + 4 * weather), 5, 100),
            "a01006": np.round(1012 + 1.5 * weather + 0.8 * np.sin(4 * np.pi * hours / 24)),
        },
    )


_KINDS: tuple[Callable[[int, np.random.Generator], Healthy], ...] = (
    _floods,
    _hourly_floods,
    _tides,
    _tides_every_four_hours,
    _four_hours,
    _whole_numbers,
)


def _hours(days: int, cadence_ms: int) -> Values:
    return np.arange(0, days * DAY_MS, cadence_ms) / HOUR_MS


def _wander(n: int, step: float, rng: np.random.Generator) -> Values:
    return _returning(n, 0.995, 10 * step, rng)


def _returning(n: int, keeps: float, spread: float, rng: np.random.Generator) -> Values:
    """A course that wanders about nothing, with this standard deviation."""
    pushes = rng.normal(0, spread * np.sqrt(1 - keeps**2), n)
    found = np.empty(n)
    at = rng.normal(0, spread)
    for row, push in enumerate(pushes.tolist()):
        at = keeps * at + push
        found[row] = at
    return found
