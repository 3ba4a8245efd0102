"""One purchase cut into payments below a limit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from budget.detection.books import MISSING, NO_DAY, Books, Payments, Texts
from budget.detection.payments.grouping import Groups, Mask, Rows, combined, grouped
from budget.detection.payments.identities import payees
from budget.detection.payments.purchases import documents, of_items, of_purchases, tendered
from budget.detection.payments.purposes import differ, holding, kindred, months_apart, without
from budget.detection.payments.questions import asked
from budget.detection.payments.reversals import undone
from budget.detection.payments.series import periods
from budget.detection.records import Question

Parts = list[int]
_FORTNIGHT = 14
_BESIDE = 0.8
_LEAST_SHOWN = 10
_TIMES_SHOWN = 3
"""So many groups just below a limit, and times those just above it more, show it: ten of them come
about where amounts grow rarer towards the limit.
"""
_LEAST_SUPPLY = 10
"""Payments without which a supply is not regular: the parts of a purchase make no series."""


class Limit(Struct, frozen=True, forbid_unknown_fields=True):
    """A limit below which a purchase needs less; whole yuan, with its source and how sure we are
    of it, and the share of it that each part is at least, where that is more than elsewhere.
    Where it is a limit only ``if_shown``, books without purposes must show that they keep to it.
    """

    yuan: int
    source: str
    mark: str
    least_share: float = 0.0
    if_shown: bool = False


class Splits(Struct, frozen=True, forbid_unknown_fields=True):
    """``days`` between one payment and the next, ``span`` from the first to the last;
    ``least_share`` of the limit that each is at least; ``most_parts`` of one purchase. A supplier
    with more than ``most_bursts`` such groups at one unit is paid like that all the time. Where
    their purposes are not known, the next comes within ``near_days``, and at most ``most_chance``
    such groups would have come about by chance. Where no purpose is known at all, the next comes
    within ``days_a_part`` on the average; instalments come in twos, so that two parts that are not
    both ``near_below`` of the limit come within ``days_of_two``. Equal amounts are months or
    instalments: they are asked about only where each is at least ``just_below`` of the limit; and
    what has one of ``continuous_codes`` is paid in parts anyhow: where each is at least
    ``near_below`` of it, or there are ``many_parts`` in so short a time.
    ``codes`` are the beginnings of economic codes that are purchases, where codes are those of the
    national classification; ``instalment_words`` in the purpose name lawful parts, ``open_ways``
    ways of procurement in which there is nothing to evade; ``empty_purposes`` say nothing.
    """

    limits: tuple[Limit, ...]
    days: int = 31
    span: int = 62
    least_share: float = 0.15
    most_parts: int = 8
    most_bursts: int = 2
    near_days: int = 21
    days_a_part: int = 7
    days_of_two: int = 3
    most_chance: float = 0.05
    just_below: float = 0.9
    near_below: float = 0.75
    many_parts: int = 4
    continuous_codes: tuple[str, ...] = ()
    likeness: float = 0.5
    codes: tuple[str, ...] = ()
    instalment_words: tuple[str, ...] = ()
    open_ways: tuple[str, ...] = ()
    empty_purposes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Supply:
    """Marks by which rows are judged: payees, purposes that say something, rows that are
    instalments or of tendered contracts, the usual gap of each supply, and days of the books.
    """

    who: NDArray[np.int32]
    use: Texts
    instalments: Mask
    tendered: Mask
    period: NDArray[np.float64]
    books_days: int


def find(books: Books, by: Splits) -> Iterator[Question]:
    """Payments of a unit to one payee for one subject at near dates, each below a limit and all
    together not, which are neither instalments of a contract nor regular.
    """
    payments = books.payments
    who = payees(payments.payee, payments.payee_account)
    good = (who != MISSING) & (payments.cents > 0) & (payments.days != NO_DAY)
    good &= of_purchases(payments, by.codes)
    rows = np.flatnonzero(good & ~undone(payments, who))
    supply = _Supply(
        who,
        without(payments.use, by.empty_purposes),
        holding(payments.use, by.instalment_words),
        tendered(books, by.open_ways),
        _usual_gaps(payments, who, rows),
        int(np.ptp(payments.days[rows])) + 1 if len(rows) else 1,
    )
    taken: set[int] = set()
    for limit in sorted(by.limits, key=lambda one: (one.if_shown, -one.yuan)):
        cents = 100 * limit.yuan
        low = int(max(by.least_share, limit.least_share) * cents)
        if limit.if_shown and not _is_shown(payments, supply, rows, taken, cents, by):
            continue
        stated = _stated(payments, supply, rows, (low, cents), by)
        for parts in (*stated, *_unstated(payments, supply, rows, (low, cents), by)):
            if taken.isdisjoint(parts):
                taken.update(parts)
                yield _question(payments, parts, limit)


def _is_shown(
    payments: Payments, supply: _Supply, rows: Rows, taken: set[int], cents: int, by: Splits
) -> bool:
    """Whether groups of payments just below a limit, beside those that a sure limit explains, are
    many more than those just above it; prices gather at both sides of a round sum.
    """
    if payments.use.known:
        return False
    near = int(_BESIDE * cents)
    fresh = rows[~np.isin(rows, list(taken))]
    below = _unstated(payments, supply, fresh, (near, cents), by)
    above = _unstated(payments, supply, rows, (cents, 2 * cents - near), by)
    return len(below) >= _LEAST_SHOWN + _TIMES_SHOWN * len(above)


def _question(payments: Payments, parts: Sequence[int], limit: Limit) -> Question:
    cents = sum(int(payments.cents[row]) for row in parts)
    high = max(int(payments.cents[row]) for row in parts)
    return asked(
        payments,
        parts,
        2,
        cents,
        limit_cents=100 * limit.yuan,
        highest_cents=high,
        source=limit.source,
    )


def _usual_gaps(payments: Payments, who: NDArray[np.int32], rows: Rows) -> NDArray[np.float64]:
    """For each payment the usual gap of those of its unit, payee and code; 0 without one."""
    groups = grouped(rows, payments.days, payments.unit.codes, who, payments.economic.codes)
    found = np.zeros(len(payments))
    steady = np.where(groups.sizes >= _LEAST_SUPPLY, periods(groups, payments.days), 0)
    found[groups.rows] = steady[groups.of]
    return found


def _stated(
    payments: Payments, supply: _Supply, rows: Rows, bounds: tuple[int, int], by: Splits
) -> list[Parts]:
    """The sets of rows that come to a limit together, where most purposes tell that they are for
    one thing.
    """
    found = _below(payments, supply, rows, bounds, by)
    return [parts for parts in found if _is_stated(supply, parts)]


def _unstated(
    payments: Payments, supply: _Supply, rows: Rows, bounds: tuple[int, int], by: Splits
) -> list[Parts]:
    """The same where no purpose tells it: payments so near to each other that they would hardly
    come about by chance.
    """
    low, limit = bounds
    cents = payments.cents[rows]
    like = rows[(cents >= low) & (cents < limit)]
    pair = _pairs(payments, supply, like)
    counts = np.bincount(pair[like])
    continuous = of_items(payments, by.continuous_codes)
    alone = not payments.use.known

    def is_usual(parts: Parts, days: NDArray[np.int32]) -> bool:
        cents = payments.cents[parts]
        near = len(parts) > 2 or cents.min() >= by.near_below * limit
        if np.ptp(days) > (by.days_a_part * (len(parts) - 1) if near else by.days_of_two):
            return True
        least = by.just_below if len(set(cents.tolist())) < len(parts) else 0.0
        if continuous[parts[0]] and len(parts) < by.many_parts:
            least = max(least, by.near_below)
        return bool(cents.min() < least * limit)

    def is_strange(parts: Parts) -> bool:
        days = np.sort(payments.days[parts])
        if np.diff(days).max() > by.near_days or (alone and is_usual(parts, days)):
            return False
        of_pair = int(counts[pair[parts[0]]])
        around = int(days[-1] - days[0]) + _FORTNIGHT
        expected = (of_pair - len(parts)) / supply.books_days * around
        return float(of_pair * expected ** (len(parts) - 1)) <= by.most_chance

    found = _below(payments, supply, rows, bounds, by)
    return [parts for parts in found if not _is_stated(supply, parts) and is_strange(parts)]


def _is_stated(supply: _Supply, rows: Sequence[int]) -> bool:
    return bool(2 * (supply.use.codes[list(rows)] != MISSING).sum() > len(rows))


def _pairs(payments: Payments, supply: _Supply, rows: Rows) -> NDArray[np.int64]:
    """For each of the rows a number of its unit and payee, at its place among all."""
    found = np.zeros(len(payments), np.int64)
    key = combined(payments.unit.codes[rows], supply.who[rows])
    found[rows] = np.unique(key, return_inverse=True)[1]
    return found


def _below(
    payments: Payments, supply: _Supply, rows: Rows, bounds: tuple[int, int], by: Splits
) -> Iterator[Parts]:
    """The sets of rows between two bounds that come to the upper one together."""
    low, limit = bounds
    cents = payments.cents[rows]
    chosen = rows[(cents >= low) & (cents < limit)]
    chains = _chains(payments, supply.who, chosen, by)
    wanted = (chains.sums(payments.cents[chains.rows]) >= limit) & (chains.sizes > 1)
    pair = _pairs(payments, supply, chosen)
    by_pair: dict[int, list[Parts]] = {}
    for _, chain in chains.each(wanted):
        parts = _parts(payments, supply, chain.tolist(), limit, by)
        by_pair.setdefault(int(pair[chain[0]]), []).extend(parts)
    for sets in by_pair.values():
        if len(sets) <= by.most_bursts:
            yield from sets


def _chains(payments: Payments, who: NDArray[np.int32], rows: Rows, by: Splits) -> Groups:
    """Rows of a unit, payee and code of which each is near to the next."""
    groups = grouped(rows, payments.days, payments.unit.codes, who, payments.economic.codes)
    far = np.zeros(len(groups.rows), bool)
    far[1:] = np.diff(payments.days[groups.rows].astype(np.int64)) > by.days
    number = np.zeros(len(payments), np.int64)
    number[groups.rows] = groups.of * (1 << 32) + np.cumsum(far)
    return grouped(rows, payments.days, number)


def _parts(
    payments: Payments, supply: _Supply, chain: Sequence[int], limit: int, by: Splits
) -> Iterator[list[int]]:
    whole = documents(payments, chain)
    below = [lines for lines in whole if sum(int(payments.cents[row]) for row in lines) < limit]
    for subject in _subjects(payments, supply.use, below, by.likeness):
        rows = sorted(row for lines in subject for row in lines)
        if len(subject) < 2 or sum(int(payments.cents[row]) for row in rows) < limit:
            continue
        if len(subject) > by.most_parts or _is_lawful(payments, supply, rows, by):
            continue
        yield rows


def _subjects(
    payments: Payments, use: Texts, parts: Sequence[Sequence[int]], likeness: float
) -> list[list[Sequence[int]]]:
    """Parts by what they are for, as far as is known."""
    subjects: list[list[Sequence[int]]] = []
    for part in parts:
        same = [
            of
            for of in subjects
            if kindred(use, of[0][0], part[0], likeness)
            and not differ(payments.project, of[0][0], part[0])
        ]
        if same:
            same[0].append(part)
        else:
            subjects.append([part])
    return subjects


def _is_lawful(payments: Payments, supply: _Supply, rows: Sequence[int], by: Splits) -> bool:
    """Whether it is one contract, instalments, months, tendered, or regular supply."""
    days = sorted({int(payments.days[row]) for row in rows})
    if days[-1] - days[0] > by.span:
        return True
    contracts = {payments.contract.at(row) for row in rows}
    if len(contracts) == 1 and contracts != {""}:
        return True
    if supply.tendered[list(rows)].any():
        return True
    if 2 * int(supply.instalments[list(rows)].sum()) >= len(rows):
        return True
    if months_apart(supply.use, rows):
        return True
    period = float(supply.period[rows[0]])
    gaps = np.diff(days)
    return period > 0 and len(gaps) > 0 and bool(np.median(gaps) >= 0.6 * period)
