"""One person: all that is known, and the input of people on the page. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from api.accounts.records import Grant, Membership, Span
from api.accounts.repositories.appointments import Delegation, Kept
from api.accounts.repositories.directory import Person
from api.accounts.repositories.identities import Identity
from api.accounts.repositories.sessions import OpenSession
from api.web.forms import day

Short = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=100, pattern=r"^[^\x00]*$")
]
Long = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=300, pattern=r"^[^\x00]*$"),
]
Day = Annotated[str, StringConstraints(strip_whitespace=True, max_length=10)]
"""ISO text; empty: none."""


class Renamed(BaseModel):
    """Another name."""

    model_config = ConfigDict(extra="forbid")
    name: Short


class _Spanning(BaseModel):
    model_config = ConfigDict(extra="forbid")
    from_day: Day = ""
    until_day: Day = ""

    def span(self) -> Span:
        """The days.

        Raises:
            NotAccepted: one is no day.
        """
        return Span(day("from_day", self.from_day), day("until_day", self.until_day))


class RoleGiven(_Spanning):
    """A role; ``platform`` and ``unit`` empty: all."""

    role: Short
    platform: Short = ""
    unit: Short = ""

    def grant(self) -> Grant:
        """As staffing takes it."""
        return Grant(self.role, self.platform, self.unit, self.span())


class Joined(_Spanning):
    """A unit that the person belongs to."""

    unit: Short
    post: Short = ""

    def membership(self) -> Membership:
        """As staffing takes it."""
        return Membership(self.unit, self.post, self.span())


class Delegated(_Spanning):
    """A delegation between the person, who is one of both, and ``other``."""

    person_is: Literal["clerk", "deputy"]
    other: Short

    def delegation(self, username: str) -> Delegation:
        """As staffing takes it."""
        is_clerk = self.person_is == "clerk"
        deputy, clerk = (self.other, username) if is_clerk else (username, self.other)
        return Delegation(deputy, clerk, self.span())


class Bound(BaseModel):
    """An identity at a government's own sign-in: its issuer and the subject there."""

    model_config = ConfigDict(extra="forbid")
    issuer: Long
    subject: Long

    def identity(self, username: str) -> Identity:
        """As the accounts keep it."""
        return Identity(self.issuer, self.subject, username)


class Ended(BaseModel):
    """The last day of an appointment; empty: it ends now."""

    model_config = ConfigDict(extra="forbid")
    until_day: Day = ""

    def last_day(self) -> str:
        """ISO text, empty: now.

        Raises:
            NotAccepted: it is no day.
        """
        return day("until_day", self.until_day) or ""


class Left(BaseModel):
    """The departure of a person."""

    model_config = ConfigDict(extra="forbid")
    last_day: Day
    successor: Short = ""

    def day(self) -> str:
        """ISO text.

        Raises:
            NotAccepted: it is no day.
        """
        return day("last_day", self.last_day, needed=True) or ""


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that was done to somebody, by username, perhaps on behalf of another."""

    at_ms: int
    who: str
    on_behalf: str
    action: str
    detail: str


@dataclass(frozen=True, slots=True)
class File:
    """All that is known of somebody; ``names`` are those of everybody else in it."""

    person: Person
    grants: tuple[Kept[Grant], ...]
    memberships: tuple[Kept[Membership], ...]
    delegations: tuple[Kept[Delegation], ...]
    identities: tuple[Identity, ...]
    sessions: tuple[OpenSession, ...]
    happened: tuple[Happened, ...]
    names: Mapping[str, str]
