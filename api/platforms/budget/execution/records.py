"""Sums of a month and of the year to it, beside the budget and the year before. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal, Protocol, TypeVar
from urllib.parse import urlencode

import numpy as np
from msgspec import Meta, Struct
from numpy.typing import NDArray

from api.platforms.budget.ledger.records import (
    DEPARTMENT_DIGITS,
    EPOCH,
    item,
    names,
    ranks,
    span,
)
from api.platforms.budget.payments.records import Payment
from budget.detection.books import Texts
from budget.ledger import Ledger, Mask, added_up, holding
from budget.persons import is_person

By = Literal["unit", "function", "economic", "fund"]
BYS: tuple[By, ...] = ("unit", "function", "economic", "fund")
CODED: Collection[By] = ("function", "economic")
"""Of these the code before the name is what counts."""
THREE_EXPENSES: Mapping[str, Collection[str]] = {
    "abroad": ("30212",),
    "vehicles-bought": ("30913", "31013"),
    "vehicles-run": ("30231",),
    "receptions": ("30217",),
}
"""三公经费 by the codes of economic items."""
LARGEST = 10


class Month(Struct, frozen=True):
    """A month of a budget year."""

    year: Annotated[int, Meta(ge=2000, le=2100)]
    month: Annotated[int, Meta(ge=1, le=12)]

    @property
    def period(self) -> str:
        """Such as ``2026-03``."""
        return f"{self.year}-{self.month:02}"

    @property
    def first_of_year(self) -> str:
        """The first day of its year, ISO text."""
        return f"{self.year}-01-01"

    @property
    def last(self) -> str:
        """Its last day, ISO text."""
        behind = self.year * 12 + self.month
        return (date(behind // 12, behind % 12 + 1, 1) - timedelta(days=1)).isoformat()

    @property
    def year_before(self) -> Month:
        """The same month of the year before."""
        return Month(self.year - 1, self.month)

    def address(self, by: str = "", value: str = "", *, to_date: bool = False) -> str:
        """The list of its payments, or of those of the year ``to_date``, with a value."""
        values = {by: value} if by else {}
        days = {"from_day": self.first_of_year, "until_day": self.last}
        asked = days if to_date else {"period": self.period}
        return f"/budget/payments?{urlencode(values | asked)}"


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """A line of a year's budget as it was changed last, in fen."""

    unit: str
    unit_name: str
    function: str
    economic: str
    fen: int


@dataclass(frozen=True, slots=True)
class Line:
    """Sums of one value in fen: of the month, of the year to it, of the same months of the year
    before, and the budgets of both years; None: not known. ``value`` is that by which its
    payments are asked for, empty where there is none.
    """

    key: str
    name: str
    value: str
    month: int
    year: int
    before: int | None
    budget: int | None
    budget_before: int | None

    @property
    def share(self) -> float | None:
        """Of the budget that is paid."""
        return _share(self.year, self.budget)

    @property
    def share_before(self) -> float | None:
        """The same a year before."""
        return _share(self.before, self.budget_before)


@dataclass(frozen=True, slots=True)
class Counted:
    """All that a report says. ``payments`` is how many there are in the month, ``last_paid`` the
    day of its last one; ``missing`` are months of the year to it without any payment, and
    ``missing_before`` those of the year before.
    """

    month: Month
    payments: int
    last_paid: str
    whole: Line
    by: Mapping[By, Sequence[Line]]
    three_expenses: Sequence[Line]
    largest: Sequence[Payment]
    missing: Sequence[int]
    missing_before: Sequence[int]


@dataclass(frozen=True, slots=True)
class Sources:
    """Payments that stand, and the budgets of the year and of the one before."""

    ledger: Ledger
    budget: Sequence[BudgetLine]
    budget_before: Sequence[BudgetLine]


