"""Ratings over the API."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.platforms.duty.ratings.records import LONGEST_NAME, LONGEST_REASON, Grade
from api.platforms.duty.ratings.wording import RatedLines


class Given(BaseModel):
    """A rating of the last reply; a reason where the outcome is dissatisfying."""

    model_config = ConfigDict(extra="forbid")
    attitude: Grade
    outcome: Grade
    reason: Annotated[str, Field(max_length=LONGEST_REASON)] = ""
    asked_by: Annotated[str, Field(max_length=LONGEST_NAME)] = ""


class LineState(BaseModel):
    """The word of a signer; null and empty where it is silence, or not the caller's to see yet."""

    name: str
    lead: bool
    attitude: Grade | None
    outcome: Grade | None
    reason: str
    said: str


class RoundState(BaseModel):
    """The ratings of the reply of a round; ``shown`` is whether they are open to all."""

    round: int
    shown: bool
    lines: list[LineState]


class RatingsState(BaseModel):
    """The ratings of every reply, as far as the caller may see them."""

    rounds: list[RoundState]
    may_rate: bool


def round_state(of: RatedLines) -> RoundState:
    """A round."""
    lines = [
        LineState(
            name=line.name,
            lead=line.lead,
            attitude=line.rating.attitude if line.rating else None,
            outcome=line.rating.outcome if line.rating else None,
            reason=line.rating.reason if line.rating else "",
            said=line.said,
        )
        for line in of.lines
    ]
    return RoundState(round=of.round, shown=of.shown, lines=lines)
