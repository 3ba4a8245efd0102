"""Money of a year spent in its last weeks (年底突击花钱)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Annotated

import numpy as np
from msgspec import Meta, Struct, structs

from budget.detection.books import MISSING, NO_DAY, Books, Payments
from budget.detection.budgets.matching.approved import approved, own_money
from budget.detection.budgets.matching.coding import (
    MONTHS,
    NO_YEAR,
    Codebook,
    Flags,
    Floats,
    Grouped,
    Ints,
    bare,
    calendar,
    percent,
    plain,
    project_fact,
    sums,
    units,
)
from budget.detection.budgets.matching.linking import by_id
from budget.detection.records import Question, RuleKind

Share = Annotated[float, Meta(ge=0, le=1)]
Month = Annotated[int, Meta(ge=1, le=12)]
_FAR = 1 << 32
_MOST = 0.9
_LEAST_USES = 3
"""Payments of an indicator on the average: money is not issued for each."""


class Parameters(Struct, frozen=True, forbid_unknown_fields=True):
    """When spending is called a rush: more than ``share`` of the year's own money paid from the
    month ``from_month`` on, and ``above_own`` more than the middle of the earlier years.
    """

    share: Share
    above_own: Share
    from_month: Month
    history: Annotated[int, Meta(ge=1, le=20)]
    """Earlier full years of a unit where there are no indicators; with fewer it is held against
    the other units, of which there must be more.
    """
    contract_days: Annotated[int, Meta(ge=0)]
    """Payments that a contract signed so long before asks for are no rush."""
    at_least_cents: Annotated[int, Meta(ge=0)]
    left_out: tuple[str, ...]
    issued_until: Month
    year_starts: Month = 1
    share_code: Share = 0.4
    """Of an economic code of a unit, where no projects are known. A rush is many payments to
    several payees, as few are deliveries, settlements or money that came late: at least
    ``least_payments_code`` make up nine tenths of it, and no payee has ``most_of_a_payee``.
    """
    least_payments_code: Annotated[int, Meta(ge=1)] = 5
    most_of_a_payee: Share = 0.7


def find(books: Books, by: Parameters) -> Iterator[Question]:
    """A question a project and year; without indicators also a unit and year."""
    return _of_projects(books, by) if books.indicators else _of_payments(books, by)


def _of_projects(books: Books, by: Parameters) -> Iterator[Question]:
    money = approved(books, by.left_out, by.issued_until, by.year_starts)
    bound = _bound(books, by)
    late = money.paid[:, :, by.from_month - 1 :].sum(axis=2)
    base = np.minimum(money.base, money.paid.sum(axis=2))
    share = np.where(base > 0, late / np.maximum(base, 1), 0.0)
    added, other = _added(books, by), _Other(books, by)
    for group, year in np.argwhere((late >= by.at_least_cents) & (share > by.share)):
        rows = money.rows(group, year)
        rows = rows[(money.months[rows] >= by.from_month - 1) & ~bound[rows]]
        free = int(books.payments.cents[rows].sum())
        free -= added.get((money.groups[group], int(money.first_year + year)), 0)
        free -= other.paid(money.groups[group], int(money.first_year + year), rows)
        now = free / int(base[group, year])
        usual = _usual(share[group], base[group] > 0, int(year))
        if free < by.at_least_cents or now <= by.share or now - usual < by.above_own:
            continue
        named = int(money.first_year + year)
        yield Question(
            grade=2,
            unit=money.unit(group),
            subject=f"{money.project(group)}/{named}",
            cents=free,
            rows=tuple(map(int, rows)),
            by_subject=True,
            facts={
                "project": project_fact(money.project(group)),
                "year": named,
                "base_cents": int(base[group, year]),
                "late_cents": free,
                "late_percent": percent(now, 1),
                "own_percent": percent(usual, 1),
            },
        )


class _Other:
    """Money left out, of which payments that name no indicator may have been made: first of all,
    so that nobody is asked about money of which nothing is known.
    """

    def __init__(self, books: Books, by: Parameters) -> None:
        unit = units(books.units)
        self._cents = books.payments.cents
        links = by_id(books.payments.indicator, books.indicators).of
        self._unlinked = links < 0
        linked = ~self._unlinked
        paid = sums(self._cents[linked], links[linked], len(books.indicators)).tolist()
        own = own_money(books, by.left_out, by.issued_until, by.year_starts).tolist()
        self._left: dict[tuple[tuple[str, str], int], int] = {}
        for of, spent, is_own in zip(books.indicators, paid, own, strict=True):
            if not is_own:
                key = (unit.spelt(of.unit), plain(of.project)), of.year
                self._left[key] = self._left.get(key, 0) + max(0, of.cents - spent)

    def paid(self, project: tuple[str, str], year: int, rows: Ints) -> int:
        """The part of some payments of a unit's project that may have been of such money."""
        unknown = int(self._cents[rows[self._unlinked[rows]]].sum())
        return max(0, min(unknown, self._left.get((project, year), 0)))


