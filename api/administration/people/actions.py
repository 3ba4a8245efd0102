"""Actions on the list of people: search it, create somebody, end a term."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from api import audit
from api.accounts.records import Account, Unit
from api.accounts.repositories.directory import Chosen, Facets, Person
from api.accounts.repositories.people import People
from api.accounts.repositories.units import Units
from api.accounts.staffing import accounts, departures
from api.accounts.staffing.authority import Authority
from api.accounts.staffing.departures import Term
from api.administration.authority import directory_of
from api.administration.people.records import Asked, Newcomer
from api.services import Services
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault


@dataclass(frozen=True, slots=True)
class Found:
    """People of one page, how many there are on all, and the counts beside the filters."""

    people: tuple[Person, ...]
    total: int
    facets: Facets


@dataclass(frozen=True, slots=True)
class Ending:
    """Somebody whose role a term's end would end."""

    username: str
    name: str


def searched(services: Services, account: Account, asked: Asked, *, most: int) -> Found:
    """The page of people that is asked for."""
    chosen, directory = _chosen(services, asked), directory_of(services, account)
    people = directory.search(chosen, first=(asked.page - 1) * most, most=most)
    return Found(people, directory.count(chosen), directory.facets(chosen))


def exported(
    services: Services, account: Account, asked: Asked, *, most: int
) -> tuple[tuple[Person, ...], int]:
    """The people of all pages, for an export, which is recorded, and how many there are."""
    chosen, directory = _chosen(services, asked), directory_of(services, account)
    found = directory.search(chosen, first=0, most=most)
    with services.state.begin() as connection:
        audit.record(
            connection,
            by=account.actor,
            action="people.export",
            subject=str(len(found)),
            detail=asked.query(),
            at_ms=services.now_ms(),
        )
    return found, directory.count(chosen)


def units(services: Services) -> Mapping[str, Unit]:
    """Every unit by id, in the official order."""
    return {unit.id: unit for unit in Units(services.state).all()}


def create(authority: Authority, newcomer: Newcomer) -> str:
    """Give an account to somebody; the first password.

    Raises:
        NotAccepted
    """
    made = accounts.create(authority, [newcomer.person()])
    if newcomer.username not in made:
        fault = Fault("username", "is somebody's already", "choose another")
        raise NotAccepted(fault, "username-taken")
    return made[newcomer.username]


def ending(authority: Authority, term: Term) -> list[Ending]:
    """The people whose role would end with a term.

    Raises:
        NotAccepted
    """
    usernames = departures.of_term(authority, term)
    names = People(authority.state).names(usernames)
    return [Ending(username, names[username]) for username in usernames]


def end_term(authority: Authority, term: Term, usernames: list[str]) -> int:
    """End it for these; for how many.

    Raises:
        NotAccepted
    """
    return departures.end_term(authority, term, usernames)


def _chosen(services: Services, asked: Asked) -> Chosen:
    part, t = asked.q.casefold(), services.words
    roles = services.roles.by_id.values()
    return asked.chosen([role.id for role in roles if part and part in role.said(t).casefold()])
