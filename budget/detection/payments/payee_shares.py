"""Payees who get most of what a unit buys, and payees who are new and get much at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from budget.detection.books import MISSING, NO_DAY, Books, Payments
from budget.detection.payments.grouping import Mask, Rows, combined, grouped
from budget.detection.payments.identities import of_units, payees, within_units
from budget.detection.payments.purchases import of_purchases, tendered, years
from budget.detection.payments.purposes import holding
from budget.detection.payments.questions import asked
from budget.detection.payments.reversals import undone
from budget.detection.records import Question


class Concentration(Struct, frozen=True, forbid_unknown_fields=True):
    """``share`` of a project's payments of a year that one payee gets, or of a unit's payments of
    one economic code where no projects are known; of at least ``least_yuan``, in at least
    ``least_payments``. It is ``times_usual`` the highest share in other years, or ``share_alone``
    where there are none.
    ``codes`` as in splits; nothing is asked of contracts that came about in one of ``open_ways``,
    nor of payees whose names hold a word of ``sole_suppliers``. A code holds more than one thing,
    so that without projects ``times_usual_code`` and ``least_payments_code`` stand for the two.
    """

    share: float = 0.45
    least_yuan: int = 100_000
    least_payments: int = 3
    times_usual: float = 1.5
    share_alone: float = 0.7
    times_usual_code: float = 3.0
    least_payments_code: int = 6
    codes: tuple[str, ...] = ()
    open_ways: tuple[str, ...] = ()
    sole_suppliers: tuple[str, ...] = ()


class Newcomers(Struct, frozen=True, forbid_unknown_fields=True):
    """A payee whom nobody paid in ``quiet_days`` of books before gets at least ``least_yuan`` from
    one unit within ``days`` of the first payment, and from others and later nothing. ``codes`` and
    ``open_ways`` as in concentration. Where neither contracts nor purposes are known, it is less
    than ``limit_yuan_alone``, above which suppliers compete, and comes in unequal payments or is
    at least ``near_share_alone`` of that limit: one smaller payment may be anything.
    """

    quiet_days: int = 365
    days: int = 120
    least_yuan: int = 50_000
    limit_yuan_alone: int = 200_000
    near_share_alone: float = 0.8
    codes: tuple[str, ...] = ()
    open_ways: tuple[str, ...] = ()


def concentrations(books: Books, by: Concentration) -> Iterator[Question]:
    """One payee has most of what is paid, more than anybody has in other years."""
    payments = books.payments
    who = payees(payments.payee, payments.payee_account)
    counted = _bought(books, who, by.codes) & ~tendered(books, by.open_ways)
    counted &= ~holding(payments.payee, by.sole_suppliers)
    scope, rows = _scopes(payments)
    year = years(payments.days)
    pairs = grouped(rows[who[rows] != MISSING], payments.days, scope, year, who)
    if not len(pairs):
        return
    heads = pairs.rows[pairs.starts]
    total = _totals(payments, rows, scope, year)[heads]
    bought = counted[pairs.rows]
    sums = pairs.sums(payments.cents[pairs.rows] * bought)
    share = pairs.sums(payments.cents[pairs.rows]) / np.maximum(total, 1)
    usual = _usual(scope[heads], share, year[heads])
    large = (sums >= by.share * total) & (total >= 100 * by.least_yuan) & (sums < total)
    known = payments.project.known
    named = payments.project if known else payments.economic
    times = by.times_usual if known else by.times_usual_code
    large &= pairs.sums(bought * 1) >= (by.least_payments if known else by.least_payments_code)
    large &= share >= np.where(usual > 0, times * usual, by.share_alone)
    for group, few in pairs.each(large):
        found = few[counted[few]].tolist()
        if _is_one_contract(payments, found):
            continue
        cents, of_all = int(sums[group]), int(total[group])
        yield asked(
            payments,
            found,
            3,
            cents,
            scope="project" if known else "code" if named.at(found[0]) else "unit",
            project=named.at(found[0]),
            year=int(year[found[0]]) + 1970,
            total_cents=of_all,
            percent=round(100 * cents / of_all),
        )


def _is_one_contract(payments: Payments, rows: Sequence[int]) -> bool:
    return len({payments.contract.at(row) for row in rows} | {""}) == 2 and all(
        payments.contract.at(row) for row in rows
    )


def _scopes(payments: Payments) -> tuple[NDArray[np.int64], Rows]:
    """A number for each project of a unit, and the rows that are of one; for each code of a unit
    where no projects are known.
    """
    good = (payments.cents > 0) & (payments.days != NO_DAY)
    if not payments.project.known:
        return combined(payments.unit.codes + 1, payments.economic.codes + 1), np.flatnonzero(good)
    scope = combined(payments.unit.codes + 1, payments.project.codes + 1)
    return scope, np.flatnonzero(good & (payments.project.codes != MISSING))


def _totals(
    payments: Payments, rows: Rows, scope: NDArray[np.int64], year: NDArray[np.int64]
) -> NDArray[np.int64]:
    """For each row what is paid in its scope and year."""
    whole = grouped(rows, payments.days, scope, year)
    total = np.zeros(len(payments), np.int64)
    total[whole.rows] = whole.sums(payments.cents[whole.rows])[whole.of]
    return total


def _usual(
    scope: NDArray[np.int64], share: NDArray[np.float64], year: NDArray[np.int64]
) -> NDArray[np.float64]:
    """For each payee of a scope and year the median of the highest share that anybody has in the
    other years of the scope; 0 where there is no other.
    """
    high: dict[int, dict[int, float]] = {}
    for of, at, own in zip(scope.tolist(), year.tolist(), share.tolist(), strict=True):
        years_of = high.setdefault(of, {})
        years_of[at] = max(own, years_of.get(at, 0.0))
    found = [
        median([most for at, most in high[of].items() if at != own] or [0.0])
        for of, own in zip(scope.tolist(), year.tolist(), strict=True)
    ]
    return np.array(found)


def newcomers(books: Books, by: Newcomers) -> Iterator[Question]:
    """Somebody new gets much at once, and nothing after it."""
    payments = books.payments
    who = payees(payments.payee, payments.payee_account)
    rows = np.flatnonzero(
        _bought(books, who, by.codes) & ~within_units(payments.payee, payments.unit, books.units)
    )
    if not len(rows):
        return
    days = payments.days
    first, last = _span(payments, who)
    begin = int(days[days != NO_DAY].min()) + by.quiet_days
    new = (first >= begin) & (last < first + by.days)
    early = rows[new[who[rows]] & ~tendered(books, by.open_ways)[rows]]
    pairs = grouped(early, days, who, payments.unit.codes)
    sums = pairs.sums(payments.cents[pairs.rows])
    large = sums >= 100 * by.least_yuan
    if not (payments.contract.known or payments.use.known):
        limit = 100 * by.limit_yuan_alone
        first = payments.cents[pairs.rows[pairs.starts]]
        large &= (sums < limit) & (
            (sums != first * pairs.sizes) | (sums >= by.near_share_alone * limit)
        )
    for group, few in pairs.each(large):
        yield asked(payments, few.tolist(), 3, int(sums[group]), days=by.days)


def _bought(books: Books, who: NDArray[np.int32], codes: tuple[str, ...]) -> Mask:
    """Rows that are purchases, from others than units."""
    payments = books.payments
    good: Mask = (who != MISSING) & (payments.cents > 0) & (payments.days != NO_DAY)
    good &= ~of_units(payments.payee, payments.unit, books.units)
    good &= of_purchases(payments, codes) & ~undone(payments, who)
    return good


def _span(
    payments: Payments, who: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The days of the first and last payment to each payee, for whatever it was."""
    known = (who != MISSING) & (payments.days != NO_DAY)
    size = int(who.max(initial=0)) + 1
    first = np.full(size, np.iinfo(np.int64).max)
    last = np.zeros(size, np.int64)
    np.minimum.at(first, who[known], payments.days[known])
    np.maximum.at(last, who[known], payments.days[known])
    return first, last
