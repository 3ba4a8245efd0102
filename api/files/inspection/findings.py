"""Findings in a file: its text, and what it hides from whoever only opens it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from documents.text.records import Document

VERSION = 1
"""Of the readings; one of another version is made again."""
Hidden = Literal[
    "comments", "insertions", "deletions", "hidden-text", "properties", "embedded", "custom-xml",
    "macros", "hidden-sheets", "very-hidden-sheets", "hidden-rows", "hidden-columns", "names",
    "external-links", "notes", "hidden-slides", "annotations", "attachments", "javascript",
    "unread",
]  # fmt: skip
Note = Literal["", "scanned", "old", "picture", "none", "failed", "long"]
"""Why there is no text, or not all of it."""
LONGEST_SAMPLE = 120
MOST_FINDINGS = 500
MOST_CHARACTERS = 2_000_000
A_PART, LONGEST_PARAGRAPH, OVERLAP = 20_000, 40_000, 200
"""Characters of a part of a text, of a paragraph in it, and of what two pieces of one share."""


class Finding(msgspec.Struct, frozen=True):
    """A thing that a file hides; ``where`` names the sheet, part or page, ``sample`` shows it."""

    kind: Hidden
    where: str = ""
    sample: str = ""
    count: int = 1


class Inspection(msgspec.Struct, frozen=True):
    """The reading of a content: its text paragraph by paragraph, and what it hides."""

    text: tuple[str, ...] = ()
    note: Note = ""
    hidden: tuple[Finding, ...] = ()
    version: int = VERSION


class Parsed(msgspec.Struct, frozen=True):
    """A content as a normative document, or why it is none and the remedy."""

    document: Document | None
    what: str = ""
    remedy: str = ""


UNREAD = Finding("unread")
"""Nobody can tell what a file hides."""
FAILED = Inspection((), "failed", (UNREAD,))
"""Of a content that could not be read in the time and memory there are."""


def parts(text: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """A text in parts of whole paragraphs, as pages show and search finds it. A paragraph that is
    longer than any that people write is cut, and each piece begins with the end of the one before,
    so that a word across the cut is whole in one of them.
    """
    part: list[str] = []
    size = 0
    for piece in (piece for paragraph in text for piece in _pieces(paragraph)):
        if part and size + len(piece) > A_PART:
            yield tuple(part)
            part, size = [], 0
        part.append(piece)
        size += len(piece)
    if part:
        yield tuple(part)


def _pieces(paragraph: str) -> Iterator[str]:
    step = LONGEST_PARAGRAPH - OVERLAP
    last = max(len(paragraph) - OVERLAP, 1)
    yield from (paragraph[at : at + LONGEST_PARAGRAPH] for at in range(0, last, step))


def sample(text: str) -> str:
    """The beginning of a text, on one line."""
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST_SAMPLE else f"{plain[:LONGEST_SAMPLE]}…"
