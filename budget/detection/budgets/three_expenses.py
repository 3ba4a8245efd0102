"""The three public expenses (三公经费), meetings and training: booked elsewhere, or wrongly in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Annotated, Literal

import numpy as np
from msgspec import Meta, Struct

from budget.detection.books import NO_DAY, Books, Payments, SpendingLimit, Texts
from budget.detection.budgets.matching.coding import (
    NO_YEAR,
    Codebook,
    Flags,
    Ints,
    calendar,
    column,
    iso,
    plain,
    sums,
    units,
)
from budget.detection.budgets.matching.linking import by_id
from budget.detection.budgets.matching.phrases import Pattern, found, pattern
from budget.detection.budgets.matching.rounding import TEN_THOUSANDS, last_decimal
from budget.detection.records import Grade, Question, RuleKind

Cents = Annotated[int, Meta(ge=0)]
Share = Annotated[float, Meta(ge=0)]


class Matter(Struct, frozen=True, forbid_unknown_fields=True):
    """One of the expenses, its codes, and what means it. ``words`` of a purpose do, unless in one
    of the ``innocent`` phrases, or beside a word of ``about``, which makes it a thing or a course
    about the matter. ``hints`` of a purpose and names of ``payees`` do where the purpose has no
    word of ``explained``. Under ``lawful`` codes words are right, under ``lawful_payees`` payees.
    """

    codes: tuple[str, ...]
    words: tuple[str, ...]
    innocent: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    payees: tuple[str, ...] = ()
    explained: tuple[str, ...] = ()
    lawful: tuple[str, ...] = ()
    lawful_payees: tuple[str, ...] = ()


class Parameters(Struct, frozen=True, forbid_unknown_fields=True):
    """The matters by their names, and the smallest payment that is asked about. Of matters in
    ``aside`` nothing is asked when their money is booked elsewhere or others' is in.
    """

    matters: Mapping[str, Matter]
    at_least_cents: Cents
    aside: tuple[str, ...] = ()


Against = Literal["line", "last-year", "last-account"]
TOGETHER = "together"
"""The matter in the facts of a question about all of the expenses."""
Source = Literal["words", "hints", "payees"]


@dataclass(frozen=True, slots=True)
class _Reader:
    words: Pattern
    innocent: Pattern
    about: Pattern
    hints: Pattern
    payees: Pattern
    explained: Pattern

    @classmethod
    def of(cls, matter: Matter) -> _Reader:
        return cls(*(pattern(getattr(matter, of.name)) for of in fields(cls)))

    def read(self, use: str, payee: str) -> tuple[str, Source]:
        """The word that speaks for the matter, empty for none, and where it was found."""
        if self.about is not None and self.about.search(use):
            return "", "words"
        word = found(use, self.words, self.innocent)
        if word:
            return word, "words"
        if self.explained is not None and self.explained.search(use):
            return "", "hints"
        hint = found(use, self.hints, self.innocent)
        return (hint, "hints") if hint else (found(payee, self.payees, None), "payees")


def find_misbooked(books: Books, by: Parameters) -> Iterator[Question]:
    """A question for each payment whose words mean an expense under whose codes it is not."""
    payments = books.payments
    codes = _codes(payments.economic)
    large = payments.cents >= by.at_least_cents
    for name, matter in by.matters.items():
        if name in by.aside:
            continue
        outside = large & ~_is_any(payments.economic, codes, (*matter.codes, *matter.lawful))
        of_payees = ~_is_any(payments.economic, codes, matter.lawful_payees)
        for row, word, source in _read(payments, _Reader.of(matter), outside):
            if source != "payees" or of_payees[row]:
                grade: Grade = 2 if source == "words" else 3
                yield _question(books, row, name, word, grade=grade, right=matter.codes[0])


def find_wrongly_in(books: Books, by: Parameters) -> Iterator[Question]:
    """A question for each payment under an expense's code whose purpose means another matter."""
    payments = books.payments
    codes = _codes(payments.economic)
    large = payments.cents >= by.at_least_cents
    readers = {name: _Reader.of(of) for name, of in by.matters.items()}
    for name, matter in by.matters.items():
        if name in by.aside:
            continue
        others = [
            of for of, other in by.matters.items() if not set(other.codes) & set(matter.codes)
        ]
        inside = large & _is_any(payments.economic, codes, matter.codes)
        for row in np.flatnonzero(inside).tolist():
            use, payee = plain(payments.use.at(row)), plain(payments.payee.at(row))
            if readers[name].read(use, payee)[0]:
                continue
            spoken = ((of, *readers[of].read(use, payee)) for of in others)
            hits = [(source != "words", word, of) for of, word, source in spoken if word]
            if hits:
                is_hint, word, other = min(hits, key=lambda hit: hit[0])
                right = by.matters[other].codes[0]
                grade: Grade = 3 if is_hint else 2
                yield _question(books, row, other, word, grade=grade, right=right)


