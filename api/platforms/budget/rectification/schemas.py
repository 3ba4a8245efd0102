"""Rectifications over the API. Money is whole fen, days are ISO text."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.authentication.requests import WITHOUT_NUL
from api.platforms.budget.rectification.records import Returned, Standing, Tally, Waiting
from api.procedures.procedure import Row
from api.web.forms import Typed


class Opening(BaseModel):
    """A problem that is handed to a unit: its number, the unit's id in the register, how (at-once,
    by-stage, lasting), and until when.
    """

    model_config = ConfigDict(extra="forbid")
    number: Annotated[str, Field(max_length=200, pattern=WITHOUT_NUL)]
    unit: Typed = ""
    way: Typed = ""
    due_day: Typed = ""


class Opened(BaseModel):
    """The rectification that began."""

    id: int


class RectificationState(BaseModel):
    """A rectification with its problem as it was opened. ``stands`` is empty where the problem
    still stands so, else gone or changed; ``late`` is beyond its day.
    """

    id: int
    state: str
    number: str
    year: int
    text: str
    category: str
    amount_fen: int | None
    load: int
    unit: str
    way: str
    due_day: date
    opened_ms: int
    progress: str | None
    rectification: str | None
    put_right_fen: int | None
    reason: str | None
    confirmed_by: str | None
    confirmation: str | None
    outcome: str | None
    why: str | None
    late: bool
    stands: Standing


class TallyState(BaseModel):
    """How many problems; ``share`` of 1 is what was struck off of ``problems``."""

    unit: str
    problems: int
    unopened: int
    open: int
    reported: int
    confirmed: int
    closed: int
    late: int
    share: float | None
    amount_fen: int
    put_right_fen: int


class RectificationsState(BaseModel):
    """A page of a year, the first due first; units in the official order."""

    year: int | None
    years: list[int]
    rectifications: list[RectificationState]
    total: int
    page: int
    pages: int
    whole: TallyState
    by_unit: list[TallyState]


class ReturnedState(BaseModel):
    """A like problem of an earlier audit of the unit."""

    number: str
    year: int
    text: str


class WaitingState(BaseModel):
    """A problem that was not handed to a unit; ``unit`` is the proposed one."""

    number: str
    year: int
    unit_code: str
    unit_name: str
    unit: str
    category: str
    text: str
    amount_fen: int | None
    due: str
    load: int
    before: list[ReturnedState]


class WaitingListState(BaseModel):
    """Of a year."""

    problems: list[WaitingState]


def rectification_state(row: Row, stands: Standing, *, late: bool) -> RectificationState:
    """A rectification."""
    values = {name: row[name] for name in RectificationState.model_fields if name in row}
    return RectificationState(
        **values,
        amount_fen=row["amount"],
        put_right_fen=row["put_right"],
        late=late,
        stands=stands,
    )


def tally_state(of: Tally) -> TallyState:
    """The figures of a unit, or of all."""
    return TallyState(
        unit=of.unit,
        problems=of.problems,
        unopened=of.unopened,
        open=of.open,
        reported=of.reported,
        confirmed=of.confirmed,
        closed=of.closed,
        late=of.late,
        share=of.share,
        amount_fen=of.amount,
        put_right_fen=of.put_right,
    )


def waiting_state(of: Waiting) -> WaitingState:
    """A problem that waits."""
    problem = of.problem
    return WaitingState(
        number=problem.number,
        year=problem.year,
        unit_code=problem.unit_code,
        unit_name=of.unit_name,
        unit=of.unit,
        category=problem.category,
        text=problem.text,
        amount_fen=problem.amount,
        due=problem.due,
        load=problem.load,
        before=[returned_state(one) for one in of.before],
    )


def returned_state(of: Returned) -> ReturnedState:
    """An earlier problem."""
    return ReturnedState(number=of.number, year=of.year, text=of.text)
