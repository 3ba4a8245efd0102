"""A contact between a unit and a deputy, and the parts that further units have. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

Way = Literal["visit", "meeting", "phone", "paper"]
WAYS: tuple[Way, ...] = get_args(Way)
Part = Literal["co", "separate"]
PARTS: tuple[Part, ...] = get_args(Part)
"""协办: its opinion goes into the answer of the unit in charge; 分办: it answers for itself."""
WAITING = ("asked", "declined")
"""States of a contribution in which the unit in charge waits for it."""
CONTACT_STATES = ("handling", "answered", "again", "conferring")
"""Of a suggestion, in which its unit may log a contact: it has signed for it."""
LONGEST_SAID = 2000
LONGEST_OPINION = 5000
"""Characters."""


@dataclass(frozen=True, slots=True)
class Word:
    """A signer says whether a unit spoke with them."""

    username: str
    confirmed: bool
    note: str
    signed: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Contact:
    """A unit says that it spoke with the deputies. ``lead`` is the word of the lead deputy, which
    counts; None: it is claimed. ``others`` are those of further signers, by username.
    """

    id: int
    unit: str
    way: Way
    day: date
    text: str
    signed: str
    at_ms: int
    lead: Word | None
    others: Mapping[str, Word]

    @property
    def denied(self) -> bool:
        """Whether the lead deputy says that it was not so."""
        return self.lead is not None and not self.lead.confirmed


@dataclass(frozen=True, slots=True)
class Logged:
    """A contact as a unit logs it."""

    way: Way
    day: date
    text: str


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply 答复 that stands, of a round counted from 1."""

    id: int
    round: int
    unit: str
    number: str
    signer: str
    result: str
    text: str
    day: date


@dataclass(frozen=True, slots=True)
class Change:
    """A sentence of two replies, one after the other: same, gone or added."""

    kind: Literal["same", "gone", "added"]
    text: str


@dataclass(frozen=True, slots=True)
class ResultClass:
    """A claim of a unit about a suggestion: a letter, and its label and meaning by language."""

    letter: str
    labels: Mapping[str, str]
    meanings: Mapping[str, str]
