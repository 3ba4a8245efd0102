"""A draft of a budget beside the year that runs and the one before: sums and what stands out.
Pure; money is whole fen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Literal, get_args
from urllib.parse import urlencode

import numpy as np
from msgspec import Meta, Struct
from pydantic import BaseModel, ConfigDict, Field

from api.platforms.budget.execution.records import THREE_EXPENSES
from api.platforms.budget.ledger.records import Narrowing, Text, item, names, narrowed
from budget.ledger import Ledger, added_up

By = Literal["unit", "function", "project", "fund"]
BYS: tuple[By, ...] = get_args(By)
CLASS_DIGITS = 3
"""Of a function's code the first ones are its class 类."""
Expense = Literal["", "abroad", "vehicles-bought", "vehicles-run", "receptions"]
A_PAGE = 100
DraftYear = Annotated[int, Field(ge=2000, le=2101)]


class Draft(Struct, frozen=True):
    """The draft of a year."""

    year: Annotated[int, Meta(ge=2000, le=2101)]


class AskedLines(BaseModel):
    """A question for lines of a draft and of the budgets beside it; an empty value asks for all.
    ``unit`` and ``project`` are codes, ``function`` a code or its beginning, ``economic`` a code.
    """

    model_config = ConfigDict(extra="forbid")
    year: DraftYear
    unit: Text = ""
    project: Text = ""
    function: Text = ""
    economic: Text = ""
    fund: Text = ""
    expense: Expense = ""
    page: Annotated[int, Field(ge=1, le=10_000)] = 1

    def query(self, **changes: str) -> str:
        """As part of an address, from the first page on."""
        return urlencode(self.model_dump(exclude={"page"}, exclude_defaults=True) | changes)

    def suits(self, of: Row) -> bool:
        """Whether a line is asked for."""
        return (
            self.unit in ("", of.unit)
            and self.project in ("", of.project)
            and item(of.function).startswith(self.function)
            and self.economic in ("", item(of.economic))
            and self.fund in ("", of.fund)
            and (not self.expense or item(of.economic) in THREE_EXPENSES[self.expense])
        )


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From when on something stands out: a project that changed by so many percent and so many fen
    at least; one of which less than so many percent were paid while it asks for more.
    """

    changed_percent: int
    changed_fen: int
    slow_percent: int


@dataclass(frozen=True, slots=True)
class Row:
    """A line by unit, project, items and fund: of the draft, and of the budgets before it. None
    where there is no such line.
    """

    unit: str
    unit_name: str
    project: str
    project_name: str
    function: str
    economic: str
    fund: str
    draft: int | None = None
    carried: int | None = None
    approved: int | None = None
    adjusted: int | None = None
    final: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """Sums of one value. ``query`` asks for its lines, ``paid_by`` for its payments of the year
    that runs; empty where nothing can ask for them.
    """

    key: str
    name: str
    query: Mapping[str, str]
    draft: int | None
    carried: int | None
    approved: int | None
    adjusted: int | None
    final: int | None
    paid: int
    unit_name: str = ""
    paid_by: Mapping[str, str] = field(default_factory=dict)

    @property
    def change(self) -> int | None:
        """Of the draft against the budget as it was changed last."""
        if self.draft is None or self.adjusted is None:
            return None
        return self.draft - self.adjusted

    @property
    def change_share(self) -> float | None:
        """The same of the budget."""
        change = self.change
        return change / self.adjusted if change is not None and self.adjusted else None

    @property
    def done(self) -> float | None:
        """Of the budget of the year that runs that is paid."""
        return self.paid / self.adjusted if self.adjusted and self.adjusted > 0 else None

    @property
    def rest(self) -> int | None:
        """Of that budget that is not paid."""
        return None if self.adjusted is None else self.adjusted - self.paid


@dataclass(frozen=True, slots=True)
class FundLine:
    """A fund: the draft, indicators of the year that runs, and what was paid of it."""

    name: str
    draft: int | None
    indicators: int
    paid: int


@dataclass(frozen=True, slots=True)
class Question:
    """An open finding about a unit of the draft, as the reader may see it; fen."""

    id: int
    unit: str
    text: str
    amount: int
    state: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem that the audit found and that is not rectified; fen."""

    unit: str
    year: int | None
    text: str
    amount: int | None
    due: str
    state: str


