"""Many small shifts between items (调剂) that together move much of an approved line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

from msgspec import Meta, Struct

from budget.detection.books import Adjustment, Books
from budget.detection.budgets.matching.coding import percent, plain, project_fact, units
from budget.detection.records import Question, RuleKind

Share = Annotated[float, Meta(ge=0)]
Cents = Annotated[int, Meta(ge=0)]
Line = tuple[str, str, str, int]


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
    """A question for each unit, project, item and year. Where adjustments give no project, the
    lines of all projects are one.
    """
    approved = _lines(books)
    for line, shifts in sorted(_shifts(books, by).items()):
        limit = by.limit * approved.get(line, 0)
        net = sum(of.cents for of in shifts)
        small = [of for of in shifts if (of.cents > 0) == (net > 0) and abs(of.cents) < limit]
        back = sum(abs(of.cents) for of in shifts if (of.cents > 0) != (net > 0))
        moved = sum(abs(of.cents) for of in small) - back
        if len(small) >= by.count and moved >= by.at_least_cents and moved > limit:
            yield _question(line, small, approved.get(line, 0), moved)


def _question(line: Line, small: Sequence[Adjustment], approved: int, moved: int) -> Question:
    unit, project, item, year = line
    return Question(
        grade=2,
        unit=unit,
        subject=f"{project}/{item}/{year}",
        cents=moved,
        rows=(),
        facts={
            "project": project_fact(project),
            "item": item,
            "year": year,
            "n": len(small),
            "way": "in" if small[0].cents > 0 else "out",
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
