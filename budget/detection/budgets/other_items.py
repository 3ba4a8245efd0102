"""Items for what is otherwise not classified (其他) that take a large share of the money."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from msgspec import Meta, Struct

from budget.detection.books import Books, Payments
from budget.detection.budgets.matching.coding import (
    NO_YEAR,
    Codebook,
    Flags,
    Grouped,
    Ints,
    bare,
    calendar,
    percent,
    plain,
    sums,
    units,
)
from budget.detection.records import Question, RuleKind

Share = Annotated[float, Meta(ge=0, le=1)]


WHOLE = "whole"
"""The project among the facts of a question about all that a unit paid."""
MOST = 0.9
"""Of the money in question, that the payments of a question make up."""


class Parameters(Struct, frozen=True, forbid_unknown_fields=True):
    """Items that end with ``ending`` and take more than ``share`` of what a unit paid in a year
    under all codes but those that begin with ``aside``, as for wages and works.
    """

    ending: str
    share: Share
    aside: tuple[str, ...]
    at_least_cents: Annotated[int, Meta(ge=0)]


def find(books: Books, by: Parameters) -> Iterator[Question]:
    """A question for each unit and year, and, of units that are not asked about, each project and
    year. Payments to another unit are none of what it bought.
    """
    payments = books.payments
    unit, project = units(books.units), Codebook()
    codes, projects = unit.column(payments.unit), project.column(payments.project)
    years, _ = calendar(payments.days)
    counted, other = _counted(books, by)
    counted &= years != NO_YEAR
    other &= counted
    approved = _approved(books, by)
    of_units = codes * 10000 + years
    of_projects = of_units * len(project) + projects
    asked = set()
    for sums_of in _above(payments.cents, of_units, counted, other, by):
        asked.add(sums_of.key)
        named = unit.texts[sums_of.key // 10000], int(sums_of.key % 10000)
        yield _question(payments, *named, WHOLE, sums_of, approved.get(named, 0))
    other &= projects != project.code("")
    for sums_of in _above(payments.cents, of_projects, counted, other, by):
        of_unit, at = divmod(sums_of.key, len(project))
        if of_unit not in asked:
            named = unit.texts[of_unit // 10000], int(of_unit % 10000)
            yield _question(payments, *named, project.texts[at], sums_of, approved.get(named, 0))


@dataclass(frozen=True, slots=True)
class _Sums:
    """Money under such items and all that counts, and the rows of the former."""

    key: int
    other: int
    total: int
    rows: Ints


def _above(cents: Ints, keys: Ints, counted: Flags, other: Flags, by: Parameters) -> list[_Sums]:
    """Keys under which such items take more than their share."""
    known, at = np.unique(keys, return_inverse=True)
    total = sums(cents[counted], at[counted], len(known))
    paid = sums(cents[other], at[other], len(known))
    grouped = Grouped(np.where(other, at, -1))
    above = (paid >= max(by.at_least_cents, 1)) & (paid > by.share * total)
    return [
        _Sums(int(known[of]), int(paid[of]), int(total[of]), grouped.rows(of))
        for of in np.flatnonzero(above).tolist()
    ]


def _question(
    payments: Payments, unit: str, year: int, project: str, of: _Sums, line: int
) -> Question:
    return Question(
        grade=2,
        unit=unit,
        subject=f"{project}/{year}",
        cents=of.other,
        rows=_largest(payments, of.rows),
        by_subject=True,
        facts={
            "project": project,
            "year": year,
            "other_cents": of.other,
            "total_cents": of.total,
            "other_percent": percent(of.other, of.total),
            "line_cents": line,
        },
    )


def _counted(books: Books, by: Parameters) -> tuple[Flags, Flags]:
    """Payments that count, and those of them under such items."""
    payments, item = books.payments, Codebook()
    items = item.column(payments.economic)
    own = {bare(of) for of in (*books.units, *books.units.values())}
    between = np.array([*(bare(of) in own for of in payments.payee.values), False], dtype=bool)
    counted = _chosen(item, lambda of: bool(of) and not of.startswith(by.aside))[items]
    counted &= ~between[payments.payee.codes]
    other: Flags = counted & _chosen(item, lambda of: of.endswith(by.ending))[items]
    return counted, other


def _largest(payments: Payments, rows: Ints) -> tuple[int, ...]:
    """The largest of some payments that together make up most of them."""
    ordered = rows[np.lexsort((payments.ids[rows], -payments.cents[rows]))]
    before = np.cumsum(payments.cents[ordered]) - payments.cents[ordered]
    most = before < MOST * int(payments.cents[rows].sum())
    return tuple(ordered[most & (payments.cents[ordered] > 0)].tolist())


def _chosen(item: Codebook, by: Callable[[str], bool]) -> Flags:
    return np.array([by(of) for of in item.texts], dtype=bool)


def _approved(books: Books, by: Parameters) -> dict[tuple[str, int], int]:
    """Approved lines of such items, by unit and year."""
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
