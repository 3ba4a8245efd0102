"""Money handed down to a subordinate unit and counted as spending (以拨代支)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import numpy as np
from msgspec import Meta, Struct

from budget.detection.books import Books, Texts
from budget.detection.budgets.matching.coding import (
    Flags,
    Grouped,
    Ints,
    bare,
    calendar,
    percent,
    plain,
    units,
)
from budget.detection.records import Question, RuleKind


class Parameters(Struct, frozen=True, forbid_unknown_fields=True):
    """Payments of a year to a subordinate without invoice, contract or a word of ``bought`` are
    asked about: together ``at_least_cents`` or more, and fewer than ``regular``. A word of
    ``handed_down`` makes the question graver.
    """

    at_least_cents: Annotated[int, Meta(ge=0)]
    regular: Annotated[int, Meta(ge=2)]
    handed_down: tuple[str, ...]
    bought: tuple[str, ...]
    accounts: tuple[str, ...] = ()
    """Ends of payees' names that say which account of a unit it is."""


def find(books: Books, by: Parameters) -> Iterator[Question]:
    """A question a unit, payee and year, with the share of what the unit spent in the year."""
    payments = books.payments
    below = _to_subordinates(books, by.accounts) & (payments.cents > 0)
    year, _ = calendar(payments.days)
    unit = units(books.units)
    codes = unit.column(payments.unit)
    spent = codes * 10000 + year
    asked = below & ~(_filled(payments.invoice) | _filled(payments.contract))
    asked &= ~_hits(payments.use, by.bought)
    series = np.where(asked, spent * (len(payments.payee.values) + 1) + payments.payee.codes, -1)
    grouped = Grouped(series)
    for number in np.unique(series[asked]).tolist():
        rows = grouped.rows(number)
        cents, first = int(payments.cents[rows].sum()), int(rows[0])
        if cents < by.at_least_cents or len(rows) >= by.regular:
            continue
        word = _first_word(payments.use, rows, by.handed_down)
        total = int(payments.cents[(spent == spent[first]) & (payments.cents > 0)].sum())
        yield Question(
            grade=2 if word else 3,
            unit=unit.texts[codes[first]],
            subject=f"{payments.payee.at(first)}/{year[first]}",
            cents=cents,
            rows=tuple(rows.tolist()),
            by_subject=True,
            facts={
                "payee": payments.payee.at(first),
                "year": int(year[first]),
                "n": len(rows),
                "word": word,
                "unit_percent": percent(cents, total),
            },
        )


def _to_subordinates(books: Books, accounts: tuple[str, ...]) -> Flags:
    """Payments of a unit to one that stands below it, by name or by code."""
    payments = books.payments
    unit = units(books.units)
    names: dict[str, str] = {}
    for code in books.superiors:
        for text in (code, books.units.get(code, "")):
            if bare(text):
                names[bare(text)] = code
    ends = tuple(sorted(map(bare, accounts), key=lambda end: (-len(end), end)))
    payees = [names.get(_unit_in(bare(text), ends), "") for text in payments.payee.values]
    hits = np.array([*(bool(of) for of in payees), False], dtype=bool)[payments.payee.codes]
    payers = unit.column(payments.unit)
    for row in np.flatnonzero(hits):
        code = payees[payments.payee.codes[row]]
        hits[row] = _stands_above(unit.texts[payers[row]], code, books)
    return hits


def _unit_in(payee: str, ends: tuple[str, ...]) -> str:
    """A payee's name without the end that says which account it is."""
    return next((payee.removesuffix(end) for end in ends if payee.endswith(end)), payee)


def _stands_above(payer: str, payee: str, books: Books) -> bool:
    """Whether one unit is another's superior, or the superior of that one."""
    seen = {payee}
    while payee in books.superiors and books.superiors[payee] not in seen:
        payee = books.superiors[payee]
        seen.add(payee)
        if payer in {payee, plain(books.units.get(payee, ""))}:
            return True
    return False


def _filled(column: Texts) -> Flags:
    return np.array([*(bool(bare(of)) for of in column.values), False])[column.codes]


def _hits(column: Texts, words: tuple[str, ...]) -> Flags:
    hits = [any(of in text for of in words) for text in column.values]
    return np.array([*hits, False], dtype=bool)[column.codes]


def _first_word(column: Texts, rows: Ints, words: tuple[str, ...]) -> str:
    """The first of some words that any of some rows has, empty for none."""
    texts = [column.at(row) for row in rows.tolist()]
    return next((of for of in words if any(of in text for text in texts)), "")


PAYING_DOWN = RuleKind(
    name="paying-down",
    parameters=Parameters,
    needs=frozenset({"unit", "payee", "superiors"}),
    find=find,
)
