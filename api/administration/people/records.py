"""Input of people on the pages of the list: a search, a newcomer, the end of a term. Pure."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.accounts.records import Grant, Membership, Span
from api.accounts.repositories.directory import Chosen, Order, Standing
from api.accounts.staffing.accounts import NewPerson
from api.accounts.staffing.departures import Term
from api.web.forms import day

Short = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=100, pattern=r"^[^\x00]*$")
]
Day = Annotated[str, StringConstraints(strip_whitespace=True, max_length=10)]
"""ISO text; empty: none."""


class Asked(BaseModel):
    """A search of people, as its form and the pages of its answer write it."""

    model_config = ConfigDict(extra="forbid")
    q: Short = ""
    state: Standing | Literal[""] = ""
    role: Short = ""
    unit: Short = ""
    order: Order = "username"
    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1

    @property
    def narrowed(self) -> bool:
        """Whether anything was chosen in the form."""
        return bool(self.q or self.state or self.role or self.unit or self.order != "username")

    def query(self, **changes: str) -> str:
        """As part of an address, without the number of the page."""
        given = self.model_dump(exclude={"page"}, exclude_defaults=True)
        return urlencode(given | changes)

    def chosen(self, text_roles: list[str]) -> Chosen:
        """For the directory; ``text_roles`` are roles whose names have the text."""
        state = self.state or None
        return Chosen(self.q, text_roles, state, self.role, self.unit, self.order)


class Newcomer(BaseModel):
    """Somebody who shall have an account, with a first role and unit, or none."""

    model_config = ConfigDict(extra="forbid")
    username: Short
    name: Short
    role: Short = ""
    platform: Short = ""
    role_unit: Short = ""
    """For which the role is held; empty: for all."""
    unit: Short = ""
    """To which the person belongs."""
    post: Short = ""

    def person(self) -> NewPerson:
        """As staffing takes it."""
        grant = Grant(self.role, self.platform, self.role_unit)
        return NewPerson(
            self.username,
            self.name,
            (grant,) if self.role else (),
            (Membership(self.unit, self.post, Span()),) if self.unit else (),
        )


class TermEnd(BaseModel):
    """The end of a term; ``usernames`` of those whose role ends, none while it is looked up."""

    model_config = ConfigDict(extra="forbid")
    role: Short
    unit: Short = ""
    last_day: Day
    memberships: bool = False
    usernames: Annotated[list[Short], Field(max_length=2000)] = []

    def term(self) -> Term:
        """As staffing takes it.

        Raises:
            NotAccepted: the day is none.
        """
        last_day = day("last_day", self.last_day, needed=True)
        return Term(self.role, self.unit, last_day or "", self.memberships)
