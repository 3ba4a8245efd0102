"""Things of all platforms as people wrote them, and apart from them what belongs together.

Days are dates in the district, money is fen, units are ids of the district but in projects, where
the treasury has codes and names of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Axis = Literal["place", "unit", "payee", "law", "reach", "time"]
"""By which two things can be seen to belong together: the same spot or town on the same topic; the
same unit and topic; the same payee; the same law on the same topic; a river flows from one to the
other; within days in the same town.
"""
AXES: tuple[Axis, ...] = ("place", "unit", "payee", "law", "reach", "time")
Way = Literal[
    "other-topic", "other-place", "other-town", "in-passing", "other-job", "long-before",
    "upstream",
]  # fmt: skip
"""How a look-alike is innocent: in the same town on another topic; of the same unit elsewhere;
the same topic in another town; the law cited in passing; the payee paid for another job; the same
place and topic two years before; where the river has not come from.
"""


@dataclass(frozen=True, slots=True)
class Alert:
    """At a station, by a rule of the district; ``hour`` of the day when it began."""

    id: str
    on: date
    hour: int
    hours: int
    rule: str
    indicator: str
    station: str
    peak: float
    pollution: bool


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Of a deputy; ``town`` is empty where it is about the district."""

    id: str
    on: date
    title: str
    body: str
    topic: str
    town: str
    unit: str


@dataclass(frozen=True, slots=True)
class Payment:
    """Out of a project."""

    on: date
    payee: str
    amount: int
    purpose: str


@dataclass(frozen=True, slots=True)
class Project:
    """Of a unit of the treasury; ``stations`` are names that its register gives, often none."""

    id: str
    on: date
    code: str
    name: str
    unit: str
    unit_name: str
    environment: bool
    stations: tuple[str, ...]
    payments: tuple[Payment, ...]


@dataclass(frozen=True, slots=True)
class Hearing:
    """Of the procuratorate; ``on`` is its day."""

    id: str
    on: date
    title: str
    matter: str


@dataclass(frozen=True, slots=True)
class Matter:
    """A special report, or the inspection of a law; ``law`` and ``plan`` are empty for reports."""

    id: str
    on: date
    kind: Literal["report", "inspection"]
    title: str
    unit: str
    law: str
    plan: str


@dataclass(frozen=True, slots=True)
class Advice:
    """Of the procuratorate, to a unit."""

    id: str
    on: date
    title: str
    addressee: str
    topic: str
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """A normative document, published on its day; ``text`` is the whole of it."""

    id: str
    on: date
    maker: str
    kind: Literal["town", "department", "government", "other"]
    title: str
    number: str
    text: str


Thing = Alert | Suggestion | Project | Hearing | Matter | Advice | Document


@dataclass(frozen=True, slots=True)
class Pair:
    """Two things of one affair; ``axis`` is how a reader of both sees it, None where it takes a
    third one between them.
    """

    first: str
    second: str
    axis: Axis | None


@dataclass(frozen=True, slots=True)
class Affair:
    """Things that belong together, and all pairs of them; ``shape`` is what ties it."""

    id: str
    kind: str
    shape: Axis
    town: str
    things: tuple[str, ...]
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Innocent:
    """A look-alike: it seems near to a thing of an affair on an axis, and belongs to nothing."""

    thing: str
    near: str
    axis: Axis
    way: Way


@dataclass(frozen=True, slots=True)
class Connections:
    """Everything of a seed: things by day, and the labels."""

    seed: int
    as_of: date
    things: tuple[Thing, ...]
    affairs: tuple[Affair, ...]
    innocents: tuple[Innocent, ...]
