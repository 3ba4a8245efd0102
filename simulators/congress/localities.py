"""Roads, villages, estates of the district's towns: made up, in towns of the configuration."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import config
from config.files import read_toml
from simulators.congress.grammar import said
from simulators.congress.matters import DATA, REMEDY

DISTRICT = Path(config.__file__).parent / "data" / "districts" / "tongzhou"
_CROSSINGS = 4
"""In each town."""
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
    """All of them: what the file names, the crossings of roads, and the towns themselves."""
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
    town: str, towns: dict[str, str], named: dict[str, dict[str, list[str]]]
) -> list[tuple[str, str]]:
    found = [(kind, name) for kind, names in named[town].items() for name in names]
    pairs = list(combinations(named[town]["road"], 2))[::2][:_CROSSINGS]
    found += [("crossing", f"{first}与{second}路口") for first, second in pairs]
    return [*found, ("town", towns[town])]


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
