"""One purchase cut into payments below a limit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from budget.detection.books import MISSING, NO_DAY, Books, Payments
from budget.detection.payments.grouping import Groups, Mask, Rows, grouped
from budget.detection.payments.identities import payees
from budget.detection.payments.purchases import documents, of_purchases, tendered
from budget.detection.payments.purposes import differ, holding, kindred
from budget.detection.payments.questions import asked
from budget.detection.payments.reversals import undone
from budget.detection.payments.series import periods
from budget.detection.records import Question


class Limit(Struct, frozen=True, forbid_unknown_fields=True):
    """A limit below which a purchase needs less; whole yuan, with its source and how sure we are
    of it.
    """

    yuan: int
    source: str
    mark: str


class Splits(Struct, frozen=True, forbid_unknown_fields=True):
    """``days`` between one payment and the next, ``span`` from the first to the last;
    ``least_share`` of the limit that each is at least; ``most_parts`` of one purchase. A supplier
    with more than ``most_bursts`` such groups at one unit is paid like that all the time.
    ``codes`` are the beginnings of economic codes that are purchases, where codes are those of the
    national classification; ``instalment_words`` in the purpose name lawful parts, ``open_ways``
    ways of procurement in which there is nothing to evade.
    """

    limits: tuple[Limit, ...]
    days: int = 20
    span: int = 31
    least_share: float = 0.25
    most_parts: int = 8
    most_bursts: int = 2
    likeness: float = 0.5
    codes: tuple[str, ...] = ()
    instalment_words: tuple[str, ...] = ()
    open_ways: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Supply:
    """What rows are judged by: payees, rows that are instalments, rows of contracts that
    were tendered, and the usual gap of each supply.
    """

    who: NDArray[np.int32]
    instalments: Mask
    tendered: Mask
    period: NDArray[np.float64]


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
        holding(payments.use, by.instalment_words),
        tendered(books, by.open_ways),
        _usual_gaps(payments, who, rows),
    )
    taken: set[int] = set()
    for limit in sorted(by.limits, key=lambda one: one.yuan):
        for parts in _below(payments, supply, rows, 100 * limit.yuan, by):
            if taken.isdisjoint(parts):
                taken.update(parts)
                yield _question(payments, parts, limit)


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
    found[groups.rows] = periods(groups, payments.days)[groups.of]
    return found


def _below(
    payments: Payments, supply: _Supply, rows: Rows, limit: int, by: Splits
) -> list[list[int]]:
    """The sets of rows that come to a limit together."""
    cents = payments.cents[rows]
    chosen = rows[(cents < limit) & (cents >= by.least_share * limit)]
    chains = _chains(payments, supply.who, chosen, by)
    wanted = (chains.sums(payments.cents[chains.rows]) >= limit) & (chains.sizes > 1)
    found: dict[tuple[int, int], list[list[int]]] = {}
    for _, chain in chains.each(wanted):
        key = int(payments.unit.codes[chain[0]]), int(supply.who[chain[0]])
        found.setdefault(key, []).extend(_parts(payments, supply, chain.tolist(), limit, by))
    return [parts for sets in found.values() if len(sets) <= by.most_bursts for parts in sets]


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
    for subject in _subjects(payments, below, by.likeness):
        rows = sorted(row for lines in subject for row in lines)
        if len(subject) < 2 or sum(int(payments.cents[row]) for row in rows) < limit:
            continue
        if len(subject) > by.most_parts or _is_lawful(payments, supply, rows, by):
            continue
        yield rows


def _subjects(
    payments: Payments, parts: Sequence[Sequence[int]], likeness: float
) -> list[list[Sequence[int]]]:
    """Parts by what they are for, as far as is known."""
    subjects: list[list[Sequence[int]]] = []
    for part in parts:
        same = [
            of
            for of in subjects
            if kindred(payments.use, of[0][0], part[0], likeness)
            and not differ(payments.project, of[0][0], part[0])
        ]
        if same:
            same[0].append(part)
        else:
            subjects.append([part])
    return subjects


def _is_lawful(payments: Payments, supply: _Supply, rows: Sequence[int], by: Splits) -> bool:
    """Whether it is one contract, instalments, tendered, or supply that comes regularly."""
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
    period = float(supply.period[rows[0]])
    gaps = np.diff(days)
    return period > 0 and len(gaps) > 0 and bool(np.median(gaps) >= 0.6 * period)
