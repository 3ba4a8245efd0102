"""Sets of published tables as they are kept. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from msgspec import Struct

from budget.detection.books import Stage
from budget.published.records import Break, Deferred

State = Literal["draft", "confirmed", "withdrawn"]
STAGES: tuple[Stage, ...] = get_args(Stage)


class Checked(Struct, frozen=True):
    """The outcome of the checks when the set came; ``unknown`` has file, sheet and title of tables
    of no known kind, ``departments`` are those that tables name.
    """

    breaks: tuple[Break, ...] = ()
    deferred: tuple[Deferred, ...] = ()
    unknown: tuple[tuple[str, str, str], ...] = ()
    departments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A set. ``unit`` is the department's id in the register, None where it has none; ``stands``:
    it is confirmed, and no newer one of its department, year and stage is.
    """

    id: int
    digest: str
    state: State
    department: str
    unit: str | None
    year: int | None
    stage: Stage | Literal[""]
    tables: int
    breaks: int
    deferred: int
    sent_by: str
    sent_ms: int
    confirmed_by: str
    confirmed_ms: int | None
    withdrawn_by: str
    withdrawn_ms: int | None
    why: str
    stands: bool


@dataclass(frozen=True, slots=True)
class Proposed:
    """The department, year and stage of a set, as far as its tables say."""

    department: str = ""
    unit: str | None = None
    year: int | None = None
    stage: Stage | Literal[""] = ""


@dataclass(frozen=True, slots=True)
class KeptTable:
    """A table of a set; ``unit`` is that of its money."""

    id: int
    file: str
    sheet: str
    title: str
    kind: str
    unit: str
    unit_from: str


@dataclass(frozen=True, slots=True)
class KeptFigure:
    """A sum of a table in fen, by line and column: ``side`` counts the sides of the table,
    ``row`` is its row in the file from 1, ``position`` its column from 0.
    """

    table: int
    side: int
    row: int
    position: int
    cell: str
    label: str
    code: str
    heading: str
    is_total: bool
    fen: int
    step: int


@dataclass(frozen=True, slots=True)
class Whole:
    """A set with everything in it."""

    kept: Kept
    checked: Checked
    tables: Sequence[KeptTable]
    figures: Sequence[KeptFigure]
