"""Combined views over the API. Money is whole fen, a share percent; unknown is null."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel

from api.cases.views.actions import Answer, CellRows
from api.cases.views.records import Kind, Lack, Line, Lines
from api.ports import Fact


class ViewColumn(BaseModel):
    """A column, and the series whose rows it counts, as ``platform/name``."""

    name: str
    series: str
    kind: Kind


class ViewCell(BaseModel):
    """A figure and the number of its rows; ``hidden``: a count so low that nobody is given it."""

    value: int | None
    rows: int
    hidden: bool


class ViewLine(BaseModel):
    """A line by its key, empty for rows that belong to no other."""

    key: str
    cells: list[ViewCell]


class LackingState(BaseModel):
    """A series that the view does without: the caller may see none of it, or it has no rows."""

    series: str
    why: Lack


class ViewState(BaseModel):
    """A view of the days from ``first`` to ``last``, out of what the caller may see alone.
    ``sums`` are of all lines or, where there are payments, of the stages before, between and
    behind the first and the last of them.
    """

    name: str
    lines_are: Lines
    first: date
    last: date
    columns: list[ViewColumn]
    lines: list[ViewLine]
    sums: list[ViewLine]
    lacking: list[LackingState]


class RowState(BaseModel):
    """A row of a figure; ``path`` is that of its page, ``period`` the month, quarter or year of
    which it is, where it is not of one day.
    """

    title: str
    path: str
    day: date
    period: str
    amount_fen: int | None
    number: int | None


class RowsState(BaseModel):
    """A page of the rows of a figure, the newest first."""

    rows: list[RowState]
    total: int
    page: int
    pages: int


def view_state(of: Answer) -> ViewState:
    """A view."""
    return ViewState(
        name=of.view.name,
        lines_are=of.view.lines,
        first=of.rows.first,
        last=of.rows.last,
        columns=[
            ViewColumn(name=one.name, series=one.series, kind=one.kind) for one in of.view.columns
        ],
        lines=[_line(one) for one in of.table.lines],
        sums=[_line(one) for one in of.table.sums],
        lacking=[LackingState(series=one.series, why=one.why) for one in of.rows.lacking],
    )


def rows_state(of: CellRows) -> RowsState:
    """A page of rows."""
    return RowsState(
        rows=[_row(one) for one in of.on_page()],
        total=len(of.facts),
        page=of.asked.page,
        pages=of.pages,
    )


def _line(of: Line) -> ViewLine:
    cells = [ViewCell(value=one.value, rows=one.rows, hidden=one.hidden) for one in of.cells]
    return ViewLine(key=of.key, cells=cells)


def _row(of: Fact) -> RowState:
    return RowState(
        title=of.title,
        path=of.path,
        day=of.day,
        period=of.period,
        amount_fen=of.amount,
        number=of.number,
    )
