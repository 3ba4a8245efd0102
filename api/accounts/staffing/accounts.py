"""Accounts as an administrator changes them: created, renamed, disabled, enabled, reset."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from api import audit
from api.accounts import changes
from api.accounts.credentials import passwords
from api.accounts.enrolment.enrolling import FIRST_PASSWORD_MS
from api.accounts.enrolment.people import USERNAME
from api.accounts.records import Grant, Membership
from api.accounts.repositories import newcomers
from api.accounts.repositories.newcomers import Entry
from api.accounts.repositories.people import People
from api.accounts.repositories.sessions import Sessions
from api.accounts.staffing.authority import Authority
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault

LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody who shall have an account."""

    username: str
    name: str
    grants: tuple[Grant, ...] = ()
    memberships: tuple[Membership, ...] = ()


def check_new(authority: Authority, person: NewPerson) -> None:
    """Refuse somebody whom this administrator may not create.

    Raises:
        NotAccepted
    """
    if not re.fullmatch(USERNAME, person.username):
        what, remedy = "does not hold", "write 2 to 40 small letters, digits, - or _"
        raise NotAccepted(Fault("username", what, f"{remedy}, the first a letter"), "username")
    check_name(person.name)
    for grant in person.grants:
        authority.check_grant(grant)
    for membership in person.memberships:
        authority.check_unit("unit", membership.unit)
    if not person.memberships and not authority.everywhere:
        fault = Fault("unit", "is empty", "choose one of your units")
        raise NotAccepted(fault, "unit-needed")


def check_name(name: str) -> str:
    """A name without blanks at its ends.

    Raises:
        NotAccepted
    """
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        remedy = f"write 1 to {LONGEST_NAME} characters"
        raise NotAccepted(Fault("name", "does not hold", remedy), "name")
    return name


def create(authority: Authority, people: Sequence[NewPerson]) -> Mapping[str, str]:
    """Give an account to all who have none, or to nobody; their first passwords, which are kept
    nowhere, by username. Whoever has one already keeps it as it is.

    Raises:
        NotAccepted
    """
    state = authority.state
    for person in people:
        check_new(authority, person)
    known = People(state).names([person.username for person in people])
    drawn = {of.username: changes.first_password() for of in people if of.username not in known}
    hashes = {username: passwords.hashed(password) for username, password in drawn.items()}
    entries = {
        of.username: Entry(
            of.username, of.name.strip(), hashes[of.username], of.grants, of.memberships
        )
        for of in people
        if of.username in drawn
    }
    with state.begin() as connection:
        for username in newcomers.taken(connection, list(entries)):
            del drawn[username], entries[username]
        until_ms = authority.now_ms + FIRST_PASSWORD_MS
        newcomers.add(connection, list(entries.values()), until_ms)
        audit.record_all(
            connection,
            by=authority.by,
            action="person.create",
            details={of.username: _detail_of(of) for of in people if of.username in drawn},
            at_ms=authority.now_ms,
        )
    return drawn


def rename(authority: Authority, username: str, name: str) -> None:
    """Give somebody another name; records keep the one that the person had then.

    Raises:
        NotAccepted
    """
    name = check_name(name)
    people = People(authority.state)
    before = people.names([username])[username]
    with authority.state.begin() as connection:
        authority.check_person(connection, username)
        people.put(connection, username, name=name)
        detail = json.dumps({"before": before, "after": name}, ensure_ascii=False)
        _record(connection, authority, username, "person.rename", detail)


def disable(authority: Authority, username: str) -> None:
    """Let somebody sign in no more.

    Raises:
        NotAccepted
    """
    with authority.state.begin() as connection:
        authority.check_person(connection, username)
        with authority.keeping_one(connection, authority.today):
            people = People(authority.state)
            people.put(connection, username, disabled_ms=authority.now_ms)
        _changed(connection, authority, username, "person.disable")


def enable(authority: Authority, username: str) -> None:
    """Let somebody sign in again.

    Raises:
        NotAccepted
    """
    with authority.state.begin() as connection:
        authority.check_person(connection, username)
        People(authority.state).put(connection, username, disabled_ms=None)
        _changed(connection, authority, username, "person.enable")


def reset(authority: Authority, username: str, *, keeps_factor: bool) -> str:
    """Give somebody a first password, which is returned and kept nowhere, and take the second
    factor away or not.

    Raises:
        NotAccepted
    """
    with authority.state.read() as connection:
        authority.check_person(connection, username)
        authority.check_not_last(connection, username)
    state, by, now_ms = authority.state, authority.by, authority.now_ms
    return changes.reset(state, by, username, now_ms, keeps_factor=keeps_factor)


def end_session(authority: Authority, username: str, session_id: str) -> bool:
    """End one session of somebody; whether there was one."""
    with authority.state.begin() as connection:
        authority.check_person(connection, username)
        ended = Sessions(authority.state).end(connection, session_id, username)
        if ended:
            _record(connection, authority, username, "person.session-end", "")
    return ended


def end_sessions(authority: Authority, username: str) -> None:
    """End every session of somebody."""
    with authority.state.begin() as connection:
        authority.check_person(connection, username)
        _changed(connection, authority, username, "person.sessions-end")


def _detail_of(person: NewPerson) -> str:
    roles = [grant.role for grant in person.grants]
    units = [membership.unit for membership in person.memberships]
    found = {"name": person.name, "roles": roles, "units": units}
    return json.dumps(found, ensure_ascii=False)


def _changed(connection: Connection, authority: Authority, username: str, action: str) -> None:
    by, now_ms = authority.by, authority.now_ms
    changes.changed(connection, authority.state, by, username, action, "", now_ms)


def _record(
    connection: Connection, authority: Authority, username: str, action: str, detail: str
) -> None:
    audit.record(
        connection,
        by=authority.by,
        action=action,
        subject=username,
        detail=detail,
        at_ms=authority.now_ms,
    )
