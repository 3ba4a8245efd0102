"""Questions of a case to bodies. Pure."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from pydantic import BaseModel, Field, StringConstraints

KIND = "case-question"
RUNNING = ("asked", "answered")
OVER = ("accepted", "dropped")
STATES = (*RUNNING, *OVER)
LONGEST_TITLE = 200
LONGEST_TEXT = 4000
"""Characters."""
A_PAGE = 50


class Asked(BaseModel):
    """A question to the list of questions, as its form and addresses write it."""

    state: Annotated[str, StringConstraints(max_length=20)] = ""
    unit: Annotated[str, StringConstraints(max_length=40)] = ""
    page: Annotated[int, Field(ge=1, le=10_000)] = 1

    @property
    def narrowed(self) -> bool:
        """Whether anything was chosen in the form."""
        return bool(self.state or self.unit)

    def query(self) -> str:
        """As part of an address, from the first page on."""
        return urlencode(self.model_dump(exclude={"page"}, exclude_defaults=True))
