"""The tables of a file, row by row, whatever the file is. A list of payments is flat: codes among
its columns make no tree, and no row is the sum of those under it unless it says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from tabular.files import texts
from tabular.files.unpacking import content_of
from tabular.layout import JUDGED, Column, Plan, merged_texts, no_table, plan_of, unit_elsewhere
from tabular.sheets import Cell, Sheet, sheets_of
from tabular.structure.names import bare
from tabular.structure.row_kinds import Kind

_CODE = re.compile(r"(\d{3,})(?=[^\w.,/-]|[\u4e00-\u9fff])")
Records = Callable[[], Iterator[Sequence[Cell]]]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its columns; ``sheet`` is empty for a text."""

    sheet: str
    columns: tuple[Column, ...]
    _plan: Plan
    _sheet: Sheet | None
    _records: Records

    def data(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        """Number in the file, from 1, and cells of every row of data: neither totals nor notes."""
        first = self._plan.heading.first
        below = enumerate(islice(self._records(), first, None), start=first + 1)
        repeated = merged_texts(self._sheet) if self._sheet is not None else {}
        merged = {row for row, _ in repeated}
        for number, kind, cells in replace(self._plan.reader, tree=None).kinds(below):
            if kind is Kind.DATA and number - 1 in merged:
                yield number, [repeated.get((number - 1, n), cell) for n, cell in enumerate(cells)]
            elif kind is Kind.DATA:
                yield number, cells


def tables_of(path: Path) -> tuple[Table, ...]:
    """Every visible table of a file, the one with most rows first.

    Raises:
        FaultyInput: it holds no table that can be read.
    """
    content = content_of(path)
    if content.form != "text":
        sheets = [sheet for sheet in sheets_of(content) if not sheet.hidden]
        elsewhere = unit_elsewhere(sheets)
        sheets.sort(key=lambda sheet: -len(sheet.rows))
        found = [_table(one, one, one.rows.__iter__, elsewhere) for one in sheets]
    else:
        writing = texts.writing_of(content)

        def records() -> Iterator[Sequence[Cell]]:
            return texts.records(content, writing)

        sample = Sheet("", tuple(map(tuple, islice(records(), JUDGED))))
        found = [_table(sample, None, records, "")]
    tables = tuple(table for table in found if table is not None)
    if not tables:
        raise no_table(str(path))
    return tables


def text_of(cell: Cell) -> str:
    """A cell as a text on one line."""
    return "" if cell is None else " ".join(str(bare(cell)).split())


def code_of(cell: Cell) -> str:
    """A code of a classification without the name that may stand behind it: 30201 办公费."""
    text = text_of(cell)
    found = _CODE.match(text)
    return found[1] if found else text


def _table(sample: Sheet, sheet: Sheet | None, records: Records, elsewhere: str) -> Table | None:
    plan = plan_of(sample, elsewhere)
    if plan is None:
        return None
    return Table(sample.name, plan.columns, plan, sheet, records)
