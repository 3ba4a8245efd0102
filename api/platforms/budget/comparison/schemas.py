"""A comparison over the API. Money is whole fen, shares whole percent; unknown is null."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from api.platforms.budget.comparison.records import Columns, Lines


class ColumnState(BaseModel):
    """A column; ``from_day`` and ``until_day`` are those of its payments, both included, where it
    has any.
    """

    name: str
    kind: Literal["money", "share"]
    from_day: str | None
    until_day: str | None


class CellState(BaseModel):
    """Fen or percent, and the number of payments."""

    value: int | None
    payments: int


class LineState(BaseModel):
    """A line by its key, which is empty where payments have none."""

    key: str
    name: str
    cells: list[CellState]


class ComparisonState(BaseModel):
    """All lines; ``until`` is the month up to which plans and payments are held together, 0
    elsewhere; ``unplanned`` lines have payments and no plan.
    """

    lines: Lines
    columns: Columns
    year: int | None
    up_to_date: bool
    until: int
    unplanned: int
    of_columns: list[ColumnState]
    of_lines: list[LineState]
    total: LineState
