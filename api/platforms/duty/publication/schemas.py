"""Releases over the API."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.platforms.duty.publication.records import LONGEST_KEPT
from api.platforms.duty.publication.wording import ReleaseLine
from api.platforms.duty.suggestions.records import LONGEST_ANSWER, LONGEST_BODY


class ReleaseGiven(BaseModel):
    """The texts for the public. ``kept``: names, numbers and addresses in it that may stay."""

    model_config = ConfigDict(extra="forbid")
    title: Annotated[str, Field(max_length=100)]
    body: Annotated[str, Field(max_length=LONGEST_BODY)]
    answer: Annotated[str, Field(max_length=LONGEST_ANSWER)]
    unit_name: Annotated[str, Field(max_length=100)]
    result: Annotated[str, Field(max_length=10)]
    answered_day: date
    kept: Annotated[
        list[Annotated[str, Field(max_length=200)]], Field(max_length=LONGEST_KEPT // 20)
    ] = []

    @property
    def written(self) -> dict[str, str]:
        """As a form writes it."""
        texts = self.model_dump(mode="json", exclude={"kept"})
        return texts | {"kept": "\n".join(self.kept)}


class ReleaseMade(BaseModel):
    """A release that was prepared; its procedure lies below ``/duty/releases/{id}``."""

    id: str


class ReleaseState(BaseModel):
    """A release in the list."""

    id: int
    title: str
    about: str
    state: str


class ReleasesState(BaseModel):
    """The newest first, 200 at most."""

    releases: list[ReleaseState]


def releases_state(lines: list[ReleaseLine]) -> ReleasesState:
    """The list."""
    return ReleasesState(
        releases=[
            ReleaseState(id=of.id, title=of.title, about=of.about, state=of.state) for of in lines
        ]
    )
