"""Actions on one person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from api.accounts import identities
from api.accounts.records import Account, Unit
from api.accounts.repositories.appointments import Appointments, Kind
from api.accounts.repositories.directory import Person
from api.accounts.repositories.identities import Identities
from api.accounts.repositories.people import People
from api.accounts.repositories.sessions import Sessions
from api.accounts.repositories.units import Units
from api.accounts.staffing import accounts, appointments, departures
from api.accounts.staffing.authority import Authority
from api.administration.authority import directory_of
from api.administration.person.records import Bound, Delegated, File, Joined, Left, RoleGiven
from api.administration.person.repository import happened
from api.services import Services
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault

MOST_HAPPENED = 20


@dataclass(frozen=True, slots=True)
class Acting:
    """Somebody who administers, on behalf of whom everything here is done."""

    services: Services
    account: Account
    authority: Authority


def find(services: Services, account: Account, username: str) -> Person | None:
    """Somebody whom an account sees."""
    return directory_of(services, account).one(username)


def file_of(services: Services, person: Person) -> File:
    """All that is known of somebody."""
    state, username = services.state, person.username
    rooms = Appointments(state)
    with state.read() as connection:
        grants = rooms.grants(connection, username)
        memberships = rooms.memberships(connection, username)
        delegations = rooms.delegations(connection, username)
    rows = happened(state, username, MOST_HAPPENED)
    others = {of.who for of in rows} | {of.on_behalf for of in rows}
    others |= {name for of in delegations for name in (of.of.deputy, of.of.clerk)}
    sessions = Sessions(state).of_person(username, services.now_ms())
    names = People(state).names(sorted(others))
    bound = Identities(state).identities_of(username)
    return File(person, grants, memberships, delegations, bound, sessions, rows, names)


def units(services: Services) -> Mapping[str, Unit]:
    """Every unit by id, in the official order."""
    return {unit.id: unit for unit in Units(services.state).all()}


def rename(by: Acting, username: str, name: str) -> None:
    """Give somebody another name."""
    accounts.rename(by.authority, username, name)


def disable(by: Acting, username: str) -> None:
    """Let somebody sign in no more."""
    with _streams_ending(by, username):
        accounts.disable(by.authority, username)


def enable(by: Acting, username: str) -> None:
    """Let somebody sign in again."""
    accounts.enable(by.authority, username)


def reset(by: Acting, username: str, *, keeps_factor: bool) -> str:
    """A first password for somebody, whose second factor is kept or goes."""
    with _streams_ending(by, username):
        return accounts.reset(by.authority, username, keeps_factor=keeps_factor)


def give_role(by: Acting, username: str, given: RoleGiven) -> None:
    """Give somebody a role."""
    with _streams_ending(by, username):
        appointments.give_role(by.authority, username, given.grant())


def join(by: Acting, username: str, given: Joined) -> None:
    """Let somebody belong to a unit."""
    appointments.join(by.authority, username, given.membership())


def delegate(by: Acting, username: str, given: Delegated) -> None:
    """Let a clerk act for a deputy."""
    _check_seen(by, "other", given.other)
    appointments.delegate(by.authority, given.delegation(username))


def end(by: Acting, username: str, kind: Kind, number: int, last_day: str) -> bool:
    """Let an appointment hold up to a day, empty: end it now; whether there is one."""
    with _streams_ending(by, username):
        return appointments.end(by.authority, username, kind, number, last_day)


def leave(by: Acting, username: str, given: Left) -> None:
    """Let everything of somebody end with a day, and hand it to a successor."""
    if given.successor:
        _check_seen(by, "successor", given.successor)
    with _streams_ending(by, username):
        departures.leave(by.authority, username, given.day(), given.successor)


def bind(by: Acting, username: str, given: Bound) -> None:
    """Let an identity at a government's own sign-in open the account.

    Raises:
        NotAccepted: it opens another, or the person is beyond whoever binds it.
    """
    authority = by.authority
    authority.check(username)
    identity = given.identity(username)
    try:
        identities.bind(authority.state, authority.by, identity, authority.now_ms)
    except identities.BelongsToAnother as error:
        fault = Fault("subject", "opens another account", "unbind it there first")
        raise NotAccepted(fault, "bound") from error


def unbind(by: Acting, username: str, given: Bound) -> bool:
    """Let an identity open the account no longer; whether it did."""
    authority = by.authority
    authority.check(username)
    identity = given.identity(username)
    with _streams_ending(by, username):
        return identities.unbind(authority.state, authority.by, identity, authority.now_ms)


def end_session(by: Acting, username: str, session_id: str) -> bool:
    """End one session of somebody; whether there was one."""
    ended = accounts.end_session(by.authority, username, session_id)
    if ended:
        by.services.live.end(session_id)
    return ended


def end_sessions(by: Acting, username: str) -> None:
    """End every session of somebody."""
    with _streams_ending(by, username):
        accounts.end_sessions(by.authority, username)


@contextmanager
def _streams_ending(by: Acting, username: str) -> Iterator[None]:
    """End the event streams of sessions of somebody that are no more afterwards."""
    sessions, now_ms = Sessions(by.services.state), by.services.now_ms()
    before = {of.id for of in sessions.of_person(username, now_ms)}
    yield
    after = {of.id for of in sessions.of_person(username, now_ms)}
    for session_id in before - after:
        by.services.live.end(session_id)


def _check_seen(by: Acting, where: str, username: str) -> None:
    if find(by.services, by.account, username) is None:
        fault = Fault(where, "is nobody's username", "write the username of another person")
        raise NotAccepted(fault, where)
