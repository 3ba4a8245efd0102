"""Something that was paid twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from budget.detection.books import MISSING, NO_DAY, Books, Payments, Texts
from budget.detection.payments.grouping import Groups, Mask, Rows, grouped, repeated
from budget.detection.payments.identities import payees
from budget.detection.payments.purchases import in_one_go, of_items
from budget.detection.payments.purposes import (
    agree,
    alike,
    differ,
    is_specific,
    mistyped,
    same_part,
    without,
)
from budget.detection.payments.questions import asked
from budget.detection.payments.reversals import undone
from budget.detection.payments.series import (
    LEAST_STRANGE,
    Months,
    months,
    periods,
    spaced,
    usual_gap,
)
from budget.detection.records import Grade, Question

_MOST_SHARED = 0.02
"""Share of rows beyond which equal numbers are nothing strange: they name batches."""
_FEW = 20
"""Of which no habit shows."""
_LEAST_ROUND = 4
_FEW_DIGITS = 3
_MUCH_MORE = 2
_SHORT = 3
_MOST_OF_A_NUMBER = 4
_LEAST_TWINS = 3
_LEAST_OTHERS = 6
"""Equal amounts, or payments at all, without which a payee has no habit."""
_MOST_ROWS = 3
_MOST_COMPARED = 50
_YEAR = 365
_STATED = 3
"""Times as much habit is borne where purposes agree."""
_BASES: tuple[tuple[Grade, str], ...] = (
    (1, "voucher"),
    (1, "invoice"),
    (2, "application"),
    (2, "contract"),
)


class Duplicates(Struct, frozen=True, forbid_unknown_fields=True):
    """``days`` between two payments without a number in common; ``least_yuan`` of one,
    ``least_yuan_alone`` where nothing but the amount speaks for it;
    ``likeness`` of their purposes, 0 to 1. ``most_habit`` is the share of a payee's other payments
    that are equal to one another, beyond which equal amounts are its prices; ``most_round`` the
    share of payments with round amounts that have a twin, beyond which round amounts mean nothing;
    so they do where they have twins much more often than other amounts. Equal
    amounts alone are asked about within ``days_half`` only where the code begins as one of
    ``half_codes``, which are often paid in two halves, and never where it begins as one of
    ``listed_codes``, which are paid by lists of persons. ``empty_purposes`` say nothing.
    """

    days: int = 75
    least_yuan: int = 500
    least_yuan_alone: int = 1000
    likeness: float = 0.6
    most_habit: float = 0.1
    most_round: float = 0.01
    days_half: int = 21
    half_codes: tuple[str, ...] = ()
    listed_codes: tuple[str, ...] = ()
    empty_purposes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Twins:
    """Rows that may be the same, and by what."""

    grade: Grade
    basis: str
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Rows among which twins are looked for; ``use`` are purposes that say something."""

    payments: Payments
    who: NDArray[np.int32]
    rows: Rows
    use: Texts
    supply: Groups
    months: Months
    by: Duplicates


def find(books: Books, by: Duplicates) -> Iterator[Question]:
    """Grade 1: voucher or invoice, payee and amount are the same. 2: application or contract and
    amount, within days. 3: unit, payee, amount and purpose, within days, where neither a regular
    payment, a batch of one day, a reversal nor the payee's prices explain it.
    """
    payments = books.payments
    who = payees(payments.payee, payments.payee_account)
    good = (who != MISSING) & (payments.cents >= 100 * by.least_yuan) & (payments.days != NO_DAY)
    rows = np.flatnonzero(good & ~undone(payments, who))
    supply = grouped(rows, payments.days, payments.unit.codes, who, payments.economic.codes)
    use = without(payments.use, by.empty_purposes)
    among = _Candidates(payments, who, rows, use, supply, months(supply, payments.days), by)
    taken: set[int] = set()
    for twins in (*_by_numbers(among), *_by_amount(among)):
        fresh = [row for row in twins.rows if row not in taken]
        if len(fresh) * 2 < len(twins.rows) or not fresh:
            continue
        taken.update(twins.rows)
        each = int(payments.cents[twins.rows[0]])
        cents = each * (len(twins.rows) - 1)
        yield asked(payments, twins.rows, twins.grade, cents, basis=twins.basis, amount_cents=each)


