"""A suggestion and all that became of it. Days are dates in the district; units are ids."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Voice = Literal["official", "plain", "angle"]
"""Official prose, plain speech, or the same matter seen by whom it strikes."""
Degree = Literal["satisfied", "basically", "dissatisfied"]
"""满意, 基本满意, 不满意."""
Outcome = Literal["kept", "late", "broken"]
"""Of a promise: kept by its day, kept after it, or not at all."""
Way = Literal["visit", "meeting", "telephone"]
Nearness = Literal["first", "near", "far"]
"""Of one raised again: in a voice that an earlier one had, or in none of theirs."""


@dataclass(frozen=True, slots=True)
class Unit:
    """An organ that handles; ``became`` names the one that took over a former unit."""

    id: str
    name: str
    became: str = ""


@dataclass(frozen=True, slots=True)
class Deputy:
    """Somebody who writes, in a manner of their own."""

    id: str
    name: str
    town: str
    occupation: str
    voice: Voice
    length: int
    """1 for a few sentences, 2 for the usual, 3 for pages."""
    numbered: bool
    typos: float
    """Share of texts with a wrong character."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """To a unit; with the day on which it gave the suggestion back, and why, where it did."""

    unit: str
    assigned_on: date
    signed_for_on: date
    returned_on: date | None = None
    reason: str = ""
    names: str = ""
    """The unit that it says is the right one."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Of the lead unit with the deputy; ``confirmed`` is false where the deputy knows of none."""

    on: date
    way: Way
    confirmed: bool


@dataclass(frozen=True, slots=True)
class CoOpinion:
    """Of a co-handling unit, to the lead."""

    unit: str
    given_on: date


@dataclass(frozen=True, slots=True)
class Promise:
    """Of an answer. ``settled_on`` is the day on which it was kept, none where it is broken."""

    text: str
    measure: str
    due_on: date
    outcome: Outcome
    settled_on: date | None


@dataclass(frozen=True, slots=True)
class Rating:
    """Of a signer; empty degrees where nothing was said."""

    deputy: str
    on: date | None
    attitude: Degree | None
    result: Degree | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The first or the second one, with the ratings it had."""

    number: int
    due_on: date
    answered_on: date
    late: bool
    grade: Literal["A", "B", "C", "D"]
    text: str
    promise: Promise | None
    ratings: tuple[Rating, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """With its labels: ``matter``, ``locality``, ``same_matter_as`` and the right ``lead``."""

    id: str
    year: int
    number: int
    field: str
    matter: str
    locality: str
    town: str
    also: str
    """Another matter that it mentions, empty for none."""
    same_matter_as: tuple[str, ...]
    """Every earlier one of the matter and the locality, first to last."""
    wording: Nearness
    voices: tuple[Voice, ...]
    title: str
    body: str
    deputy: str
    cosigners: tuple[str, ...]
    occasion: Literal["session", "between"]
    hard: bool
    """Wide or hard: six months instead of three."""
    written_on: date
    submitted_on: date
    assignments: tuple[Assignment, ...]
    lead: str
    """The right lead unit, as it was called then."""
    lead_today: str
    """The same, after units were merged and renamed."""
    co_units: tuple[str, ...]
    contacts: tuple[Contact, ...]
    co_opinions: tuple[CoOpinion, ...]
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Congress:
    """Everything that a seed gives; suggestions by the day of submission."""

    seed: int
    units: tuple[Unit, ...]
    deputies: tuple[Deputy, ...]
    suggestions: tuple[Suggestion, ...]