@dataclass(frozen=True, slots=True)
class Compared:
    """All that a draft says. ``as_of`` is the day of the newest payment, ISO text, empty where
    nothing was paid in the year that runs.
    """

    year: int
    as_of: str
    thresholds: Thresholds
    whole: Line
    by: Mapping[Literal["unit", "function", "project"], Sequence[Line]]
    funds: Sequence[FundLine]
    expenses: Sequence[Line]
    questions: Sequence[Question]
    problems: Sequence[Problem]

    @property
    def projects(self) -> list[Line]:
        """Those of the draft or of a budget beside it, the greatest of the draft first."""
        known = [of for of in self._projects if of.draft or of.adjusted or of.final]
        return sorted(known, key=lambda of: (-(of.draft or 0), -(of.adjusted or 0), of.key))

    @property
    def new(self) -> list[Line]:
        """Projects of the draft that the year that runs has no budget for."""
        return [of for of in self._projects if of.draft and of.adjusted is None]

    @property
    def ended(self) -> list[Line]:
        """Projects that have a budget and are not in the draft."""
        return [of for of in self._projects if of.adjusted and of.draft is None]

    @property
    def changed(self) -> list[Line]:
        """Projects whose draft is much more or less than their budget."""
        limits = self.thresholds
        return [
            of
            for of in self._projects
            if of.change is not None
            and of.adjusted is not None
            and abs(of.change) >= limits.changed_fen
            and abs(of.change) * 100 >= limits.changed_percent * of.adjusted
        ]

    @property
    def slow(self) -> list[Line]:
        """Projects that ask for more, of whose budget little was paid."""
        percent = self.thresholds.slow_percent
        return [
            of
            for of in self._projects
            if of.change is not None
            and of.change > 0
            and of.adjusted is not None
            and of.adjusted > 0
            and of.paid * 100 < percent * of.adjusted
        ]

    @property
    def carried(self) -> list[Line]:
        """Projects to which money of the year that runs is carried over."""
        return [of for of in self._projects if of.carried]

    @property
    def _projects(self) -> list[Line]:
        return [of for of in self.by["project"] if of.key]


class Comparing:
    """Sums of lines of a draft and of the budgets beside it, and of payments of the year before
    the draft's.
    """

    def __init__(self, year: int, rows: Sequence[Row], ledger: Ledger) -> None:
        self.year, self.rows, self.ledger = year, rows, ledger
        self._paid = narrowed(ledger, Narrowing(period=str(year - 1)))

    def whole(self) -> Line:
        """Of everything."""
        paid = int(self.ledger.cents[self._paid].sum())
        return _line("", "", {}, self.rows, paid, {"period": str(self.year - 1)})

    def lines(self, by: Literal["unit", "function", "project"]) -> list[Line]:
        """By unit and project in the order of codes, or by class of function; payments without a
        line of any budget are there too.
        """
        key = _class if by == "function" else _same
        rows: dict[str, list[Row]] = defaultdict(list)
        for of in self.rows:
            rows[key(getattr(of, by))].append(of)
        paid = self._paid_by(by, key)
        names = self._names(by)
        period = {"period": str(self.year - 1)}
        return [
            _line(
                of,
                names.get(of, of),
                {by: of} if of else {},
                rows.get(of, ()),
                paid.get(of, 0),
                period | {by: of} if of and by != "function" else {},
            )
            for of in sorted({*rows, *paid}, key=lambda of: (not of, of))
        ]

    def funds(self, indicators: Mapping[str, int]) -> list[FundLine]:
        """By fund, of which budgets of departments have none: indicators stand in."""
        draft: dict[str, int] = defaultdict(int)
        for of in self.rows:
            if of.draft is not None:
                draft[of.fund] += of.draft
        paid = self._paid_by("fund", _same)
        keys = sorted({*draft, *indicators, *paid}, key=lambda of: (not of, of))
        return [FundLine(of, draft.get(of), indicators.get(of, 0), paid.get(of, 0)) for of in keys]

    def expenses(self) -> list[Line]:
        """三公经费, each kind."""
        paid = self._paid_by("economic", item)
        found = []
        for name, codes in THREE_EXPENSES.items():
            rows = [of for of in self.rows if item(of.economic) in codes]
            spent = sum(paid.get(code, 0) for code in codes)
            found.append(_line(name, name, {"expense": name}, rows, spent, {}))
        return found

    def _paid_by(self, by: str, key: Callable[[str], str]) -> Mapping[str, int]:
        column = self.ledger.texts[by]
        fen, count = added_up(self.ledger, self._paid, column.codes, len(column.values))
        found: dict[str, int] = defaultdict(int)
        for at in np.flatnonzero(count):
            value = column.values[at] if at < len(column.values) else ""
            found[key(value)] += int(fen[at])
        return found

    def _names(self, by: str) -> Mapping[str, str]:
        if by == "function":
            return {}
        found = names(self.ledger, by)
        for of in self.rows:
            found[getattr(of, by)] = getattr(of, f"{by}_name") or found.get(getattr(of, by), "")
        return {code: name for code, name in found.items() if name}


def _line(
    key: str,
    name: str,
    query: Mapping[str, str],
    rows: Collection[Row],
    paid: int,
    paid_by: Mapping[str, str],
) -> Line:
    units = {of.unit_name for of in rows}
    return Line(
        key,
        name,
        query,
        total(of.draft for of in rows),
        total(of.carried for of in rows),
        total(of.approved for of in rows),
        total(of.adjusted for of in rows),
        total(of.final for of in rows),
        paid,
        units.pop() if len(units) == 1 else "",
        paid_by,
    )


def total(values: Iterable[int | None]) -> int | None:
    """The sum of what is known; None where nothing is."""
    known = [of for of in values if of is not None]
    return sum(known) if known else None


def _class(text: str) -> str:
    code = item(text)
    return code[:CLASS_DIGITS] if code.isdigit() else code


def _same(text: str) -> str:
    return text
