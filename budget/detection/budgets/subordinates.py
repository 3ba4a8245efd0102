"""Money handed down to a subordinate unit and counted as spending (以拨代支)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import numpy as np
from msgspec import Meta, Struct

from budget.detection.books import Books, Texts
from budget.detection.budgets.matching.coding import (
    NO_YEAR,
    Flags,
    Grouped,
    bare,
    calendar,
    percent,
    plain,
    sums,
    units,
)
from budget.detection.records import Question, RuleKind


class Parameters(Struct, frozen=True, forbid_unknown_fields=True):
    """A payment of ``at_least_cents`` or more to a subordinate is asked about, unless it has an
    invoice, a contract or a word of ``bought``, or is one of at least ``regular`` to the same
    payee in the year. A word of ``handed_down`` makes the question graver.
    """

    at_least_cents: Annotated[int, Meta(ge=0)]
    regular: Annotated[int, Meta(ge=2)]
    handed_down: tuple[str, ...]
    bought: tuple[str, ...]


def find(books: Books, by: Parameters) -> Iterator[Question]:
    """A question for each payment, with its share of what the unit spent in the year."""
    payments = books.payments
    year, _ = calendar(payments.days)
    unit = units(books.units)
    codes = unit.column(payments.unit)
    below = _to_subordinates(books)
    if not below.any():
        return
    spent = codes * 10000 + year
    known, at = np.unique(spent, return_inverse=True)
    total = sums(np.maximum(payments.cents, 0), at, len(known))
    words = _words(payments.use, by.handed_down)
    series = Grouped(np.where(below & (payments.cents > 0), _series(books, spent), -1))
    asked = below & (payments.cents >= by.at_least_cents) & (year != NO_YEAR)
    asked &= ~(_filled(payments.invoice) | _filled(payments.contract))
    asked &= ~_hits(payments.use, by.bought)
    regular = _series(books, spent)
    for row in np.flatnonzero(asked).tolist():
        if len(series.rows(int(regular[row]))) >= by.regular:
            continue
        word = words[payments.use.codes[row]]
        yield Question(
            grade=2 if word else 3,
            unit=unit.texts[codes[row]],
            subject=f"{payments.payee.at(row)}/{year[row]}",
            cents=int(payments.cents[row]),
            rows=(row,),
            facts={
                "payee": payments.payee.at(row),
                "year": int(year[row]),
                "use": payments.use.at(row),
                "word": word,
                "unit_percent": percent(int(payments.cents[row]), int(total[at[row]])),
            },
        )


def _to_subordinates(books: Books) -> Flags:
    """Payments of a unit to one that stands below it, by name or by code."""
    payments = books.payments
    unit = units(books.units)
    names: dict[str, str] = {}
    for code in books.superiors:
        for text in (code, books.units.get(code, "")):
            if bare(text):
                names[bare(text)] = code
    payees = [names.get(bare(text), "") for text in payments.payee.values]
    hits = np.array([*(bool(of) for of in payees), False], dtype=bool)[payments.payee.codes]
    payers = unit.column(payments.unit)
    for row in np.flatnonzero(hits):
        code = payees[payments.payee.codes[row]]
        hits[row] = _stands_above(unit.texts[payers[row]], code, books)
    return hits


def _stands_above(payer: str, payee: str, books: Books) -> bool:
    """Whether one unit is another's superior, or the superior of that one."""
    seen = {payee}
    while payee in books.superiors and books.superiors[payee] not in seen:
        payee = books.superiors[payee]
        seen.add(payee)
        if payer in {payee, plain(books.units.get(payee, ""))}:
            return True
    return False


def _series(
    books: Books, spent: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    payees = books.payments.payee
    return spent * (len(payees.values) + 1) + payees.codes


def _filled(column: Texts) -> Flags:
    return np.array([*(bool(bare(of)) for of in column.values), False])[column.codes]


def _words(column: Texts, words: tuple[str, ...]) -> list[str]:
    """The first of some words in each text of a column, and of none in no text."""
    return [*(next((of for of in words if of in text), "") for text in column.values), ""]


def _hits(column: Texts, words: tuple[str, ...]) -> Flags:
    return np.array([bool(of) for of in _words(column, words)])[column.codes]


PAYING_DOWN = RuleKind(
    name="paying-down",
    parameters=Parameters,
    needs=frozenset({"unit", "payee", "superiors"}),
    find=find,
)
