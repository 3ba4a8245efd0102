"""Payments without an indicator, and beyond one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from msgspec import Meta, Struct

from budget.detection.books import Adjustment, Books, Indicator, Payments
from budget.detection.budgets.matching.coding import (
    NO_YEAR,
    Codebook,
    Flags,
    Grouped,
    Ints,
    calendar,
    column,
    percent,
    plain,
    project_fact,
    sums,
    units,
)
from budget.detection.budgets.matching.linking import (
    EXACT,
    NONE,
    NORMALISED,
    Links,
    by_id,
    firsts,
    is_own,
)
from budget.detection.records import Fact, Grade, Question, RuleKind

Share = Annotated[float, Meta(ge=0, le=1)]
Cents = Annotated[int, Meta(ge=0)]
BY_ADJUSTMENT = ("追加", "调剂")
"""Sources of indicators that adjustments issue."""
Case = Literal["unknown", "another-unit", "unmatched", "held"]


class NoIndicator(Struct, frozen=True, forbid_unknown_fields=True):
    """A year of whose payments more than ``unmatched`` find no indicator is held: the data cannot
    be matched, which says nothing of the money.
    """

    unmatched: Share
    at_least_cents: Cents


@dataclass(frozen=True, slots=True)
class _Matched:
    links: Links
    by_item: Flags
    """Whether its unit has an indicator of its year for its project, or for its item."""
    others: Flags
    """Whether the indicator that the payment names is another unit's."""
    years: Ints


def find_without(books: Books, by: NoIndicator) -> Iterator[Question]:
    """Questions on payments that name an indicator that is not there, or another unit's; on those
    that name none and for whose unit, project and item there is none; and one on years held.
    """
    payments, matched = books.payments, _matched(books)
    named = np.array([*(bool(plain(of)) for of in payments.indicator.values), False])
    named = named[payments.indicator.codes]
    lost = (matched.links.grade == NONE) & ~matched.by_item
    held = _held(matched, lost, by.unmatched)
    asked = (payments.cents >= by.at_least_cents) & ~np.isin(matched.years, held)
    if len(held):
        yield _hold(books, matched, lost, held)
    unlinked = matched.links.grade == NONE
    for case, rows in (
        ("unknown", asked & named & unlinked),
        ("another-unit", asked & matched.others),
        ("unmatched", asked & ~named & lost),
    ):
        yield from _asked(books, case, matched, rows)


def _asked(books: Books, case: str, matched: _Matched, rows: Flags) -> Iterator[Question]:
    """A question for each unit, year and indicator that is named."""
    payments = books.payments
    unit = units(books.units)
    codes = unit.column(payments.unit)
    key = (codes * (len(payments.indicator.values) + 1) + payments.indicator.codes + 1) * 10000
    key = np.where(rows, key + matched.years, -1)
    grouped = Grouped(key)
    for number in np.unique(key[rows]):
        of = grouped.rows(int(number))
        first = int(of[0])
        indicator = payments.indicator.at(first)
        alike = bool(matched.by_item[of].any())
        facts: dict[str, Fact] = {
            "case": case,
            "indicator": indicator or "—",
            "year": int(matched.years[first]),
            "n": len(of),
            "alike": int(alike),
        }
        if case == "another-unit":
            facts["owner"] = books.indicators[matched.links.of[first]].unit
        yield Question(
            grade=_grade(case, alike=alike),
            unit=unit.texts[codes[first]],
            subject=f"{case}/{indicator}/{matched.years[first]}",
            cents=int(payments.cents[of].sum()),
            rows=tuple(map(int, of)),
            by_subject=True,
            facts=facts,
        )


def _grade(case: str, *, alike: bool) -> Grade:
    if case == "unmatched":
        return 3
    return 2 if alike or case == "another-unit" else 1


def _hold(books: Books, matched: _Matched, lost: Flags, held: Ints) -> Question:
    inside = np.isin(matched.years, held)
    cents = books.payments.cents
    return Question(
        grade=3,
        unit="",
        subject="held",
        cents=int(cents[lost & inside].sum()),
        rows=(),
        facts={
            "case": "held",
            "indicator": "—",
            "year": ", ".join(map(str, held)),
            "n": int((lost & inside).sum()),
            "of": int(inside.sum()),
            "unmatched_percent": percent(int((lost & inside).sum()), int(inside.sum())),
        },
    )


def _held(matched: _Matched, lost: Flags, limit: float) -> Ints:
    known = matched.years != NO_YEAR
    years, at = np.unique(matched.years[known], return_inverse=True)
    rows = np.bincount(at, minlength=len(years))
    unmatched = np.bincount(at, weights=lost[known], minlength=len(years))
    return years[unmatched > limit * rows]