def _by_numbers(among: _Candidates) -> Iterator[_Twins]:
    """Twins by a number that they have in common."""
    payments, who = among.payments, among.who
    for grade, basis in _BASES:
        column: Texts = getattr(payments, basis)
        known = among.rows[column.codes[among.rows] != MISSING]
        same = repeated(known, column.codes, who, payments.cents)
        if len(same) > max(_MOST_SHARED * len(known), _FEW):
            continue
        groups = grouped(same, payments.days, column.codes, who, payments.cents)
        for _, few in groups.each(groups.sizes <= _MOST_OF_A_NUMBER):
            for part in _joined(few.tolist(), _same_by_number(among, basis)):
                yield _Twins(grade, basis, part)


def _same_by_number(among: _Candidates, basis: str) -> Callable[[int, int], bool]:
    payments, use, by = among.payments, among.use, among.by

    def same(one: int, other: int) -> bool:
        if differ(payments.economic, one, other):
            return False
        if basis == "invoice":
            return same_part(use, one, other)
        gap, said = _gap(payments, one, other), agree(use, one, other)
        if differ(payments.invoice, one, other) and (gap == 0 or not said):
            return False
        if basis == "voucher":
            return alike(use, one, other, by.likeness)
        if gap > (_YEAR if said and is_specific(use, one) else by.days):
            return False
        return said or alike(use, one, other, by.likeness)

    return same


def _by_amount(among: _Candidates) -> Iterator[_Twins]:
    """Twins by unit, payee and amount alone, as far as purposes do not tell them apart."""
    payments, by = among.payments, among.by
    same = repeated(among.rows, payments.unit.codes, among.who, payments.cents)
    groups = grouped(same, payments.days, payments.unit.codes, among.who, payments.cents)
    period = periods(groups, payments.days)
    near = np.zeros(len(groups.rows), bool)
    gaps = np.diff(payments.days[groups.rows].astype(np.int64))
    near[1:] = (np.diff(groups.of) == 0) & (gaps <= by.days)
    habit = _habits(among, groups, period)
    among = replace(among, months=among.months.beside(months(groups, payments.days)))
    plain: list[tuple[float, tuple[int, ...]]] = []
    for group, few in groups.each(groups.some(near)):
        sets = _pairs(among, few.tolist(), float(period[group]))
        stated = [one for one in sets if _is_stated(among, one)]
        yield from (_Twins(3, "purpose", one) for one in stated)
        rest = [one for one in sets if one not in stated]
        if len(rest) <= (1 if not period[group] else 0.25 * len(few)):
            plain += [(habit[group], one) for one in rest]
    plain = _beyond_chance(among, plain)
    common = _round_are_common(among, [one for _, one in plain])
    halves, listed = of_items(payments, by.half_codes), of_items(payments, by.listed_codes)
    for share, one in plain:
        said = agree(among.use, one[0], one[1])
        small = payments.cents[one[0]] < 100 * by.least_yuan_alone
        round_sum = _digits(int(payments.cents[one[0]])) <= _FEW_DIGITS
        if not said and (len(one) > 2 or small or (common and round_sum)):
            continue
        if not said and (
            listed[one[0]] or (halves[one[0]] and _gap(payments, *one) > by.days_half)
        ):
            continue
        if not said and all(among.months.month[row] % 12 == 0 for row in one):
            continue
        if share <= (_STATED * by.most_habit if said else by.most_habit):
            yield _Twins(3, "purpose" if said else "amount", one)


def _is_stated(among: _Candidates, rows: Sequence[int]) -> bool:
    """Whether all have one purpose, which names its month or part."""
    use = among.use
    return is_specific(use, rows[0]) and all(agree(use, rows[0], row) for row in rows)


def _pairs(among: _Candidates, rows: Sequence[int], period: float) -> list[tuple[int, ...]]:
    """The sets of rows within reach that nothing tells apart; many of one day are a batch."""
    payments, use, by = among.payments, among.use, among.by
    batches = _batches(payments, rows)
    alone = [row for row in rows if row not in batches]
    near = LEAST_STRANGE * usual_gap(sorted({int(payments.days[row]) for row in alone}))

    def same(one: int, other: int) -> bool:
        gap, said = _gap(payments, one, other), agree(use, one, other)
        stated = said and is_specific(use, one)
        if gap > by.days or any(differ(of, one, other) for of in _apart(payments)):
            return False
        if not stated and ((period and gap >= period / 2) or among.months.explain(one, other)):
            return False
        if differ(payments.invoice, one, other) and (gap == 0 or not said):
            return mistyped(payments.invoice, one, other)
        return said or alike(use, one, other, by.likeness)

    if len(alone) > _MOST_COMPARED:
        return []
    return [
        one
        for one in _joined(alone, same)
        if len(one) <= _MOST_ROWS
        and (len(one) > 2 or agree(use, *one) or _gap(payments, *one) <= near)
    ]