class Counting:
    """Sums of a month, of the year to it, and of the year before."""

    def __init__(self, sources: Sources, month: Month) -> None:
        ledger = sources.ledger
        self.sources, self.month = sources, month
        self.in_month = _between(ledger, span(month.period))
        self.in_year = _between(ledger, _to_date(month.year, month.month))
        self.in_year_before = _between(ledger, _to_date(month.year - 1, month.month))
        self._before_known = bool(self.in_year_before.any())

    def whole(self) -> Line:
        """Of everything."""
        fen = self.sources.ledger.cents
        return self._line(
            ("", "", ""),
            int(fen[self.in_month].sum()),
            int(fen[self.in_year].sum()),
            int(fen[self.in_year_before].sum()),
            _total(self.sources.budget),
            _total(self.sources.budget_before),
        )

    def lines(self, by: By) -> list[Line]:
        """By the values of a column, in the order of their keys; those without one last. Whatever
        has a budget and no payment is there too.
        """
        ledger = self.sources.ledger
        key = item if by in CODED else _same
        column = ledger.texts[by]
        month, year, before = (
            _keyed(column, ledger, mask, key)
            for mask in (self.in_month, self.in_year, self.in_year_before)
        )
        budget, budget_before = (
            _budgets(rows, by) for rows in (self.sources.budget, self.sources.budget_before)
        )
        names, values = self.names(by), _values(column, key)
        keys = {of for of in (*year, *budget) if year.get(of) or of in budget or month.get(of)}
        return [
            self._line(
                (of, names.get(of, of), values.get(of, "")),
                month.get(of, 0),
                year.get(of, 0),
                before.get(of, 0),
                budget.get(of),
                budget_before.get(of),
            )
            for of in sorted(keys, key=lambda of: (not of, of))
        ]

    def three_expenses(self) -> list[Line]:
        """三公经费, each kind."""
        ledger = self.sources.ledger
        column = ledger.texts["economic"]
        month, year, before = (
            _keyed(column, ledger, mask, item)
            for mask in (self.in_month, self.in_year, self.in_year_before)
        )
        budget, budget_before = (
            _budgets(rows, "economic")
            for rows in (self.sources.budget, self.sources.budget_before)
        )
        return [
            self._line(
                (name, name, ""),
                _of_codes(month, codes) or 0,
                _of_codes(year, codes) or 0,
                _of_codes(before, codes) or 0,
                _of_codes(budget, codes),
                _of_codes(budget_before, codes),
            )
            for name, codes in THREE_EXPENSES.items()
        ]

    def largest(self) -> list[int]:
        """Ids of the greatest payments of the month to bodies, the greatest first."""
        ledger = self.sources.ledger
        bodies = holding(ledger.texts["payee"], lambda name: not is_person(name))
        chosen = np.flatnonzero(self.in_month & bodies)
        order = np.lexsort((ledger.ids[chosen], -ledger.cents[chosen]))
        return [int(of) for of in ledger.ids[chosen[order[:LARGEST]]]]

    def missing(self, year: int) -> list[int]:
        """Months of a year up to this one in which nothing was paid."""
        days = self.sources.ledger.days
        return [
            month
            for month in range(1, self.month.month + 1)
            if not _within(days, span(f"{year}-{month:02}")).any()
        ]

    def last_paid(self) -> str:
        """The day of the month's last payment, ISO text; empty where there is none."""
        days = self.sources.ledger.days[self.in_month]
        return date.fromordinal(int(days.max()) + EPOCH).isoformat() if len(days) else ""

    def names(self, by: By) -> Mapping[str, str]:
        """Of values, by key."""
        if by == "unit":
            budgeted = {of.unit: of.unit_name for of in self.sources.budget}
            return budgeted | names(self.sources.ledger, "unit")
        texts = (*self._budgeted(by), *self.sources.ledger.texts[by].values)
        # A text with a name says more than a bare code.
        return {item(of) if by in CODED else of: of for of in sorted(texts, key=len)}

    def _budgeted(self, by: By) -> list[str]:
        return [_text(of, by) for of in self.sources.budget if _text(of, by)]

    def _line(
        self,
        called: tuple[str, str, str],
        month: int,
        year: int,
        before: int,
        budget: int | None,
        budget_before: int | None,
    ) -> Line:
        known = before if self._before_known else None
        return Line(*called, month, year, known, budget, budget_before)


class Keyed(Protocol):
    """A line of one value."""

    @property
    def key(self) -> str:
        """Of a unit its code."""
        ...


K = TypeVar("K", bound=Keyed)


def in_official_order(
    lines: Sequence[K], names: Mapping[str, str], official: Sequence[str]
) -> list[K]:
    """Units in the official order, each with its department; those that it does not know behind
    them by code. ``names`` are those of units by code, ``official`` is the order's names, which
    the treasury writes with those of city and district before them.
    """
    rank, unknown = ranks(names, official), len(official)
    return sorted(lines, key=lambda of: (rank.get(of.key[:DEPARTMENT_DIGITS], unknown), of.key))


def together(lines: Sequence[Line]) -> Line:
    """The sum of lines; what is known of none is not known."""
    return Line(
        "",
        "",
        "",
        sum(of.month for of in lines),
        sum(of.year for of in lines),
        _sum([of.before for of in lines]),
        _sum([of.budget for of in lines]),
        _sum([of.budget_before for of in lines]),
    )


def _sum(values: Sequence[int | None]) -> int | None:
    known = [of for of in values if of is not None]
    return sum(known) if known else None


def _share(paid: int | None, budget: int | None) -> float | None:
    return paid / budget if paid is not None and budget is not None and budget > 0 else None


def _total(rows: Sequence[BudgetLine]) -> int | None:
    return sum(of.fen for of in rows) if rows else None


def _to_date(year: int, month: int) -> tuple[int, int]:
    first, _ = span(f"{year}-01")
    _, behind = span(f"{year}-{month:02}")
    return first, behind


def _between(ledger: Ledger, days: tuple[int, int]) -> Mask:
    return _within(ledger.days, days)


def _within(days: NDArray[np.int32], of: tuple[int, int]) -> Mask:
    first, behind = of
    found: Mask = (days >= first) & (days < behind)
    return found


def _keyed(
    column: Texts, ledger: Ledger, mask: Mask, key: Callable[[str], str]
) -> Mapping[str, int]:
    fen, count = added_up(ledger, mask, column.codes, len(column.values))
    found: dict[str, int] = defaultdict(int)
    for at in np.flatnonzero(count):
        found[key(column.values[at]) if at < len(column.values) else ""] += int(fen[at])
    return found


def _values(column: Texts, key: Callable[[str], str]) -> Mapping[str, str]:
    """The one text of each key; of a key that is written in several ways none."""
    texts: dict[str, list[str]] = defaultdict(list)
    for value in column.values:
        texts[key(value)].append(value)
    return {of: values[0] for of, values in texts.items() if len(values) == 1}


def _budgets(rows: Sequence[BudgetLine], by: By) -> Mapping[str, int]:
    found: dict[str, int] = defaultdict(int)
    if by == "fund":
        return found
    for of in rows:
        text = _text(of, by)
        found[item(text) if by in CODED else text] += of.fen
    return found


def _text(of: BudgetLine, by: By) -> str:
    return {"unit": of.unit, "function": of.function, "economic": of.economic, "fund": ""}[by]


def _of_codes(sums: Mapping[str, int], codes: Collection[str]) -> int | None:
    return _sum([sums.get(code) for code in codes])


def _same(text: str) -> str:
    return text
