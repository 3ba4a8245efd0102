"""Things that bodies are asked for or sent, and the receipts of it. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from pydantic import BaseModel, Field, StringConstraints

from api.cases.means.procedure import PROCEDURE as MEASURES
from api.cases.means.records import REQUIRED
from api.cases.questions.procedure import PROCEDURE as QUESTIONS
from api.cases.rectification.procedure import PROCEDURE as RECTIFICATIONS
from api.imports.records import Load
from api.ports import canonical
from api.procedures.procedure import Procedure

A_PAGE = 50
NEWEST = 10
"""Of what was sent, on the first page."""
LOAD = "load"
"""The kind of what was sent where it is a table."""


@dataclass(frozen=True, slots=True)
class Answering:
    """A thing of a case that a body is asked for: it waits in the state ``waits``, the body or the
    office for it answers by one of ``steps``, in words by the need ``text``.
    """

    procedure: Procedure
    waits: str
    steps: tuple[str, ...]
    text: str

    @property
    def kind(self) -> str:
        """Of the thing."""
        return self.procedure.kind


ANSWERING: Mapping[str, Answering] = {
    of.kind: of
    for of in (
        Answering(QUESTIONS, "asked", ("answer", "record"), "answer"),
        Answering(MEASURES, "planned", ("report", "record"), "note"),
        Answering(RECTIFICATIONS, "open", ("report", "record"), "report"),
    )
}
BY_OFFICE = "record"
"""The step by which the office enters what came on paper."""
OF_BODIES = tuple(
    (means, step.name) for means, steps in REQUIRED.items() for step in steps if step.who == "unit"
)
"""Measures that the body supervised has to take, by means and name."""
SENT_KINDS = (LOAD, *ANSWERING)


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing that a body is asked for."""

    kind: str
    id: int
    title: str
    unit: str
    path: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing that came: its kind, the id of its load or event, and the instant."""

    kind: str
    id: int
    at_ms: int

    @property
    def number(self) -> str:
        """Of its receipt."""
        return number_of(self.kind, self.id)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it was given. ``id`` is that of its event, ``state`` the thing's now, ``paper``
    the id of a file or empty; ``taken_back`` where that step was.
    """

    id: int
    kind: str
    item: str
    title: str
    unit: str
    step: str
    signed: str
    at_ms: int
    text: str
    paper: str
    state: str
    taken_back: bool


Came = Load | Answer


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that came with an answer."""

    name: str
    sha256: str


def number_of(kind: str, sent_id: int) -> str:
    """The number of a receipt: SJ of a table, DF of an answer."""
    return f"{'SJ' if kind == LOAD else 'DF'}-{sent_id}"


def received(answer: Answer, paper: Paper | None) -> str:
    """An answer as canonical JSON: its text, and the SHA-256 of the file that came with it."""
    body = {"title": answer.title, "text": answer.text, "paper": paper.sha256 if paper else ""}
    return canonical(body).decode()


def digest(text: str) -> str:
    """The SHA-256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


class Listed(BaseModel):
    """A question to a list of the exchange: a unit with those below it (empty: all that one sees),
    and the page.
    """

    unit: Annotated[str, StringConstraints(max_length=40, pattern=r"^[^\x00]*$")] = ""
    page: Annotated[int, Field(ge=1, le=10_000)] = 1

    def query(self) -> str:
        """As part of an address, from the first page on."""
        return urlencode(self.model_dump(exclude={"page"}, exclude_defaults=True))


def pages(total: int) -> int:
    """How many pages a list has, at least one."""
    return max(1, -(-total // A_PAGE))
