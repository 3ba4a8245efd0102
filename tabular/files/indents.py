"""Blanks in front of a text, by which people set parts under their class."""

from __future__ import annotations

AROUND = " \t\r\n\v\f\u00a0\u3000\ufeff\u200b"
BLANKS = frozenset(" \u00a0\u3000")


class Indented(str):
    """A text without its blanks, that knows how wide they were."""

    __slots__ = ("by",)
    by: int


def trimmed(text: str) -> str | None:
    """A text without blanks at its ends, None where nothing is left."""
    bare = text.strip(AROUND)
    if not bare or text[0] not in BLANKS:
        return bare or None
    found = Indented(bare)
    ahead = text[: len(text) - len(text.lstrip(AROUND))]
    found.by = sum(1 + (blank == "\u3000") for blank in ahead)
    return found


def indent(cell: object) -> int:
    """The width of the blanks in front of a cell."""
    return cell.by if isinstance(cell, Indented) else 0
