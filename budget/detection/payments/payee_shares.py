"""Payees who get most of what a unit buys, and payees who are new and get much at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from budget.detection.books import MISSING, NO_DAY, Books, Payments, Texts
from budget.detection.payments.grouping import Groups, Mask, Rows, combined, grouped
from budget.detection.payments.identities import of_units, payees, within_units
from budget.detection.payments.purchases import of_purchases, tendered, years
from budget.detection.payments.purposes import holding
from budget.detection.payments.questions import asked
from budget.detection.payments.reversals import undone
from budget.detection.records import Fact, Question

_YEAR = 365
_MONTH = 365 / 12
"""In days; a question a month is one that somebody may look at, however small the books are."""
_NEARLY_ALL = 0.7
"""Of what a payee gets, by one contract."""


class Concentration(Struct, frozen=True, forbid_unknown_fields=True):
    """``share`` of a project's payments of a year that one payee gets, or of a unit's payments of
    one economic code where no projects are known; of at least ``least_yuan``, in at least
    ``least_payments``. It is ``times_usual`` the highest share in other years, or ``share_alone``
    where there are none, nor other units to compare with.
    ``codes`` as in splits; nothing is asked of contracts that came about in one of ``open_ways``,
    nor of payees whose names hold a word of ``sole_suppliers``. A code holds more than one thing,
    so that without projects ``times_usual_code`` and ``least_payments_code`` stand for the two.
    Without projects ``share_unit`` of all that a unit paid in a year is asked about, too, where it
    is ``times_usual`` the highest share in other units.
    """

    share: float = 0.45
    least_yuan: int = 100_000
    least_payments: int = 3
    times_usual: float = 1.5
    share_alone: float = 0.7
    share_unit: float = 0.5
    times_usual_code: float = 3.0
    least_payments_code: int = 6
    codes: tuple[str, ...] = ()
    open_ways: tuple[str, ...] = ()
    sole_suppliers: tuple[str, ...] = ()


class Newcomers(Struct, frozen=True, forbid_unknown_fields=True):
    """A payee whom nobody paid in ``quiet_days`` of books before gets at least ``least_yuan`` from
    one unit within ``days`` of the first payment, and from others and later nothing. ``codes`` and
    ``open_ways`` as in concentration. Where neither contracts nor purposes are known, equal
    payments are left out, and so is a single one from ``limit_yuan_alone`` on, for which suppliers
    compete: it is asked about where a unit has at most ``most_yearly_alone`` of them a year. A
    single one below it is at least ``near_share_alone`` of it.
    """

    quiet_days: int = 365
    days: int = 120
    least_yuan: int = 50_000
    limit_yuan_alone: int = 200_000
    near_share_alone: float = 0.15
    most_yearly_alone: float = 0.1
    codes: tuple[str, ...] = ()
    open_ways: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Scope:
    """Money that is shared: a number for each payment, the column that names it, what share of
    it is much, and in how many payments. ``times`` is that of the highest share that is usual:
    in its other ``years``, or elsewhere in the same year, or the higher of the two.
    """

    name: str
    number: NDArray[np.int64]
    named: Texts
    rows: Rows
    share: float
    least_payments: int
    times: float
    usual_in: Literal["years", "others", "both"]


def concentrations(books: Books, by: Concentration) -> Iterator[Question]:
    """One payee has most of what is paid, more than anybody has in other years, or elsewhere."""
    payments = books.payments
    who = payees(payments.payee, payments.payee_account)
    counted = _bought(books, who, by.codes) & ~tendered(books, by.open_ways)
    counted &= ~holding(payments.payee, by.sole_suppliers)
    taken: set[int] = set()
    for scope in _scopes(payments, by):
        for few, facts in _much(payments, who, counted, scope, by):
            if taken.isdisjoint(few) and not _is_one_contract(payments, few):
                taken.update(few)
                paid = int(payments.cents[few].sum())
                yield asked(payments, few, 3, paid, scope=scope.name, **facts)


def _much(
    payments: Payments, who: NDArray[np.int32], counted: Mask, scope: _Scope, by: Concentration
) -> Iterator[tuple[list[int], dict[str, Fact]]]:
    """Payments to each payee that has too much of a scope's money of a year, and the facts."""
    year = years(payments.days)
    known = scope.rows[who[scope.rows] != MISSING]
    pairs = grouped(known, payments.days, scope.number, year, who)
    if not len(pairs):
        return
    heads = pairs.rows[pairs.starts]
    total = _totals(payments, scope.rows, scope.number, year)[heads]
    bought = counted[pairs.rows]
    sums = pairs.sums(payments.cents[pairs.rows] * bought)
    share = pairs.sums(payments.cents[pairs.rows]) / np.maximum(total, 1)
    usual = np.zeros(len(pairs))
    if scope.usual_in != "others":
        usual = _usual(scope.number[heads], share, year[heads])
    if scope.usual_in != "years":
        usual = np.maximum(usual, _usual(year[heads], share, scope.number[heads]))
    large = (sums >= scope.share * total) & (total >= 100 * by.least_yuan) & (sums < total)
    large &= pairs.sums(bought * 1) >= scope.least_payments
    large &= share >= np.where(usual > 0, scope.times * usual, by.share_alone)
    for group, few in pairs.each(large):
        found = few[counted[few]].tolist()
        facts: dict[str, Fact] = {
            "project": scope.named.at(found[0]),
            "year": int(year[found[0]]) + 1970,
            "total_cents": int(total[group]),
            "percent": round(100 * int(sums[group]) / int(total[group])),
        }
        yield found, facts


