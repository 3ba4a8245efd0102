"""A kept copy in words: what it said in a sentence, and its figures beside those of today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from api.copies.records import Line, Shown, beside
from api.ports import Json
from config.catalogue.words import Words

_SENTENCES = ("summary", "question", "text")
"""Where kinds of items say in a sentence what they are."""


@dataclass(frozen=True, slots=True)
class Part:
    """A copy on a page. ``now`` is the sentence of today where it is another one."""

    of: Shown
    said: str
    now: str
    lines: list[Line]


def sentence(content: Json) -> str:
    """A content in a sentence; empty where it has none."""
    return next((str(content[of]) for of in _SENTENCES if content.get(of)), "")


def parts(words: Words, found: Iterable[Shown]) -> list[Part]:
    """Copies as a page shows them."""
    return [_part(words, of) for of in found]


def _part(words: Words, of: Shown) -> Part:
    copy = of.copy
    said = sentence(copy.content)
    then = copy.kind.said(words, copy.content)
    if copy.now is None:
        return Part(of, said, "", beside(then, None))
    now = sentence(copy.now.content)
    today = copy.kind.said(words, copy.now.content)
    return Part(of, said, now if now != said else "", beside(then, today))