def _added(books: Books, by: Parameters) -> dict[tuple[tuple[str, str], int], int]:
    """Money that adjustments of autumn added to a project, by unit and project, and year."""
    unit = units(books.units)
    _, month = calendar(np.array([of.day for of in books.adjustments], dtype=np.int32))
    added: dict[tuple[tuple[str, str], int], int] = {}
    for of, at in zip(books.adjustments, month.tolist(), strict=True):
        if of.day != NO_DAY and at >= by.issued_until:
            key = (unit.spelt(of.unit), plain(of.project)), of.year
            added[key] = max(0, added.get(key, 0) + of.cents)
    return added


def _usual(share: Floats, known: Flags, year: int) -> float:
    """The middle of the years before, or, where there is none, of those after."""
    others = share[:year][known[:year]]
    if not len(others):
        others = share[year + 1 :][known[year + 1 :]]
    return float(np.median(others)) if len(others) else 0.0


def _bound(books: Books, by: Parameters) -> Flags:
    """Payments that a contract signed long before asked for."""
    signed = {bare(of.id): of.day for of in books.contracts if of.day != NO_DAY and bare(of.id)}
    column = books.payments.contract
    latest = np.iinfo(np.int32).max
    days = [*(signed.get(bare(text), latest) for text in column.values), latest]
    since = books.payments.days - np.array(days, dtype=np.int64)[column.codes]
    bound: Flags = since >= by.contract_days
    return bound


def _of_payments(books: Books, by: Parameters) -> Iterator[Question]:
    """Each project of a unit, where payments name projects, and each unit as a whole, unless its
    projects are most of it.
    """
    payments, asked = books.payments, set[int]()
    unit = units(books.units)
    codes = unit.column(payments.unit)
    if payments.project.known:
        known = payments.project.codes != MISSING
        pairs, of = np.unique(codes * _FAR + payments.project.codes, return_inverse=True)
        heads = np.zeros(len(pairs), dtype=np.int64)
        heads[of] = np.arange(len(of))
        names = [(unit.texts[codes[row]], payments.project.at(row)) for row in heads.tolist()]
        for question in _of_scopes(books, by, np.where(known, of, -1), names):
            asked.update(question.rows)
            yield question
    for question in _of_scopes(books, by, codes, [(name, "") for name in unit.texts]):
        left = [row for row in question.rows if row not in asked]
        if 2 * int(payments.cents[left].sum()) > question.cents:
            asked.update(left)
            yield question
    if payments.economic.known and not payments.project.known:
        for question in _of_items(books, by, codes, unit.texts):
            if asked.isdisjoint(question.rows):
                yield question


