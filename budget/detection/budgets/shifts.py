"""Many small shifts between items (调剂) that together move much of an approved line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Literal

from msgspec import Meta, Struct

from budget.detection.books import Adjustment, Books
from budget.detection.budgets.matching.coding import percent, plain, project_fact, units
from budget.detection.records import Question, RuleKind

Share = Annotated[float, Meta(ge=0)]
Cents = Annotated[int, Meta(ge=0)]
Way = Literal["in", "out"]
Line = tuple[str, str, str, int]
Side = tuple[str, str, int, int, int]


class Parameters(Struct, frozen=True, forbid_unknown_fields=True):
    """At least ``count`` shifts of an item in one direction, none of which alone reached
    ``limit`` of the approved line, above which it would have had to be approved, and which
    together do, counted net.
    """

    kinds: tuple[str, ...]
    count: Annotated[int, Meta(ge=2)]
    limit: Share
    at_least_cents: Cents


def find(books: Books, by: Parameters) -> Iterator[Question]:
    """A question for each unit, project, item and year. A shift of which books have both sides
    counts for the item that gained. Where adjustments give no project, the lines of all projects
    are one.
    """
    approved, shifts = _lines(books), _shifts(books, by)
    sides = _sides(shifts)
    for line, of_line in sorted(shifts.items()):
        unit, project, _, year = line
        others = {
            of.id: sides.get((unit, project, year, of.day, -of.cents), set()) for of in of_line
        }
        judged = [of for of in of_line if of.cents > 0 or not others[of.id]]
        given = sum(of.cents for of in of_line if of not in judged)
        moved = _moved(judged, given, approved.get(line, 0), by)
        if moved:
            small, cents = moved
            records = {of.id for of in small}.union(*(others[of.id] for of in small))
            yield _question(line, small, approved.get(line, 0), cents, sorted(records))


def _moved(
    shifts: Sequence[Adjustment], given: int, approved: int, by: Parameters
) -> tuple[list[Adjustment], int] | None:
    """The small shifts of a line and what they moved on the whole, when what was ``given`` on is
    taken off; None where that is little.
    """
    limit = by.limit * approved
    net = sum(of.cents for of in shifts) + given
    small = [of for of in shifts if (of.cents > 0) == (net > 0) and abs(of.cents) < limit]
    back = sum(abs(of.cents) for of in shifts if (of.cents > 0) != (net > 0))
    moved = sum(abs(of.cents) for of in small) - back - (abs(given) if net > 0 else 0)
    enough = len(small) >= by.count and moved >= by.at_least_cents and moved > limit
    return (small, moved) if enough else None


def _sides(shifts: Mapping[Line, Sequence[Adjustment]]) -> dict[Side, set[str]]:
    """Shifts by unit, project, year, day and amount."""
    sides: dict[Side, set[str]] = {}
    for (unit, project, _, year), of_line in shifts.items():
        for of in of_line:
            sides.setdefault((unit, project, year, of.day, of.cents), set()).add(of.id)
    return sides


def _question(
    line: Line, small: Sequence[Adjustment], approved: int, moved: int, records: Sequence[str]
) -> Question:
    unit, project, item, year = line
    way: Way = "in" if small[0].cents > 0 else "out"
    return Question(
        grade=2,
        unit=unit,
        subject=f"{project}/{item}/{year}",
        cents=moved,
        rows=(),
        facts={
            "records": ",".join(records),
            "project": project_fact(project),
            "item": item,
            "year": year,
            "n": len(small),
            "way": way,
            "moved_cents": moved,
            "largest_cents": max(abs(of.cents) for of in small),
            "line_cents": approved,
            "line_percent": percent(moved, approved),
        },
    )


def _lines(books: Books) -> dict[Line, int]:
    unit = units(books.units)
    approved: dict[Line, int] = {}
    everywhere: dict[Line, int] = {}
    for of in books.lines:
        named, item = unit.spelt(of.unit), plain(of.economic)
        key = named, plain(of.project), item, of.year
        approved[key] = approved.get(key, 0) + of.approved_cents
        whole = named, "", item, of.year
        everywhere[whole] = everywhere.get(whole, 0) + of.approved_cents
    return {**everywhere, **approved}


def _shifts(books: Books, by: Parameters) -> dict[Line, list[Adjustment]]:
    unit = units(books.units)
    of_lines: dict[Line, list[Adjustment]] = {}
    for of in books.adjustments:
        if of.kind in by.kinds and of.cents:
            key = unit.spelt(of.unit), plain(of.project), plain(of.economic), of.year
            of_lines.setdefault(key, []).append(of)
    return of_lines


ITEM_SHIFT = RuleKind(
    name="item-shift",
    parameters=Parameters,
    needs=frozenset({"adjustments", "lines"}),
    find=find,
)
