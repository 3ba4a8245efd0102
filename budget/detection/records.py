"""Rules as documents, and the findings they lead to."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

import msgspec
from msgspec import Struct

from budget.detection.books import Books

P = TypeVar("P", bound=Struct)
Grade = Literal[1, 2, 3]
"""How much speaks for a question: 1 it can hardly be otherwise, 2 it should be asked, 3 a hint."""
Fact = str | int | float
Column = Literal[
    "unit",
    "payee",
    "payee_account",
    "payer",
    "payer_account",
    "use",
    "economic",
    "function",
    "project",
    "indicator",
    "voucher",
    "application",
    "contract",
    "invoice",
    "fund",
]
"""A column of payments that holds texts."""
Input = (
    Column
    | Literal[
        "days",
        "indicators",
        "adjustments",
        "lines",
        "limits",
        "assets",
        "problems",
        "contracts",
        "debts",
        "superiors",
        "published",
    ]
)


class Exclusion(Struct, frozen=True, forbid_unknown_fields=True):
    """Payments that a rule does not look at: those whose ``column`` is, or contains, the text."""

    column: Column
    text: str
    reason: str
    whole: bool = False
    """Only where the column is exactly the text."""


class RuleDocument(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A rule as people read and save it. ``source`` is the law or standard with its clause,
    ``mark`` how sure we are of it (as in ``config/data/law``). Fields that end with ``_en`` are
    for readers of English; an empty one was not translated.
    """

    id: str
    kind: str
    source: str
    mark: str
    parameters: Mapping[str, object] = msgspec.field(default_factory=dict)
    exclusions: tuple[Exclusion, ...] = ()
    false_alarms: tuple[str, ...] = ()
    """Cases that it is known to find though nothing is wrong."""
    source_en: str = ""
    false_alarms_en: tuple[str, ...] = ()
    on: bool = True
    version: int = 1
    author: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A question. ``payments`` are ids, in ascending order; ``subject`` is whatever else it is
    about (a payee, a project and year, an asset). ``facts`` fill the sentence in the words:
    money under names that end with ``_cents``, days as ISO dates.
    """

    rule: str
    kind: str
    grade: Grade
    unit: str
    subject: str
    cents: int
    """The money in question."""
    payments: tuple[int, ...] = ()
    facts: Mapping[str, Fact]
    by_subject: bool = False
    """The subject alone names the question, and payments are evidence that grows."""

    @property
    def key(self) -> str:
        """Names the question again after another load: 32 hex digits of SHA-256."""
        payments = () if self.by_subject else self.payments
        parts = (self.rule, self.unit, self.subject, ",".join(map(str, payments)))
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Deferred:
    """A rule that could not be asked, with the inputs that were not handed in."""

    rule: str
    missing: tuple[Input, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A finding as its kind makes it, without its rule. ``rows`` are positions in payments."""

    grade: Grade
    unit: str
    subject: str
    cents: int
    rows: tuple[int, ...]
    facts: Mapping[str, Fact]
    by_subject: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleKind(Generic[P]):
    """A way to look. ``needs`` must be there, and one of ``either`` where it names any, or the
    rule is deferred. ``find`` is a function of books and parameters alone, whatever the order of
    rows.
    """

    name: str
    parameters: type[P]
    needs: frozenset[Input]
    find: Callable[[Books, P], Iterator[Question]]
    either: frozenset[Input] = frozenset()
