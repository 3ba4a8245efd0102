"""A suggestion as it is found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from api.accounts.records import Secrecy

HIDDEN = ("draft", "discarded")
"""States in which a suggestion is its author's alone."""


@dataclass(frozen=True, slots=True)
class Text:
    """Everything of a suggestion that can be found, with the marks of who may find it."""

    item: int
    state: str
    title: str
    number: str
    body: str
    answers: tuple[str, ...]
    unit: str | None
    concerned: frozenset[str]
    secrecy: Secrecy
    day: date | None
