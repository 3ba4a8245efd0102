"""Procuratorial advice: states, topics as data, and a question to the list. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, get_args
from urllib.parse import urlencode

import msgspec
from pydantic import BaseModel, Field, StringConstraints

from api.procedures.procedure import Row
from config.files import read_toml

KIND = "advice"
Effect = Literal["in-force", "partly", "not"]
EFFECTS: tuple[Effect, ...] = get_args(Effect)
Counted = Literal["all", "sent", "replied", "in-force", "partly", "not"]
COUNTED: tuple[Counted, ...] = get_args(Counted)
"""Columns of the counts, and choices of the list: all that was sent; waiting for a reply; replied,
the effect not confirmed yet; by effect, confirmed by a second person.
"""
SENT = ("sent", "replied", "checked", "closed")
"""States in which it stands with its addressee."""
OPEN_TO_DEPUTIES = ("replied", "checked", "closed")
LONGEST_TITLE = 200
LONGEST_TEXT = 4000
A_PAGE = 50


class _Topics(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    topics: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]


@cache
def topics() -> tuple[str, ...]:
    """Ids of the topics, in the order in which they are counted."""
    found = read_toml(Path(__file__).parent / "data" / "topics.toml", "mend the file")
    return msgspec.convert(found, _Topics).topics


class Asked(BaseModel):
    """A question as its form and the addresses of its answers write it. Of one ``addressee`` no
    number is given: advice is counted by topic alone.
    """

    show: Counted | Literal[""] = ""
    topic: Annotated[str, StringConstraints(max_length=40)] = ""
    addressee: Annotated[str, StringConstraints(max_length=40)] = ""
    q: Annotated[str, StringConstraints(max_length=100, strip_whitespace=True)] = ""
    page: Annotated[int, Field(ge=1, le=10_000)] = 1

    @property
    def narrowed(self) -> bool:
        """Whether anything was chosen in the form."""
        return bool(self.show or self.topic or self.addressee or self.q)

    def query(self, **changes: str) -> str:
        """As part of an address, from the first page on."""
        return urlencode(self.model_dump(exclude={"page"}, exclude_defaults=True) | changes)


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the list, whether there are further ones, and how many there are in all; None of
    one addressee.
    """

    rows: Sequence[Row]
    more: bool
    total: int | None


@dataclass(frozen=True, slots=True)
class TopicCounts:
    """The advice on a topic that somebody sees, by column."""

    topic: str
    counts: Mapping[Counted, int]
