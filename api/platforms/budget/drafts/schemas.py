"""The first review of a draft over the API. Money of lines is whole fen."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints

from api.platforms.budget.drafts.records import DraftYear, Row
from api.platforms.budget.drafts.wording import PointLine


class PointState(BaseModel):
    """A point of review: ``basis`` is the law or figure, ``addressee`` who should answer it."""

    id: int
    state: str
    year: int
    what: str
    basis: str
    addressee: str
    author: str
    reason: str | None


class DraftState(BaseModel):
    """The draft of a year as a paper of sections with figures and tables, money in yuan there;
    ``path`` of a value is the page of what it counts. ``points`` are those that the caller sees.
    """

    year: int
    years: list[int]
    paper: dict[str, Any] | None
    points: list[PointState]
    up_to_date: bool


class LineState(BaseModel):
    """A line of the draft with the budget of the year before it as approved and as changed last,
    and the final account of the year before that; null where there is no such line.
    """

    unit: str
    unit_name: str
    project: str
    project_name: str
    function: str
    economic: str
    fund: str
    draft_fen: int | None
    carried_fen: int | None
    approved_fen: int | None
    adjusted_fen: int | None
    final_fen: int | None


class LinesState(BaseModel):
    """A page of lines, and the sums of all pages."""

    lines: list[LineState]
    count: int
    pages: int
    draft_fen: int | None
    carried_fen: int | None
    approved_fen: int | None
    adjusted_fen: int | None
    final_fen: int | None


class NewPoint(BaseModel):
    """A point that is to be written; ``given`` the fields of the step write."""

    model_config = ConfigDict(extra="forbid")
    year: DraftYear
    given: dict[Annotated[str, StringConstraints(max_length=40)], str]


def point_state(of: PointLine) -> PointState:
    """A point as programs see it."""
    names = ("id", "state", "year", "what", "basis", "addressee", "reason")
    return PointState(author=of.author, **{name: of.row[name] for name in names})


def line_state(of: Row) -> LineState:
    """A line as programs see it."""
    return LineState(
        unit=of.unit,
        unit_name=of.unit_name,
        project=of.project,
        project_name=of.project_name,
        function=of.function,
        economic=of.economic,
        fund=of.fund,
        draft_fen=of.draft,
        carried_fen=of.carried,
        approved_fen=of.approved,
        adjusted_fen=of.adjusted,
        final_fen=of.final,
    )
