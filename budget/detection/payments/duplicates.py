"""Something that was paid twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from budget.detection.books import MISSING, NO_DAY, Books, Payments, Texts
from budget.detection.payments.grouping import Groups, Mask, Rows, grouped, repeated
from budget.detection.payments.identities import payees
from budget.detection.payments.purchases import document
from budget.detection.payments.purposes import agree, alike, differ, same_part
from budget.detection.payments.questions import asked
from budget.detection.payments.reversals import undone
from budget.detection.payments.series import periods
from budget.detection.records import Grade, Question

_MOST_SHARED = 0.02
"""Share of rows beyond which equal numbers are nothing strange: they name batches."""
_MOST_OF_A_NUMBER = 4
_MOST_ROWS = 3
_MONTH = range(27, 34)
_FEW_DIGITS = 3


class Duplicates(Struct, frozen=True, forbid_unknown_fields=True):
    """``days`` between two payments without a number in common; ``least_yuan`` of one;
    ``likeness`` of their purposes, 0 to 1. ``most_habit`` is the share of a payee's other payments
    that are equal to one another, beyond which equal amounts are its prices; ``most_round`` the
    share of payments with round amounts that have a twin, beyond which round amounts mean nothing.
    """

    days: int = 45
    least_yuan: int = 500
    likeness: float = 0.6
    most_habit: float = 0.1
    most_round: float = 0.01


@dataclass(frozen=True, slots=True)
class _Twins:
    """Rows that may be the same, and by what."""

    grade: Grade
    basis: str
    rows: tuple[int, ...]


def find(books: Books, by: Duplicates) -> Iterator[Question]:
    """Grade 1: voucher or invoice, payee and amount are the same. 2: application or contract and
    amount, within days. 3: unit, payee, amount and purpose, within days, where neither a regular
    payment, a batch of one day, a reversal nor the payee's prices explain it.
    """
    payments = books.payments
    who = payees(payments.payee, payments.payee_account)
    good = (who != MISSING) & (payments.cents >= 100 * by.least_yuan) & (payments.days != NO_DAY)
    rows = np.flatnonzero(good & ~undone(payments, who))
    taken: set[int] = set()
    for twins in (*_by_numbers(payments, who, rows, by), *_by_amount(payments, who, rows, by)):
        fresh = [row for row in twins.rows if row not in taken]
        if len(fresh) * 2 < len(twins.rows) or not fresh:
            continue
        taken.update(twins.rows)
        cents = int(payments.cents[twins.rows[0]]) * (len(twins.rows) - 1)
        yield asked(
            payments,
            twins.rows,
            twins.grade,
            cents,
            basis=twins.basis,
            amount_cents=int(payments.cents[twins.rows[0]]),
        )


def _by_numbers(
    payments: Payments, who: NDArray[np.int32], rows: Rows, by: Duplicates
) -> Iterator[_Twins]:
    for grade, basis in _BASES:
        column: Texts = getattr(payments, basis)
        known = rows[column.codes[rows] != MISSING]
        same = repeated(known, column.codes, who, payments.cents)
        if len(same) > _MOST_SHARED * len(known):
            continue
        groups = grouped(same, payments.days, column.codes, who, payments.cents)
        for _, few in groups.each(groups.sizes <= _MOST_OF_A_NUMBER):
            for part in _parts(payments, few.tolist(), by, grade, basis):
                yield _Twins(grade, basis, part)


_BASES: tuple[tuple[Grade, str], ...] = (
    (1, "voucher"),
    (1, "invoice"),
    (2, "application"),
    (2, "contract"),
)


def _parts(
    payments: Payments, rows: Sequence[int], by: Duplicates, grade: Grade, basis: str
) -> list[tuple[int, ...]]:
    """The sets of rows of which a number tells that they are the same."""

    def same(one: int, other: int) -> bool:
        if differ(payments.invoice, one, other) or differ(payments.economic, one, other):
            return False
        if basis == "invoice" or (basis == "voucher" and not payments.use.known):
            return same_part(payments.use, one, other)
        if grade == 2 and not _near(payments, one, other, by.days):
            return False
        if basis == "contract" and _gap(payments, one, other) in _MONTH:
            return agree(payments.use, one, other)
        return alike(payments.use, one, other, by.likeness)

    return _joined(rows, same)


def _by_amount(
    payments: Payments, who: NDArray[np.int32], rows: Rows, by: Duplicates
) -> Iterator[_Twins]:
    same = repeated(rows, payments.unit.codes, who, payments.cents)
    groups = grouped(same, payments.days, payments.unit.codes, who, payments.cents)
    period = periods(groups, payments.days)
    near = np.zeros(len(groups.rows), bool)
    at = payments.days[groups.rows].astype(np.int64)
    gaps = np.diff(at)
    limit = np.where(period > 0, np.minimum(period / 2, by.days + 1), by.days + 1)[groups.of[1:]]
    near[1:] = (np.diff(groups.of) == 0) & (gaps < limit)
    habit = _habits(who, rows, groups, period)
    found = []
    for group, few in groups.each(groups.some(near)):
        reach = min(by.days, period[group] / 2) if period[group] else by.days
        sets = _pairs(payments, few.tolist(), reach, by)
        if len(sets) > (1 if not period[group] else 0.25 * len(few)):
            continue
        found += [(habit[group], one) for one in sets if len(one) <= _MOST_ROWS]
    common = _round_are_common(payments, rows, [one for _, one in found], by)
    for share, one in found:
        said = agree(payments.use, one[0], one[1])
        if share > (3 * by.most_habit if said else by.most_habit):
            continue
        if common and not said and _digits(int(payments.cents[one[0]])) <= _FEW_DIGITS:
            continue
        yield _Twins(3, "purpose" if said else "amount", one)


def _pairs(
    payments: Payments, rows: Sequence[int], reach: float, by: Duplicates
) -> list[tuple[int, ...]]:
    """The sets of rows within reach that nothing tells apart; many of one day are a batch."""
    days = payments.days[rows].tolist()
    batch = {day for day in set(days) if days.count(day) >= _MOST_ROWS}
    alone = [row for row, day in zip(rows, days, strict=True) if day not in batch]
    if len(alone) > 50:
        return []

    def same(one: int, other: int) -> bool:
        gap = _gap(payments, one, other)
        if gap > reach or any(differ(column, one, other) for column in _apart(payments)):
            return False
        if gap in _MONTH and not agree(payments.use, one, other):
            return False
        if gap == 0 and document(payments, one) == document(payments, other) != "":
            return False
        return alike(payments.use, one, other, by.likeness)

    return _joined(alone, same)


def _apart(payments: Payments) -> tuple[Texts, ...]:
    """Columns in which payments for different things differ."""
    return (payments.invoice, payments.contract, payments.economic, payments.project)


def _joined(rows: Sequence[int], same: Callable[[int, int], bool]) -> list[tuple[int, ...]]:
    """Sets of two or more rows of which each is the same as another one of its set."""
    sets = {row: {row} for row in rows}
    for one, other in combinations(rows, 2):
        if sets[one] is not sets[other] and same(one, other):
            sets[one] |= sets[other]
            for row in sets[other]:
                sets[row] = sets[one]
    whole = {id(of): of for of in sets.values() if len(of) > 1}
    return [tuple(sorted(of)) for of in whole.values()]


def _habits(
    who: NDArray[np.int32], rows: Rows, groups: Groups, period: NDArray[np.float64]
) -> NDArray[np.float64]:
    """For each group the share of the payee's other payments that have a twin outside of regular
    ones.
    """
    size = int(who.max(initial=0)) + 1
    payee = who[groups.rows[groups.starts]] if len(groups) else np.zeros(0, np.int32)
    irregular = np.where(period > 0, 0, groups.sizes)
    twins = np.bincount(payee, weights=irregular, minlength=size)[payee] - irregular
    others = np.bincount(who[rows], minlength=size)[payee] - groups.sizes
    share: NDArray[np.float64] = twins / np.maximum(others, 1)
    return share


def _round_are_common(
    payments: Payments, rows: Rows, found: Sequence[tuple[int, ...]], by: Duplicates
) -> bool:
    """Whether twins among round amounts are so many that they are no sign."""
    cents = payments.cents[rows]
    few = sum(_digits(int(payments.cents[one[0]])) <= _FEW_DIGITS for one in found)
    return few > by.most_round * max(int((_rounded(cents)).sum()), 1)


def _rounded(cents: NDArray[np.int64]) -> Mask:
    """Amounts of few digits before their zeros."""
    scale = np.ones(len(cents), np.int64)
    for _ in range(17):
        scale = np.where(cents >= scale * 10**_FEW_DIGITS, scale * 10, scale)
    found: Mask = cents % scale == 0
    return found


def _digits(cents: int) -> int:
    return len(str(cents).rstrip("0"))


def _near(payments: Payments, one: int, other: int, days: int) -> bool:
    return _gap(payments, one, other) <= days


def _gap(payments: Payments, one: int, other: int) -> int:
    return abs(int(payments.days[one]) - int(payments.days[other]))
