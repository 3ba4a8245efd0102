"""Where an affair happens, and the names that people have for it."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from config.files import read_toml
from simulators.congress import localities
from simulators.congress.localities import DISTRICT, Locality, mentioned, part_of
from simulators.connections.kinds import REMEDY, Kind

_SHORT_RIVERS = {"通吕运河": ("通吕运河", "通吕河", "运河"), "新江海河": ("新江海河", "江海河")}


@dataclass(frozen=True, slots=True)
class Station:
    """A station of the district."""

    id: str
    name: str
    kind: str
    town: str
    river: str
    river_name: str
    order: int


@dataclass(frozen=True, slots=True)
class Place:
    """``town`` is empty for the whole district. ``names`` are what different people call it, each
    with the kind of locality that it is.
    """

    town: str
    town_name: str
    names: tuple[Locality, ...]

    def name(self, at: int) -> Locality:
        """The name that the person with this number uses."""
        return self.names[at % len(self.names)]


@cache
def towns() -> Mapping[str, str]:
    """Names of towns by id."""
    return {row["id"]: row["name"] for row in _units() if row["kind"] == "town"}


@cache
def unit_names() -> Mapping[str, str]:
    """Names of all units by id."""
    return {row["id"]: row["name"] for row in _units()}


def _units() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = read_toml(DISTRICT / "units.toml", REMEDY)["unit"]
    return rows


@cache
def stations() -> tuple[Station, ...]:
    """Those of the district, along each river in order."""
    read = read_toml(DISTRICT / "stations.toml", REMEDY)
    rivers = {row["id"]: row["name"] for row in read["river"]}
    ids = {name: town for town, name in towns().items()}
    found = [
        Station(
            row["id"],
            row["name"],
            row["kind"],
            ids[row["area"]],
            row.get("river", ""),
            rivers.get(row.get("river", ""), ""),
            row.get("order", 0),
        )
        for row in read["station"]
    ]
    return tuple(sorted(found, key=lambda of: (of.river, of.order)))


@cache
def named() -> Sequence[Locality]:
    """All localities of the congress."""
    return localities.load()


def of_kind(kind: str, town: str = "") -> list[Locality]:
    """The localities of a kind, of one town where it is given."""
    return [one for one in named() if one.kind == kind and (not town or one.town == town)]


def short(town_name: str) -> str:
    """A town without its rank."""
    return town_name.removesuffix("镇").removesuffix("街道")


def called(name: str, kind: str, town: str = "") -> Locality:
    """Something that nobody has on a list, by its name."""
    town_name = towns().get(town, "")
    return Locality(f"{town}/{name}", kind, name, town, town_name, urban=False, unique=True)


def of_town(town: str) -> Place:
    """A town, by its name alone."""
    name = towns()[town]
    return Place(town, name, (called(name, "town", town),))


def of_district(kind: Kind, drawn: random.Random) -> Place:
    """The whole district, in the words of a kind."""
    names = drawn.sample(kind.wide, len(kind.wide))
    return Place("", "通州区", tuple(called(of, "wide") for of in names))


def at_spot(kind: Kind, town: str, drawn: random.Random) -> Place:
    """A spot of the kind in a town: a section of a river has many names, others a few."""
    name = towns()[town]
    if kind.at == "section":
        river = next(of.river_name for of in stations() if of.town == town and of.river)
        return Place(town, name, tuple(_section(kind, river, town, drawn)))
    if kind.at == "town":
        return of_town(town)
    spot = drawn.choice(of_kind(kind.at, town))
    roads = [of.name for of in of_kind("road", town) if of.name != spot.name]
    said = dict.fromkeys(mentioned(spot, drawn) + part_of(spot, drawn, roads) for _ in range(8))
    return Place(town, name, tuple(called(of, kind.at, town) for of in said))


def _section(kind: Kind, river: str, town: str, drawn: random.Random) -> list[Locality]:
    name = towns()[town]
    site = called(f"{short(name)}污水处理厂", "plant", town)
    if kind.site == "zone":
        site = drawn.choice(of_kind("zone", town))
    rivers = _SHORT_RIVERS.get(river, (river,))
    village = drawn.choice(of_kind("village", town))
    found = [
        called(f"{drawn.choice(rivers)}{short(name)}段", "river", town),
        called(f"{river}{short(name)}段", "river", town),
        site,
        called(mentioned(village, drawn), "village", town),
        called(name, "town", town),
    ]
    return drawn.sample(found, len(found))
