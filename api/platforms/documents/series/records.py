"""A document and a point of a review as rows of a series. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Text:
    """A normative document with the day of its publication, or since when it holds, as ISO text,
    and its maker.
    """

    id: int
    title: str
    day: str
    unit: str


@dataclass(frozen=True, slots=True)
class Raised:
    """A point of a review, with the day on which that was opened and the maker of the document."""

    id: int
    title: str
    opened: date
    unit: str
