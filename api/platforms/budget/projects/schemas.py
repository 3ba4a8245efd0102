"""Projects over the API. Money is whole fen, days are ISO text."""

from __future__ import annotations

from pydantic import BaseModel


class LineState(BaseModel):
    """A project with its budget of the year and what was paid in it."""

    code: str
    name: str
    unit: str
    unit_name: str
    begins: int | None
    ends: int | None
    environmental: bool
    approved_fen: int | None
    adjusted_fen: int | None
    paid_fen: int
    done_percent: int | None


class ListState(BaseModel):
    """A page of the projects of a year, those with the greatest budget first. ``up_to_date``: the
    payments are of all loads in force.
    """

    year: int | None
    years: list[int]
    projects: list[LineState]
    count: int
    pages: int
    adjusted_fen: int
    paid_fen: int
    up_to_date: bool


class YearState(BaseModel):
    """A year: the budget as approved, as changed last and in the final account, and payments;
    ``paid_to_day_fen`` up to the same day of the year as the newest payment of all.
    """

    year: int
    approved_fen: int | None
    adjusted_fen: int | None
    final_fen: int | None
    paid_fen: int
    paid_to_day_fen: int
    done_percent: int | None
    payments: int


class PayeeState(BaseModel):
    """One who was paid; natural persons are one line."""

    name: str
    paid_fen: int
    payments: int


class SourceState(BaseModel):
    """Money of a year by where it comes from."""

    year: int
    source: str
    amount_fen: int
    indicators: int


class AdjustmentState(BaseModel):
    """A change of the budget."""

    day: str
    change: str
    amount_fen: int
    document: str


class OriginState(BaseModel):
    """A load in force that figures are of."""

    load: int
    kind: str


class ReadingState(BaseModel):
    """The mean of a month (``YYYY-MM``) in the unit of the indicator."""

    month: str
    value: float
    water_class: str


class ComparedState(BaseModel):
    """The worst indicator of a station before the first payment, and now; ``lacking`` says why
    there is none, ``season`` whether the months are the same of the year.
    """

    station: str
    name: str
    lacking: str | None
    indicator: str
    before: ReadingState | None
    after: ReadingState | None
    season: bool
    text: str


class ProjectState(BaseModel):
    """A project. ``summary`` says its figures in sentences."""

    code: str
    name: str
    unit: str
    unit_name: str
    begins: int | None
    ends: int | None
    environmental: bool
    stations: list[str]
    summary: str
    money_unit: str
    as_of: str | None
    years: list[YearState]
    unit_years: list[YearState]
    paid_fen: int
    payments: int
    first_paid: str | None
    payees: list[PayeeState]
    sources: list[SourceState]
    adjustments: list[AdjustmentState]
    loads: list[OriginState]
    water: list[ComparedState]
    up_to_date: bool
