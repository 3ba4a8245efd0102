"""A suggestion and a promise as rows of a series. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Submitted:
    """A suggestion; ``answered``: a reply stands."""

    id: int
    title: str
    day: date
    unit: str | None
    town: str | None
    topic: str | None
    answered: bool


@dataclass(frozen=True, slots=True)
class Promised:
    """A promise. ``by_centre``: the centre saw its evidence and reported it, not the unit;
    ``overdue``: its term ran out.
    """

    id: int
    title: str
    day: date
    unit: str
    topic: str | None
    state: str
    by_centre: bool
    overdue: bool

    @property
    def standing(self) -> str:
        """As it is counted: kept by data or by word, waiting for the deputy, running, or not."""
        if self.state == "kept":
            return "data" if self.by_centre else "word"
        if self.state == "open":
            return "overdue" if self.overdue else "open"
        return "reported" if self.state == "reported" else "not"
