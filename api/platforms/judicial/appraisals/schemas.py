"""Appraisals over the API: one at a time has results, and a list has none."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.platforms.judicial.appraisals.records import (
    LONGEST_MEETING,
    LONGEST_OFFICE,
    LONGEST_PERSON,
    Appraisal,
)
from api.procedures.procedure import Row

Word = Annotated[str, Field(max_length=40)]


class AppraisalGiven(BaseModel):
    """An appraisal to plan."""

    model_config = ConfigDict(extra="forbid")
    unit: Word
    person: Annotated[str, Field(max_length=LONGEST_PERSON)]
    office: Annotated[str, Field(max_length=LONGEST_OFFICE)]
    basis: Annotated[str, Field(max_length=LONGEST_MEETING)]


class AppraisalMade(BaseModel):
    """The appraisal that was planned."""

    id: int


class BallotsGiven(BaseModel):
    """Until which day deputies are asked, and of which delegations; none: all."""

    model_config = ConfigDict(extra="forbid")
    last_day: Word
    units: Annotated[list[Word], Field(max_length=100)] = []


class BallotGiven(BaseModel):
    """A ballot: by question the id of the answer."""

    model_config = ConfigDict(extra="forbid")
    answers: dict[Word, Annotated[list[Word], Field(max_length=5)]]


class AppraisalState(BaseModel):
    """An appraisal as lists have it."""

    id: int
    state: str
    unit: str
    person: str
    office: str
    last_day: date | None
    meeting: str | None
    decided_day: date | None


class AppraisalsState(BaseModel):
    """Those that the caller sees, the newest first."""

    appraisals: list[AppraisalState]


class AspectState(BaseModel):
    """How often which answer was given; null is a count that is hidden."""

    question: str
    text: str
    counts: dict[str, int | None]


class OutcomeState(BaseModel):
    """The result of one appraisal; no aspects before the counting, nor where fewer than five
    voted.
    """

    asked: int
    answered: int
    aspects: list[AspectState]


def appraisal_state(row: Row) -> AppraisalState:
    """An appraisal."""
    return AppraisalState(**{name: row[name] for name in AppraisalState.model_fields})


def outcome_state(found: Appraisal, asked: int, answered: int) -> OutcomeState:
    """The result of one appraisal."""
    return OutcomeState(
        asked=asked,
        answered=answered,
        aspects=[
            AspectState(
                question=of.question.id,
                text=of.question.text,
                counts={cell.value: cell.count for cell in of.cells},
            )
            for of in found.results or ()
        ],
    )
