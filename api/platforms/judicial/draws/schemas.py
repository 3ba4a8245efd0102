"""Draws over the API."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.platforms.judicial.draws import actions
from api.platforms.judicial.draws.records import (
    LONGEST_SCOPE,
    LONGEST_SOURCE,
    LONGEST_TITLE,
    Drawn,
)
from api.procedures.procedure import Row

Word = Annotated[str, Field(max_length=40)]


class DrawGiven(BaseModel):
    """A draw to announce: of the files that ``scope`` describes in general, by a public number of
    ``number_day`` that ``source`` publishes.
    """

    model_config = ConfigDict(extra="forbid")
    title: Annotated[str, Field(max_length=LONGEST_TITLE)]
    scope: Annotated[str, Field(max_length=LONGEST_SCOPE)]
    unit: Word
    size: Annotated[int, Field(ge=0, le=100_000)]
    source: Annotated[str, Field(max_length=LONGEST_SOURCE)]
    number_day: Word


class DrawMade(BaseModel):
    """The draw that was announced."""

    id: int


class DrawState(BaseModel):
    """A draw: numbers of lines of the body's own list, and findings by kind."""

    id: int
    state: str
    title: str
    scope: str
    unit: str
    size: int
    source: str
    number_day: date
    count: int | None
    list_hash: str | None
    number: str | None
    seed: str | None
    drawn: list[int]
    findings: dict[str, int]


class DrawsState(BaseModel):
    """Those that the caller sees, the newest first."""

    draws: list[DrawState]


class RepeatedState(BaseModel):
    """A draw that was repeated: the digest of each line that was drawn, by its number."""

    seed: str
    numbers: list[int]
    digests: dict[int, str]


def draw_state(row: Row) -> DrawState:
    """A draw."""
    own = {"drawn": actions.numbers(row), "findings": actions.found(row)}
    names = DrawState.model_fields.keys() - own.keys()
    return DrawState.model_validate({**{name: row[name] for name in names}, **own})


def repeated_state(found: Drawn) -> RepeatedState:
    """A draw that was repeated."""
    return RepeatedState(seed=found.seed, numbers=list(found.numbers), digests=dict(found.digests))
