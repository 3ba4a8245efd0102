"""Many small shifts between items (调剂) that together move much of an approved line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

from msgspec import Meta, Struct

from budget.detection.books import Adjustment, Books
from budget.detection.budgets.matching.coding import percent, plain, units
from budget.detection.records import Question, RuleKind

Share = Annotated[float, Meta(ge=0)]
Cents = Annotated[int, Meta(ge=0)]
Line = tuple[str, str, int]


class Parameters(Struct, frozen=True, forbid_unknown_fields=True):
    """At least ``count`` shifts in one direction, none of them over ``each_cents`` or
    ``each_share`` of the approved line, that move more than ``share`` of it, counted net.
    """

    kinds: tuple[str, ...]
    count: Annotated[int, Meta(ge=2)]
    each_cents: Cents
    each_share: Share
    share: Share
    at_least_cents: Cents


def find(books: Books, by: Parameters) -> Iterator[Question]:
    """A question for each unit, item and year."""
    approved, of_items = _lines(books), _shifts(books, by)
    for (unit, item, year), shifts in sorted(of_items.items()):
        line = approved.get((unit, item, year), 0)
        net = sum(of.cents for of in shifts)
        same = [of for of in shifts if (of.cents > 0) == (net > 0)]
        limit = max(by.each_cents, by.each_share * line)
        small = [of for of in same if abs(of.cents) < limit]
        moved = abs(sum(of.cents for of in small)) - abs(net - sum(of.cents for of in same))
        if len(small) < by.count or moved < by.at_least_cents or moved <= by.share * line:
            continue
        yield _question(unit, item, year, small, line, moved)


def _question(
    unit: str, item: str, year: int, small: Sequence[Adjustment], line: int, moved: int
) -> Question:
    return Question(
        grade=2,
        unit=unit,
        subject=f"{item}/{year}",
        cents=moved,
        rows=(),
        facts={
            "item": item,
            "year": year,
            "n": len(small),
            "way": "in" if small[0].cents > 0 else "out",
            "moved_cents": moved,
            "largest_cents": max(abs(of.cents) for of in small),
            "line_cents": line,
            "line_percent": percent(moved, line),
        },
    )


def _lines(books: Books) -> dict[Line, int]:
    unit = units(books.units)
    approved: dict[Line, int] = {}
    for of in books.lines:
        key = (unit.spelt(of.unit), plain(of.economic), of.year)
        approved[key] = approved.get(key, 0) + of.approved_cents
    return approved


def _shifts(books: Books, by: Parameters) -> dict[Line, list[Adjustment]]:
    unit = units(books.units)
    of_items: dict[Line, list[Adjustment]] = {}
    for of in books.adjustments:
        if of.kind in by.kinds and of.cents:
            key = (unit.spelt(of.unit), plain(of.economic), of.year)
            of_items.setdefault(key, []).append(of)
    return of_items


ITEM_SHIFT = RuleKind(
    name="item-shift",
    parameters=Parameters,
    needs=frozenset({"adjustments", "lines"}),
    find=find,
)
