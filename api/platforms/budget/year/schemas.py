"""Statutory dates of a year over the API. Days are ISO text."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.deadlines.reckoning import Lamp
from api.deadlines.records import Deadline, Standing
from api.platforms.budget.year.records import Entered, Occasion, Year
from api.web.forms import Typed


class NewDay(BaseModel):
    """A day that is to be entered; ``note`` says of which one where a year has several."""

    model_config = ConfigDict(extra="forbid")
    occasion: Occasion
    day: Typed
    note: Typed = ""


class Withdrawing(BaseModel):
    """Why a day is taken back; ``version`` is that which was seen."""

    model_config = ConfigDict(extra="forbid")
    version: Annotated[int, Field(ge=1, le=1_000_000)]
    why: Typed = ""


class Moving(Withdrawing):
    """Another day, and why."""

    day: Typed


class Meeting(BaseModel):
    """The day on which a duty was done."""

    model_config = ConfigDict(extra="forbid")
    day: Typed


class EntryState(BaseModel):
    """A day that was entered."""

    id: int
    occasion: Occasion
    day: date
    note: str
    version: int


class TermState(BaseModel):
    """A deadline that runs from a day, or back from one; ``met_ms`` is when the duty was
    done.
    """

    id: int
    rule: str
    law: str
    clause: str
    due: date
    state: Standing
    lamp: Lamp
    met_ms: int | None


class YearState(BaseModel):
    """Of a year; terms the first due first."""

    year: int
    entries: list[EntryState]
    terms: list[TermState]


def entry_state(of: Entered) -> EntryState:
    """An entry as programs see it."""
    return EntryState(id=of.id, occasion=of.occasion, day=of.day, note=of.note, version=of.version)


def term_state(of: Deadline, now_ms: int) -> TermState:
    """A deadline as programs see it."""
    return TermState(
        id=of.id,
        rule=of.rule.id,
        law=of.rule.law_zh,
        clause=of.rule.clause_zh,
        due=of.reckoned.due,
        state=of.standing,
        lamp=of.lamp(now_ms),
        met_ms=of.met_ms,
    )


def year_state(of: Year, now_ms: int) -> YearState:
    """A year as programs see it."""
    return YearState(
        year=of.year,
        entries=[entry_state(one) for one in of.entries],
        terms=[term_state(one, now_ms) for one in of.deadlines],
    )
