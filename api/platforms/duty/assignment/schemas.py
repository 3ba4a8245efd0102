"""An assignment over the API."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.platforms.duty.assignment.records import MOST
from api.platforms.duty.handling.records import Part
from api.web.forms import MOST_ID

UnitId = Annotated[str, Field(max_length=40)]


class AssignmentGiven(BaseModel):
    """The unit in charge, units that give an opinion (``co``) and that answer for a part
    (``separate``); ``version`` as with every step.
    """

    model_config = ConfigDict(extra="forbid")
    unit: UnitId
    effort: Annotated[str, Field(max_length=10)]
    day: date
    co: Annotated[list[UnitId], Field(max_length=MOST)] = []
    separate: Annotated[list[UnitId], Field(max_length=MOST)] = []
    version: Annotated[int, Field(ge=1, le=MOST_ID)] | None = None


class FurtherUnit(BaseModel):
    """One more unit."""

    model_config = ConfigDict(extra="forbid")
    unit: UnitId
    part: Part


class AssignedState(BaseModel):
    """The suggestion after it, and the further units that have a part in it."""

    state: str
    unit: str | None
    further: list[FurtherUnit]
