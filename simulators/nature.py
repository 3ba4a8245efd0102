"""Plausible water and air from seed, station and instant alone. Pure.

Values are in the indicator's unit. Along a river a station sees the slow part of what its
upstream neighbour saw ``TRAVEL_MS`` earlier. Shapes are invented: a daily course, slow weather of
hours and days, and fast noise; nothing here claims to be a model of a real river.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable

from config.catalogue.shapes import Station
from config.vocabulary.time import DAY_MS, HOUR_MS

ZONE_MS = 8 * HOUR_MS
TRAVEL_MS = 2 * HOUR_MS
"""Between two neighbouring stations of a river, in ordinary flow."""


def value(seed: int, station: Station, code: str, t_ms: int) -> float:
    """The reading of an ideal instrument."""
    return _COURSES[code](_Site(seed, station, t_ms))


class _Site:
    """One station at one instant; gives noise of any period, between -1 and 1."""

    def __init__(self, seed: int, station: Station, t_ms: int) -> None:
        self._seed = seed
        self._station = station
        self._t_ms = t_ms

    def day(self, peak_hour: float) -> float:
        """A daily course: 1 at ``peak_hour`` local time, -1 twelve hours away."""
        hour = (self._t_ms + ZONE_MS) % DAY_MS / HOUR_MS
        return math.cos((hour - peak_hour) / 24 * 2 * math.pi)

    def slow(self, name: str, period_h: float) -> float:
        """Noise shared along a river, later downstream; shared by all air stations."""
        delay = (self._station.order or 1) * TRAVEL_MS if self._station.river else 0
        alone = self._station.id if self._station.kind == "water" else "air"
        where = self._station.river or alone
        return noise(f"{self._seed}/{where}/{name}", (self._t_ms - delay) / (period_h * HOUR_MS))

    @property
    def lake(self) -> bool:
        """Still water, which holds less phosphorus and nitrogen than a river of the same class."""
        return self._station.lake

    def own(self, name: str, period_s: float) -> float:
        """Noise of this station alone."""
        return noise(f"{self._seed}/{self._station.id}/{name}", self._t_ms / (period_s * 1000))


def noise(name: str, x: float) -> float:
    """Smooth value noise: random at whole ``x``, a cosine between."""
    step = math.floor(x)
    share = (1 - math.cos((x - step) * math.pi)) / 2
    return _at(name, step) * (1 - share) + _at(name, step + 1) * share


def _at(name: str, step: int) -> float:
    digest = hashlib.blake2b(f"{name}/{step}".encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") / 0x7FFFFFFF - 1


def _water_temperature(at: _Site) -> float:
    return 14 + 1.2 * at.day(15) + 2 * at.slow("temp", 48) + 0.05 * at.own("temp", 20)


def _ph(at: _Site) -> float:
    return 7.6 + 0.15 * at.day(16) + 0.15 * at.slow("ph", 30) + 0.01 * at.own("ph", 15)


def _oxygen(at: _Site) -> float:
    warmth = _water_temperature(at) - 14
    return (
        7.6 - 0.18 * warmth + 0.7 * at.day(16) + 0.3 * at.slow("do", 26) + 0.03 * at.own("do", 9)
    )


def _conductivity(at: _Site) -> float:
    return 560 + 60 * at.slow("cond", 36) + 3 * at.own("cond", 25)


def _turbidity(at: _Site) -> float:
    return 22 * math.exp(0.5 * at.slow("turb", 20)) + 1.2 * at.own("turb", 6)


def _permanganate(at: _Site) -> float:
    return 3.9 + 0.7 * at.slow("mn", 40) + 0.3 * at.own("mn", 7200) + 0.04 * at.own("mnf", 12)


def _ammonia(at: _Site) -> float:
    base = 0.42 + 0.14 * at.slow("nh3", 30) + 0.05 * at.day(7)
    return base + 0.03 * at.own("nh3", 3600) + 0.006 * at.own("nh3f", 10)


def _chemical_demand(at: _Site) -> float:
    return 3.3 * _permanganate(at)


def _biochemical_demand(at: _Site) -> float:
    return 0.18 * _chemical_demand(at)


def _nitrogen(at: _Site) -> float:
    """Ammonia is part of it."""
    base, swing = (0.35, 0.08) if at.lake else (1.4, 0.3)
    return base + _ammonia(at) + swing * at.slow("tn", 36) + 0.01 * at.own("tn", 15)


def _phosphorus(at: _Site) -> float:
    base, swing = (0.035, 0.008) if at.lake else (0.11, 0.03)
    return base + swing * at.slow("tp", 34) + 0.002 * at.own("tp", 15)


def _fine_particles(at: _Site) -> float:
    course = 1 + 0.18 * at.day(8) + 0.35 * at.slow("pm", 22) + 0.06 * at.own("pm", 1800)
    return 30 * course + 0.8 * at.own("pmf", 10)


def _coarse_particles(at: _Site) -> float:
    return _fine_particles(at) * (1.5 + 0.15 * at.own("ratio", 7200)) + 2 * at.own("pm10", 10)


def _sulphur_dioxide(at: _Site) -> float:
    return 8 + 2 * at.slow("so2", 18) + 0.6 * at.own("so2", 60)


def _nitrogen_dioxide(at: _Site) -> float:
    return 28 + 8 * at.day(20) + 7 * at.slow("no2", 12) + 0.9 * at.own("no2", 30)


def _carbon_monoxide(at: _Site) -> float:
    return 0.7 + 0.15 * at.slow("pm", 22) + 0.02 * at.own("co", 30)


def _ozone(at: _Site) -> float:
    return 75 + 42 * at.day(15) + 14 * at.slow("o3", 28) + 1.0 * at.own("o3", 25)


def _air_temperature(at: _Site) -> float:
    return 13 + 4.5 * at.day(15) + 3 * at.slow("ta", 60) + 0.1 * at.own("ta", 40)


def _humidity(at: _Site) -> float:
    return min(68 - 14 * at.day(15) + 10 * at.slow("rh", 40) + 0.4 * at.own("rh", 40), 99.0)


def _pressure(at: _Site) -> float:
    return 1019 + 6 * at.slow("pa", 70) + 0.2 * at.own("pa", 600)


def _wind_speed(at: _Site) -> float:
    return max(2.4 + 0.8 * at.day(14) + 1.2 * at.slow("ws", 9) + 0.5 * at.own("ws", 15), 0.0)


def _wind_direction(at: _Site) -> float:
    return (110 + 70 * at.slow("wd", 30) + 15 * at.own("wd", 60)) % 360


_COURSES: dict[str, Callable[[_Site], float]] = {
    "w01010": _water_temperature,
    "w01001": _ph,
    "w01009": _oxygen,
    "w01014": _conductivity,
    "w01003": _turbidity,
    "w01019": _permanganate,
    "w01018": _chemical_demand,
    "w01017": _biochemical_demand,
    "w21003": _ammonia,
    "w21001": _nitrogen,
    "w21011": _phosphorus,
    "a34004": _fine_particles,
    "a34002": _coarse_particles,
    "a21026": _sulphur_dioxide,
    "a21004": _nitrogen_dioxide,
    "a21005": _carbon_monoxide,
    "a05024": _ozone,
    "a01001": _air_temperature,
    "a01002": _humidity,
    "a01006": _pressure,
    "a01007": _wind_speed,
    "a01008": _wind_direction,
}
