"""Signs that mean little alone: payments on days off, and round sums."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from budget.detection.books import MISSING, NO_DAY, Books, Payments
from budget.detection.payments.grouping import Mask, grouped
from budget.detection.payments.identities import payees
from budget.detection.payments.purchases import of_purchases, years
from budget.detection.payments.questions import asked
from budget.detection.payments.reversals import undone
from budget.detection.payments.series import periods
from budget.detection.records import Question
from budget.persons import is_person
from config.working_days import Reason, WorkingDays, load

_EPOCH = date(1970, 1, 1)
_WORKING, _WEEKEND, _HOLIDAY = 0, 1, 2


class Weekends(Struct, frozen=True, forbid_unknown_fields=True):
    """``least_yuan`` of a payment. Where a day off has more than ``most_usual`` of the payments of
    a working day, the books are kept by machines, and days off tell nothing; so for festivals.
    ``codes``: see splits; none: all. Purposes with a ``spared`` word are left out, standing orders
    of the first day of a month, and the last ``closing_days`` of a year, in which treasuries work
    through.
    """

    least_yuan: int = 1000
    most_usual: float = 0.1
    codes: tuple[str, ...] = ()
    closing_days: int = 7
    spared: tuple[str, ...] = ()


class RoundSums(Struct, frozen=True, forbid_unknown_fields=True):
    """Whole multiples of ``multiple_yuan`` from ``least_yuan`` on that one unit paid one payee
    without a contract at least ``times`` within a year; where more than ``most_usual`` of such
    payments are round, that tells nothing. ``codes``: see splits. Purposes with a ``spared`` word
    are left out, and natural persons: allowances of travel and fees of experts have rates.
    """

    multiple_yuan: int = 1000
    least_yuan: int = 5000
    times: int = 1
    most_usual: float = 0.1
    codes: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()


def weekends(books: Books, by: Weekends) -> Iterator[Question]:
    """Payments on Saturdays, Sundays and festivals; a day that makes up for one is none."""
    payments = books.payments
    dated = payments.days != NO_DAY
    if not dated.any():
        return
    kinds = _kinds(payments.days, dated)
    counted = np.bincount(kinds[dated], minlength=3)
    span = np.arange(payments.days[dated].min(), payments.days[dated].max() + 1, dtype=np.int32)
    calendar = np.bincount(_kinds(span, np.ones(len(span), bool)), minlength=3)
    rates = counted / np.maximum(calendar, 1)
    odd = np.zeros(len(payments), bool)
    for kind in (_WEEKEND, _HOLIDAY):
        if rates[kind] <= by.most_usual * rates[_WORKING]:
            odd |= dated & (kinds == kind)
    who = payees(payments.payee, payments.payee_account)
    odd &= (payments.cents >= 100 * by.least_yuan) & ~undone(payments, who)
    odd &= of_purchases(payments, by.codes) & ~_by_itself(payments.days, by.closing_days)
    odd &= ~_spared(payments, by.spared)
    for row in np.flatnonzero(odd).tolist():
        weekday = (_EPOCH + timedelta(int(payments.days[row]))).isoweekday()
        yield asked(payments, (row,), 3, int(payments.cents[row]), weekday=weekday)


def round_sums(books: Books, by: RoundSums) -> Iterator[Question]:
    """A payee who is paid in round sums, at no regular times."""
    payments = books.payments
    who = payees(payments.payee, payments.payee_account)
    large = (payments.cents >= 100 * by.least_yuan) & (payments.days != NO_DAY)
    large &= of_purchases(payments, by.codes) & (who != MISSING) & ~undone(payments, who)
    large &= (payments.contract.codes == MISSING) & ~_spared(payments, by.spared)
    large &= ~_of_persons(payments)
    round_ones = large & (payments.cents % (100 * by.multiple_yuan) == 0)
    if round_ones.sum() > by.most_usual * max(int(large.sum()), 1):
        return
    year = years(payments.days)
    groups = grouped(np.flatnonzero(round_ones), payments.days, payments.unit.codes, who, year)
    odd = (groups.sizes >= by.times) & (periods(groups, payments.days) == 0)
    for _, rows in groups.each(odd):
        cents = int(payments.cents[rows].sum())
        yield asked(payments, rows.tolist(), 3, cents, multiple_cents=100 * by.multiple_yuan)


def _spared(payments: Payments, words: Sequence[str]) -> Mask:
    """Rows whose purpose has one of some words."""
    has = [any(word in text for word in words) for text in payments.use.values]
    return np.array([*has, False], bool)[payments.use.codes]


def _of_persons(payments: Payments) -> Mask:
    hits = [is_person(text) for text in payments.payee.values]
    return np.array([*hits, False], bool)[payments.payee.codes]


def _by_itself(days: NDArray[np.int32], closing_days: int) -> Mask:
    """Days on which money is paid whoever works: the first of a month, and the last of a year."""
    dated = np.where(days == NO_DAY, 0, days).astype("datetime64[D]")
    first = dated == dated.astype("datetime64[M]")
    years_end = (dated + closing_days).astype("datetime64[Y]") != dated.astype("datetime64[Y]")
    found: Mask = first | years_end
    return found


@lru_cache
def _calendar() -> WorkingDays:
    return load()


def _kinds(days: NDArray[np.int32], dated: Mask) -> NDArray[np.int64]:
    """Working day, weekend or festival, for each row with a day."""
    known, of = np.unique(np.where(dated, days, 0), return_inverse=True)
    names = {Reason.WEEKEND: _WEEKEND, Reason.HOLIDAY: _HOLIDAY}
    reasons = [_calendar().day(_EPOCH + timedelta(int(day))).reason for day in known]
    return np.array([names.get(reason, _WORKING) for reason in reasons], np.int64)[of]
