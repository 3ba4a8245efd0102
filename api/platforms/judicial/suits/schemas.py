"""Suits against units over the API: of one unit in each answer."""

from __future__ import annotations

from pydantic import BaseModel

from api.platforms.judicial.suits.records import Month


class UnitState(BaseModel):
    """A unit, by name alone."""

    id: str
    name: str


class MonthState(BaseModel):
    """Suits that were concluded in a month, those that the unit lost, and those in which its head
    appeared; null: the court does not say.
    """

    month: str
    concluded: int
    lost: int
    attended: int | None


def month_state(of: Month) -> MonthState:
    """A month."""
    return MonthState(month=of.month, concluded=of.concluded, lost=of.lost, attended=of.attended)
