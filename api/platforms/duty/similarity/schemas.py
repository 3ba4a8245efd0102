"""Bodies of the comparison."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

LONGEST_TITLE, LONGEST_BODY = 100, 6000
"""Characters, as a suggestion may have."""


class GivenText(BaseModel):
    """A text as far as it is written."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, Field(max_length=LONGEST_TITLE)] = ""
    body: Annotated[str, Field(max_length=LONGEST_BODY)] = ""
    town: Annotated[str, Field(max_length=40)] = ""
    """The id of its unit; empty: as the text names it."""
    but: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    """The id of the suggestion that it is of, where it has one."""


class EarlierSuggestion(BaseModel):
    """A suggestion of the same matter, with what became of it."""

    id: int
    title: str
    number: str
    day: str
    state: str
    result: str
    reply: str
    promises: list[str]
    closeness: float
    shared: list[str]


class ProposedUnit(BaseModel):
    """A unit that handled such suggestions, and the closest of these by id."""

    unit: str
    name: str
    because: list[int]
