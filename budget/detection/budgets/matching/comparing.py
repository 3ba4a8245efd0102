"""Figures that a department published beside its payments and its budget lines, and why some are
not compared. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from budget.detection.books import Books, BudgetLine, PublishedFigure, PublishedSet, Texts
from budget.detection.budgets.matching.coding import MONTHS, Flags, Ints, plain, units
from budget.detection.budgets.matching.departments import head_of, members

Group = Literal["total", "class", "three-public"]
Basis = Literal["payments", "final", "approved"]
Lacking = Literal["unit", "subordinates", "months", "function", "economic", "fund", "lines"]
"""Why figures are not compared: nobody knows the unit, or which units lie below it; months of the
year have no payments; payments have no items or funds; lines have no such amounts.
"""
GROUPS: Mapping[str, Group] = {"total": "total", "class": "class", "three-public": "three-public"}
"""By the first part of what a figure stands for."""
_GENERAL = "一般公共预算"


@dataclass(frozen=True, slots=True)
class Needs:
    """See ``PaymentParameters``."""

    months: int
    most_without_code: float
    codes: Mapping[str, Collection[str]]


@dataclass(frozen=True, slots=True)
class Compared:
    """A published figure and the sum in fen that stands beside it."""

    figure: PublishedFigure
    group: Group
    basis: Basis
    cents: int

    @property
    def difference(self) -> int:
        """The fen by which payments, or lines, are more."""
        return self.cents - self.figure.cents


@dataclass(frozen=True, slots=True)
class Held:
    """Figures that are not compared; ``values`` are months without payments."""

    basis: Basis
    group: Group | Literal["every"]
    lacking: Lacking
    values: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that was compared of a set, and what was not; ``head``: the department's code."""

    head: str
    figures: tuple[Compared, ...]
    held: tuple[Held, ...]


Dated = tuple[Ints, Ints]
"""Year and month of each payment, as ``calendar`` has them."""


def compared(books: Books, of: PublishedSet, needs: Needs, dated: Dated) -> Comparison:
    """Final accounts are held against the payments of the year and the final amounts of budget
    lines, budgets against the approved ones.
    """
    head = head_of(books, of.department)
    basis: Basis = "payments" if of.stage == "accounts" else "approved"
    if not head:
        return Comparison("", (), (Held(basis, "every", "unit"),))
    if not head.isdigit() and len(books.units) > 1 and not books.superiors:
        return Comparison(head, (), (Held(basis, "every", "subordinates"),))
    comparing = _Comparing(books, of, needs, members(books, head), dated)
    found = [*(comparing.payments() if of.stage == "accounts" else ()), *comparing.lines()]
    return Comparison(
        head,
        tuple(one for one in found if isinstance(one, Compared)),
        tuple(one for one in found if isinstance(one, Held)),
    )


@dataclass(frozen=True, slots=True)
class _Comparing:
    books: Books
    of: PublishedSet
    needs: Needs
    members: frozenset[str]
    dated: Dated

    def payments(self) -> Iterator[Compared | Held]:
        """Each figure beside payments of the year, or why not."""
        payments = self.books.payments
        years, months = self.dated
        in_year = years == self.of.year
        there = np.unique(months[in_year])
        if len(there) < self.needs.months:
            missing = tuple(n + 1 for n in range(MONTHS) if n not in there)
            yield Held("payments", "every", "months", missing)
            return
        own = np.flatnonzero(in_year & self._is_own(payments.unit))
        if not len(own):
            yield Held("payments", "every", "unit")
            return
        lacking = set[Held]()
        for figure in self.figures():
            group, code = _meant(figure)
            column = {"class": payments.function, "three-public": payments.economic}.get(group)
            if column is not None and not self._has(column, own):
                lacking.add(
                    Held("payments", group, "function" if group == "class" else "economic")
                )
                continue
            if figure.money == "general" and not self._has(payments.fund, own):
                lacking.add(Held("payments", group, "fund"))
                continue
            rows = own
            if figure.money == "general":
                rows = rows[_with(payments.fund, rows, lambda text: _GENERAL in text)]
            if column is not None:
                codes = self._codes(group, code)
                rows = rows[_with(column, rows, partial(_begins, codes))]
            yield Compared(figure, group, "payments", int(payments.cents[rows].sum()))
        yield from sorted(lacking, key=lambda one: (one.group, one.lacking))

    def lines(self) -> Iterator[Compared | Held]:
        """Each figure beside the budget lines of the year, or why not."""
        basis: Basis = "final" if self.of.stage == "accounts" else "approved"
        spelt = units(self.books.units).spelt
        own = [
            line
            for line in self.books.lines
            if line.year == self.of.year and spelt(line.unit) in self.members
        ]
        amount = _amount_of(basis)
        if not own or any(amount(line) is None for line in own):
            yield Held(basis, "every", "lines")
            return
        funds = self._funds()
        for figure in self.figures():
            group, code = _meant(figure)
            codes = self._codes(group, code)
            chosen = [line for line in own if _is_line_of(line, group, codes)]
            if figure.money == "general":
                chosen = [line for line in chosen if _GENERAL in funds.get(line.project, _GENERAL)]
            yield Compared(figure, group, basis, sum(amount(line) or 0 for line in chosen))

    def figures(self) -> Iterator[PublishedFigure]:
        """Those that the tables do not contradict: of the others there is a question already."""
        broken = {(one.sheet, one.cell) for one in self.of.breaks if one.cents}
        yield from (one for one in self.of.figures if (one.sheet, one.cell) not in broken)

    def _funds(self) -> Mapping[str, str]:
        """The fund of each project whose indicators have one: budget lines have none."""
        return {one.project: plain(one.fund) for one in self.books.indicators if one.fund}

    def _is_own(self, unit: Texts) -> Flags:
        spelt = units(self.books.units).spelt
        hits = [spelt(text) in self.members for text in unit.values]
        return np.array([*hits, False], dtype=bool)[unit.codes]

    def _has(self, column: Texts, own: Ints) -> bool:
        """Whether nearly all of the payments have a text in a column, by their money."""
        cents = np.abs(self.books.payments.cents[own])
        without = int(cents[column.codes[own] < 0].sum())
        return column.known and without <= self.needs.most_without_code * int(cents.sum())

    def _codes(self, group: Group, code: str) -> tuple[str, ...]:
        return tuple(self.needs.codes.get(code, ())) if group == "three-public" else (code,)


def _meant(figure: PublishedFigure) -> tuple[Group, str]:
    kind, _, code = figure.means.partition("/")
    return GROUPS[kind], code


def _with(column: Texts, rows: Ints, suits: Callable[[str], bool]) -> Flags:
    """Of some rows those with a text that suits."""
    hits = [suits(plain(text)) for text in column.values]
    return np.array([*hits, False], dtype=bool)[column.codes[rows]]


def _begins(codes: tuple[str, ...], text: str) -> bool:
    return text.startswith(codes)


def _amount_of(basis: Basis) -> Callable[[BudgetLine], int | None]:
    if basis == "final":
        return lambda line: line.final_cents
    return lambda line: line.approved_cents


def _is_line_of(line: BudgetLine, group: Group, codes: tuple[str, ...]) -> bool:
    if group == "total":
        return True
    text = line.function if group == "class" else line.economic
    return plain(text).startswith(codes)
