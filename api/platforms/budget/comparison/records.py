"""A question with two axes, and the table that answers it. Pure; money is whole fen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal, Self, get_args
from urllib.parse import urlencode

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, StringConstraints, model_validator

from api.platforms.budget.ledger.records import (
    DEPARTMENT_DIGITS,
    EPOCH,
    Narrowing,
    Text,
    item,
    narrowed,
)
from budget.detection.books import MISSING, Texts
from budget.ledger import Ledger, Mask, holding

Lines = Literal["unit", "department", "project", "function", "economic", "fund", "month"]
LINES: tuple[Lines, ...] = get_args(Lines)
Columns = Literal["years", "quarters", "months", "plan", "budget"]
COLUMNS: tuple[Columns, ...] = get_args(Columns)
Year = Annotated[str, StringConstraints(pattern=r"^(|(19|20|21)\d\d)$")]
OF_MONTHS: Collection[Columns] = ("years", "plan")
"""Columns beside which months may be lines."""
CODED: Collection[Lines] = ("function", "economic")
"""Of these the code before the name is what counts."""
MONTHS = 12
A_PAGE = 50
Ints = NDArray[np.int64]
_DEEPER: tuple[Lines, ...] = ("unit", "project", "economic", "month")


class Asked(Narrowing):
    """A question: what the lines are and what the columns. ``period`` is a year, the newest one
    where a single year is needed and none is given; ``department`` is the beginning of the codes
    of its units. Payees are no axis, so that no natural person is a line.
    """

    period: Year = ""
    payee: Literal[""] = ""
    department: Text = ""
    lines: Lines = "unit"
    columns: Columns = "years"
    page: Annotated[int, Field(ge=1, le=10_000)] = 1

    @model_validator(mode="after")
    def _axes(self) -> Self:
        if self.lines == "month" and self.columns not in OF_MONTHS:
            raise ValueError(f"lines=month goes with columns {' or '.join(OF_MONTHS)} only")
        return self

    def query(self, **changes: str) -> str:
        """As part of an address, from the first page on."""
        values = self.model_dump(exclude={"page"}, exclude_defaults=True) | changes
        if values.get("lines") == "month" and values.get("columns", "years") not in OF_MONTHS:
            values.pop("lines")
        return urlencode({name: value for name, value in values.items() if value})

    def rows(self, **changes: str) -> str:
        """The question for the payments themselves, empty where their list cannot ask for them."""
        values = {
            name: value
            for name in Narrowing.model_fields
            if name != "period" and (value := getattr(self, name))
        } | changes
        return "" if self.department and "unit" not in values else urlencode(values)


@dataclass(frozen=True, slots=True)
class Beside:
    """Money that stands beside payments, with the values by which these are added up. ``amounts``
    are fen: approved and as changed last, or planned for each month of a year.
    """

    unit: str
    unit_name: str
    project: str
    project_name: str
    function: str
    economic: str
    fund: str
    amounts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Axis:
    """The lines: their keys, and for each payment the number of its line, :data:`MISSING` for
    none. ``values`` are those by which the payments of a line are asked for, where it is one.
    """

    keys: tuple[str, ...]
    codes: NDArray[np.int32]
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, and the days that it is for: the first, and that behind the last."""

    name: str
    days: tuple[int, int] | None = None
    kind: Literal["money", "share"] = "money"

    def dates(self) -> Mapping[str, str]:
        """Its days as the list of payments asks for them."""
        if self.days is None:
            return {}
        first, behind = (date.fromordinal(day + EPOCH) for day in self.days)
        return {
            "from_day": first.isoformat(),
            "until_day": (behind - timedelta(days=1)).isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Cell:
    """Fen, or a share in percent, None where it is not known; and the number of payments."""

    value: int | None
    payments: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A line by its key, empty where payments have none; ``value`` is that by which its payments
    are asked for, empty where there is not one.
    """

    key: str
    name: str
    value: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The lines that were asked for; ``total`` is of all of them. ``until`` is the month up to
    which plans and payments are held together, 0 elsewhere; ``unplanned`` lines have payments and
    no plan.
    """

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    total: Line
    until: int = 0
    unplanned: int = 0

    @property
    def pages(self) -> int:
        """Of lines."""
        return max(1, -(-len(self.lines) // A_PAGE))

    def page(self, number: int) -> tuple[Line, ...]:
        """The lines of a page, from 1 on."""
        return self.lines[(number - 1) * A_PAGE : number * A_PAGE]


@dataclass(frozen=True, slots=True)
class Found:
    """The answer: its ``year`` where the columns are of one, all years that may be chosen, the
    names of units by code, and whether it is of all loads in force. ``nothing_beside``: no plan or
    budget of that year is there at all.
    """

    table: Table
    year: int | None
    years: Sequence[int]
    units: Mapping[str, str]
    up_to_date: bool
    nothing_beside: bool = False


def key_of(lines: Lines, text: str) -> str:
    """The key of the line to which a text belongs."""
    if lines in CODED:
        return item(text)
    if lines == "department" and text.isdigit():
        return text[:DEPARTMENT_DIGITS]
    return text


def chosen(ledger: Ledger, asked: Asked, period: str) -> Mask:
    """The payments that a question is for, of a year or of all."""
    values = {name: getattr(asked, name) for name in Narrowing.model_fields}
    mask = narrowed(ledger, Narrowing(**(values | {"period": period})))
    if asked.department:
        mask &= holding(ledger.texts["unit"], lambda of: of.startswith(asked.department))
    return mask


def suits(of: Beside, asked: Asked) -> bool:
    """Whether money beside payments is that of a question. Where it names no fund or project it
    belongs to none.
    """
    return (
        of.unit.startswith(asked.department)
        and (not asked.unit or of.unit == asked.unit)
        and (not asked.project or of.project == asked.project)
        and (not asked.function or item(of.function) == item(asked.function))
        and (not asked.economic or item(of.economic) == item(asked.economic))
        and (not asked.fund or of.fund == asked.fund)
    )


def axis(ledger: Ledger, lines: Lines) -> Axis:
    """The lines of all payments."""
    if lines == "month":
        months = ledger.days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
        keys = tuple(f"{month:02}" for month in range(1, MONTHS + 1))
        return Axis(keys, (months % MONTHS).astype(np.int32), {})
    column = ledger.texts["unit" if lines == "department" else lines]
    known: dict[str, int] = {}
    texts: dict[str, list[str]] = defaultdict(list)
    numbers = []
    for text in column.values:
        key = key_of(lines, text)
        numbers.append(known.setdefault(key, len(known)))
        texts[key].append(text)
    codes = np.array([*numbers, MISSING], dtype=np.int32)[column.codes]
    return Axis(tuple(known), codes, {of: one[0] for of, one in texts.items() if len(one) == 1})


def spread(ledger: Ledger, mask: Mask, of: Axis, columns: Sequence[Column]) -> tuple[Ints, Ints]:
    """Fen and number of the chosen payments by line and column; payments without a line are in
    the last one.
    """
    bounds = np.array(
        [
            *(of.days[0] for of in columns if of.days),
            columns[-1].days[1] if columns[-1].days else 0,
        ]
    )
    at = np.searchsorted(bounds, ledger.days, "right") - 1
    inside = mask & (at >= 0) & (at < len(columns))
    rows = of.codes[inside].astype(np.int64)
    rows[rows == MISSING] = len(of.keys)
    size = (len(of.keys) + 1) * len(columns)
    cells = rows * len(columns) + at[inside]
    fen = np.bincount(cells, weights=ledger.cents[inside], minlength=size).astype(np.int64)
    count = np.bincount(cells, minlength=size)
    shape = (len(of.keys) + 1, len(columns))
    return fen.reshape(shape), count.reshape(shape)


def beside(rows: Iterable[Beside], asked: Asked, wide: int) -> Mapping[str, Ints]:
    """Amounts beside payments by the key of their line; for lines of months that of all."""
    found: dict[str, Ints] = {}
    for of in rows:
        if suits(of, asked):
            key = "" if asked.lines == "month" else key_of(asked.lines, _text(of, asked.lines))
            found.setdefault(key, np.zeros(wide, np.int64))
            found[key] += np.array(of.amounts, dtype=np.int64)
    return found


def _text(of: Beside, lines: Lines) -> str:
    text: str = getattr(of, "unit" if lines == "department" else lines)
    return text


def year_columns(days: NDArray[np.int32]) -> list[Column]:
    """A column for each year from the first payment to the last."""
    if not len(days):
        return []
    first, last = (date.fromordinal(int(of) + EPOCH).year for of in (days.min(), days.max()))
    return [Column(f"{year}", _span(year, 1, MONTHS)) for year in range(first, last + 1)]


def month_columns(year: int, wide: int) -> list[Column]:
    """Columns of a year, each ``wide`` months."""
    return [
        Column(f"{year}-{first:02}", _span(year, first, wide))
        for first in range(1, MONTHS + 1, wide)
    ]


def to_month(year: int, until: int) -> list[Column]:
    """The one column of a year up to a month."""
    return [Column("paid", _span(year, 1, until))]


def _span(year: int, first: int, wide: int) -> tuple[int, int]:
    behind = year * MONTHS + first - 1 + wide
    return (
        date(year, first, 1).toordinal() - EPOCH,
        date(behind // MONTHS, behind % MONTHS + 1, 1).toordinal() - EPOCH,
    )


def percent(part: int | None, whole: int | None) -> int | None:
    """Rounded; None where there is nothing to be a part of."""
    return None if part is None or not whole or whole < 0 else round(part * 100 / whole)


def department_names(names: Mapping[str, str]) -> Mapping[str, str]:
    """A department has the name of its unit with the shortest code, zeros at its end left out."""
    found: dict[str, str] = {}
    for code in sorted(names, key=lambda code: (len(code.rstrip("0")), code), reverse=True):
        found[key_of("department", code)] = names[code]
    return found


def item_names(texts: Iterable[str]) -> Mapping[str, str]:
    """Items by code; a text with a name says more than a bare code."""
    return {item(of): of for of in sorted(texts, key=lambda of: (len(of), of))}


def known(column: Texts, mask: Mask) -> Collection[str]:
    """The texts of the chosen rows."""
    return [column.values[code] for code in np.unique(column.codes[mask]) if code != MISSING]


def deeper(asked: Asked) -> Lines | None:
    """By which lines one sees what a line consists of."""
    if asked.lines == "department":
        return "unit"
    left = (of for of in _DEEPER if of != asked.lines and not getattr(asked, of, ""))
    months = asked.columns in OF_MONTHS
    return next((of for of in left if months or of != "month"), None)
