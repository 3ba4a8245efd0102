"""Contacts and contributions over the API."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.platforms.duty.handling.records import LONGEST_SAID, Part, Way
from api.platforms.duty.handling.wording import ContactLine, ContributionLine
from api.web.forms import LONGEST_WHY


class Logged(BaseModel):
    """A contact as a unit logs it."""

    model_config = ConfigDict(extra="forbid")
    way: Way
    day: date
    text: Annotated[str, Field(min_length=1, max_length=LONGEST_SAID)]


class Word(BaseModel):
    """Whether a contact was so."""

    model_config = ConfigDict(extra="forbid")
    confirmed: bool
    note: Annotated[str, Field(max_length=LONGEST_WHY)] = ""


class ContactState(BaseModel):
    """A contact; ``confirmed`` is the word of the lead deputy, null while it is claimed."""

    id: int
    unit: str
    way: Way
    day: date
    text: str
    signed: str
    confirmed: bool | None
    standing: str


class ContributionState(BaseModel):
    """The part of a further unit; ``term`` says how its term stands, empty where it has none."""

    id: int
    unit: str
    part: Part
    state: str
    opinion: str | None
    term: str


class HandlingState(BaseModel):
    """All that units do at a suggestion beside its steps."""

    contacts: list[ContactState]
    contributions: list[ContributionState]


def contact_state(line: ContactLine) -> ContactState:
    """A contact."""
    of = line.contact
    return ContactState(
        id=of.id,
        unit=of.unit,
        way=of.way,
        day=of.day,
        text=of.text,
        signed=of.signed,
        confirmed=of.lead.confirmed if of.lead else None,
        standing=line.standing,
    )


def contribution_state(line: ContributionLine) -> ContributionState:
    """A contribution."""
    row = line.row
    return ContributionState(
        id=row["id"],
        unit=row["unit"],
        part=row["part"],
        state=row["state"],
        opinion=row["opinion"],
        term=line.term.left if line.term else "",
    )
