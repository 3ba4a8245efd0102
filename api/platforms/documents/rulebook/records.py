"""Checks in force on a day, and what they find in a text. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

import msgspec

import documents
from api.platforms.documents.texts.records import Kept
from api.platforms.documents.texts.records import Version as TextVersion
from documents.checks.documents import parameters_of
from documents.checks.records import CheckDocument, Faulty
from documents.checks.records import Hit as Found
from documents.laws.table import Table
from documents.text.records import Document

Verdict = Literal["fault", "clear", "open"]
"""Of a hit: worth a review, no fault, or not decided (again)."""
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
BY_LAWS = ("repealed-law", "older-version", "missing-article", "own-article")
"""Kinds that ask the table of laws as it stands on the day."""
BY_DAY = ("validity-expired",)
BY_FAULTS = ("alike",)
"""Kinds that ask the day itself, and those that ask the clauses found faulty before."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a check. That of the product has no author and was never saved.

    ``holds``: its kind still understands it; one that no longer does is in force no more.
    """

    document: CheckDocument
    account: str = ""
    saved_ms: int = 0
    holds: bool = True


@dataclass(frozen=True, slots=True)
class Judgement:
    """A person's word on a hit; ``title`` is the text's as it was then."""

    text: int
    check: str
    hit: str
    verdict: Verdict
    reason: str
    label: str
    words: str
    title: str
    author: str
    made_ms: int


@dataclass(frozen=True, slots=True)
class Hit:
    """Words of a text that a check asks about. It asks, and finds nobody guilty.

    ``key`` names it in its text, also in later versions that keep the article's number and the
    words. ``law`` and ``clause`` are the rule of the check, ``title`` is the check's, ``hint``
    that it is only worth a thought. ``article``, ``inserted`` and ``label`` are as in
    ``documents.checks.records.Hit``; ``excluded`` is the reason why it is no fault, None where
    none is seen; ``judged`` the last word of a person, None where nobody said any.
    """

    key: str
    check: str
    title: str
    law: str
    clause: str
    hint: bool
    article: int | None
    inserted: int
    label: str
    words: str
    why: str
    excluded: str | None
    judged: Judgement | None = None


@dataclass(frozen=True, slots=True)
class Precision:
    """Words of people on the hits of a check: how many are worth a review, and how many are no
    fault.
    """

    faults: int = 0
    clear: int = 0

    @property
    def share(self) -> float | None:
        """Of the hits that were judged, those that were right; None where none was judged."""
        return self.faults / (self.faults + self.clear) if self.faults or self.clear else None


@dataclass(frozen=True, slots=True)
class Examined:
    """A text in one version with its hits; how often each check was right stands by its id."""

    kept: Kept
    version: TextVersion
    document: Document
    hits: tuple[Hit, ...]
    checks: Mapping[str, CheckDocument]
    precisions: Mapping[str, Precision]


@dataclass(frozen=True, slots=True)
class Book:
    """All by which hits are made on a day: every check in force, by id; the table of laws;
    clauses found faulty before, each with the id of its text.
    """

    checks: tuple[CheckDocument, ...]
    table: Table
    on: date
    faulty: Sequence[tuple[int, Faulty]]

    def faulty_elsewhere(self, text: int) -> tuple[Faulty, ...]:
        """Those of other texts: a clause is not held against itself."""
        return tuple(of for found_in, of in self.faulty if found_in != text)

    def stamps(self) -> Mapping[str, str]:
        """By each check that is on."""
        laws = laws_stamp(self.table, self.on)
        return {of.id: self.stamp(of, laws) for of in self.checks if of.on}

    def stamp(self, check: CheckDocument, laws: str = "") -> str:
        """The same for the same hits of a check on every text: it stands for the check's document,
        the engine, and as much of the laws, the day and the faulty clauses as its kind asks.
        """
        parts: list[object] = [content_of(check).decode(), engine()]
        if check.kind in BY_LAWS:
            parts.append(laws or laws_stamp(self.table, self.on))
        if check.kind in BY_DAY:
            parts.append(self.on.isoformat())
        if check.kind in BY_FAULTS:
            parts += [(text, *_words(of)) for text, of in self.faulty]
        return _hash(parts)


def content_of(check: CheckDocument) -> bytes:
    """All of a check that decides on its hits and their words, with the parameters that its
    document leaves to its kind; neither its number nor who saved it why.
    """
    plain = {
        **msgspec.to_builtins(check),
        "parameters": complete(check),
        "version": 1,
        "author": "",
        "reason": "",
        "false_alarms": (),
    }
    return msgspec.json.encode(plain, order="deterministic")


def complete(check: CheckDocument) -> dict[str, Any]:
    """Every parameter of a check as plain values, also those that its document leaves out."""
    found: dict[str, Any] = msgspec.to_builtins(parameters_of(check))
    return found


def laws_stamp(table: Table, on: date) -> str:
    """The same while the table says the same, and no law begins or ends between two days."""
    days = [of.since for law in table.laws for of in law.versions]
    days += [law.repealed for law in table.laws if law.repealed]
    begun = sum(day <= on for day in days)
    return _hash([msgspec.json.encode(table.laws).decode(), begun])


@cache
def engine() -> str:
    """The source of the checks' engine: another one makes hits anew."""
    folder = Path(str(documents.__file__)).parent
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        found.update(path.read_bytes())
    return found.hexdigest()


def key_of(found: Found) -> str:
    """Names a hit in its text."""
    return _hash([found.check, found.article, found.inserted, found.words])[:20]


def hit_of(check: CheckDocument, found: Found, judged: Mapping[str, Judgement]) -> Hit:
    """A hit with the rule of its check, and the last word on it by its key."""
    key = key_of(found)
    return Hit(
        key=key,
        check=check.id,
        title=check.title,
        law=check.law,
        clause=check.clause,
        hint=check.hint,
        article=found.article,
        inserted=found.inserted,
        label=found.label,
        words=found.words,
        why=found.why,
        excluded=found.excluded,
        judged=judged.get(key),
    )


def _words(of: Faulty) -> tuple[str, str, str]:
    return of.words, of.document, of.fault


def _hash(parts: Sequence[object]) -> str:
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()
