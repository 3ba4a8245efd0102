"""Payees who get most of what a unit buys, and payees who are new and get much at once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from budget.detection.books import MISSING, NO_DAY, Books, Payments
from budget.detection.payments.grouping import Rows, grouped
from budget.detection.payments.identities import payees
from budget.detection.payments.purchases import of_purchases, tendered, years
from budget.detection.payments.questions import asked
from budget.detection.payments.reversals import undone
from budget.detection.records import Question


class Concentration(Struct, frozen=True, forbid_unknown_fields=True):
    """``share`` of a unit's purchases of a year, of at least ``least_yuan`` and
    ``least_payments``, that one payee gets. ``codes`` as in splits; payments of contracts that
    came about in one of ``open_ways`` are left out.
    """

    share: float = 0.7
    least_yuan: int = 300_000
    least_payments: int = 5
    codes: tuple[str, ...] = ()
    open_ways: tuple[str, ...] = ()


class Newcomers(Struct, frozen=True, forbid_unknown_fields=True):
    """A payee whom nobody paid in ``quiet_days`` of books before gets at least ``least_yuan`` from
    one unit within ``days`` of the first payment, and ``least_share`` of what the unit buys in
    them. ``codes`` and ``open_ways`` as in concentration.
    """

    quiet_days: int = 365
    days: int = 120
    least_yuan: int = 300_000
    least_share: float = 0.25
    codes: tuple[str, ...] = ()
    open_ways: tuple[str, ...] = ()


def concentrations(books: Books, by: Concentration) -> Iterator[Question]:
    """One payee has most of what a unit buys in a year."""
    payments = books.payments
    who, rows = _bought(books, by.codes, by.open_ways)
    year = years(payments.days)
    units = grouped(rows, payments.days, payments.unit.codes, year)
    total = np.zeros(len(payments), np.int64)
    total[units.rows] = units.sums(payments.cents[units.rows])[units.of]
    pairs = grouped(rows, payments.days, payments.unit.codes, year, who)
    sums = pairs.sums(payments.cents[pairs.rows])
    whole = total[pairs.rows[pairs.starts]] if len(pairs) else sums
    large = (sums >= by.share * whole) & (whole >= 100 * by.least_yuan)
    large &= (pairs.sizes >= by.least_payments) & (sums < whole)
    for group, few in pairs.each(large):
        cents, of_all = int(sums[group]), int(whole[group])
        yield asked(
            payments,
            few.tolist(),
            3,
            cents,
            year=int(year[few[0]]) + 1970,
            total_cents=of_all,
            percent=round(100 * cents / of_all),
        )


def newcomers(books: Books, by: Newcomers) -> Iterator[Question]:
    """Somebody new gets much at once."""
    payments = books.payments
    who, rows = _bought(books, by.codes, by.open_ways)
    if not len(rows):
        return
    days = payments.days
    firsts = _firsts(payments, who)
    begin = int(days[days != NO_DAY].min()) + by.quiet_days
    early = rows[(firsts[who[rows]] >= begin) & (days[rows] < firsts[who[rows]] + by.days)]
    pairs = grouped(early, days, payments.unit.codes, who)
    sums = pairs.sums(payments.cents[pairs.rows])
    for group, few in pairs.each(sums >= 100 * by.least_yuan):
        unit, first = payments.unit.codes[few[0]], int(days[few[0]])
        beside = (payments.unit.codes[rows] == unit) & (days[rows] >= first)
        bought = int(payments.cents[rows[beside & (days[rows] < first + by.days)]].sum())
        cents = int(sums[group])
        if cents >= by.least_share * bought:
            percent = round(100 * cents / bought)
            yield asked(payments, few.tolist(), 3, cents, total_cents=bought, percent=percent)


def _bought(
    books: Books, codes: tuple[str, ...], open_ways: tuple[str, ...]
) -> tuple[NDArray[np.int32], Rows]:
    """Payees, and the rows that are purchases nobody tendered."""
    payments = books.payments
    who = payees(payments.payee, payments.payee_account)
    good = (who != MISSING) & (payments.cents > 0) & (payments.days != NO_DAY)
    good &= of_purchases(payments, codes) & ~tendered(books, open_ways) & ~undone(payments, who)
    return who, np.flatnonzero(good)


def _firsts(payments: Payments, who: NDArray[np.int32]) -> NDArray[np.int32]:
    """The day of the first payment to each payee, for whatever it was."""
    known = (who != MISSING) & (payments.days != NO_DAY)
    found = np.full(int(who.max(initial=0)) + 1, np.iinfo(np.int32).max, np.int32)
    np.minimum.at(found, who[known], payments.days[known])
    return found
