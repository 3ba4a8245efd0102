"""Where in a sheet lies what: its header, units and rows, and the lines that are no data. Pure.

Made for tables as offices send them: a title, a line with the unit, a header of one or two rows,
totals and classes among the data, notes behind it. It is a proposal that a person confirms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from config.vocabulary.errors import Fault, FaultyInput
from tabular import figures
from tabular.files.marks import within
from tabular.sheets import Cell, Sheet
from tabular.structure.column_kinds import Column, Units, column_of, shared
from tabular.structure.headings import Heading, heading_of
from tabular.structure.names import at, bare, close
from tabular.structure.row_kinds import Kind, Reader
from tabular.structure.sides import beside_of
from tabular.structure.trees import tree_of

__all__ = ["Column", "Kind", "Layout", "Plan", "Row", "layout", "layouts", "plan_of"]

JUDGED = 2000
"""Rows of data by which the kinds of columns are judged."""
_MOST_REPEATED = 1_000_000
_WORDS = "|".join(sorted(figures.UNITS, key=len, reverse=True)) + "|%|人|件|个|吨|公顷|亩"
_UNIT_LINE = re.compile(
    rf"(?:单位|(?<!\w)金额(?=[:：为是])|金额(?=均|统一|一律|全部|都))(?:均|统一|一律|全部|都)?[:：为是]?"
    rf"(?:人民币)?[:：]?[（(“\"]?({_WORDS})(?!\w)"
    rf"|[以按][“\"]?(?:人民币)?({_WORDS})[”\"]?(?:为(?:计量)?单位|计|填)"
)
_UNIT_OF_TITLE = re.compile(rf"[（(](?:单位[:：])?({_WORDS})[)）]$")


@dataclass(frozen=True, slots=True)
class Row:
    """A row below the header by its number in the file (from 1)."""

    number: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything by which the rows of a sheet are read: its heading, its columns, its reader;
    ``beside`` has the columns by position that do not mind classes and parts of the others.
    """

    heading: Heading
    columns: tuple[Column, ...]
    reader: Reader
    title: str = ""
    beside: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts of one sheet; rows of the header by their numbers in the file."""

    sheet: Sheet
    header: tuple[int, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def data(self) -> Iterator[tuple[int, tuple[Cell, ...]]]:
        """Number and cells, one for each column, of every row of data. A text that is merged over
        rows stands in each of them.
        """
        positions = [column.position for column in self.columns]
        repeated = merged_texts(self.sheet)
        for row in self.rows:
            if row.kind is Kind.DATA:
                cells = self.sheet.rows[row.number - 1]
                yield (
                    row.number,
                    tuple(
                        repeated.get((row.number - 1, position), bare(at(cells, position)))
                        for position in positions
                    ),
                )


@dataclass(frozen=True, slots=True)
class Hidden:
    """Rows below the header by first and last number in the file, and columns by name, that are
    hidden in the workbook and are read as all others.
    """

    rows: tuple[tuple[int, int], ...] = ()
    columns: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """Of rows."""
        return sum(last - first + 1 for first, last in self.rows)


def hidden_of(sheet: Sheet | None, plan: Plan) -> Hidden:
    """The hidden rows and columns of a table."""
    if sheet is None:
        return Hidden()
    first, end = plan.heading.first, len(sheet.rows)
    rows = (
        (max(begin, first) + 1, min(last, end - 1) + 1)
        for begin, last in sheet.marks.hidden_rows
        if last >= first and begin < end
    )
    columns = (
        column.name
        for column in plan.columns
        if within(sheet.marks.hidden_columns, column.position)
    )
    return Hidden(tuple(rows), tuple(columns))


def merged_texts(sheet: Sheet) -> dict[tuple[int, int], Cell]:
    """By row and column the texts of cells that are merged over rows; a number stands once."""
    found: dict[tuple[int, int], Cell] = {}
    for top, left, bottom, right in sheet.merged:
        text = at(sheet.rows[top], left) if top < len(sheet.rows) else None
        if top == bottom or text is None or figures.figure(text) is not None:
            continue
        if len(found) > _MOST_REPEATED:
            break
        for row in range(top + 1, min(bottom + 1, len(sheet.rows))):
            for column in range(left, min(right + 1, len(sheet.rows[row]))):
                found[row, column] = text
    return found


def layouts(sheets: Sequence[Sheet]) -> tuple[Layout, ...]:
    """Every visible sheet that holds a table. A unit that another sheet names counts where a
    sheet names none itself.
    """
    elsewhere = unit_elsewhere(sheets)
    found = (_layout(sheet, elsewhere) for sheet in sheets if not sheet.hidden)
    return tuple(layout for layout in found if layout is not None)


def unit_elsewhere(sheets: Sequence[Sheet]) -> str:
    """The first unit that any visible sheet names in a line."""
    shown = (sheet for sheet in sheets if not sheet.hidden)
    return next((unit for sheet in shown if (unit := _unit_of(sheet.rows[:200]))), "")


def layout(sheets: Sequence[Sheet]) -> Layout:
    """The visible sheet with most rows of data.

    Raises:
        FaultyInput: none holds a table.
    """
    found = layouts(sheets)
    if not found:
        raise no_table(", ".join(sheet.name for sheet in sheets))
    return max(found, key=lambda one: sum(row.kind is Kind.DATA for row in one.rows))


def no_table(name: str) -> FaultyInput:
    """The fault of a file in which no names stand above values."""
    what, remedy = "holds no table", "put names above columns and a row under them"
    return FaultyInput([Fault(name or "the file", what, remedy)])


def _layout(sheet: Sheet, elsewhere: str) -> Layout | None:
    plan = plan_of(sheet, elsewhere)
    if plan is None:
        return None
    below = enumerate(sheet.rows[plan.heading.first :], start=plan.heading.first + 1)
    rows = tuple(Row(number, kind) for number, kind, _ in plan.reader.kinds(below))
    if not any(row.kind is Kind.DATA for row in rows):
        return None
    return Layout(sheet, tuple(index + 1 for index in plan.heading.rows), plan.columns, rows)


def plan_of(sheet: Sheet, elsewhere: str = "") -> Plan | None:
    """The plan of a sheet, or of the first rows of one; None where it holds no table."""
    heading = heading_of(sheet)
    if heading is None or not heading.names:
        return None
    positions = (*heading.names, *heading.nameless)
    heads = tuple(
        tuple(close(cell) for cell in sheet.rows[index] if cell is not None)
        for index in heading.rows
    )
    heads = tuple(head for head in heads if head)
    rows = list(enumerate(sheet.rows[heading.first :], start=heading.first + 1))
    flat = Reader(tuple(heading.names), heads)
    known = [cells for _, kind, cells in flat.kinds(rows) if kind is Kind.DATA][:JUDGED]
    tree = tree_of(heading.names, known)
    reader = Reader(tuple(heading.names), heads, tree)
    data = [cells for _, kind, cells in reader.kinds(rows) if kind is Kind.DATA][:JUDGED]
    above = sheet.rows[: heading.rows[0]]
    unit = _unit_of(above) or _unit_of_title(above, sheet.name) or _unit_of(sheet.rows[-5:])
    columns = tuple(
        column_of(
            position,
            heading.names.get(position, f"列{letters(position)}"),
            Units(heading.units.get(position, ""), unit, elsewhere),
            [at(cells, position) for cells in data],
        )
        for position in sorted(positions)
    )
    if sheet.from_1904:
        columns = tuple(replace(column, from_1904=True) for column in columns)
    return Plan(heading, shared(columns), reader, _title(above), beside_of(columns, tree, known))


def letters(position: int) -> str:
    """A column as spreadsheets name it: A, B, AA."""
    found, rest = "", position + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        found = chr(65 + letter) + found
    return found


def _title(above: Sequence[Sequence[Cell]]) -> str:
    for row in above:
        texts = [cell for cell in row if cell is not None]
        if len(texts) == 1 and not _UNIT_LINE.search(close(texts[0])):
            return str(texts[0])
    return ""


def _unit_of(rows: Sequence[Sequence[Cell]]) -> str:
    for row in rows:
        texts = [close(cell) for cell in row if isinstance(cell, str)]
        for text in (*texts, "".join(texts)):  # 单位： may stand beside its unit
            if found := _UNIT_LINE.search(text):
                return found[1] or found[2]
    return ""


def _unit_of_title(above: Sequence[Sequence[Cell]], name: str) -> str:
    texts = [str(cell) for row in above for cell in row if isinstance(cell, str)]
    for text in (*texts, name):
        if found := _UNIT_OF_TITLE.search(close(text)):
            return found[1]
    return ""
