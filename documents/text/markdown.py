"""Markdown and plain text: their lines."""

from __future__ import annotations

from documents.text.lines import Line, clean


def lines(text: str) -> list[Line]:
    """Lines in their order; headings with their level."""
    found = list[Line]()
    for raw in text.splitlines():
        line = clean(raw)
        plain = line.lstrip("#")
        if plain.strip():
            found.append(Line(plain.strip(), level=len(line) - len(plain)))
    return found
