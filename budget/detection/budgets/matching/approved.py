"""Money that a unit may spend in a year on each project, and its payments of it by month."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from budget.detection.books import NO_DAY, Books
from budget.detection.budgets.matching.coding import (
    MONTHS,
    NO_YEAR,
    Codebook,
    Flags,
    Grouped,
    Ints,
    calendar,
    column,
    plain,
    sums,
    units,
)
from budget.detection.budgets.matching.linking import by_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """Money by group (a unit's project, or its money without one), year and month, in cents."""

    first_year: int
    base: Ints
    """By group and year."""
    paid: Ints
    """By group, year and month: what was paid of the base in that month."""
    funds: Ints
    """The fund class of each group, as the number of a text of ``fund_names``."""
    groups: tuple[tuple[str, str], ...]
    fund_names: tuple[str, ...]
    months: Ints
    """The month of each payment, 0 to 11."""
    payments: Grouped
    """Payments of the base by group and year, as the number of a cell of ``base``."""

    def rows(self, group: int, year: int) -> Ints:
        """The payments of a group in a year."""
        return self.payments.rows(group * self.base.shape[1] + year)

    def unit(self, group: int) -> str:
        """The unit of a group."""
        return self.groups[group][0]

    def project(self, group: int) -> str:
        """The project of a group, empty for money without one."""
        return self.groups[group][1]

    def fund(self, group: int) -> str:
        """The fund class of a group, empty where none is known."""
        return self.fund_names[int(self.funds[group])]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """Rows of a table that gives money, or payments."""

    unit: Ints
    project: Ints
    year: Ints
    cents: Ints


def approved(
    books: Books, left_out: Collection[str], issued_until: int, year_starts: int
) -> Approved:
    """Money of the year's own indicators, or of budget lines where books have no indicators.

    Indicators whose source is ``left_out``, or issued after the month ``issued_until``, are no
    part of the base, and payments that name them no part of what was paid. Money that was cut
    or shifted away during the year makes the base smaller.
    """
    unit, project, fund = units(books.units), Codebook(), Codebook()
    own = own_money(books, left_out, issued_until, year_starts)
    given = _given(books, own, unit, project)
    spent, month, counted = _spent(books, own, unit, project, year_starts)
    cuts = _cuts(books, unit, project)
    keys = [of.unit * len(project) + of.project for of in (given, cuts, spent)]
    group, at = np.unique(np.concatenate(keys), return_inverse=True)
    at_given, at_cuts, at_spent = np.split(at, np.cumsum([len(of) for of in keys[:2]]))
    years = np.concatenate([given.year, spent.year])
    years = years[years != NO_YEAR]
    first, count = int(years.min()), int(np.ptp(years)) + 1
    size = len(group)

    def by_year(of: _Rows, where: Ints) -> Ints:
        seen = (of.year >= first) & (of.year < first + count)
        cell = where[seen] * count + of.year[seen] - first
        return sums(of.cents[seen], cell, size * count).reshape(size, count)

    base = by_year(given, at_given) + np.minimum(by_year(cuts, at_cuts), 0)
    cell = np.where(counted, at_spent * count + spent.year - first, -1)
    monthly = cell[counted] * MONTHS + month[counted]
    paid = sums(spent.cents[counted], monthly, size * count * MONTHS)
    codes = fund.column(books.payments.fund)
    return Approved(
        first_year=first,
        base=base,
        paid=paid.reshape(size, count, MONTHS),
        funds=_funds(codes, np.abs(spent.cents), at_spent, size, len(fund)),
        groups=tuple(
            (unit.texts[key // len(project)], project.texts[key % len(project)]) for key in group
        ),
        fund_names=tuple(fund.texts),
        months=month,
        payments=Grouped(cell),
    )


def own_money(books: Books, left_out: Collection[str], until: int, year_starts: int) -> Flags:
    """The indicators that are the year's own money: not of a source that is ``left_out``, nor
    issued after the month ``until`` of the budget year.
    """
    days = np.array([of.day for of in books.indicators], dtype=np.int32)
    year, month = calendar(days, year_starts)
    late = (days != NO_DAY) & (year == column(of.year for of in books.indicators))
    late &= month >= until
    outside = np.array([plain(of.source) in left_out for of in books.indicators], dtype=bool)
    own: Flags = ~late & ~outside
    return own


def _given(books: Books, own: Flags, unit: Codebook, project: Codebook) -> _Rows:
    if books.indicators:
        kept = [of for of, is_own in zip(books.indicators, own, strict=True) if is_own]
        return _Rows(
            unit=unit.codes(of.unit for of in kept),
            project=project.codes(of.project for of in kept),
            year=column(of.year for of in kept),
            cents=column(of.cents for of in kept),
        )
    return _Rows(
        unit=unit.codes(of.unit for of in books.lines),
        project=project.codes(of.project for of in books.lines),
        year=column(of.year for of in books.lines),
        cents=column(min(of.approved_cents, of.adjusted_cents) for of in books.lines),
    )


def _cuts(books: Books, unit: Codebook, project: Codebook) -> _Rows:
    changes = books.adjustments if books.indicators else ()
    return _Rows(
        unit=unit.codes(of.unit for of in changes),
        project=project.codes(of.project for of in changes),
        year=column(of.year for of in changes),
        cents=column(of.cents for of in changes),
    )


def _spent(
    books: Books, own: Flags, unit: Codebook, project: Codebook, year_starts: int
) -> tuple[_Rows, Ints, Flags]:
    """Payments, their months, and which of them were made of the year's own money."""
    payments = books.payments
    year, month = calendar(payments.days, year_starts)
    counted = year != NO_YEAR
    if books.indicators:
        link = by_id(payments.indicator, books.indicators).of
        counted &= np.append(own, True)[link]
    rows = _Rows(
        unit=unit.column(payments.unit),
        project=project.column(payments.project),
        year=year,
        cents=payments.cents,
    )
    return rows, month, counted


def _funds(codes: Ints, cents: Ints, at: Ints, size: int, count: int) -> Ints:
    """The fund class of which a group has most."""
    known, where = np.unique(at * count + codes, return_inverse=True)
    most = np.zeros(size, dtype=np.int64)
    total = sums(cents, where.reshape(-1), len(known))
    for cell in np.lexsort((-known, total)):
        most[known[cell] // count] = known[cell] % count
    return most
