"""Duty records over the API."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from api.platforms.duty.duty_records.records import Line, Record


class FactState(BaseModel):
    """A fact; ``link`` is the page of what it is about, ``verifier`` who verified it."""

    id: int
    kind: str
    day: date
    title: str
    state: str
    link: str
    evidence: str | None
    verifier: str
    note: str | None
    objection: str | None


class RecordState(BaseModel):
    """A person's record of a year, the last fact first."""

    username: str
    name: str
    year: int
    years: list[int]
    facts: list[FactState]


Text = Annotated[str, StringConstraints(max_length=1000)]


class FactGiven(BaseModel):
    """A fact that happened elsewhere; the day as ISO text."""

    model_config = ConfigDict(extra="forbid")
    username: Text
    kind: Text
    day: Text
    title: Text
    evidence: Text = ""


class FactMade(BaseModel):
    """The id of a fact that was written."""

    id: int


def record_state(of: Record) -> RecordState:
    """A record."""
    return RecordState(
        username=of.username,
        name=of.name,
        year=of.year,
        years=list(of.years),
        facts=[_fact(line) for line in of.lines],
    )


def _fact(line: Line) -> FactState:
    names = ("id", "kind", "day", "title", "state", "link", "evidence", "note", "objection")
    return FactState(verifier=line.verifier, **{name: line.row[name] for name in names})
