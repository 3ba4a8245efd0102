"""Items for what is otherwise not classified (其他) that take a large share of the money."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated

import numpy as np
from msgspec import Meta, Struct

from budget.detection.books import Books
from budget.detection.budgets.matching.coding import (
    NO_YEAR,
    Codebook,
    Flags,
    Grouped,
    bare,
    calendar,
    percent,
    plain,
    sums,
    units,
)
from budget.detection.records import Question, RuleKind

Share = Annotated[float, Meta(ge=0, le=1)]


class Parameters(Struct, frozen=True, forbid_unknown_fields=True):
    """Items that end with ``ending`` and take more than ``share`` of what a unit paid in a year
    under all codes but those that begin with ``aside``, as for wages and works.
    """

    ending: str
    share: Share
    aside: tuple[str, ...]
    at_least_cents: Annotated[int, Meta(ge=0)]


def find(books: Books, by: Parameters) -> Iterator[Question]:
    """A question for each unit and year. Payments to another unit are none of what it bought."""
    payments = books.payments
    unit, item = units(books.units), Codebook()
    codes, items = unit.column(payments.unit), item.column(payments.economic)
    years, _ = calendar(payments.days)
    own = {bare(of) for of in (*books.units, *books.units.values())}
    between = [*(bare(of) in own for of in payments.payee.values), False]
    counted = ~np.array(between, dtype=bool)[payments.payee.codes]
    counted &= _chosen(item, lambda of: bool(of) and not of.startswith(by.aside))[items]
    counted &= years != NO_YEAR
    other = counted & _chosen(item, lambda of: of.endswith(by.ending))[items]
    key = codes * 10000 + years
    known, at = np.unique(key, return_inverse=True)
    total = sums(payments.cents[counted], at[counted], len(known))
    paid = sums(payments.cents[other], at[other], len(known))
    approved = _approved(books, by)
    grouped = Grouped(np.where(other, at, -1))
    for of in np.flatnonzero((paid >= max(by.at_least_cents, 1)) & (paid > by.share * total)):
        named, year = unit.texts[known[of] // 10000], int(known[of] % 10000)
        yield Question(
            grade=2,
            unit=named,
            subject=str(year),
            cents=int(paid[of]),
            rows=tuple(map(int, grouped.rows(int(of)))),
            facts={
                "year": year,
                "other_cents": int(paid[of]),
                "total_cents": int(total[of]),
                "other_percent": percent(int(paid[of]), int(total[of])),
                "line_cents": approved.get((named, year), 0),
            },
        )


def _chosen(item: Codebook, by: Callable[[str], bool]) -> Flags:
    return np.array([by(of) for of in item.texts], dtype=bool)


def _approved(books: Books, by: Parameters) -> dict[tuple[str, int], int]:
    """What the budget has for such items, by unit and year."""
    unit = units(books.units)
    approved: dict[tuple[str, int], int] = {}
    for of in books.lines:
        item = plain(of.economic)
        if item.endswith(by.ending) and not item.startswith(by.aside):
            key = unit.spelt(of.unit), of.year
            approved[key] = approved.get(key, 0) + of.approved_cents
    return approved


OTHER_SHARE = RuleKind(
    name="other-share",
    parameters=Parameters,
    needs=frozenset({"unit", "economic", "days"}),
    find=find,
)
