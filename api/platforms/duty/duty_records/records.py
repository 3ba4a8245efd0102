"""Kinds of facts, and a year of a person's record. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from api.procedures.procedure import Row

KINDS = (
    "session",
    "meeting",
    "activity",
    "inspection",
    "study",
    "suggestion",
    "motion",
    "motion-signature",
    "opinion",
    "signature",
    "survey",
    "contact",
    "training",
    "other",
)
STATES = ("entered", "verified", "contested", "refused", "void")
STANDING = ("verified", "contested")
"""States in which a fact is part of the record; a contested one is marked."""
SHOWN = ("entered", *STANDING)
"""States that lists show: what was refused or has lost its source keeps its page."""
LONGEST_TITLE = 200
LONGEST_NOTE = 500
LONGEST_EVIDENCE = 200


@dataclass(frozen=True, slots=True)
class Source:
    """A fact as another room of the platform has it. ``key`` names it once for all, ``day`` is
    that of the district.
    """

    key: str
    username: str
    kind: str
    day: date
    title: str
    link: str


@dataclass(frozen=True, slots=True)
class Line:
    """A fact as lists show it; ``verifier`` is who verified it, empty for none."""

    row: Row
    verifier: str


@dataclass(frozen=True, slots=True)
class Record:
    """A person's record of a year. ``years`` are those of which there is something, and this."""

    username: str
    name: str
    year: int
    years: Sequence[int]
    lines: Sequence[Line]


class PersonYear(Struct, frozen=True):
    """The parameters of a yearly report: a person, and a year."""

    username: Annotated[str, Meta(max_length=40)]
    year: Annotated[str, Meta(pattern=r"^(19|2\d)\d\d$")]

    @property
    def first(self) -> date:
        """The first day."""
        return date(int(self.year), 1, 1)

    @property
    def last(self) -> date:
        """The last day."""
        return date(int(self.year), 12, 31)
