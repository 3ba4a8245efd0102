"""Clauses of a text as they are held against those of others. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.platforms.documents.rulebook.records import Hit
from api.platforms.documents.texts.records import Kept
from documents.checks.clauses import Clause, clauses
from documents.comparing.alignment import ALIKE
from documents.comparing.records import Run
from documents.comparing.signatures import signed
from documents.text.records import Document

AT_LEAST, MOST = ALIKE, 20
"""The least likeness of clauses that are shown, and how many are."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A clause that is asked about: its place among the text's, None of words that are no clause;
    the label of its article, empty outside of articles.
    """

    position: int | None
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Match:
    """A clause of another text; ``runs`` are both as one, with what differs."""

    text: int
    title: str
    position: int
    label: str
    words: str
    likeness: float
    runs: Sequence[Run]


@dataclass(frozen=True, slots=True)
class Similar:
    """A text, the clause that was asked about, and clauses like it; without one, its clauses to
    choose from. ``searched`` texts were held against it, ``left`` wait to be.
    """

    kept: Kept
    clauses: Sequence[Asked]
    asked: Asked | None
    matches: Sequence[Match]
    searched: int
    left: int


def clauses_of(document: Document) -> list[Clause]:
    """The clauses of a document, and of its attachments behind them."""
    return [clause for of in (document, *document.attachments) for clause in clauses(of)]


def signature(document: Document) -> bytes:
    """Of its clauses."""
    return signed([of.text for of in clauses_of(document)])


def asked_of(document: Document) -> list[Asked]:
    """Clauses to choose from."""
    return [
        Asked(at, of.article.label if of.article else "", of.text)
        for at, of in enumerate(clauses_of(document))
    ]


def of_hit(found: Sequence[Asked], hit: Hit) -> Asked:
    """The clause in which the words of a hit stand; the words alone where no clause has them."""
    own = [of for of in found if of.label == hit.label]
    return next((of for of in own if hit.words in of.text), Asked(None, hit.label, hit.words))
