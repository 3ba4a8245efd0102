"""Released suggestions over the API."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel

from api.platforms.duty.released.records import Released


class ReleasedState(BaseModel):
    """A released suggestion; ``result`` is the class that the unit claims, A to D."""

    number: str
    title: str
    suggestion: str
    answer: str
    unit: str
    result: str
    answered: date | None


class ReleasedPage(BaseModel):
    """Twenty at most, the newest reply first; ``more`` is whether a page follows."""

    suggestions: list[ReleasedState]
    more: bool


def released_state(of: Released) -> ReleasedState:
    """A released suggestion."""
    return ReleasedState(
        number=of.number,
        title=of.title,
        suggestion=of.body,
        answer=of.answer,
        unit=of.unit,
        result=of.result,
        answered=of.day,
    )
