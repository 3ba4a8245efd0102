"""Checks as documents, what they examine, and what they find."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, Literal, TypeVar

import msgspec
from msgspec import Struct

from documents.checks.clauses import Clause
from documents.laws.records import Mark
from documents.laws.table import Table
from documents.text.records import Article, Document

P = TypeVar("P", bound=Struct)
Within = Literal["words", "before", "clause", "sentence", "article", "title"]
"""Where the phrase of an exclusion stands: over the words that were found; between the comma
before them and their end; in their clause (；) with what leads to it; in their sentence (。) up to
the clause; in the article; in the document's title.
"""


class Exclusion(Struct, frozen=True, forbid_unknown_fields=True):
    """Words that excuse what was found. ``reason`` is what people read."""

    phrases: tuple[str, ...]
    reason: str
    within: Within = "clause"
    unless: tuple[str, ...] = ()
    """Phrases in the clause that undo the excuse."""


class CheckDocument(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A check as people read and save it. ``law`` and ``clause`` are the rule that it holds
    against a text, ``why`` what it says of a hit, ``mark`` how sure we are of the rule.
    """

    id: str
    kind: str
    title: str
    law: str
    clause: str
    why: str
    mark: Mark
    hint: bool = False
    """Whether a hit is only worth a reader's thought."""
    parameters: Mapping[str, object] = msgspec.field(default_factory=dict)
    exclusions: tuple[Exclusion, ...] = ()
    false_alarms: tuple[str, ...] = ()
    """Cases that it is known to find though nothing is wrong."""
    on: bool = True
    version: int = 1
    author: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Faulty:
    """A clause found faulty before: its words, the document, and what was wrong."""

    words: str
    document: str
    fault: str


@dataclass(frozen=True, slots=True)
class Examined:
    """A document, or an attachment of one, with what every check asks for."""

    document: Document
    clauses: tuple[Clause, ...]
    table: Table
    on: date
    faulty: Sequence[Faulty] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """Words that a check asks about; ``why`` says what is special in this case, or nothing."""

    article: Article | None
    words: str
    why: str = ""
    excluded: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """``article`` and ``inserted`` as in an article's number, ``label`` as it stands, None and
    empty outside of articles. ``excluded`` is the reason why it is no fault, None where
    none is seen.
    """

    check: str
    article: int | None
    inserted: int
    label: str
    words: str
    why: str
    excluded: str | None


@dataclass(frozen=True, slots=True)
class CheckKind(Generic[P]):
    """How checks of a kind find, given their parameters and exclusions."""

    parameters: type[P]
    find: Callable[[Examined, P, Sequence[Exclusion]], Iterable[Question]]
    verify: Callable[[P, Sequence[Exclusion]], None] = lambda _p, _e: None
    """Raises ValueError where phrases do not hold."""
    whole: bool = False
    """Whether it asks about a document as a whole, and not about its attachments."""


Kinds = Mapping[str, CheckKind[Any]]
