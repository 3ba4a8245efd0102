"""Yearly lists and the unfiled over the API."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.platforms.documents.catalogue.records import (
    LONGEST_TEXT,
    Line,
    LineState,
    Listed,
    Source,
)
from api.procedures.procedure import Row
from api.web.forms import MOST_ID


class Opening(BaseModel):
    """The list of a unit and a year that is over."""

    model_config = ConfigDict(extra="forbid")
    maker: Annotated[str, Field(max_length=40)]
    year: Annotated[int, Field(ge=2000, le=2999)]


class Sending(BaseModel):
    """A list as a table, cells apart by tab or comma; ``nothing`` says that there was none."""

    model_config = ConfigDict(extra="forbid")
    lines: Annotated[str, Field(max_length=LONGEST_TEXT)] = ""
    nothing: bool = False
    version: Annotated[int, Field(ge=1, le=MOST_ID)] | None = None


class ListedState(BaseModel):
    """A document of a list; ``published`` is ISO text or empty."""

    title: str
    number: str
    published: str


class YearlyListState(BaseModel):
    """A yearly list with the lines that hold."""

    id: int
    maker: str
    year: int
    state: str
    version: int
    lines: list[ListedState]


class YearlyLists(BaseModel):
    """Lists without their lines, of the last year first."""

    lists: list[YearlyListState]


class UnfiledLine(BaseModel):
    """A document that seems not to be filed; ``about`` is the kept text that cites it."""

    id: int
    maker: str
    source: Source
    year: int | None
    title: str
    number: str
    state: LineState
    about: int | None


class UnfiledList(BaseModel):
    """A page of lines, those that wait first, and how many there are."""

    count: int
    lines: list[UnfiledLine]


class Found(BaseModel):
    """How many lines are new, and how many were filed since."""

    found: int
    filed: int


def line(of: Line) -> UnfiledLine:
    """A line as programs see it."""
    return UnfiledLine(
        id=of.id,
        maker=of.unit,
        source=of.source,
        year=of.year,
        title=of.title,
        number=of.number,
        state=of.state,
        about=of.about,
    )


def yearly_list(row: Row, lines: Sequence[Listed]) -> YearlyListState:
    """A list as programs see it."""
    return YearlyListState(
        id=row["id"],
        maker=row["unit"],
        year=row["year"],
        state=row["state"],
        version=row["version"],
        lines=[
            ListedState(title=of.title, number=of.number, published=of.published) for of in lines
        ],
    )