def _matched(books: Books) -> _Matched:
    payments, indicators = books.payments, books.indicators
    links = by_id(payments.indicator, indicators)
    years, _ = calendar(payments.days)
    unit, project, item = units(books.units), Codebook(), Codebook()
    ours = (
        unit.codes(of.unit for of in indicators),
        column(of.year for of in indicators),
        project.codes(of.project for of in indicators),
        item.codes(of.economic for of in indicators),
    )
    theirs = (
        unit.column(payments.unit),
        years,
        project.column(payments.project),
        item.column(payments.economic),
    )
    sizes = (10000, len(project), len(item))
    alike = np.isin(_keys(theirs, sizes), _keys(ours, sizes))
    of_project = np.isin(_keys(theirs[:3], sizes), _keys(ours[:3], sizes))
    of_project &= theirs[2] != project.code("")
    return _Matched(links, alike | of_project, _others(books, links), years)


def _keys(columns: Sequence[Ints], sizes: Sequence[int]) -> Ints:
    """Several columns as one; ``sizes`` are those of all but the first."""
    key = columns[0]
    for of, size in zip(columns[1:], sizes, strict=False):
        key = key * size + of
    return key


def _others(books: Books, links: Links) -> Flags:
    """Payments with an indicator of another unit, its superior aside."""
    unit = units(books.units)
    owners = unit.codes([*(of.unit for of in books.indicators), ""])
    payers = unit.column(books.payments.unit)
    empty = unit.code("")
    pair = np.where(links.of < 0, -1, payers * len(unit) + owners[links.of])
    known, at = np.unique(pair, return_inverse=True)
    foreign = [
        number >= 0
        and empty not in divmod(int(number), len(unit))
        and not is_own(
            unit.texts[number // len(unit)], unit.texts[number % len(unit)], books.superiors
        )
        for number in known
    ]
    return np.array(foreign, dtype=bool)[at]


class OverIndicator(Struct, frozen=True, forbid_unknown_fields=True):
    """More than ``beyond_cents`` and more than ``beyond`` of an indicator paid above it."""

    beyond: Share
    beyond_cents: Cents


def find_over(books: Books, by: OverIndicator) -> Iterator[Question]:
    """A question for each indicator of which more was paid than it has after adjustments, with
    the payments that went beyond.
    """
    payments, indicators = books.payments, books.indicators
    links = by_id(payments.indicator, indicators)
    linked = (links.grade == EXACT) | (links.grade == NORMALISED)
    paid = sums(payments.cents[linked], links.of[linked], len(indicators))
    amount = _amounts(books)
    granted = amount + _adjusted(books, amount)
    beyond = paid - granted
    grouped = Grouped(np.where(linked, links.of, -1))
    for at in np.flatnonzero((beyond > by.beyond_cents) & (beyond > by.beyond * granted)):
        of = indicators[at]
        yield Question(
            grade=1,
            unit=of.unit,
            subject=of.id,
            cents=int(beyond[at]),
            rows=_beyond(payments, grouped.rows(int(at)), int(granted[at])),
            by_subject=True,
            facts={
                "indicator": of.id,
                "year": of.year,
                "project": project_fact(of.project),
                "amount_cents": int(amount[at]),
                "granted_cents": int(granted[at]),
                "paid_cents": int(paid[at]),
                "beyond_cents": int(beyond[at]),
            },
        )


def _beyond(payments: Payments, rows: Ints, granted: int) -> tuple[int, ...]:
    """Payments, in the order of their days, with which the sum is above what was granted."""
    ordered = rows[np.lexsort((payments.ids[rows], payments.days[rows]))]
    above = np.cumsum(payments.cents[ordered]) > granted
    return tuple(ordered[above & (payments.cents[ordered] > 0)].tolist())


def _amounts(books: Books) -> Ints:
    """The money of each indicator's id, at the one that stands for it."""
    first = firsts(books.indicators)
    at = column(first[of.id] for of in books.indicators)
    return sums(column(of.cents for of in books.indicators), at, len(at))


def _adjusted(books: Books, amount: Ints) -> Ints:
    """Additions by adjustments of each indicator's unit, project, item and year, those that give
    no item among them. Money that came as an indicator of its own is none of it.
    """
    unit = units(books.units)

    def key(of: Indicator | Adjustment) -> tuple[str, str, str, int]:
        return unit.spelt(of.unit), plain(of.project), plain(of.economic), of.year

    raised: dict[tuple[str, str, str, int], int] = {}
    for change in books.adjustments:
        raised[key(change)] = raised.get(key(change), 0) + change.cents
    for of in books.indicators:
        if plain(of.source) in BY_ADJUSTMENT and key(of) in raised:
            raised[key(of)] -= of.cents
    found = []
    for of in books.indicators:
        named, project, item, year = key(of)
        of_item = raised.get((named, project, item, year), 0)
        of_all = raised.get((named, project, "", year), 0) if item else 0
        found.append(max(0, of_item) + max(0, of_all))
    return np.array(found, dtype=np.int64) * (amount > 0)


WITHOUT = RuleKind(
    name="no-indicator",
    parameters=NoIndicator,
    needs=frozenset({"unit", "indicators", "indicator"}),
    find=find_without,
)
OVER = RuleKind(
    name="over-indicator",
    parameters=OverIndicator,
    needs=frozenset({"indicators", "indicator"}),
    find=find_over,
)
