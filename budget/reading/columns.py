"""Columns of payments while rows pass: texts as codes, amounts exact, days at the end."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from budget.detection.books import MISSING, NO_DAY, Texts
from tabular import figures
from tabular.faults import WORDS, shortened
from tabular.figures import Dated, Wrong
from tabular.layout import Column
from tabular.sheets import Cell

_EPOCH = date(1970, 1, 1).toordinal()
_CENT = Decimal(100)
_OWN = {
    "no-amount": ("is empty", "write the amount in digits"),
    "no-date": ("is empty", "write the day as 2025-03-31"),
    "no-day": ("{said} is a month without its day", "write it as 2025-03-31"),
    "size": ("{said} is beyond any budget", "mend it"),
    "twin": ("holds the same rows as {said}, and was left out", "name each file once"),
}
"""Faults that tables of other matters have not."""
_LONGEST_CITED = 40
FAULTS = frozenset({*_OWN, *(wrong.value for wrong in Wrong)})
"""Every kind."""
_MOST_CENTS = 10**17
"""A thousand million million yuan: nobody pays more, and sums of it fit."""


class Coded:
    """A column as codes of what stands in it."""

    def __init__(self) -> None:
        self.codes = array("i")
        self._known: dict[Cell, int] = {}

    def take(self, cell: Cell) -> None:
        """The next row's cell."""
        known = self._known
        code = known.get(cell)
        if code is None:
            code = known[cell] = len(known)
        self.codes.append(code)

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The cells that the codes stand for."""
        return tuple(self._known)


class TextColumn:
    """A column of texts over all files; ``read`` makes a text of a cell."""

    def __init__(self, read: Callable[[Cell], str]) -> None:
        self._read = read
        self._codes: list[NDArray[np.int32]] = []
        self._known: dict[str, int] = {}

    def add(self, of: Coded) -> None:
        """The rows of one more table."""
        own = np.array([self._code(cell) for cell in of.cells], np.int32)
        self._codes.append(own[np.frombuffer(of.codes, np.int32)] if len(own) else own)

    def skip(self, rows: int) -> None:
        """The rows of a table that has no such column."""
        self._codes.append(np.full(rows, MISSING, np.int32))

    def texts(self, kept: NDArray[np.bool_]) -> Texts:
        """The texts of the rows that are kept, coded in their order."""
        codes = np.concatenate(self._codes)[kept]
        used = np.unique(codes[codes != MISSING])
        values = list(self._known)
        order = sorted(used.tolist(), key=values.__getitem__)
        into = np.full(len(values) + 1, MISSING, np.int32)
        into[order] = np.arange(len(order), dtype=np.int32)
        return Texts(into[codes], tuple(values[code] for code in order))

    def _code(self, cell: Cell) -> int:
        text = "" if figures.nothing(cell) else self._read(cell)
        return self._known.setdefault(text, len(self._known)) if text else MISSING


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a cell does not hold: ``kind`` names it, ``said`` is what stands there."""

    kind: str
    said: str = ""

    @property
    def cited(self) -> str:
        """The cell as far as a message has room for it; the name of a file whole."""
        return self.said if self.kind == "twin" else self.said[:_LONGEST_CITED]

    @property
    def what(self) -> str:
        """The fault and the way out, in English."""
        what, remedy = _OWN.get(self.kind) or WORDS[self.kind]
        said = self.said if self.kind == "twin" else shortened(self.said)
        return f"{what.format(said=said)}; {remedy}"


@dataclass(frozen=True, slots=True)
class Money:
    """Amounts of one table by code: yuan, whole fen, and what is wrong where there are none."""

    yuan: tuple[Decimal, ...]
    cents: NDArray[np.int64]
    wrong: tuple[Fault | None, ...]


def money_of(of: Coded, column: Column) -> Money:
    """The amounts of a table in the unit of their column. A fraction of a fen stays in the yuan;
    in the fen it is rounded to even.
    """
    unit = column.unit if column.unit in figures.UNITS else "元"
    yuan, cents, wrong = [], [], []
    for cell in of.cells:
        value = figures.money(cell, unit)
        fault = None
        if value is None:
            fault = Fault("no-amount")
        elif isinstance(value, Wrong):
            fault = Fault(value.value, str(cell))
        elif abs(value * _CENT) > _MOST_CENTS:
            fault = Fault("size", str(cell))
        good = value if isinstance(value, Decimal) and not fault else Decimal()
        yuan.append(good)
        cents.append(int((good * _CENT).to_integral_value()))
        wrong.append(fault)
    return Money(tuple(yuan), np.array(cents, np.int64), tuple(wrong))


@dataclass(frozen=True, slots=True)
class Days:
    """Days of one table by code, and what is wrong where there are none."""

    days: NDArray[np.int32]
    wrong: tuple[Fault | None, ...]


def days_of(of: Coded, column: Column, order: figures.Order) -> Days:
    """The days of a table. ``order`` is that of day and month in other tables, for one that does
    not show it itself.
    """
    own = order_of(of)
    own = order if own is figures.Order.UNKNOWN else own
    days, wrong = [], []
    for cell in of.cells:
        value = figures.day(figures.of_1900(cell) if column.from_1904 else cell, own)
        fault = None
        if value is None:
            fault = Fault("no-date")
        elif isinstance(value, Wrong):
            fault = Fault(value.value, str(cell))
        elif value.day is None:
            fault = Fault("no-day", str(cell))
        days.append(_number(value) if isinstance(value, Dated) and not fault else NO_DAY)
        wrong.append(fault)
    return Days(np.array(days, np.int32), tuple(wrong))


def order_of(of: Coded) -> figures.Order:
    """Whether the day or the month comes first, where a day over 12 shows it."""
    return figures.order_of(frozenset(cell for cell in of.cells if isinstance(cell, str)))


def _number(of: Dated) -> int:
    return date(of.year, of.month, of.day or 1).toordinal() - _EPOCH
