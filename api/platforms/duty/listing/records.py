"""A question to the list of suggestions, and a line of its answer. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal, get_args
from urllib.parse import urlencode

from pydantic import BaseModel, Field, StringConstraints

from api.web.forms import MOST_ID

Show = Literal["all", "mine", "sign", "open"]
SHOWS: tuple[Show, ...] = get_args(Show)
Name = Annotated[str, StringConstraints(max_length=40)]
A_PAGE = 50


class Asked(BaseModel):
    """A question as its form and the addresses of its answers write it; ``year`` is that of the
    submission, ``before`` the id of the last line that was seen; 0: from the newest one on.
    """

    q: Annotated[str, StringConstraints(max_length=100, strip_whitespace=True)] = ""
    show: Show = "all"
    state: Name = ""
    unit: Name = ""
    topic: Name = ""
    town: Name = ""
    year: Annotated[str, StringConstraints(pattern=r"^(|(19|20|21)\d\d)$")] = ""
    before: Annotated[int, Field(ge=0, le=MOST_ID)] = 0

    @property
    def narrowed(self) -> bool:
        """Whether anything was chosen in the form."""
        return bool(self.model_dump(exclude={"before", "show"}, exclude_defaults=True))

    def query(self, **changes: str) -> str:
        """As part of an address, without the line that was seen last."""
        given = self.model_dump(exclude={"before"}, exclude_defaults=True)
        return urlencode(given | changes)


@dataclass(frozen=True, slots=True)
class Criteria:
    """A question as the repository takes it. ``among``: only these ids; None: all."""

    show: Show = "all"
    state: str = ""
    unit: str = ""
    topic: str = ""
    town: str = ""
    year: int | None = None
    among: Collection[int] | None = None
    before: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A suggestion in the list."""

    id: int
    state: str
    number: str | None
    title: str
    lead: str
    topic: str | None
    town: str | None
    unit: str | None
    submitted: date | None
    assigned: date | None
    answered: date | None
    result: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """Some lines; ``following`` is the id from which it goes on, 0 at the end. ``count`` reaches
    to :data:`~api.platforms.duty.listing.repository.COUNTED`; ``bounded``: the words were found in
    more texts than are looked at.
    """

    lines: tuple[Line, ...]
    count: int
    following: int
    bounded: bool = False
