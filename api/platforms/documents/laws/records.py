"""Entries of the table of laws. Pure; days are those of the district."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal, get_args
from urllib.parse import urlencode

from pydantic import BaseModel, Field, StringConstraints

from documents.laws.records import Law, LawKind, Mark
from documents.laws.titles import plain

LAW_KINDS: tuple[LawKind, ...] = get_args(LawKind)
MARKS: tuple[Mark, ...] = get_args(Mark)
Standing = Literal["in-force", "coming", "repealed", "unknown"]
"""Of a law on a day; unknown where no version is known."""
STANDINGS: tuple[Standing, ...] = get_args(Standing)
A_PAGE = 50
Word = Annotated[str, StringConstraints(max_length=100, strip_whitespace=True)]


class Asked(BaseModel):
    """A question for the list: ``q`` a part of a title or of another name."""

    q: Word = ""
    kind: Literal["", LawKind] = ""
    mark: Literal["", Mark] = ""
    standing: Literal["", Standing] = ""
    page: Annotated[int, Field(ge=1, le=10_000)] = 1

    @property
    def narrowed(self) -> bool:
        """Whether anything was chosen in the form."""
        return bool(self.model_dump(exclude={"page"}, exclude_defaults=True))

    def query(self, **changes: str) -> str:
        """As part of an address, from the first page on."""
        return urlencode(self.model_dump(exclude={"page"}, exclude_defaults=True) | changes)


@dataclass(frozen=True, slots=True)
class Entry:
    """A version of a law's entry. That of the product has no author and was never saved."""

    law: Law
    version: int = 1
    author: str = ""
    account: str = ""
    reason: str = ""
    saved_ms: int = 0

    @property
    def key(self) -> str:
        """Names the law in addresses."""
        return key_of(self.law.title)


def key_of(title: str) -> str:
    """The same for every way of writing a title."""
    return hashlib.sha256(plain(title).encode()).hexdigest()[:12]


def standing(law: Law, on: date) -> Standing:
    """How a law stands on a day."""
    if law.is_repealed(on):
        return "repealed"
    if not law.versions:
        return "unknown"
    return "in-force" if law.at(on) else "coming"


def chosen(entries: Iterable[Entry], asked: Asked, on: date) -> Sequence[Entry]:
    """Those that a question means, in their order."""
    part = plain(asked.q)
    return [
        of
        for of in entries
        if (not part or any(part in plain(name) for name in (of.law.title, *of.law.short)))
        and asked.kind in ("", of.law.kind)
        and asked.mark in ("", of.law.mark)
        and asked.standing in ("", standing(of.law, on))
    ]
