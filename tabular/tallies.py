"""Counts, sums and faults of a table while its rows pass by."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from functools import lru_cache

from tabular import figures
from tabular.faults import Faults, shortened
from tabular.figures import Dated, Wrong
from tabular.files.marks import NOT_COMPUTED, Position
from tabular.layout import Plan, letters
from tabular.sheets import Cell
from tabular.structure.column_kinds import Column, ColumnKind
from tabular.structure.names import at, close
from tabular.structure.row_kinds import Kind
from tabular.sums import Sums

MOST_ASIDE = 1000
"""Rows that are no data, and months without a day, which are listed."""
_REMEMBERED = 4096
_DIGITS = 80
"""Of a sum; the longest number of a cell has 60."""
_DEEPEST = 20
"""Classes within classes."""
_BALANCE = re.compile(r"余额|结余|结存|累计|期末|balance", re.IGNORECASE)
"""Columns in which a total may carry the last figure down."""
_SUMMED = (ColumnKind.MONEY, ColumnKind.NUMBER, ColumnKind.INTEGER)


@dataclass(frozen=True, slots=True)
class Aside:
    """A row that is no data, with its kind."""

    row: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Seen:
    """A column as the file fills it: cells of data without a value; the exact sum, money in yuan;
    rows whose date is a month alone.
    """

    column: Column
    empty: int
    sum: Decimal | None
    months: tuple[int, ...] = ()


class Tally:
    """All that one pass over a table finds."""

    def __init__(self, plan: Plan, sheet: str, broken: Mapping[Position, str]) -> None:
        self.rows = 0
        self.aside: list[Aside] = []
        self._plan, self._broken = plan, broken
        self._faults = Faults(sheet)
        self._columns = [_Passing(column) for column in plan.columns]
        self._adding = [one for one in self._columns if one.column.adds_up]
        self._sums = Sums({one.column.name: one.step for one in self._adding}, self._made)
        for position in plan.heading.nameless:
            self._faults.add(plan.heading.first, f"列{letters(position)}", "nameless")
        known = {column.position for column in plan.columns}
        self._width = max(known) + 1
        self._between = [position for position in range(self._width) if position not in known]

    def take(self, number: int, kind: Kind, cells: Sequence[Cell]) -> None:
        """Count a row."""
        with localcontext(prec=_DIGITS):
            if kind in (Kind.DATA, Kind.CLASS, Kind.TOTAL):
                self._close(kind, cells)
            if kind is Kind.DATA:
                self._take_data(number, cells)
                return
            if kind is Kind.TOTAL:
                label = next(close(cell) for cell in cells if isinstance(cell, str))
                if "平均" not in label:
                    self._sums.total(number, label, self._says(cells), self.rows)
            if kind is Kind.CLASS and self._plan.reader.tree and len(self._sums.codes) < _DEEPEST:
                key = self._plan.reader.tree.key(cells)
                says = self._says(cells, self._plan.beside)
                self._sums.open(number, key, says, self.rows)
            if kind in (Kind.CLASS, Kind.PART) and self._plan.beside:
                self._add_beside(cells)
            if len(self.aside) < MOST_ASIDE:
                self.aside.append(Aside(number, kind))

    def ended(self) -> tuple[tuple[Seen, ...], Faults]:
        """The columns, and every fault; a column most of whose cells do not hold is a text."""
        with localcontext(prec=_DIGITS):
            self._sums.close([False] * len(self._sums.codes), self._faults, self.rows)
            self._sums.judge(self._faults, self.rows)
        seen = []
        for one in self._columns:
            if one.wrong * 2 > one.filled and one.column.kind is not ColumnKind.DATE:
                self._faults.forget(one.column.name)
                one.column = replace(one.column, kind=ColumnKind.TEXT, dates=False)
            total = one.sum if one.summed and one.column.kind in _SUMMED else None
            seen.append(Seen(one.column, one.empty, total, tuple(one.months)))
        return tuple(seen), self._faults

    def _take_data(self, number: int, cells: Sequence[Cell]) -> None:
        self.rows += 1
        if len(cells) > self._width or self._between:
            self._take_strays(number, cells)
        for one in self._columns:
            cell = at(cells, one.column.position)
            value = one.value(cell) if cell is not None else None
            if value is None:
                one.empty += 1
                if self._broken:
                    self._take_broken(number, one.column)
                continue
            one.filled += 1
            if isinstance(value, Wrong):
                one.wrong += 1
                self._faults.add(number, one.column.name, value.value, said=shortened(cell))
            elif one.summed and isinstance(value, Decimal | int):
                one.sum += value
                one.last = value
            elif isinstance(value, Dated) and value.day is None and len(one.months) < MOST_ASIDE:
                one.months.append(number)

    def _take_broken(self, number: int, column: Column) -> None:
        shown = self._broken.get((number - 1, column.position))
        if shown == NOT_COMPUTED:
            self._faults.add(number, column.name, "formula")
        elif shown:
            self._faults.add(number, column.name, "error", said=shown)

    def _made(self) -> dict[str, Decimal]:
        """The sums so far, in the columns' own units."""
        return {one.column.name: one.sum / one.yuan for one in self._adding}

    def _take_strays(self, number: int, cells: Sequence[Cell]) -> None:
        """Cells under no name."""
        for position in self._between:
            if at(cells, position) is not None:
                self._faults.add(number, f"列{letters(position)}", "nameless")
        if any(cell is not None for cell in cells[self._width :]):
            count, width = str(len(cells)), str(self._width)
            self._faults.add(number, "", "wide", count=count, width=width)

    def _add_beside(self, cells: Sequence[Cell]) -> None:
        """Of a row that is no data on one side of a table, the sums on the other."""
        for one in self._adding:
            value = one.value(at(cells, one.column.position))
            if one.column.position in self._plan.beside and isinstance(value, Decimal | int):
                one.sum += value

    def _says(
        self, cells: Sequence[Cell], without: frozenset[int] = frozenset()
    ) -> dict[str, Decimal]:
        """The figures of a total or class, in the columns' own units."""
        found = {}
        for one in self._adding:
            if one.column.position in without:
                continue
            value = one.value(at(cells, one.column.position))
            carried = _BALANCE.search(one.column.name) and value == one.last
            if isinstance(value, Decimal | int) and not carried:
                found[one.column.name] = value / one.yuan
        return found

    def _close(self, kind: Kind, cells: Sequence[Cell]) -> None:
        tree, codes = self._plan.reader.tree, self._sums.codes
        if tree is None or not codes:
            return
        key = tree.key(cells) if kind is not Kind.TOTAL else ""
        self._sums.close([tree.is_below(code, key) for code in codes], self._faults, self.rows)


class _Passing:
    """A column while rows pass."""

    def __init__(self, column: Column) -> None:
        self.column = column
        self.value = lru_cache(_REMEMBERED)(column.value)
        self.yuan = figures.UNITS.get(column.unit, Decimal(1))
        self.step = column.step
        self.summed = column.kind in _SUMMED and not column.counts
        self.empty = self.filled = self.wrong = 0
        self.sum = Decimal()
        self.last: Decimal | int = 0
        self.months: list[int] = []
