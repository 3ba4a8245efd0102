"""Findings in a file: its text, and what it hides from whoever only opens it."""

from __future__ import annotations

from typing import Literal

import msgspec

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


UNREAD = Finding("unread")
"""Nobody can tell what a file hides."""
FAILED = Inspection((), "failed", (UNREAD,))
"""Of a content that could not be read in the time and memory there are."""


def sample(text: str) -> str:
    """The beginning of a text, on one line."""
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST_SAMPLE else f"{plain[:LONGEST_SAMPLE]}…"