def _is_one_contract(payments: Payments, rows: Sequence[int]) -> bool:
    """Whether one contract is nearly all of it: then it was one choice."""
    paid: dict[str, int] = {}
    for row in rows:
        number = payments.contract.at(row)
        paid[number] = paid.get(number, 0) + int(payments.cents[row])
    whole = sum(paid.values())
    paid.pop("", None)
    return max(paid.values(), default=0) >= _NEARLY_ALL * whole


def _scopes(payments: Payments, by: Concentration) -> Iterator[_Scope]:
    """Each project of a unit; where no projects are known each unit, and each of its codes."""
    good = (payments.cents > 0) & (payments.days != NO_DAY)
    unit, rows = payments.unit.codes + 1, np.flatnonzero(good)
    if payments.project.known:
        number = combined(unit, payments.project.codes + 1)
        rows = np.flatnonzero(good & (payments.project.codes != MISSING))
        named, least = payments.project, by.least_payments
        yield _Scope("project", number, named, rows, by.share, least, by.times_usual, "years")
        return
    least = by.least_payments_code
    whole, unnamed = unit.astype(np.int64), Texts(np.full(len(unit), MISSING, np.int32))
    yield _Scope("unit", whole, unnamed, rows, by.share_unit, least, by.times_usual, "others")
    if payments.economic.known:
        number = combined(unit, payments.economic.codes + 1)
        times = by.times_usual_code
        yield _Scope("code", number, payments.economic, rows, by.share, least, times, "both")


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
    other years of the scope; 0 where there is no other. Scopes and years may change places.
    """
    pair, of_pair = np.unique(combined(scope, year), return_index=True, return_inverse=True)[1:]
    high = np.zeros(len(pair))
    np.maximum.at(high, of_pair, share)
    others = np.zeros(len(pair))
    order = np.lexsort((high, scope[pair]))
    for own in np.split(order, np.flatnonzero(np.diff(scope[pair][order])) + 1):
        if len(own) > 1:
            others[own] = _medians_of_others(high[own])
    return others[of_pair]


def _medians_of_others(rising: NDArray[np.float64]) -> NDArray[np.float64]:
    """For each of two or more values in ascending order the median of the rest."""
    last = len(rising) - 1
    number, low, high = np.arange(last + 1), (last - 1) // 2, last // 2
    found: NDArray[np.float64] = (
        rising[low + (number <= low)] + rising[high + (number <= high)]
    ) / 2
    return found


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
    known = days[days != NO_DAY]
    begin = int(known.min()) + min(by.quiet_days, int(np.ptp(known)) // 2)
    new = (first >= begin) & (last < first + by.days)
    early = rows[new[who[rows]] & ~tendered(books, by.open_ways)[rows]]
    pairs = grouped(early, days, who, payments.unit.codes)
    sums = pairs.sums(payments.cents[pairs.rows])
    large = sums >= 100 * by.least_yuan
    if not books.contracts:
        large &= _strange_alone(payments, pairs, large, begin, by)
    for group, few in pairs.each(large):
        yield asked(payments, few.tolist(), 3, int(sums[group]), days=by.days)


def _strange_alone(
    payments: Payments, pairs: Groups, large: Mask, begin: int, by: Newcomers
) -> Mask:
    """Large sums that mean something by themselves: unequal payments, one below the limit, and one
    above it only in books in which that hardly happens.
    """
    sums = pairs.sums(payments.cents[pairs.rows])
    first = payments.cents[pairs.rows[pairs.starts]]
    limit, single = 100 * by.limit_yuan_alone, pairs.sizes == 1
    above = large & single & (sums >= limit)
    span = int(payments.days.max()) - begin + 1
    units = len(np.unique(payments.unit.codes))
    below = int((large & single & (sums < limit)).sum())
    bearable = (by.most_yearly_alone * units * span / _YEAR, span / _MONTH, below / 2)
    rare = above.sum() <= max(bearable)
    usual = ~single & (sums == first * pairs.sizes)
    usual |= single & (sums < by.near_share_alone * limit)
    found: Mask = ~usual if rare else ~usual & ~above
    return found


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
