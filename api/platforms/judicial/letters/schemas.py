"""Letters over the API."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.platforms.judicial.letters.records import (
    LONGEST_ADDRESS,
    LONGEST_NAME,
    LONGEST_PHONE,
    LONGEST_SUMMARY,
    Counts,
    Line,
    Petitioner,
)

Word = Annotated[str, Field(max_length=40)]


class LetterGiven(BaseModel):
    """A letter to register; ``received`` and the sorting are those of the first step."""

    model_config = ConfigDict(extra="forbid")
    received: Word
    way: Word
    kind: Word
    topic: Word
    town: Word = ""
    summary: Annotated[str, Field(max_length=LONGEST_SUMMARY)]
    name: Annotated[str, Field(max_length=LONGEST_NAME)] = ""
    phone: Annotated[str, Field(max_length=LONGEST_PHONE)] = ""
    address: Annotated[str, Field(max_length=LONGEST_ADDRESS)] = ""

    @property
    def step(self) -> dict[str, str]:
        """The fields of the letter itself."""
        return self.model_dump(exclude={"name", "phone", "address"})

    @property
    def petitioner(self) -> Petitioner:
        """The person who wrote."""
        return Petitioner(self.name.strip(), self.phone.strip(), self.address.strip())


class LetterMade(BaseModel):
    """The letter that was registered."""

    id: int


class LetterState(BaseModel):
    """A letter as lists have it; ``repeat_of`` is the first letter of the same person."""

    id: int
    state: str
    kind: str
    topic: str
    way: str
    summary: str
    town: str | None
    unit: str | None
    received: date
    repeat_of: int | None


class LettersState(BaseModel):
    """A page of letters, the newest first; ``following`` is the id to go on from, 0 at the end."""

    letters: list[LetterState]
    count: int
    following: int


class PetitionerState(BaseModel):
    """The person who wrote a letter."""

    name: str
    phone: str
    address: str


class CountsRow(BaseModel):
    """Counts by month and their sum; null is a count that is hidden. An empty ``id`` is none."""

    id: str
    counts: list[int | None]


class CountsState(BaseModel):
    """Letters that were registered in a quarter; the last row of each table has the sums."""

    quarter: str
    months: list[str]
    by_topic: list[CountsRow]
    by_town: list[CountsRow]


def letter_state(line: Line) -> LetterState:
    """A letter."""
    return LetterState(**{name: getattr(line, name) for name in LetterState.model_fields})


def petitioner_state(petitioner: Petitioner) -> PetitionerState:
    """The person who wrote."""
    return PetitionerState(
        name=petitioner.name, phone=petitioner.phone, address=petitioner.address
    )


def counts_state(counts: Counts) -> CountsState:
    """The counts of a quarter."""
    return CountsState(
        quarter=counts.quarter,
        months=list(counts.months),
        by_topic=[
            CountsRow(id=name, counts=list(row))
            for name, row in zip((*counts.topics, "total"), counts.by_topic, strict=True)
        ],
        by_town=[
            CountsRow(id=name, counts=list(row))
            for name, row in zip((*counts.towns, "total"), counts.by_town, strict=True)
        ],
    )
