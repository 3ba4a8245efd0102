"""Opinions over the API."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.platforms.duty.opinions.records import (
    LONGEST_BODY,
    LONGEST_LOCATION,
    LONGEST_NAME,
    LONGEST_PHONE,
    LONGEST_TITLE,
    Identity,
    Line,
    Written,
)
from api.platforms.duty.suggestions.records import DRAFT_KEY


class OpinionGiven(BaseModel):
    """An opinion that the office was given. ``key`` is a UUID of whoever sends it, with which it
    may be sent again; ``for_office``: the voter lets the office see name and phone.
    """

    model_config = ConfigDict(extra="forbid")
    key: Annotated[str, StringConstraints(pattern=DRAFT_KEY)]
    deputy: Annotated[str, Field(max_length=40)]
    way: Literal["paper", "phone", "station"]
    received: date
    title: Annotated[str, Field(max_length=LONGEST_TITLE)]
    body: Annotated[str, Field(max_length=LONGEST_BODY)]
    location: Annotated[str, Field(max_length=LONGEST_LOCATION)] = ""
    name: Annotated[str, Field(max_length=LONGEST_NAME)] = ""
    phone: Annotated[str, Field(max_length=LONGEST_PHONE)] = ""
    for_office: bool = False

    @property
    def written(self) -> Written:
        """As a form writes it."""
        said = {name: getattr(self, name) for name in ("way", "title", "body", "location")}
        identity = Identity(self.name.strip(), self.phone.strip(), self.for_office)
        return Written(said | {"received": self.received.isoformat()}, identity, self.key)


class OpinionMade(BaseModel):
    """An opinion that was entered; ``receipt`` is the voter's code, which is shown this once."""

    id: str
    receipt: str


class OpinionState(BaseModel):
    """An opinion in the list, without whoever wrote it; ``number`` is that of 12345."""

    id: int
    state: str
    deputy: str
    way: str
    title: str
    location: str | None
    received: date
    number: str | None


class OpinionsState(BaseModel):
    """A page of opinions, the newest first; ``following`` is sent as ``before`` for the next one,
    0 at the end.
    """

    opinions: list[OpinionState]
    count: int
    following: int


class IdentityState(BaseModel):
    """The voter who wrote an opinion; ``for_office``: the office may see it too."""

    name: str
    phone: str
    for_office: bool


def opinion_state(of: Line) -> OpinionState:
    """An opinion in the list."""
    return OpinionState(
        id=of.id,
        state=of.state,
        deputy=of.deputy,
        way=of.way,
        title=of.title,
        location=of.location,
        received=of.received,
        number=of.number,
    )


def identity_state(of: Identity) -> IdentityState:
    """The voter who wrote an opinion."""
    return IdentityState(name=of.name, phone=of.phone, for_office=of.for_office)
