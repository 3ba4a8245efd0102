"""The three public expenses (三公经费), meetings and training: booked elsewhere, or wrongly in."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Annotated, Literal

import numpy as np
from msgspec import Meta, Struct

from budget.detection.books import NO_DAY, Books, Payments, Texts
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
from budget.detection.budgets.matching.phrases import Pattern, found, pattern
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


Against = Literal["line", "last-year"]
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
    much more than last year where there is no line.
    """

    matters: Mapping[str, tuple[str, ...]]
    beyond: Share
    beyond_last_year: Share
    at_least_cents: Cents


def find_over(books: Books, by: OverParameters) -> Iterator[Question]:
    """A question for each unit, year and expense over its line, or over the last year."""
    years, _ = calendar(books.payments.days)
    known = years != NO_YEAR
    first, size = int(years[known].min()), int(np.ptp(years[known])) + 1
    unit = units(books.units)
    codes = unit.column(books.payments.unit)
    lines = unit.codes(of.unit for of in books.lines)
    item = Codebook()
    items = item.column(books.payments.economic)
    for name, meant in by.matters.items():
        chosen = np.array([text.startswith(meant) for text in item.texts], dtype=bool)
        rows = chosen[items] & known
        cell = codes[rows] * size + years[rows] - first
        paid = sums(books.payments.cents[rows], cell, len(unit) * size).reshape(-1, size)
        line = _lines(books, lines, meant, (len(unit), first, size))
        yield from _over(unit, name, (paid, line, first), by)


def _lines(books: Books, unit: Ints, meant: tuple[str, ...], shape: tuple[int, int, int]) -> Ints:
    """The approved money by unit and year, -1 where a unit has no lines in a year."""
    count, first, size = shape
    year = column(of.year for of in books.lines) - first
    seen = (year >= 0) & (year < size)
    cell = np.where(seen, unit * size + year, 0)
    cents = column(
        max(of.approved_cents, of.adjusted_cents) if plain(of.economic).startswith(meant) else 0
        for of in books.lines
    )
    there = np.bincount(cell[seen], minlength=count * size) > 0
    total = sums(cents[seen], cell[seen], count * size)
    return np.where(there, total, -1).reshape(count, size)


def _over(
    unit: Codebook, name: str, money: tuple[Ints, Ints, int], by: OverParameters
) -> Iterator[Question]:
    paid, line, first = money
    for of, year in np.argwhere(paid > 0):
        spent, granted = int(paid[of, year]), int(line[of, year])
        last = int(paid[of, year - 1]) if year else 0
        against: Against = "line" if granted >= 0 else "last-year"
        usual, limit = (
            (granted, granted * (1 + by.beyond))
            if against == "line"
            else (last, last * (1 + by.beyond_last_year) if last > 0 else math.inf)
        )
        if spent > limit and spent - usual >= by.at_least_cents:
            yield Question(
                grade=2 if against == "line" else 3,
                unit=unit.texts[of],
                subject=f"{name}/{first + year}",
                cents=spent - usual,
                rows=(),
                facts={
                    "matter": name,
                    "year": int(first + year),
                    "paid_cents": spent,
                    "line_cents": max(granted, 0),
                    "last_cents": last,
                    "against": against,
                    "beyond_cents": spent - usual,
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
    needs=frozenset({"economic", "unit", "days", "lines"}),
    find=find_over,
)
