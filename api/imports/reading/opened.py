"""A file that was sent, opened at one of its tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from tabular.files import texts
from tabular.files.marks import Position
from tabular.files.unpacking import content_of
from tabular.layout import (
    JUDGED,
    Column,
    Hidden,
    Kind,
    Plan,
    hidden_of,
    merged_texts,
    no_table,
    plan_of,
    unit_elsewhere,
)
from tabular.sheets import Cell, Sheet, sheets_of
from tabular.structure.names import at, bare
from tabular.structure.trees import Tree

Records = Callable[[], Iterator[Sequence[Cell]]]
SHOWN = 20
"""Rows of a preview."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A table of a file: ``form`` is the encoding of a text, or the kind of a workbook; ``header``
    has the rows of its header by their numbers in the file.
    """

    form: str
    sheets: tuple[str, ...]
    sheet: str
    header: tuple[int, ...]
    columns: tuple[Column, ...]
    _plan: Plan
    _sheet: Sheet | None
    _records: Records
    above: tuple[str, ...] = ()
    """The texts that stand over the header, the first one first."""

    def rows(self) -> Iterator[tuple[int, Kind, Sequence[Cell]]]:
        """Number, kind and cells of each row below the header, from the file anew; a text that is
        merged over rows stands in each. Texts know their indent, by which a tree has them.
        """
        first = self._plan.heading.first
        below = enumerate(islice(self._records(), first, None), start=first + 1)
        repeated = merged_texts(self._sheet) if self._sheet is not None else {}
        merged = {row for row, _ in repeated}
        for number, kind, cells in self._plan.reader.kinds(below):
            if number - 1 in merged:
                full = [repeated.get((number - 1, n), cell) for n, cell in enumerate(cells)]
                yield number, kind, full
            else:
                yield number, kind, cells

    @property
    def tree(self) -> Tree | None:
        """The tree by which rows are classes of others; None where it is of one side alone, so
        that sums of classes say nothing of whole rows.
        """
        return self._plan.reader.tree if not self._plan.beside else None

    @property
    def hidden(self) -> Hidden:
        """Rows and columns that are read though the workbook hides them."""
        return hidden_of(self._sheet, self._plan)

    @property
    def broken(self) -> Mapping[Position, str]:
        """Cells that show nothing true, by row and column from 0; ``=``: never computed."""
        return self._sheet.marks.broken if self._sheet is not None else {}

    def sample(self, most: int = SHOWN) -> list[tuple[int, tuple[Cell, ...]]]:
        """Number and cells, one for each column, of the first rows of data."""
        positions = [column.position for column in self.columns]
        data = ((number, cells) for number, kind, cells in self.rows() if kind is Kind.DATA)
        return [
            (number, tuple(bare(at(cells, position)) for position in positions))
            for number, cells in islice(data, most)
        ]


def opened(path: Path, name: str, sheet: str = "", header: int = 0) -> Opened:
    """Open a file at a sheet (empty: the one with most rows that hold a table), whose header
    begins at a row (0: wherever it is found); ``name`` is what faults call it.

    Raises:
        FaultyInput: it holds no table that can be read.
    """
    content = content_of(path, name)
    if content.form == "text":
        writing = texts.writing_of(content)

        def records() -> Iterator[Sequence[Cell]]:
            return texts.records(content, writing)

        sample = Sheet("", tuple(map(tuple, islice(records(), JUDGED))))
        return _of(sample, None, records, writing.encoding, (), header, "", name)
    sheets = sheets_of(content)
    shown = [one for one in sheets if not one.hidden]
    names = tuple(one.name for one in shown)
    chosen = [one for one in shown if one.name == sheet] or shown
    elsewhere = unit_elsewhere(sheets)
    for one in sorted(chosen, key=lambda of: -len(of.rows)):
        if plan_of(_below(one, header), elsewhere) is not None:
            return _of(one, one, one.rows.__iter__, content.form, names, header, elsewhere, name)
    raise no_table(name)


def _of(
    sample: Sheet, sheet: Sheet | None, records: Records, form: str, sheets: tuple[str, ...],
    header: int, elsewhere: str, name: str,
) -> Opened:  # fmt: skip
    plan = plan_of(_below(sample, header), elsewhere)
    if plan is None:
        raise no_table(name)
    rows = tuple(index + 1 for index in plan.heading.rows)
    over = sample.rows[: plan.heading.rows[0]]
    above = tuple(of for line in over for of in line if isinstance(of, str) and of.strip())
    return Opened(form, sheets, sample.name, rows, plan.columns, plan, sheet, records, above)


def _below(sheet: Sheet, header: int) -> Sheet:
    """A sheet of which the rows above a header that a person named are empty."""
    if not header:
        return sheet
    blank = ((),) * min(header - 1, len(sheet.rows))
    return replace(sheet, rows=(*blank, *sheet.rows[header - 1 :]))
