"""A change of term over the API."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.web.forms import LONGEST_WHY

Username = Annotated[str, Field(max_length=40)]


class SuccessorGiven(BaseModel):
    """The successor of a lead deputy who left, for all that is open."""

    model_config = ConfigDict(extra="forbid")
    lead: Username
    successor: Username
    why: Annotated[str, Field(max_length=LONGEST_WHY)] = ""


class DepartedState(BaseModel):
    """A lead deputy who left, and the ids of the suggestions that are open."""

    lead: str
    name: str
    suggestions: list[int]


class SuccessionState(BaseModel):
    """Everybody who left, and how many suggestions were handed on just now."""

    departed: list[DepartedState]
    handed_on: int = 0
