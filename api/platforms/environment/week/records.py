"""A station's week, judged by the means of its whole days. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from config.catalogue.shapes import Station
from ingest.standards.air import air_items, air_limit, air_quality
from ingest.standards.water import (
    water_class_names,
    water_items,
    water_limit,
    water_limit_is_lower,
    water_quality,
)

INDEX_OF_CLASS_II = 100
"""The IAQI of an item whose mean is just the limit of class II (HJ 633)."""


@dataclass(frozen=True, slots=True)
class DayMean:
    """The valid mean of an indicator on a day of the district, in its unit."""

    code: str
    day: date
    value: float


@dataclass(frozen=True, slots=True)
class Worst:
    """The mean that stood worst against the class. ``class_name`` is the class of GB 3838 that it
    meets, empty for air; ``limit`` is of the station's class, None where it has no single one.
    """

    mean: DayMean
    class_name: str
    limit: float | None


@dataclass(frozen=True, slots=True)
class StationWeek:
    """A station's week: ``exceeded`` days on which a mean was beyond the class that the station is
    held to (its target of GB 3838, or class II of GB 3095), and days without a single valid mean.
    """

    station: Station
    worst: Worst | None
    exceeded: int
    silent: int


def judged(station: Station, means: Iterable[DayMean], days: int) -> StationWeek:
    """The week of a station that has so many whole days."""
    known = air_items() if station.kind == "air" else water_items()
    counted = [of for of in means if of.code in known]
    rank = _rank_of_air if station.kind == "air" else _rank_of_water
    ranked = [(*rank(station, of), of) for of in counted]
    beyond = {of.day for _, over, of in ranked if over}
    worst = max(ranked, key=lambda row: (row[0], -row[2].day.toordinal()), default=None)
    silent = days - len({of.day for of in counted})
    return StationWeek(station, _worst(station, worst[2]) if worst else None, len(beyond), silent)


def of_area(stations: Iterable[Station], units: Collection[str]) -> Sequence[Station]:
    """The stations in the area of somebody's units: a delegation is called by its town."""
    return [of for of in stations if any(name.startswith(of.area) for name in units)]


def _rank_of_air(_station: Station, of: DayMean) -> tuple[float, bool]:
    """How bad a mean is among those of its station, and whether it is beyond the class."""
    judgement = air_quality({of.code: of.value}, on=of.day, averaging="daily", plan=(of.code,))
    index = judgement.iaqi.get(of.code, 0)
    return float(index), index > INDEX_OF_CLASS_II


def _rank_of_water(station: Station, of: DayMean) -> tuple[float, bool]:
    """The same: by class, and within one by how near the limit it is, or how far beyond."""
    found = water_quality({of.code: of.value}, on=of.day, target=station.target, lake=station.lake)
    rank = water_class_names().index(found.class_name) if found.class_name else 0
    limit, share = _limit(station, of), 0.0
    if limit and of.value > 0:
        falls = water_limit_is_lower(of.code, on=of.day)
        ratio = limit / of.value if falls else of.value / limit
        share = ratio / (1 + ratio)
    return rank + share, of.code in found.exceeding


def _worst(station: Station, of: DayMean) -> Worst:
    limit = _limit(station, of)
    if station.kind == "air":
        return Worst(of, "", limit)
    found = water_quality({of.code: of.value}, on=of.day, lake=station.lake)
    return Worst(of, found.class_name or "", limit)


def _limit(station: Station, of: DayMean) -> float | None:
    if station.kind == "air":
        found = air_limit(of.code, on=of.day, averaging="daily")
        return found[1] if found else None
    if station.target is None:
        return None
    return water_limit(of.code, station.target, on=of.day, lake=station.lake)
