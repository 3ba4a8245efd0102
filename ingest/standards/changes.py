"""How the figures of an indicator change from one set of standards to the next."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Literal

from ingest.standards.tables import (
    air_tables,
    in_force,
    water_tables,
)

Kind = Literal["limit", "index", "class"]


@dataclass(frozen=True, slots=True)
class Change:
    """A figure of one item that another set moves: a ``limit`` of a class of areas (``entry``),
    the concentration of an ``index`` (``entry``; "beyond": the index above the table), or a limit
    of a water ``class``. None: the set has no such figure.
    """

    on: date
    standard: str
    kind: Kind
    column: str
    entry: str
    old: float | None
    new: float | None


def changes(code: str) -> tuple[Change, ...]:
    """Changes of one indicator by later sets, by date."""
    kinds: tuple[Kind, ...] = ("limit", "index", "class")
    found = []
    for kind in kinds:
        for old, new in pairwise(_sets(kind)):
            before, after = _figures(kind, old, code), _figures(kind, new, code)
            found += [
                Change(new["from"], new["name"], kind, *at, before.get(at), after.get(at))
                for at in before | after
                if before.get(at) != after.get(at)
            ]
    return tuple(sorted(found, key=lambda change: change.on))


def _figures(kind: str, rules: Mapping[str, Any], code: str) -> dict[tuple[str, str], float]:
    """Every figure of an item by its column and place."""
    if kind == "limit":
        row, decimals = rules.get(code, {}), ["1", "2"]
    elif kind == "index":
        row, decimals = rules["breakpoints"].get(code, {}), [str(i) for i in air_tables()["iaqi"]]
    else:
        row, decimals = rules["items"].get(code, {}), rules["classes"]
    found: dict[tuple[str, str], float] = {}
    for column, value in row.items():
        if isinstance(value, list):
            found |= {(column, entry): v for entry, v in zip(decimals, value, strict=False)}
        elif not isinstance(value, bool):
            name, _, entry = column.partition("_")
            found[name, entry] = value
    return found


def unchanged(
    kinds: Collection[Kind], first: date, last: date
) -> Sequence[tuple[date, date, tuple[str, ...]]]:
    """The parts of a span, both ends included, in each of which the same sets of these kinds hold,
    with the names of the sets.

    Raises:
        FaultyInput: no set is known for its beginning.
    """
    every = [_sets(kind) for kind in kinds]
    begins = {of["from"] for sets in every for of in sets if first < of.get("from", first) <= last}
    edges = [first, *sorted(begins), last + timedelta(days=1)]
    return [
        (begin, end - timedelta(days=1), tuple(in_force(sets, begin)["name"] for sets in every))
        for begin, end in pairwise(edges)
    ]


def _sets(kind: Kind) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = {
        "limit": air_tables()["limits"],
        "index": air_tables()["set"],
        "class": water_tables()["set"],
    }[kind]
    return found
