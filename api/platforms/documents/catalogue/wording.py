"""The unfiled in words: why a line stands, and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.platforms.documents.catalogue.records import Line, Wrong
from api.web.tables import Heads, Sheet, Value
from config.catalogue.words import Words

_HEADS = Heads(
    "documents.catalogue.column",
    ("title", "number", "maker", "year", "why", "state"),
    {"year": "count"},
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A line in the list."""

    id: int
    title: str
    about: str
    state: str
    why: str


def row(words: Words, of: Line, makers: Mapping[str, str]) -> Shown:
    """A line in the list."""
    maker = makers.get(of.unit, of.unit)
    number = of.number if of.title else ""
    return Shown(
        of.id,
        of.title or of.number,
        " · ".join(filter(None, (maker, number))),
        words(f"documents.unfiled.state-{of.state}"),
        why(words, of.source, of.year),
    )


def why(words: Words, source: str, year: int | None) -> str:
    """Why a line stands."""
    return words(f"documents.catalogue.why-{source}", year=year or "")


def table(words: Words, lines: Sequence[Line], makers: Mapping[str, str]) -> Sheet:
    """Lines for a spreadsheet."""
    rows: list[Sequence[Value]] = [
        (
            of.title,
            of.number,
            makers.get(of.unit, of.unit),
            of.year,
            why(words, of.source, of.year),
            words(f"documents.unfiled.state-{of.state}"),
        )
        for of in lines
    ]
    return _HEADS.sheet(words, words("documents.catalogue.title"), rows)


def wrong(words: Words, found: Sequence[Wrong]) -> Sequence[str]:
    """Lines of a table that do not hold, each with the remedy; twenty of them."""
    said = [
        words(f"documents.catalogue.line-{of.field}", row=of.row, said=of.said) for of in found
    ]
    left = len(said) - 20
    return [*said[:20], *([words("documents.catalogue.line-more", n=left)] if left > 0 else [])]
