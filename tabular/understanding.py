"""All that a file with tables says: what the command shows, and an import builds on.

A text file is read as a stream, whatever its size: its first rows say where lies what.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from tabular.faults import TableFault
from tabular.files import texts
from tabular.files.unpacking import content_of
from tabular.layout import (
    JUDGED,
    Hidden,
    Plan,
    hidden_of,
    merged_texts,
    no_table,
    plan_of,
    unit_elsewhere,
)
from tabular.sheets import Cell, Sheet, sheets_of
from tabular.structure.names import at, bare
from tabular.structure.row_kinds import Kind
from tabular.tallies import Aside, Seen, Tally

Records = Callable[[], Iterator[Sequence[Cell]]]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a file. ``sheet`` is empty for a text; ``header`` has the rows of the header by
    their numbers in the file, ``rows`` counts those of data; ``faults`` are the first of each kind
    and column, ``fault_count`` is all.
    """

    sheet: str
    title: str
    header: tuple[int, ...]
    columns: tuple[Seen, ...]
    rows: int
    faults: tuple[TableFault, ...]
    fault_count: int
    aside: tuple[Aside, ...]
    hidden: Hidden
    _plan: Plan
    _sheet: Sheet | None
    _records: Records

    def data(self) -> Iterator[tuple[int, tuple[Cell, ...]]]:
        """Number and cells, one for each column, of every row of data, again from the file.
        ``column.value(cell)`` reads one.
        """
        positions = [seen.column.position for seen in self.columns]
        for number, kind, cells in _kinds(self._plan, self._records, self._sheet):
            if kind is Kind.DATA:
                yield number, tuple([bare(at(cells, position)) for position in positions])


@dataclass(frozen=True, slots=True)
class Understanding:
    """A file: ``encoding`` is that of a text, or xlsx, xls, ods, xlsb; ``packed`` is gzip or zip
    where it was, and ``member`` the name in the zip.
    """

    encoding: str
    delimiter: str
    packed: str
    member: str
    tables: tuple[Table, ...]
    hidden_sheets: tuple[str, ...] = ()
    sheets_without_data: tuple[str, ...] = ()

    @property
    def main(self) -> Table:
        """The table with most rows."""
        return max(self.tables, key=lambda table: table.rows)


def understood(source: Path | bytes, name: str = "") -> Understanding:
    """Read a file, whatever it is named, to its end; ``name`` is what faults call it.

    Raises:
        FaultyInput: it holds no table that can be read.
    """
    content = content_of(source, name)
    if content.form != "text":
        sheets = sheets_of(content)
        return _of_sheets(sheets, content.form, content.packed, content.member, content.name)
    writing = texts.writing_of(content)

    def read() -> Iterator[Sequence[Cell]]:
        return texts.records(content, writing)

    sample = Sheet("", tuple(map(tuple, islice(read(), JUDGED))))
    table = _table(sample, None, read, "")
    if table is None:
        raise no_table(content.name)
    return Understanding(
        writing.encoding, writing.delimiter, content.packed, content.member, (table,)
    )


def _of_sheets(
    sheets: Sequence[Sheet], form: str, packed: str, member: str, name: str
) -> Understanding:
    elsewhere = unit_elsewhere(sheets)
    tables, empty = [], []
    for sheet in sheets:
        if sheet.hidden:
            continue
        table = _table(sheet, sheet, sheet.rows.__iter__, elsewhere)
        if table is None:
            empty.append(sheet.name)
        else:
            tables.append(table)
    hidden = tuple(sheet.name for sheet in sheets if sheet.hidden)
    if not tables:
        said = f"{name} (hidden: {', '.join(hidden)})" if hidden else name
        raise no_table(said)
    return Understanding(form, "", packed, member, tuple(tables), hidden, tuple(empty))


def _table(sample: Sheet, sheet: Sheet | None, read: Records, elsewhere: str) -> Table | None:
    plan = plan_of(sample, elsewhere)
    if plan is None:
        return None
    tally = Tally(plan, sheet.name if sheet else "", sheet.marks.broken if sheet else {})
    for number, kind, cells in _kinds(plan, read, sheet):
        tally.take(number, kind, cells)
    if not tally.rows:
        return None
    columns, faults = tally.ended()
    return Table(
        sheet.name if sheet else "",
        plan.title,
        tuple(index + 1 for index in plan.heading.rows),
        columns,
        tally.rows,
        faults.listed(),
        faults.count,
        tuple(tally.aside),
        hidden_of(sheet, plan),
        plan,
        sheet,
        read,
    )


def _kinds(
    plan: Plan, read: Records, sheet: Sheet | None
) -> Iterator[tuple[int, Kind, Sequence[Cell]]]:
    """Number, kind and cells of each row; a text that is merged over rows stands in each."""
    first = plan.heading.first
    below = enumerate(islice(read(), first, None), start=first + 1)
    repeated = merged_texts(sheet) if sheet is not None else {}
    merged = {row for row, _ in repeated}
    for number, kind, cells in plan.reader.kinds(below):
        if kind is Kind.DATA and number - 1 in merged:
            full = [repeated.get((number - 1, n), cell) for n, cell in enumerate(cells)]
            yield number, kind, full
        else:
            yield number, kind, cells