def _read(payments: Payments, reader: _Reader, asked: Flags) -> Iterator[tuple[int, str, Source]]:
    """Rows whose words speak for a matter: each pair of purpose and payee is read once."""
    rows = np.flatnonzero(asked)
    width = len(payments.payee.values) + 1
    pairs = (
        (payments.use.codes[rows].astype(np.int64) + 1) * width + payments.payee.codes[rows] + 1
    )
    _, first, at = np.unique(pairs, return_index=True, return_inverse=True)
    spoken = [
        reader.read(plain(payments.use.at(row)), plain(payments.payee.at(row)))
        for row in rows[first].tolist()
    ]
    hits = np.array([bool(word) for word, _ in spoken], dtype=bool)
    for of in np.flatnonzero(hits[at]) if len(rows) else ():
        word, source = spoken[at[of]]
        yield int(rows[of]), word, source


def _question(
    books: Books, row: int, matter: str, word: str, *, grade: Grade, right: str
) -> Question:
    payments = books.payments
    unit = units(books.units)
    day = int(payments.days[row])
    return Question(
        grade=grade,
        unit=unit.spelt(payments.unit.at(row)),
        subject=matter,
        cents=int(payments.cents[row]),
        rows=(row,),
        facts={
            "matter": matter,
            "word": word,
            "code": payments.economic.at(row),
            "right_code": right,
            "use": payments.use.at(row),
            "payee": payments.payee.at(row),
            "day": iso(day) if day != NO_DAY else "",
        },
    )


def _codes(economic: Texts) -> list[str]:
    return [plain(of) for of in economic.values]


def _is_any(economic: Texts, codes: list[str], of: tuple[str, ...]) -> Flags:
    """Payments under any of some codes; one without a code is under all."""
    return np.array([*(code.startswith(of) for code in codes), True])[economic.codes]


class OverParameters(Struct, frozen=True, forbid_unknown_fields=True):
    """The codes of each expense, how much more than the budget's line is asked about, and how
    much more than last year where there is no line. A requirement with one of the words of
    ``must_not_grow`` forbids more than the final account of the year before.
    """

    matters: Mapping[str, tuple[str, ...]]
    beyond: Share
    beyond_last_year: Share
    at_least_cents: Cents
    must_not_grow: tuple[str, ...] = ()


class _Spending:
    """Expenses of units by year, with what they might spend. A payment that is charged to an
    indicator of the unit's own department is the department's.
    """

    def __init__(self, books: Books, by: OverParameters) -> None:
        self.books, self.by = books, by
        self._years, _ = calendar(books.payments.days)
        known = self._years != NO_YEAR
        self.first, self.size = int(self._years[known].min()), int(np.ptp(self._years[known])) + 1
        self.unit = units(books.units)
        item = Codebook()
        items = item.column(books.payments.economic)
        every = tuple(code for codes in by.matters.values() for code in codes)
        spent = known & np.array([text.startswith(every) for text in item.texts], bool)[items]
        self._rows = np.flatnonzero(spent)
        self._items, self._texts = items[self._rows], item.texts
        self._bearer = self._bearers(self.unit.column(books.payments.unit)[self._rows])
        self._line_units = self.unit.codes(of.unit for of in books.lines)
        self._limit_units = self.unit.codes(of.unit for of in books.limits)

    def _bearers(self, payer: Ints) -> Ints:
        column, indicators = self.books.payments.indicator, self.books.indicators
        links = by_id(Texts(column.codes[self._rows], column.values), indicators).of
        owner = np.array([*self.unit.codes(of.unit for of in indicators), -1], dtype=np.int64)
        above = self.books.superiors
        heads = self.unit.codes(above.get(text, "") for text in tuple(self.unit.texts))
        return np.where(owner[links] == heads[payer], heads[payer], payer)

    def paid(self, meant: tuple[str, ...]) -> Ints:
        """The fen that each unit paid under some codes, by year."""
        chosen = np.array([text.startswith(meant) for text in self._texts], bool)[self._items]
        rows = self._rows[chosen]
        cell = self._bearer[chosen] * self.size + self._years[rows] - self.first
        cents = sums(self.books.payments.cents[rows], cell, len(self.unit) * self.size)
        return cents.reshape(-1, self.size)

    def lines(self, meant: tuple[str, ...]) -> tuple[Ints, Ints]:
        """The approved fen by unit and year, -1 where a unit has no lines in a year; and by how
        much they may be off by rounding.
        """
        lines, size = self.books.lines, len(self.unit) * self.size
        seen, cell = self._cells(self._line_units, column(of.year for of in lines))
        own = column(plain(of.economic).startswith(meant) for of in lines)
        cents = own * column(max(of.approved_cents, of.adjusted_cents) for of in lines)
        amounts = [
            amount or 0
            for of in lines
            for amount in (of.approved_cents, of.adjusted_cents, of.final_cents)
        ]
        half = last_decimal(amounts, TEN_THOUSANDS) // 2
        there = np.bincount(cell[seen], minlength=size) > 0
        total = np.where(there, sums(cents[seen], cell[seen], size), -1)
        off = sums(own[seen], cell[seen], size) * half
        return total.reshape(-1, self.size), off.reshape(-1, self.size)

    def limited(self) -> Iterator[tuple[int, int, SpendingLimit]]:
        """Unit, year from the first and limit of each that payments reach."""
        seen, cell = self._cells(self._limit_units, column(of.year for of in self.books.limits))
        for at in np.flatnonzero(seen).tolist():
            yield *divmod(int(cell[at]), self.size), self.books.limits[at]

    def _cells(self, unit: Ints, year: Ints) -> tuple[Flags, Ints]:
        seen = (year >= self.first) & (year < self.first + self.size)
        return seen, np.where(seen, unit * self.size + year - self.first, 0)


