"""Things bought and not in the register of assets."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from msgspec import Meta, Struct

from budget.detection.books import NO_DAY, Books
from budget.detection.budgets.matching.coding import bare, iso, plain, units
from budget.detection.budgets.matching.phrases import found, pattern
from budget.detection.records import Question, RuleKind


class Parameters(Struct, frozen=True, forbid_unknown_fields=True):
    """Payments of ``at_least_cents`` or more under codes that begin with ``codes``. An asset is
    that of a payment by the voucher, or by the unit, the amount to ``tolerance`` and a day from
    ``before_days`` before to ``after_days`` after.
    """

    codes: tuple[str, ...]
    at_least_cents: Annotated[int, Meta(ge=0)]
    tolerance: Annotated[float, Meta(ge=0, le=1)]
    before_days: Annotated[int, Meta(ge=0)]
    after_days: Annotated[int, Meta(ge=0)]
    consumables: tuple[str, ...]
    """Words of purposes that mean no asset."""
    innocent: tuple[str, ...] = ()
    """Phrases with such a word that mean an asset nevertheless."""
    parts: tuple[str, ...] = ()
    """Words of a payment for a part: it is that of any asset of the unit worth as much."""
    parts_days: Annotated[int, Meta(ge=0)] = 0
    """Days on either side in which that asset may have been recorded."""


MOST_PARTS = 4
"""Payments that one asset may have been paid with, where no contract joins them."""


@dataclass(frozen=True, slots=True)
class _Purchase:
    """Payments for one thing, by their days: those of one contract, or one alone."""

    unit: str
    cents: int
    rows: tuple[int, ...]


def find(books: Books, by: Parameters) -> Iterator[Question]:
    """A question for each purchase that no asset can be matched with. What was bought in the last
    ``after_days`` of the books is not due yet.
    """
    payments = books.payments
    vouchers = {bare(of.voucher) for of in books.assets if bare(of.voucher)}
    unrecorded = [of for of in _purchases(books, by) if not _has_voucher(books, of, vouchers)]
    due = int(payments.days.max()) - by.after_days
    parts, worth = pattern(by.parts), _worth(books)
    for of in _without_asset(books, unrecorded, by):
        last = of.rows[-1]
        if of.cents < by.at_least_cents or payments.days[last] > due:
            continue
        if found(plain(payments.use.at(last)), parts, None) and _is_part(books, of, worth, by):
            continue
        yield Question(
            grade=2,
            unit=of.unit,
            subject=payments.voucher.at(last),
            cents=of.cents,
            rows=of.rows,
            facts={
                "day": iso(int(payments.days[last])),
                "code": payments.economic.at(last),
                "use": payments.use.at(last),
                "payee": payments.payee.at(last),
                "n": len(of.rows),
                "days": by.after_days,
            },
        )


def _worth(books: Books) -> dict[str, list[tuple[int, int]]]:
    """Days and amounts of each unit's assets."""
    unit = units(books.units)
    worth: dict[str, list[tuple[int, int]]] = {}
    for of in books.assets:
        worth.setdefault(unit.spelt(of.unit), []).append((of.day, of.cents))
    return worth


def _is_part(
    books: Books, of: _Purchase, worth: dict[str, list[tuple[int, int]]], by: Parameters
) -> bool:
    day = int(books.payments.days[of.rows[-1]])
    return any(
        abs(day - recorded) <= by.parts_days and of.cents <= cents
        for recorded, cents in worth.get(of.unit, [])
    )


def _purchases(books: Books, by: Parameters) -> list[_Purchase]:
    """Payments of one contract and payee together, others alone. What came back is none."""
    payments = books.payments
    unit = units(books.units)
    together: dict[tuple[str, str, str], list[int]] = {}
    for row in _asked(books, by):
        contract = bare(payments.contract.at(row))
        of = contract or str(abs(payments.cents[row]))
        named = unit.spelt(payments.unit.at(row))
        key = (named, bare(payments.payee.at(row)), f"{bool(contract)}{of}")
        together.setdefault(key, []).append(row)
    purchases = []
    for (named, _, mark), rows in together.items():
        parts = [rows] if mark.startswith("True") else [[row] for row in _kept(books, rows)]
        for part in parts:
            cents = int(payments.cents[part].sum())
            if cents > 0:
                purchases.append(_Purchase(named, cents, tuple(part)))
    return purchases


