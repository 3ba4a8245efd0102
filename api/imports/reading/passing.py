"""One passing over the rows of a file: values, faults, totals, and rows whose key stands twice."""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

import numpy as np

from api.imports.reading.cells import Bad, Reader, Value, fen, reader_of
from api.imports.reading.faults import LONGEST_FOUND, Faults
from api.imports.reading.opened import Opened
from api.imports.reading.rows import keyed
from api.imports.reading.tally import Tally
from api.imports.records import MOST_LEFT_OUT, LeftOut, ReadRow, Report, TotalLine, Unlike
from api.imports.records import Mapping as Chosen
from api.kinds.tables import Control, TableField, TableKind, WholeRow
from ingest.state.database import State
from tabular import figures
from tabular.faults import Faults as TableFaults
from tabular.files.marks import NOT_COMPUTED
from tabular.layout import Kind
from tabular.sheets import Cell
from tabular.structure.names import at, bare, close
from tabular.structure.trees import Tree
from tabular.sums import Sums

MOST_WHOLE = 10_000
"""Rows of a table that is judged as a whole; a longer one has rows that it does not know."""
CELLS_KNOWN = 4096
"""Cells of a column whose reading is remembered."""
_HASH_BYTES = 8
"""Of a business key's hash, by which rows are found whose key stands twice."""
Columns = Sequence[tuple[TableField, int | None, Reader]]


