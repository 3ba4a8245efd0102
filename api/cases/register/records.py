"""The question that a list of cases answers, and a case on its page. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from pydantic import BaseModel, Field, StringConstraints

from api.cases.records import Joined
from api.copies.records import Shown
from api.procedures.procedure import Row

A_PAGE = 50


class Asked(BaseModel):
    """A question as its form and the addresses of its answers write it."""

    state: Annotated[str, StringConstraints(max_length=20)] = ""
    means: Annotated[str, StringConstraints(max_length=20)] = ""
    q: Annotated[str, StringConstraints(max_length=100)] = ""
    page: Annotated[int, Field(ge=1, le=10_000)] = 1

    @property
    def narrowed(self) -> bool:
        """Whether anything was chosen in the form."""
        return bool(self.model_dump(exclude={"page"}, exclude_defaults=True))

    def query(self) -> str:
        """As part of an address, from the first page on."""
        return urlencode(self.model_dump(exclude={"page"}, exclude_defaults=True))


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the list, the newest first."""

    rows: Sequence[Row]
    total: int

    @property
    def pages(self) -> int:
        """At least one."""
        return max(1, -(-self.total // A_PAGE))


@dataclass(frozen=True, slots=True)
class Belonging:
    """Something that belongs to a case, as a reader may see it; ``shown`` is None where the reader
    may only know that there is something.
    """

    of: Joined
    shown: Shown | None
