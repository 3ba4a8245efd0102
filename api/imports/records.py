"""Loads of tables: states, the mapping of a file, its faults and its report. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

import msgspec

LoadState = Literal[
    "draft", "checking", "checked", "loading", "in-force", "unchanged", "withdrawn", "failed"
]
STATES: tuple[LoadState, ...] = get_args(LoadState)
"""A file was sent; its rows are read; every fault is known; rows are written; its rows stand; all
of its rows stood before; they stand no more; the work ended half way.
"""
UNDER_WAY: tuple[LoadState, ...] = ("checking", "loading")
MOST_LEFT_OUT = 200
"""Rows of a kind that are no data and are listed; beyond it they are counted."""
MOST_FAULTS = 1000
"""Of those that are kept; beyond it they are counted."""
NONE = ""
"""A column that no field is taken from."""

FaultKey = Literal[
    "number", "whole", "rounded", "date", "calendar", "year", "order", "digits", "formula",
    "error", "no-day", "fen", "size", "long", "missing", "column", "twice", "total", "class",
    "control", "table", "sheet", "sheet-rows", "sheet-lacks",
    "above", "balance", "parts", "sum", "carry", "row-unknown", "row-lacks",
    "unit-unknown", "beyond", "below",
]  # fmt: skip
FAULT_KEYS: tuple[FaultKey, ...] = get_args(FaultKey)


class Fault(msgspec.Struct, frozen=True, array_like=True):
    """One thing that does not hold: row in the file (0: the whole), column as the file calls it,
    a key of the words, what stands there, and a further value.
    """

    row: int
    column: str
    key: FaultKey
    found: str = ""
    more: str = ""


class Mapping(msgspec.Struct, frozen=True):
    """Where a file has the fields of a kind: the sheet, the rows of its header (none: as they are
    found), by name of a field the column's name, the unit of its numbers, and the order of day and
    month in its dates.
    """

    sheet: str = ""
    header: tuple[int, ...] = ()
    columns: dict[str, str] = {}
    units: dict[str, str] = {}
    orders: dict[str, str] = {}
    controls: dict[str, int] = {}
    """Totals in fen that a person typed from a control sheet, by field. They are of one file."""
    version: int = 0
    """Of the description of the kind's fields, where somebody describes them."""


class TotalLine(msgspec.Struct, frozen=True, array_like=True):
    """A line of sums in the file: its row, the field, what it says, in fen, and the rows' sum."""

    row: int
    field: str
    says: int
    sums: int


class LeftOut(msgspec.Struct, frozen=True, array_like=True):
    """A row of the file that is not loaded: its number, its kind (``tabular.layout.Kind``), and
    the beginning of what stands in it.
    """

    row: int
    kind: str
    says: str


class Unlike(msgspec.Struct, frozen=True, array_like=True):
    """A unit and month whose rows are not those of the control sheet: rows and sum in fen as the
    sheet says them (both None: it has no such line), and as the rows make them.
    """

    month: str
    unit: str
    rows_say: int | None
    rows: int
    says: int | None
    sums: int


class Report(msgspec.Struct, frozen=True):
    """The quality of a load. Totals are in fen, by field, of the rows that hold; ``months`` has
    them by month; ``missing`` are months between the first and the last that have no row.
    ``control_lines`` are those of control sheets in force for its months, ``unlike`` the ones that
    do not agree; ``unknown`` counts rows by field and code where no classification has the code.
    """

    rows: int = 0
    refused: int = 0
    fresh: int = 0
    changed: int = 0
    same: int = 0
    faults: int = 0
    by_key: dict[str, int] = {}
    totals: dict[str, int] = {}
    months: dict[str, dict[str, int]] = {}
    rows_of_months: dict[str, int] = {}
    missing: tuple[str, ...] = ()
    twice: int = 0
    empty: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    not_data: dict[str, int] = {}
    left_out: tuple[LeftOut, ...] = ()
    """Of each kind the first ones that are not empty."""
    total_lines: tuple[TotalLine, ...] = ()
    controls: dict[str, int] = {}
    control_lines: int = 0
    unlike: tuple[Unlike, ...] = ()
    unknown: dict[str, dict[str, int]] = {}

    @property
    def good(self) -> int:
        """Rows that may be loaded."""
        return self.rows - self.refused


@dataclass(frozen=True, slots=True)
class Load:
    """A load as its row says. Instants are UTC epoch ms; ``claim`` counts how often somebody took
    it in hand, ``ordinal`` loads in the order in which they came into force, None before. ``unit``
    owed the table when it came; empty: nobody did.
    """

    id: int
    kind: str
    source: str
    file: str
    sha256: str
    bytes: int
    state: LoadState
    mapping: Mapping
    made_by: str
    made_ms: int
    beat_ms: int
    claim: int
    done: int
    ordinal: int | None
    loaded_by: str | None
    loaded_ms: int | None
    withdrawn_by: str | None
    withdrawn_ms: int | None
    withdrawn_why: str | None
    rows: int
    refused: int
    fresh: int
    changed: int
    same: int
    faults: int
    totals: dict[str, int]
    from_month: str
    until_month: str
    problem: str
    heard: bool
    unit: str

    @property
    def good(self) -> int:
        """Rows that may be loaded."""
        return self.rows - self.refused

    @property
    def under_way(self) -> bool:
        """Whether something works on it."""
        return self.state in UNDER_WAY


class ReadRow(msgspec.Struct, frozen=True, array_like=True):
    """A row that holds: its number in the file, business key, digest of all fields, and values by
    field in the order of the kind.
    """

    number: int
    key: str
    digest: str
    values: tuple[Any, ...]
