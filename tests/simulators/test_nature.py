"""Pretended nature is plausible, the same for everyone who asks, and flows downstream."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.catalogue.shapes import Catalogue, Station
from config.vocabulary.indicators import INDICATORS
from simulators import nature

MIDNIGHT_MS = 1_795_449_600_000
"""A midnight in Shanghai."""
DAYS = 20
HALF_HOURS = [MIDNIGHT_MS + i * nature.HOUR_MS // 2 for i in range(48 * DAYS)]
CLASS_III = {"w01019": 6.0, "w01018": 20.0, "w01017": 4.0, "w21003": 1.0, "w21011": 0.2}


def course(station: Station, code: str, seed: int = 1) -> list[float]:
    return [nature.value(seed, station, code, t_ms) for t_ms in HALF_HOURS]


def mean_at(station: Station, code: str, hour: int) -> float:
    return math.fsum(course(station, code)[2 * hour :: 48]) / DAYS


def correlation(first: list[float], second: list[float]) -> float:
    a = [value - math.fsum(first) / len(first) for value in first]
    b = [value - math.fsum(second) / len(second) for value in second]
    product = math.fsum(x * y for x, y in zip(a, b, strict=True))
    return product / math.sqrt(math.fsum(x * x for x in a) * math.fsum(y * y for y in b))


@pytest.fixture(scope="module")
def water(catalogue: Catalogue) -> Station:
    return catalogue.stations["tonglv-pingchao"]


@pytest.fixture(scope="module")
def air(catalogue: Catalogue) -> Station:
    return catalogue.stations["air-jinsha"]


def test_every_planned_indicator_has_a_course_within_its_physical_range(
    catalogue: Catalogue,
) -> None:
    """No station of the district measures what cannot be."""
    for station in catalogue.stations.values():
        for code in catalogue.plans[station.id]:
            low, high = INDICATORS[code].low, INDICATORS[code].high
            assert all(low <= value <= high for value in course(station, code)), code


def test_every_indicator_of_the_vocabulary_has_a_course(water: Station, air: Station) -> None:
    """A district of one's own may measure more than the demonstration does."""
    for row in INDICATORS.values():
        station = water if row.kind == "water" else air
        assert all(row.low <= value <= row.high for value in course(station, row.code)), row.code


@given(
    seed=st.integers(0, 2**32),
    t_ms=st.integers(946_684_800_000, 4_102_444_800_000),
)
def test_fine_particles_are_always_part_of_the_coarse(
    catalogue: Catalogue, seed: int, t_ms: int
) -> None:
    """PM2.5 < PM10 at every instant and seed."""
    for station in catalogue.stations.values():
        if station.kind == "air":
            fine = nature.value(seed, station, "a34004", t_ms)
            assert 0 < fine < nature.value(seed, station, "a34002", t_ms)


def test_whoever_asks_gets_the_same_value(water: Station) -> None:
    """Seed, station and instant alone decide; another seed is another river."""
    assert course(water, "w21003") == course(water, "w21003")
    assert course(water, "w21003") != course(water, "w21003", seed=2)


def test_nothing_jumps_from_one_sample_to_the_next(catalogue: Catalogue) -> None:
    """In a second no value moves by more than a quarter of its range in a day."""
    for station in catalogue.stations.values():
        for code in catalogue.plans[station.id]:
            if code == "a01008":
                continue  # the wind turns through north from 359 to 1
            day = course(station, code)[:48]
            seconds = [
                nature.value(1, station, code, HALF_HOURS[0] + i * 1000) for i in range(120)
            ]
            most = max(abs(b - a) for a, b in pairwise(seconds))
            assert most < max(0.25 * (max(day) - min(day)), 1e-6), (station.id, code)


def test_an_undisturbed_river_holds_its_class(catalogue: Catalogue) -> None:
    """Without a spill no limit of class III is passed, so no pollution alert fires."""
    for station in catalogue.stations.values():
        if station.kind == "water":
            for code, limit in CLASS_III.items():
                assert max(course(station, code)) < limit
            assert min(course(station, "w01009")) > 5.0


def test_ozone_stands_highest_in_the_afternoon(air: Station) -> None:
    """Ozone is made by the sun."""
    assert mean_at(air, "a05024", 15) > mean_at(air, "a05024", 3) + 40


def test_oxygen_is_higher_in_cold_water(water: Station) -> None:
    """At one hour of the day, warmer days hold less oxygen."""
    warmth = course(water, "w01010")[::48]
    oxygen = course(water, "w01009")[::48]
    assert correlation(warmth, oxygen) < -0.2


def test_a_station_sees_later_what_its_upstream_neighbour_saw(catalogue: Catalogue) -> None:
    """The slow part of the water's course arrives after the time of flow."""
    upper, lower, *_ = catalogue.downstream("tonglv")
    later = [t_ms + nature.TRAVEL_MS for t_ms in HALF_HOURS]
    above = course(upper, "w01014")
    below = [nature.value(1, lower, "w01014", t_ms) for t_ms in later]
    assert correlation(above, below) > 0.95
    assert correlation(above, below) > correlation(above, course(lower, "w01014"))