def _asked(books: Books, by: Parameters) -> list[int]:
    """Rows under the codes, by day and id, without those whose purpose means no asset."""
    payments = books.payments
    meant = [plain(of).startswith(by.codes) for of in payments.economic.values]
    chosen = np.array([*meant, False], dtype=bool)[payments.economic.codes]
    consumed, innocent = pattern(by.consumables), pattern(by.innocent)
    spoken = [bool(found(plain(of), consumed, innocent)) for of in payments.use.values]
    chosen &= ~np.array([*spoken, False], dtype=bool)[payments.use.codes]
    rows = np.flatnonzero(chosen & (payments.days != NO_DAY))
    order = np.lexsort((payments.ids[rows], payments.days[rows]))
    return [int(row) for row in rows[order]]


def _kept(books: Books, rows: Iterable[int]) -> list[int]:
    """Rows of one amount without those that came back: each negative takes one before it."""
    kept: list[int] = []
    for row in rows:
        if books.payments.cents[row] > 0:
            kept.append(row)
        elif kept:
            kept.pop()
    return kept


def _has_voucher(books: Books, of: _Purchase, vouchers: set[str]) -> bool:
    return any(bare(books.payments.voucher.at(row)) in vouchers for row in of.rows)


def _without_asset(
    books: Books, purchases: list[_Purchase], by: Parameters
) -> Iterator[_Purchase]:
    """Purchases left when each asset, or all of a unit on one day, has taken one, or several of
    one payee that it was paid with in parts.
    """
    unclaimed = _unclaimed(books)
    payments = books.payments
    order = sorted(
        purchases, key=lambda of: (payments.days[of.rows[-1]], payments.ids[of.rows[0]])
    )
    left: dict[tuple[str, str], list[_Purchase]] = {}
    for of in order:
        if not _claims(books, of, unclaimed, by):
            left.setdefault((of.unit, bare(payments.payee.at(of.rows[0]))), []).append(of)
    for (unit, _), parts in left.items():
        at = 0
        while at < len(parts):
            for until in range(min(len(parts), at + MOST_PARTS), at + 1, -1):
                rows = tuple(row for of in parts[at:until] for row in of.rows)
                whole = _Purchase(unit, sum(of.cents for of in parts[at:until]), rows)
                if _claims(books, whole, unclaimed, by):
                    at = until
                    break
            else:
                yield parts[at]
                at += 1


def _claims(
    books: Books, of: _Purchase, unclaimed: dict[str, list[tuple[int, int]]], by: Parameters
) -> bool:
    """Whether an asset is there for a purchase, which it then has taken."""
    payments = books.payments
    assets = unclaimed.get(of.unit, [])
    slack = int(of.cents * by.tolerance)
    first = int(payments.days[of.rows[0]]) - by.before_days
    last = int(payments.days[of.rows[-1]]) + by.after_days
    for at in range(bisect_left(assets, (of.cents - slack, first)), len(assets)):
        cents, day = assets[at]
        if cents > of.cents + slack:
            return False
        if first <= day <= last:
            assets.pop(at)
            return True
    return False


def _unclaimed(books: Books) -> dict[str, list[tuple[int, int]]]:
    """Amounts and days of each unit's assets, in order, with those of one day and name added up:
    of those whose voucher is a payment's only what they are worth beyond it.
    """
    paid = _paid_by_voucher(books)
    unit = units(books.units)
    alone: dict[str, list[tuple[int, int]]] = {}
    lots: dict[tuple[str, str, int], list[int]] = {}
    of_vouchers: dict[tuple[str, str, int], int] = {}
    for of in books.assets:
        named, voucher = unit.spelt(of.unit), bare(of.voucher)
        if voucher in paid:
            key = named, voucher, of.day
            of_vouchers[key] = of_vouchers.get(key, 0) + of.cents
        else:
            alone.setdefault(named, []).append((of.cents, of.day))
            lots.setdefault((named, of.name, of.day), []).append(of.cents)
    for (named, _, day), cents in lots.items():
        if len(cents) > 1:
            alone[named].append((sum(cents), day))
    for (named, voucher, day), worth in of_vouchers.items():
        if worth > paid[voucher]:
            alone.setdefault(named, []).append((worth - paid[voucher], day))
    return {named: sorted(assets) for named, assets in alone.items()}


def _paid_by_voucher(books: Books) -> dict[str, int]:
    """Sums paid with each voucher that an asset names."""
    payments = books.payments
    named = {bare(of.voucher) for of in books.assets} - {""}
    if not named:
        return {}
    hits = np.array([*(bare(of) in named for of in payments.voucher.values), False])
    paid: dict[str, int] = {}
    for row in np.flatnonzero(hits[payments.voucher.codes]).tolist():
        voucher = bare(payments.voucher.at(row))
        paid[voucher] = paid.get(voucher, 0) + int(payments.cents[row])
    return paid


ASSET_NOT_RECORDED = RuleKind(
    name="asset-not-recorded",
    parameters=Parameters,
    needs=frozenset({"unit", "economic", "days", "assets"}),
    find=find,
)
