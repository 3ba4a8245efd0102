"""People over the API as programs read them. Instants are UTC epoch ms, days ISO text."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel

from api.accounts.records import Grant, Membership
from api.accounts.repositories.directory import Person
from api.administration.people.actions import Ending, Found


class RoleState(BaseModel):
    """A role that is held; ``platform`` and ``unit`` empty: all."""

    role: str
    platform: str
    unit: str
    from_day: str | None
    until_day: str | None


class MembershipState(BaseModel):
    """A unit that somebody belongs to."""

    unit: str
    post: str
    from_day: str | None
    until_day: str | None


class PersonState(BaseModel):
    """Somebody with roles and units of today."""

    username: str
    name: str
    state: str
    units: list[MembershipState]
    roles: list[RoleState]
    last_sign_in_ms: int | None
    second_factor: bool


class PeoplePage(BaseModel):
    """People of one page; ``facets`` count by value of state, role and unit."""

    people: list[PersonState]
    total: int
    facets: dict[str, dict[str, int]]


class FirstPassword(BaseModel):
    """A first password, shown this once."""

    username: str
    first_password: str


class EndingState(BaseModel):
    """Somebody whose role ends, or would."""

    username: str
    name: str


class TermState(BaseModel):
    """Those whose role ends with a term, and for how many it was ended now."""

    people: list[EndingState]
    ended: int


def person_state(person: Person) -> PersonState:
    """Somebody as the API tells it."""
    return PersonState(
        username=person.username,
        name=person.name,
        state=person.standing,
        units=[membership_state(of) for of in person.memberships],
        roles=[role_state(of) for of in person.grants],
        last_sign_in_ms=person.last_ms,
        second_factor=person.second_factor,
    )


def membership_state(of: Membership) -> MembershipState:
    """A membership as the API tells it."""
    days = {"from_day": of.span.from_day, "until_day": of.span.until_day}
    return MembershipState(unit=of.unit, post=of.post, **days)


def role_state(of: Grant) -> RoleState:
    """A role as the API tells it."""
    days = {"from_day": of.span.from_day, "until_day": of.span.until_day}
    return RoleState(role=of.role, platform=of.platform, unit=of.unit, **days)


def page_state(found: Found) -> PeoplePage:
    """A page as the API tells it."""
    facets: dict[str, Mapping[str, int]] = {
        "state": found.facets.standing,
        "role": found.facets.role,
        "unit": found.facets.unit,
    }
    return PeoplePage(
        people=[person_state(of) for of in found.people],
        total=found.total,
        facets={name: dict(counts) for name, counts in facets.items()},
    )


def term_state(people: list[Ending], ended: int) -> TermState:
    """A term's end as the API tells it."""
    rows = [EndingState(username=of.username, name=of.name) for of in people]
    return TermState(people=rows, ended=ended)
