"""The table of each body: its rows and columns, and how such bodies write them. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from config.files import read_toml

MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])", re.ASCII)
FLOW = ("old", "new", "closed", "pending")
"""收结存: 旧存 + 新收 - 已结 = 未结."""
TOTAL = "total"
"""The row of sums."""
Figures = Mapping[str, int]
"""Counts by cell, ``row.column``. One that was sent by an older table lacks cells."""


@dataclass(frozen=True, slots=True)
class Template:
    """The table of one body: ``rows`` by id with their names in its files, without the total;
    ``parts`` are columns that add up to what was closed; of ``small`` ones low counts are hidden.
    """

    body: str
    titles: tuple[str, ...]
    called: str
    rows: Mapping[str, str]
    parts: tuple[str, ...] = ()
    small: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """In their order."""
        return (*FLOW, *self.parts)

    @property
    def lines(self) -> tuple[str, ...]:
        """Ids of the rows, the total last."""
        return (*self.rows, TOTAL)

    @property
    def cells(self) -> Sequence[str]:
        """Names of all cells, row by row."""
        return [cell(row, column) for row in self.lines for column in self.columns]


def cell(row: str, column: str) -> str:
    """The name of a cell."""
    return f"{row}.{column}"


def row_of(name: str) -> str:
    """The row of a cell."""
    return name.partition(".")[0]


def column_of(name: str) -> str:
    """The column of a cell."""
    return name.partition(".")[2]


@cache
def templates() -> Mapping[str, Template]:
    """The tables by body, in the official order."""
    found = [
        Template(
            body=row["body"],
            titles=tuple(row["titles"]),
            called=row["called"],
            rows=dict(row["rows"]),
            parts=tuple(row.get("parts", ())),
            small=row.get("small", False),
        )
        for row in _data()["template"]
    ]
    return {of.body: of for of in found}


@cache
def headers() -> Mapping[str, tuple[str, ...]]:
    """The names of the columns in files of such bodies."""
    return {name: tuple(known) for name, known in _data()["headers"].items()}


def month_before(month: str) -> str:
    """The month before one."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year}-{number - 1:02}" if number > 1 else f"{year - 1}-12"


def month_after(month: str) -> str:
    """The month that follows one."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year}-{number + 1:02}" if number < 12 else f"{year + 1}-01"


def year_earlier(month: str) -> str:
    """The same month of the year before."""
    return f"{int(month[:4]) - 1}{month[4:]}"


@cache
def _data() -> Mapping[str, Any]:
    return read_toml(Path(__file__).parents[1] / "data" / "templates.toml", "mend the file")
