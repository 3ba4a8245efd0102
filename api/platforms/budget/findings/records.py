"""States of a finding, a question to the list of them, and what is counted. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, get_args
from urllib.parse import urlencode

import msgspec
from pydantic import BaseModel, Field, StringConstraints

from api.procedures.procedure import Row
from budget.detection.records import Finding

KIND = "finding"
UNSENT = ("found", "to-send")
"""States in which nobody but the office knows of it."""
ASKED = ("sent", "explained", "rectifying", "rectified")
"""States in which the unit has been asked, and it is not over."""
OVER = ("excluded", "accepted", "closed", "withdrawn")
STATES = (*UNSENT, *ASKED, *OVER)
FOR_DEPUTIES = ("rectifying", "rectified", "closed")
CONFIRMED = FOR_DEPUTIES
"""States of findings that were judged to need rectification."""
ANSWERED_BY: Mapping[str, str] = {"sent": "explain", "rectifying": "report"}
"""The step of the unit in each state in which it is its turn; files go with these."""
UNDECIDED = ("accept", "close")
"""First steps of several that decide: the workbench says what is to be decided, and not how."""
TEXTS = ("question", "explanation", "verdict", "rectification", "outcome")
"""Columns of what was written, in the order of the procedure."""
SCREENED_BY = ("exclude", "select")
"""Steps by which the office screens a new finding."""
Reason = Literal["regular", "data", "lawful", "other"]
REASONS: tuple[Reason, ...] = get_args(Reason)
Cause = Literal["payments", "published", "data", "figures", "rules"]
"""Why the centre withdraws a finding: its payments stand no more, or the published tables, or the
data on which it rests without any; its figures are others, or the rules find it no more.
"""
CAUSES: tuple[Cause, ...] = get_args(Cause)
Show = Literal["", "waiting", "running", "done", "all"]
SHOWN: Mapping[Show, tuple[str, ...]] = {
    "waiting": ("found",),
    "running": ("to-send", *ASKED),
    "done": OVER,
    "all": (),
}
"""States behind each choice of the list; of all none."""
GRADES = ("1", "2", "3")
LONGEST_TEXT = 2000
LONGEST_TITLE = 300
"""Characters."""
A_PAGE = 50
Name = Annotated[str, StringConstraints(max_length=80)]
GradeAsked = Literal["", "1", "2", "3"]


class Asked(BaseModel):
    """A question as its form and the addresses of its answers write it; ``unit`` is the name as
    the treasury writes it. An empty ``show`` is the reader's own first choice.
    """

    show: Show = ""
    state: Annotated[str, StringConstraints(max_length=20)] = ""
    rule: Name = ""
    unit: Annotated[str, StringConstraints(max_length=200)] = ""
    grade: GradeAsked = ""
    page: Annotated[int, Field(ge=1, le=10_000)] = 1

    @property
    def narrowed(self) -> bool:
        """Whether anything was chosen in the form."""
        return bool(self.model_dump(exclude={"page", "show"}, exclude_defaults=True))

    def query(self, **changes: str) -> str:
        """As part of an address, from the first page on."""
        return urlencode(self.model_dump(exclude={"page"}, exclude_defaults=True) | changes)


class Extent(msgspec.Struct, frozen=True):
    """Rows of a table that stand, up to the id ``last``: how many, and the sum of their ids. As
    ids only grow, another sum means that some of them went or came back.
    """

    last: int
    count: int
    ids: int


class Basis(msgspec.Struct, frozen=True):
    """The basis of a question without payments: rows of its unit by table, or of all units where
    it is empty.
    """

    unit: str
    rows: Mapping[str, Extent]


@dataclass(frozen=True, slots=True)
class Known:
    """The newest finding of a question. ``content`` is what it said: grade, fen and facts;
    ``basis`` is None where it has payments; ``by_hand``: the office withdrew it.
    """

    key: str
    id: int
    state: str
    edition: int
    content: tuple[int, int, str]
    payments: tuple[str, ...]
    rule: str
    rule_version: int
    basis: Basis | None = None
    by_hand: bool = False

    @property
    def published(self) -> int:
        """The set of published tables that it is about; 0: none."""
        return published_in(self.content[2])

    def returns(self, content: tuple[int, int, str]) -> bool:
        """Whether the question becomes a finding again: it was withdrawn, and where the office did
        that for faulty data, it says something else by now.
        """
        return self.state == "withdrawn" and not (self.by_hand and content == self.content)


@dataclass(frozen=True, slots=True)
class Screening:
    """A run of the rules: asked for and done at an instant, UTC epoch ms, how many findings were
    new and withdrawn, and the rules that lacked tables.
    """

    asked_ms: int
    done_ms: int | None
    found: int
    withdrawn: int
    deferred: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Precision:
    """How often a rule asked well: of the findings that were decided on, those that the office did
    not exclude. ``accepted`` were explained, ``confirmed`` need rectification.
    """

    rule: str
    excluded: int
    accepted: int
    confirmed: int

    @property
    def decided(self) -> int:
        """Findings on which somebody decided; one that was withdrawn says nothing of its rule."""
        return self.excluded + self.accepted + self.confirmed

    @property
    def share(self) -> float:
        """Of 1, where something was decided."""
        return (self.accepted + self.confirmed) / self.decided


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the list, the gravest first. ``counts`` are of each choice; the first ``reaching``
    of those that wait are the month's.
    """

    rows: Sequence[Row]
    counts: Mapping[Show, int]
    total: int
    reaching: int

    @property
    def pages(self) -> int:
        """At least one."""
        return max(1, -(-self.total // A_PAGE))


def published_in(facts: str) -> int:
    """The set of published tables that facts are about; 0: none."""
    return int(json.loads(facts).get("set", 0))


def key_of(finding: Finding, numbers: Iterable[str]) -> str:
    """Names a question after every load: by the numbers of its vouchers and not by rows, so that
    the same payments loaded again ask the same; where payments are evidence that grows, by its
    subject alone. 32 hex digits of SHA-256.
    """
    of_payments = () if finding.by_subject else sorted(numbers)
    parts = (finding.rule, finding.unit, finding.subject, *of_payments)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def reaching(a_month: int, screened: int) -> int:
    """How many new findings still reach the office this month."""
    return max(0, a_month - screened)
