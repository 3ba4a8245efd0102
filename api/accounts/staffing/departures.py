"""Departures: somebody leaves and another succeeds, and a term ends for many at once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.engine import Connection

from api import audit
from api.accounts import changes
from api.accounts.records import Span
from api.accounts.repositories.appointments import Appointments
from api.accounts.repositories.people import People
from api.accounts.staffing.appointments import after, note
from api.accounts.staffing.authority import Authority
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault

AT_ONCE = 50
"""People of a term in one transaction."""


@dataclass(frozen=True, slots=True)
class Term:
    """A role that ends with a day: of those who belong to a unit and those below it, or of all
    (empty); ``memberships``: they leave that unit too.
    """

    role: str
    unit: str
    last_day: str
    memberships: bool = False


def leave(authority: Authority, username: str, last_day: str, successor: str = "") -> None:
    """Let every role, membership and delegation of somebody hold up to a day, and give what goes
    on to a successor from the day after.

    Raises:
        NotAccepted
    """
    people = People(authority.state)
    if successor and (successor == username or not people.exists(successor)):
        fault = Fault("successor", "is nobody else", "write the username of another person")
        raise NotAccepted(fault, "successor")
    with authority.state.begin() as connection:
        authority.check_person(connection, username)
        with authority.keeping_one(connection, after(last_day)):
            if successor:
                authority.check_person(connection, successor)
                _succeed(connection, authority, username, successor, last_day)
            _end_all(connection, authority, username, last_day)
        detail: dict[str, object] = {"last_day": last_day, "successor": successor}
        note(connection, authority, username, "person.leave", detail)
        if last_day < authority.today:
            changes.end_sessions(connection, authority.state, username)


def _end_all(connection: Connection, authority: Authority, username: str, last_day: str) -> None:
    rooms = Appointments(authority.state)
    for kind, kept in (
        ("role", rooms.grants(connection, username)),
        ("membership", rooms.memberships(connection, username)),
        ("delegation", rooms.delegations(connection, username)),
    ):
        rooms.end(connection, kind, [of.id for of in kept], last_day)  # type: ignore[arg-type]


def _succeed(
    connection: Connection, authority: Authority, username: str, successor: str, last_day: str
) -> None:
    rooms, people = Appointments(authority.state), People(authority.state)

    def later(span: Span) -> Span | None:
        """The rest of a span behind the last day."""
        if span.until_day and span.until_day <= last_day:
            return None
        return replace(span, from_day=max(after(last_day), span.from_day or ""))

    for grant in rooms.grants(connection, username):
        if span := later(grant.of.span):
            authority.check_grant(grant.of)
            people.grant(connection, successor, replace(grant.of, span=span))
    for membership in rooms.memberships(connection, username):
        if span := later(membership.of.span):
            people.join(connection, successor, replace(membership.of, span=span))
    for kept in rooms.delegations(connection, username):
        deputy, clerk = (
            successor if of == username else of for of in (kept.of.deputy, kept.of.clerk)
        )
        if deputy != clerk and (span := later(kept.of.span)):
            for other in (deputy, clerk):
                authority.check_person(connection, other)
            people.delegate(connection, deputy, clerk, span)
    detail: dict[str, object] = {"after": username, "last_day": last_day}
    note(connection, authority, successor, "person.succeed", detail)
    changes.end_sessions(connection, authority.state, successor, after(last_day), authority.now_ms)


def of_term(authority: Authority, term: Term) -> tuple[str, ...]:
    """The people whose role would end with a term.

    Raises:
        NotAccepted
    """
    if term.role not in authority.roles.by_id:
        fault = Fault("role", f"there is no role {term.role!r}", "choose one of the list")
        raise NotAccepted(fault, "role")
    if term.unit:
        authority.check_unit("unit", term.unit)
    elif not authority.everywhere:
        fault = Fault("unit", "is empty", "choose one of your units")
        raise NotAccepted(fault, "unit-needed")
    return Appointments(authority.state).holders(term.role, term.unit, term.last_day)


def end_term(authority: Authority, term: Term, usernames: Sequence[str]) -> int:
    """End a term for these of its people, so many at once; for how many. Done again it goes on
    where it was broken off.

    Raises:
        NotAccepted
    """
    held = set(of_term(authority, term))
    ending = sorted(held.intersection(usernames))
    for first in range(0, len(ending), AT_ONCE):
        _end_some(authority, term, ending[first : first + AT_ONCE])
    return len(ending)


def _end_some(authority: Authority, term: Term, usernames: Sequence[str]) -> None:
    rooms = Appointments(authority.state)
    with authority.state.begin() as connection:
        for username in usernames:
            authority.check_person(connection, username)
        with authority.keeping_one(connection, after(term.last_day)):
            rooms.end_role(connection, term.role, usernames, term.last_day)
        rooms.end_delegations(connection, usernames, term.last_day)
        if term.memberships and term.unit:
            rooms.end_memberships(connection, term.unit, usernames, term.last_day)
        detail = json.dumps({"role": term.role, "last_day": term.last_day})
        audit.record_all(
            connection,
            by=authority.by,
            action="person.term-end",
            details=dict.fromkeys(usernames, detail),
            at_ms=authority.now_ms,
        )
        if term.last_day < authority.today:
            for username in usernames:
                changes.end_sessions(connection, authority.state, username)