def find_over(books: Books, by: OverParameters) -> Iterator[Question]:
    """A question for each unit, year and expense over its line, or over the last year; and for
    each unit and year whose expenses together are over what the finance bureau allowed.
    """
    spending = _Spending(books, by)
    limited = {(unit, year) for unit, year, _ in spending.limited()}
    for name, meant in by.matters.items():
        yield from _over(spending, name, spending.paid(meant), spending.lines(meant), limited)
    every = tuple(code for codes in by.matters.values() for code in codes)
    yield from _over_limits(spending, spending.paid(every), spending.lines(every)[0])


def _over(
    of: _Spending,
    name: str,
    paid: Ints,
    lines: tuple[Ints, Ints],
    limited: set[tuple[int, int]],
) -> Iterator[Question]:
    by, (line, off) = of.by, lines
    for unit, year in np.argwhere(paid > 0).tolist():
        spent, granted = int(paid[unit, year]), int(line[unit, year])
        last = int(paid[unit, year - 1]) if year else 0
        if granted >= 0:
            limit = granted * (1 + by.beyond) + int(off[unit, year])
            if spent > limit and spent - granted >= by.at_least_cents:
                yield _asked(of, (unit, year), name, spent, (granted, last), "line")
        elif last > 0 and (unit, year) not in limited:
            limit = last * (1 + by.beyond_last_year)
            if spent > limit and spent - last >= by.at_least_cents:
                yield _asked(of, (unit, year), name, spent, (0, last), "last-year")


def _over_limits(of: _Spending, paid: Ints, lines: Ints) -> Iterator[Question]:
    """All expenses together: over the final account of the year before where that is forbidden,
    or over what was approved where no lines say it expense by expense.
    """
    limits = of.books.limits
    amounts = [
        amount or 0
        for one in limits
        for amount in (one.approved_cents, one.adjusted_cents, one.last_cents)
    ]
    off = last_decimal(amounts, TEN_THOUSANDS) // 2
    for unit, year, limit in of.limited():
        spent = int(paid[unit, year])
        granted = max(limit.approved_cents, limit.adjusted_cents)
        last = limit.last_cents
        least = max(of.by.at_least_cents, off + 1)
        frozen = any(word in plain(limit.requirement) for word in of.by.must_not_grow)
        if frozen and last is not None and spent - last >= least:
            yield _asked(of, (unit, year), TOGETHER, spent, (granted, last), "last-account")
        elif lines[unit, year] < 0 and spent - granted >= least:
            yield _asked(of, (unit, year), TOGETHER, spent, (granted, last or 0), "line")


def _asked(
    of: _Spending,
    cell: tuple[int, int],
    matter: str,
    spent: int,
    usual: tuple[int, int],
    against: Against,
) -> Question:
    unit, year = cell[0], of.first + cell[1]
    granted, last = usual
    beyond = spent - (granted if against == "line" else last)
    return Question(
        grade=3 if against == "last-year" else 2,
        unit=of.unit.texts[unit],
        subject=f"{matter}/{year}",
        cents=beyond,
        rows=(),
        facts={
            "matter": matter,
            "year": year,
            "paid_cents": spent,
            "line_cents": granted,
            "last_cents": last,
            "against": against,
            "beyond_cents": beyond,
        },
    )


MISBOOKED = RuleKind(
    name="three-expenses-misbooked",
    parameters=Parameters,
    needs=frozenset({"use", "economic", "unit"}),
    find=find_misbooked,
)
WRONGLY_IN = RuleKind(
    name="three-expenses-wrongly-in",
    parameters=Parameters,
    needs=frozenset({"use", "economic", "unit"}),
    find=find_wrongly_in,
)
OVER = RuleKind(
    name="three-expenses-over",
    parameters=OverParameters,
    needs=frozenset({"economic", "unit", "days"}),
    either=frozenset({"lines", "limits"}),
    find=find_over,
)
