"""Roads, villages, estates of the district's towns: made up, in towns of the configuration."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import config
from config.files import read_toml
from simulators.congress.grammar import said
from simulators.congress.matters import DATA, REMEDY

DISTRICT = Path(config.__file__).parent / "data" / "districts" / "tongzhou"
_CROSSINGS = 8
"""In each town."""
_WITH_TOWN = {"school", "zone"}
_PARTS = {
    "road": ["东段", "西段", "南段", "（{R}以北）", "近{R}一段"],
    "village": ["{2-15}组", "{2-8}组和{9-15}组一带", "集中居住点"],
    "estate": ["{2-20}幢", "北区", "一期"],
    "river": ["东岸", "镇区段"],
}


@dataclass(frozen=True, slots=True)
class Locality:
    """Something with a name in a town; ``id`` is unique, a name need not be."""

    id: str
    kind: str
    name: str
    town: str
    town_name: str
    urban: bool
    """In one of the subdistricts (街道), not in a town (镇)."""
    unique: bool
    """No other one of the district has the name."""

    @property
    def full_name(self) -> str:
        """With its town, unless the name has that already."""
        known = self.name.startswith(self.town_name[:2])
        return self.name if known else self.town_name + self.name


def load() -> tuple[Locality, ...]:
    """All of them: named in the file, composed, crossings of roads, and the towns themselves."""
    units = read_toml(DISTRICT / "units.toml", REMEDY)["unit"]
    towns = {row["id"]: row["name"] for row in units if row["kind"] == "town"}
    named = read_toml(DATA / "localities.toml", REMEDY)
    rows = [(town, kind, name) for town in towns for kind, name in _named(town, towns, named)]
    count = Counter(name for _, _, name in rows)
    return tuple(
        Locality(
            id=f"{town}/{name}",
            kind=kind,
            name=name,
            town=town,
            town_name=towns[town],
            urban=towns[town].endswith("街道"),
            unique=count[name] == 1,
        )
        for town, kind, name in rows
    )


def _named(
    town: str, towns: Mapping[str, str], named: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    roads = list(named[town]["road"])
    yield from ((kind, name) for kind, names in named[town].items() for name in names)
    yield from _composed(town, towns[town][:2], named["composed"])
    for first, second in list(combinations(roads, 2))[:_CROSSINGS]:
        yield "crossing", f"{first}与{second}路口"
    yield "town", towns[town]


def _composed(town: str, short: str, parts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Names out of two parts, the same in every congress."""
    drawn = random.Random(f"localities/{town}")
    for kind, count in parts["count"].items():
        before = short if kind in _WITH_TOWN else ""
        for first in drawn.sample(parts["first"], count):
            yield kind, before + first + drawn.choice(parts["last"][kind])


def part_of(locality: Locality, drawn: random.Random, roads: Sequence[str]) -> str:
    """The part of a locality that a text is about; empty where it is about all of it."""
    parts = _PARTS.get(locality.kind)
    if not parts or drawn.random() >= 0.2:
        return ""
    return said(drawn.choice(parts), drawn, {"R": drawn.choice(roads)})


def mentioned(locality: Locality, drawn: random.Random) -> str:
    """A locality as a text names it: with its town, or without where one can do so."""
    full = not locality.unique or drawn.random() < 0.55
    return locality.full_name if full else locality.name