def _batches(payments: Payments, rows: Sequence[int]) -> set[int]:
    """Rows that were paid in one go: three or more of a day, or two with numbers side by side."""
    found: set[int] = set()
    by_day: dict[int, list[int]] = {}
    for row in rows:
        by_day.setdefault(int(payments.days[row]), []).append(row)
    for of_day in by_day.values():
        if len(of_day) >= _MOST_ROWS or (len(of_day) == 2 and in_one_go(payments, *of_day)):
            found.update(of_day)
    return found


def _apart(payments: Payments) -> tuple[Texts, ...]:
    """Columns in which payments for different things differ."""
    return (payments.contract, payments.economic, payments.project)


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
    among: _Candidates, groups: Groups, period: NDArray[np.float64]
) -> NDArray[np.float64]:
    """For each group the share of the payee's other payments that have a twin outside of regular
    ones.
    """
    who = among.who
    size = int(who.max(initial=0)) + 1
    payee = who[groups.rows[groups.starts]]
    monthly = among.months.month[groups.rows] >= 0
    explained = (period > 0) | spaced(groups, among.payments.days)
    irregular = np.where(explained, 0, groups.sums(~monthly * 1))
    twins = np.bincount(payee, weights=irregular, minlength=size)[payee] - irregular
    others = np.bincount(who[among.rows], minlength=size)[payee] - groups.sizes
    twins = np.where((twins > _LEAST_TWINS) | (others > _LEAST_OTHERS), twins, 0)
    share: NDArray[np.float64] = twins / np.maximum(others, 1)
    return share


def _round_are_common(among: _Candidates, found: Sequence[tuple[int, ...]]) -> bool:
    """Whether round amounts have twins so much more often than others that prices are agreed in
    round amounts, and their twins are no sign; in books so short that they do not show who is paid
    again and again, as soon as there are some.
    """
    cents, days = among.payments.cents, among.payments.days[among.rows]
    few = sum(_digits(int(cents[one[0]])) <= _FEW_DIGITS for one in found)
    if few < _LEAST_ROUND:
        return False
    short = int(np.ptp(days)) < _SHORT * among.by.days
    all_round = int(_rounded(cents[among.rows]).sum())
    rate = few / max(all_round, 1)
    other = (len(found) - few) / max(len(among.rows) - all_round, 1)
    return rate > _MUCH_MORE * other or (short and rate > among.by.most_round)


def _rounded(cents: NDArray[np.int64]) -> Mask:
    """Amounts of few digits before their zeros."""
    scale = np.ones(len(cents), np.int64)
    for _ in range(17):
        scale = np.where(cents >= scale * 10**_FEW_DIGITS, scale * 10, scale)
    found: Mask = cents % scale == 0
    return found


def _digits(cents: int) -> int:
    return len(str(cents).rstrip("0"))


def _beyond_chance(
    among: _Candidates, found: Sequence[tuple[float, tuple[int, ...]]]
) -> list[tuple[float, tuple[int, ...]]]:
    """Twins that hardly come about by chance, if a unit's payments of a code to a payee near them
    had the amounts that others are paid; and those whose purposes agree.
    """
    payments, supply, by = among.payments, among.supply, among.by
    group = np.zeros(len(payments), np.int64)
    group[supply.rows] = supply.of
    ends = supply.starts + supply.sizes
    amounts, counts = np.unique(payments.cents[among.rows], return_counts=True)
    often = dict(zip(amounts.tolist(), counts.tolist(), strict=True))

    def chance(one: Sequence[int]) -> float:
        own = supply.rows[supply.starts[group[one[0]]] : ends[group[one[0]]]]
        cents, days = int(payments.cents[one[0]]), payments.days[list(one)]
        near = payments.days[own] >= days.max() - by.days
        near &= payments.days[own] <= days.min() + by.days
        others = often[cents] - int((payments.cents[own] == cents).sum())
        return float(int(near.sum()) * others / len(among.rows))

    return [
        (habit, one)
        for habit, one in found
        if agree(among.use, one[0], one[1]) or chance(one) <= by.most_round
    ]


def _gap(payments: Payments, one: int, other: int) -> int:
    return abs(int(payments.days[one]) - int(payments.days[other]))