def _of_items(
    books: Books, by: Parameters, units_of: Ints, names: Sequence[str]
) -> Iterator[Question]:
    """Each economic code of a unit, with the largest payments that make up nine tenths."""
    payments = books.payments
    item = payments.economic
    known = item.codes != MISSING
    pairs, of = np.unique(units_of[known] * _FAR + item.codes[known], return_inverse=True)
    named = [(names[pair // _FAR], item.values[pair % _FAR]) for pair in pairs.tolist()]
    scope = np.full(len(payments), -1)
    scope[known] = of
    payee = Codebook(bare).column(payments.payee)
    for question in _of_scopes(books, structs.replace(by, share=by.share_code), scope, named):
        rows = np.array(question.rows)
        rows = rows[np.argsort(-payments.cents[rows], kind="stable")]
        cents = payments.cents[rows]
        most = rows[np.cumsum(cents) - cents < _MOST * cents.sum()]
        dearest = np.bincount(payee[rows], weights=cents).max()
        if len(most) >= by.least_payments_code and dearest < by.most_of_a_payee * cents.sum():
            yield replace(question, rows=tuple(sorted(most.tolist())))


def _of_scopes(
    books: Books, by: Parameters, of: Ints, names: Sequence[tuple[str, str]]
) -> Iterator[Question]:
    """``of`` is the scope of each payment, -1 for none; ``names`` are unit and project of each."""
    payments = books.payments
    year, month = calendar(payments.days, by.year_starts)
    dated = year != NO_YEAR
    first, size = int(year[dated].min()), int(np.ptp(year[dated])) + 1
    own = dated & (of >= 0) & ~_of_autumn(payments, year, month, by)
    at = np.where(own, of * size + year - first, -1)
    end = own & (month >= by.from_month - 1) & ~(_bound(books, by) | _begun(payments, by))
    total, late = (
        sums(payments.cents[rows], at[rows], len(names) * size).reshape(len(names), size)
        for rows in (own, end)
    )
    seen = np.unique((year[dated] - first) * MONTHS + month[dated])
    full = np.bincount(seen // MONTHS, minlength=size) == MONTHS
    share = np.where(total > 0, late / np.maximum(total, 1), 0.0)
    known = full & (total > 0)
    grouped = Grouped(np.where(end, at, -1))
    for scope, now in np.argwhere((late >= by.at_least_cents) & (share > by.share) & known):
        usual = _usual_alone(share, known, int(scope), int(now), by, beside=not names[scope][1])
        if usual is None or share[scope, now] - usual < by.above_own:
            continue
        (unit, project), named = names[scope], int(first + now)
        yield Question(
            grade=3,
            unit=unit,
            subject=f"{project}/{named}" if project else str(named),
            cents=int(late[scope, now]),
            rows=tuple(map(int, grouped.rows(int(scope * size + now)))),
            by_subject=True,
            facts={
                "project": project_fact(project),
                "year": named,
                "base_cents": int(total[scope, now]),
                "late_cents": int(late[scope, now]),
                "late_percent": percent(float(share[scope, now]), 1),
                "own_percent": percent(usual, 1),
            },
        )


def _usual_alone(
    share: Floats, known: Flags, scope: int, now: int, by: Parameters, *, beside: bool
) -> float | None:
    """The highest share of the scope's other years; where they are too few, the higher of it and
    of the middle of the scopes ``beside`` it in that year; nothing where these are too few, too.
    """
    others = known[scope].copy()
    others[now] = False
    own = share[scope][others]
    if len(own) >= by.history:
        return float(own.max())
    around = share[known[:, now], now]
    if not beside or len(around) <= by.history:
        return None
    return max(float(np.median(around)), float(own.max(initial=0.0)))


def _of_autumn(payments: Payments, year: Ints, month: Ints, by: Parameters) -> Flags:
    """Payments of indicators that were first used in a year after ``issued_until``: as far as
    payments tell, there was no such money before. Numbers that hardly repeat are no indicators.
    """
    known = (payments.indicator.codes != MISSING) & (year != NO_YEAR)
    found = np.zeros(len(payments), dtype=bool)
    rows = np.flatnonzero(known)
    uses, of = np.unique(year[rows] * _FAR + payments.indicator.codes[rows], return_inverse=True)
    if len(rows) < _LEAST_USES * len(uses):
        return found
    begun = np.full(len(uses), MONTHS)
    np.minimum.at(begun, of, month[rows])
    found[rows] = begun[of] >= by.issued_until
    return found


def _begun(payments: Payments, by: Parameters) -> Flags:
    """Payments of contracts of which something was paid long before."""
    codes = payments.contract.codes
    known = (codes != MISSING) & (payments.days != NO_DAY)
    begun = np.full(len(payments.contract.values) + 1, np.iinfo(np.int64).max)
    np.minimum.at(begun, codes[known], payments.days[known])
    found: Flags = known & (payments.days - begun[codes] >= by.contract_days)
    return found


YEAR_END_RUSH = RuleKind(
    name="year-end-rush",
    parameters=Parameters,
    needs=frozenset({"unit", "days"}),
    find=find,
)
