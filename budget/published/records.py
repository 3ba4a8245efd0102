"""Published tables as they were read, and what does not hold in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from budget.published.kinds import Kind
from tabular import figures
from tabular.layout import letters

FEN = 100


class Use(StrEnum):
    """Uses of a column."""

    ORDINAL = "ordinal"
    """Numbers of lines, which nobody adds."""
    CODE = "code"
    LABEL = "label"
    MONEY = "money"
    PERCENT = "percent"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its position in a row (from 0), its names from top to bottom in narrow signs,
    its use and, where it has money, its unit.
    """

    position: int
    path: tuple[str, ...]
    use: Use
    unit: str = ""

    @property
    def name(self) -> str:
        """The lowest of its names."""
        return self.path[-1] if self.path else ""

    @property
    def full(self) -> str:
        """All of its names."""
        return "/".join(self.path)


@dataclass(frozen=True, slots=True)
class Figure:
    """A sum in fen. ``step`` is the last decimal to which its table is rounded, in fen: 0 in a
    table of 元, whose figures are exact.
    """

    fen: int
    step: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A line of one side of a table: its row in the file (from 1), its label and code, and the
    positions of its sums, one for each column of the side.
    """

    row: int
    label: str
    code: str
    indent: int
    is_total: bool
    is_part: bool
    at: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """Lines that stand below each other with their sums; income and expense are two sides.
    ``direction`` is income, expense or empty.
    """

    direction: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]


Position = tuple[int, int]
"""Row in the file (from 1) and column (from 0)."""


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """A table that was recognised. ``unit`` is that of its money, and ``unit_from`` says where it
    is written: table, header, file, or assumed; ``wrong`` are cells that should hold a sum and
    hold something else; ``shares`` are percent as written; ``notes`` are texts above and under it.
    """

    file: str
    sheet: str
    title: str
    kind: Kind
    unit: str
    unit_from: str
    header_rows: tuple[int, ...]
    columns: tuple[Column, ...]
    sides: tuple[Side, ...]
    figures: Mapping[Position, Figure]
    wrong: Mapping[Position, str] = field(default_factory=dict)
    shares: Mapping[Position, Decimal] = field(default_factory=dict)
    notes: tuple[tuple[Position, str], ...] = ()
    department: str = ""
    year: int | None = None

    @property
    def data_rows(self) -> tuple[int, ...]:
        """Rows that are no totals."""
        rows = {line.row for side in self.sides for line in side.lines if not line.is_total}
        return tuple(sorted(rows - set(self.total_rows)))

    @property
    def total_rows(self) -> tuple[int, ...]:
        """Rows that are totals."""
        return tuple(
            sorted({line.row for side in self.sides for line in side.lines if line.is_total})
        )


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence outside of tables, by its cell."""

    file: str
    sheet: str
    position: Position
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """Files as read: tables, texts, and (file, sheet, title) of tables of no known kind."""

    tables: tuple[PublishedTable, ...]
    texts: tuple[Text, ...]
    unknown: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Break:
    """A figure that does not hold. ``check`` is the first of ``checks`` that meet in the cell;
    ``says`` and ``should`` are in ``unit``, and ``difference_fen`` is says less should; None where
    it is no sum. ``against`` has the ids of the other kinds of tables
    that meet in the cell, with a comma between them.
    """

    check: str
    checks: tuple[str, ...]
    kind: str
    file: str
    sheet: str
    cell: str
    label: str
    says: str
    should: str
    unit: str
    difference_fen: int | None
    against: str = ""


Why = Literal["no-table", "no-column", "no-line", "empty", "unreadable"]
"""Reasons why a check is not made."""


@dataclass(frozen=True, slots=True)
class Deferred:
    """A check that could not be made, on which kind of table, and why; ``missing`` names the kind
    of table that was not there, or the cell that is no sum.
    """

    check: str
    kind: str
    why: Why
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """The result: what was read, what does not hold, and what could not be checked."""

    reading: Reading
    breaks: tuple[Break, ...]
    deferred: tuple[Deferred, ...]


def cell_name(position: Position) -> str:
    """A cell as spreadsheets name it: B12."""
    row, column = position
    return f"{letters(column)}{row}"


def written(fen: int, unit: str) -> str:
    """A sum in a unit, in plain digits with two decimals at least, exact to the fen."""
    value = Decimal(fen) / FEN / figures.UNITS.get(unit, Decimal(1))
    whole, _, decimals = f"{value:f}".partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"
