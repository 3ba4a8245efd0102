"""Motions over the API."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.platforms.duty.motions.records import LONGEST_TEXT
from api.platforms.duty.motions.wording import MotionLine
from api.web.forms import RowId

Title = Annotated[str, Field(max_length=100)]
Text = Annotated[str, Field(max_length=LONGEST_TEXT)]


class MotionGiven(BaseModel):
    """A motion as it is begun: its level, 案由, 案据 and 方案."""

    model_config = ConfigDict(extra="forbid")
    level: Literal["district", "town"] = "district"
    title: Title
    basis: Text
    plan: Text


class MotionMade(BaseModel):
    """A motion that was begun; its procedure lies below ``/duty/motions/{id}``."""

    id: str


class Invited(BaseModel):
    """Deputies who are asked to sign."""

    model_config = ConfigDict(extra="forbid")
    usernames: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=400)]


class Signing(BaseModel):
    """A signature to the text with this hash; with ``signs`` false it is declined."""

    model_config = ConfigDict(extra="forbid")
    signs: bool
    text_hash: Annotated[str, Field(max_length=64)] = ""


class Decided(BaseModel):
    """The presidium's decision that a motion becomes a suggestion."""

    model_config = ConfigDict(extra="forbid")
    meeting: Title
    day: Annotated[str, Field(max_length=10)]
    version: RowId | None = None


class Converted(BaseModel):
    """The suggestion that a motion became."""

    suggestion: str


class MotionState(BaseModel):
    """A motion in the list."""

    id: int
    title: str
    about: str
    state: str


class MotionsState(BaseModel):
    """The newest first, 200 at most."""

    motions: list[MotionState]


def motion_state(of: MotionLine) -> MotionState:
    """A motion in the list."""
    return MotionState(id=of.id, title=of.title, about=of.about, state=of.state)