class Pass:
    """Reads a file by a mapping. ``count`` is of rows of data so far."""

    def __init__(self, kind: TableKind, file: Opened, mapping: Chosen, faults: Faults) -> None:
        self.count = self.refused = self._twice = 0
        self._kind, self._file, self._mapping, self._faults = kind, file, mapping, faults
        self._broken = file.broken
        self._tally = Tally(kind)
        positions = {column.name: column.position for column in file.columns}
        self._columns: Columns = [
            (
                field,
                positions.get(mapping.columns.get(field.name, "")),
                # Most columns repeat a few cells again and again.
                lru_cache(CELLS_KNOWN, typed=True)(reader_of(field, mapping)),
            )
            for field in kind.fields
        ]
        self._there = [
            (index, field, position, read)
            for index, (field, position, read) in enumerate(self._columns)
            if position is not None
        ]
        self._money = [of for of in self._there if of[1].kind == "money"]
        self._all: Counter[str] = Counter()
        steps = {field.name: Decimal(0) for _, field, _, _ in self._money}
        self._sums = Sums(steps, lambda: {name: Decimal(self._all[name]) for name in steps})
        self._filled = [0] * len(self._columns)
        self._aside: Counter[str] = Counter()
        self._left_out: list[LeftOut] = []
        self._classes = TableFaults()
        self._says: dict[int, Mapping[str, Decimal]] = {}
        self._keys, self._numbers = array("Q"), array("Q")
        self._above = dict(kind.above(file.above)) if kind.above else {}
        self._whole: list[WholeRow] = []

    def rows(self) -> Iterator[ReadRow]:
        """Every row that holds, also those whose key stands twice."""
        tree = self._file.tree
        for number, kind, cells in self._file.rows():
            if tree is not None and kind in (Kind.DATA, Kind.CLASS, Kind.TOTAL):
                self._close(tree, kind, cells)
            if kind is Kind.DATA:
                row = self._row(number, [*map(bare, cells)])
                if row is not None:
                    yield row
                continue
            self._set_aside(number, kind, cells)
            if kind is Kind.TOTAL:
                label = next((close(cell) for cell in cells if isinstance(cell, str)), "")
                self._sums.total(number, label, self._figures(cells), self.count)
                self._says[number] = self._figures(cells)
                self._keep(number, label or "=", self._values([*map(bare, cells)]))

    def judge(self, state: State) -> bool:
        """Judge the table as a whole, of which every cell holds; whether it does. With a fault no
        row of it is loaded.
        """
        for field in self._kind.fields:
            if field.above and field.needed and self._above.get(field.name) is None:
                self._faults.add(0, field.headers[0], "above")
        if self._kind.whole and not self._faults.count:
            by_name = {field.name: field for field in self._kind.fields}
            for of in self._kind.whole(state, self._whole):
                column = self._named(by_name[of.field])
                self._faults.add(of.row, column, of.key, of.found, of.should)
        if (self._kind.whole or self._kind.above) and self._faults.count:
            self.refused = self.count
            return False
        return True

    def _values(self, cells: Sequence[Cell]) -> Sequence[Value]:
        """The values of a line of sums; None where a cell holds none."""
        found: list[Value] = [None] * len(self._columns)
        for index, _, position, read in self._there:
            value = read(cells[position]) if position < len(cells) else None
            found[index] = None if isinstance(value, Bad) else value
        return found

    def _keep(self, number: int, label: str, values: Sequence[Value]) -> None:
        """For the judgement of the whole."""
        if self._kind.whole and len(self._whole) < MOST_WHOLE:
            names = (field.name for field in self._kind.fields)
            said = dict(zip(names, values, strict=True)) | self._above
            self._whole.append(WholeRow(number, label, said))

    def _set_aside(self, number: int, kind: Kind, cells: Sequence[Cell]) -> None:
        """Keep a row that is no data for the report, so that a person may object."""
        self._aside[kind.value] += 1
        if kind is not Kind.EMPTY and self._aside[kind.value] <= MOST_LEFT_OUT:
            said = " ".join(close(cell) for cell in cells if cell is not None)
            self._left_out.append(LeftOut(number, kind.value, said[:LONGEST_FOUND]))
        if kind is Kind.CLASS and self._file.tree is not None:
            key = self._file.tree.key(cells)
            self._sums.open(number, key, self._figures(cells), self.count)

    def _close(self, tree: Tree, kind: Kind, cells: Sequence[Cell]) -> None:
        """Judge the classes of which a row is no part."""
        codes = self._sums.codes
        if codes:
            key = tree.key(cells) if kind is not Kind.TOTAL else ""
            self._sums.close([tree.is_below(of, key) for of in codes], self._classes, self.count)

    def twice(self) -> Mapping[int, int]:
        """Rows whose key stands in another row too, each with one of the others."""
        keys = np.frombuffer(self._keys, np.uint64) if self._keys else np.zeros(0, np.uint64)
        order = np.argsort(keys, kind="stable")
        like = np.flatnonzero(keys[order][1:] == keys[order][:-1])
        found: dict[int, int] = {}
        for position in like:
            first, second = (self._numbers[order[position + step]] for step in (0, 1))
            found.setdefault(first, second)
            found[second] = first
        return found

    def without(self, twice: Mapping[int, int], rows: Iterable[ReadRow]) -> Iterator[ReadRow]:
        """Rows whose key stands once; the others are refused, with the row of the other one."""
        names = "、".join(self._named(field) for field in self._kind.key)
        for row in rows:
            if row.number not in twice:
                yield row
                continue
            key = [
                str(value)
                for field, value in zip(self._kind.fields, row.values, strict=True)
                if field.key
            ]
            self._faults.add(row.number, names, "twice", "、".join(key), twice[row.number])
            self._tally.add(row, -1)
            self._twice += 1
            self.refused += 1

    @property
    def months(self) -> Sequence[str]:
        """Those of which rows hold."""
        return self._tally.months_with_rows

    def report(self, controls: Sequence[Control] = ()) -> Report:
        """The quality of what passed, beside lines of control sheets of its months."""
        lines, unlike = self._total_lines(), self._tally.unlike(controls)
        self._unlike_parts()
        self._control()
        self._unlike(unlike)
        tally, used = self._tally, set(self._mapping.columns.values())
        return Report(
            rows=self.count,
            refused=self.refused,
            fresh=0,
            faults=self._faults.count,
            by_key=dict(self._faults.by_key),
            totals=dict(tally.totals),
            months={of: dict(tally.months.get(of, {})) for of in tally.months_with_rows},
            rows_of_months={of: tally.rows_of_months[of] for of in tally.months_with_rows},
            missing=tally.missing,
            twice=self._twice,
            empty=tuple(
                self._named(field)
                for (field, position, _), filled in zip(self._columns, self._filled, strict=True)
                if position is not None and not filled and self.count
            ),
            unused=tuple(of.name for of in self._file.columns if of.name not in used),
            not_data=dict(self._aside),
            left_out=tuple(self._left_out),
            total_lines=lines,
            controls=dict(self._mapping.controls),
            control_lines=len(controls),
            unlike=unlike,
            unknown=tally.unknown,
        )

    def _row(self, number: int, cells: Sequence[Cell]) -> ReadRow | None:
        """A row that holds; None where a cell does not, or one that is needed is empty."""
        self.count += 1
        values: list[Value] = [None] * len(self._columns)
        holds, width = True, len(cells)
        for index, field, position, read in self._there:
            cell = cells[position] if position < width else None
            value = read(cell) if cell is not None else None
            if isinstance(value, Bad):
                self._faults.add(number, self._named(field), value.key, cell)
                holds = False
            elif value is None:
                holds &= not self._is_lacking(number, field, position)
            else:
                self._filled[index] += 1
                values[index] = value
        self._add_up(values)
        if not holds:
            self.refused += 1
            return None
        if self._above:
            fields = zip(self._kind.fields, values, strict=True)
            values = [self._above.get(field.name, value) for field, value in fields]
        self._keep(number, "", values)
        row = keyed(self._kind, number, values)
        hashed = hashlib.blake2b(row.key.encode(), digest_size=_HASH_BYTES)
        self._keys.append(int.from_bytes(hashed.digest()))
        self._numbers.append(number)
        self._tally.add(row)
        return row

    def _is_lacking(self, number: int, field: TableField, position: int) -> bool:
        """Whether a row does not hold for an empty cell: one that shows nothing true is a fault
        also where the field may be empty.
        """
        shown = self._broken.get((number - 1, position))
        if shown:
            self._faults.add(
                number, self._named(field), "formula" if shown == NOT_COMPUTED else "error", shown
            )
        elif field.needed:
            self._faults.add(number, self._named(field), "missing")
        return bool(shown) or field.needed

    def _add_up(self, values: Sequence[Value]) -> None:
        """For the total lines of the file, which count rows that are refused too."""
        for index, field, _, _ in self._money:
            value = values[index]
            if isinstance(value, int):
                self._all[field.name] += value

    def _figures(self, cells: Sequence[Cell]) -> Mapping[str, Decimal]:
        """The figures of a line of sums, fen by field."""
        found: dict[str, Decimal] = {}
        for _, field, position, _ in self._money:
            unit = self._mapping.units.get(field.name) or "元"
            value = fen(figures.money(at(cells, position), unit))
            if isinstance(value, int):
                found[field.name] = Decimal(value)
        return found

    def _total_lines(self) -> tuple[TotalLine, ...]:
        """Lines of sums beside what the rows make; a difference is a fault."""
        wrong = TableFaults()
        self._sums.judge(wrong, self.count)
        by_name = {field.name: field for field in self._kind.money}
        should = {
            (fault.row, fault.column): int(Decimal(fault.values["should"]))
            for fault in wrong.listed()
            if fault.kind == "total"
        }
        lines = []
        for number, says in self._says.items():
            for name, value in says.items():
                sums = should.get((number, name), int(value))
                lines.append(TotalLine(number, name, int(value), sums))
                if sums != value:
                    column = self._named(by_name[name])
                    self._faults.add(number, column, "total", yuan(int(value)), yuan(sums))
        return tuple(lines)

    def _unlike_parts(self) -> None:
        """Lines that are left out as sums of those under them, which do not make them."""
        self._sums.close([False] * len(self._sums.codes), self._classes, self.count)
        by_name = {field.name: field for field in self._kind.money}
        for of in self._classes.listed():
            if of.kind == "class":
                says, made = (yuan(int(Decimal(of.values[key]))) for key in ("says", "should"))
                self._faults.add(of.row, self._named(by_name[of.column]), "class", says, made)

    def _control(self) -> None:
        """Totals that a person typed beside those of all rows."""
        for field in self._kind.money:
            control = self._mapping.controls.get(field.name)
            if control is not None and control != self._all[field.name]:
                made = yuan(self._all[field.name])
                self._faults.add(0, self._named(field), "control", yuan(control), made)

    def _unlike(self, found: Sequence[Unlike]) -> None:
        """Rows of a month and unit beside the control sheet's line."""
        for of in found:
            label = f"{of.month} {of.unit}".strip()
            if of.says is None and of.rows_say is None:
                self._faults.add(0, label, "sheet-lacks", of.rows, yuan(of.sums))
            if of.says not in (None, of.sums):
                self._faults.add(0, label, "sheet", yuan(of.says or 0), yuan(of.sums))
            if of.rows_say not in (None, of.rows):
                self._faults.add(0, label, "sheet-rows", of.rows_say, of.rows)

    def _named(self, field: TableField) -> str:
        """A field as the file calls it."""
        return self._mapping.columns.get(field.name) or (*field.headers, field.name)[0]


def yuan(value: int) -> str:
    """Fen as people read them: 1,234.50 yuan."""
    sign, whole = ("-" if value < 0 else ""), abs(value)
    return f"{sign}{whole // 100:,}.{whole % 100:02}"
