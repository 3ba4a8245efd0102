"""Suits against a unit in a month, and what does not hold in a table of them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from api.accounts.records import Unit
from api.kinds.tables import Unsound, WholeRow

COUNTS = ("concluded", "lost", "attended")
_SHORTEST = 3
"""Characters of a name without 区 or 市 in front, by which the end of a longer one is known."""


@dataclass(frozen=True, slots=True)
class Month:
    """Suits against one unit that the court concluded in a month (``2026-10``): all, those that
    the unit lost, and those in which its head appeared; None: the table does not say.
    """

    month: str
    concluded: int
    lost: int
    attended: int | None


def unit_of(units: Sequence[Unit], name: str) -> str:
    """The id of a unit as a court writes it: by its whole name, or where one name alone is the end
    of the court's, as 区水利局 of 南通市通州区水利局; empty for none.
    """
    same = [of.id for of in units if of.name == name]
    ending = [of.id for of in units if _ends(name, of.name)]
    return next((found[0] for found in (same, ending) if len(found) == 1), "")


def faults(units: Sequence[Unit], rows: Sequence[WholeRow]) -> Sequence[Unsound]:
    """All that does not hold in a table, by row and field: units that are none of ours, one that
    stands twice in a month, counts below none or beyond what was concluded, and a line of sums
    that the rows do not make.
    """
    data = [of for of in rows if not of.label]
    sums = [of for of in rows if of.label]
    found = [fault for of in data for fault in _of_row(of)]
    found += _of_units(units, data)
    if not found and len(sums) == 1:
        found += _of_sums(sums[0], data)
    return found


def _ends(name: str, registered: str) -> bool:
    plain = registered.removeprefix("区").removeprefix("市")
    return len(plain) >= _SHORTEST and name.endswith(plain)


def _of_row(row: WholeRow) -> Iterator[Unsound]:
    counts = {name: count for name in COUNTS if (count := row.values[name]) is not None}
    for name, count in counts.items():
        if count < 0:
            yield Unsound(row.number, name, "below", str(count), "0")
        elif count > max(counts["concluded"], 0):
            yield Unsound(row.number, name, "beyond", str(count), str(counts["concluded"]))


def _of_units(units: Sequence[Unit], data: Sequence[WholeRow]) -> Iterator[Unsound]:
    seen: dict[tuple[str, str], int] = {}
    for row in data:
        name, month = row.values["name"], row.values["month"]
        unit = unit_of(units, name)
        if not unit:
            yield Unsound(row.number, "name", "unit-unknown", name)
        elif (unit, month) in seen:
            yield Unsound(row.number, "name", "twice", name, str(seen[unit, month]))
        else:
            seen[unit, month] = row.number


def _of_sums(sums: WholeRow, data: Sequence[WholeRow]) -> Iterator[Unsound]:
    for name in COUNTS:
        said, made = sums.values[name], sum(of.values[name] or 0 for of in data)
        if said not in (None, made):
            yield Unsound(sums.number, name, "sum", str(said), str(made))
