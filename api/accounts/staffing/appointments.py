"""Appointments as an administrator makes and ends them: roles, memberships, delegations."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta

from sqlalchemy.engine import Connection

from api import audit
from api.accounts import changes
from api.accounts.records import Grant, Membership, Span
from api.accounts.repositories.appointments import Appointments, Delegation, Kept, Kind
from api.accounts.repositories.people import People
from api.accounts.staffing.authority import Authority
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault

MOST_KEPT = 200
"""Appointments of one kind that somebody may have had."""


def give_role(authority: Authority, username: str, grant: Grant) -> None:
    """Give somebody a role; sessions end where it begins.

    Raises:
        NotAccepted
    """
    check_span(grant.span)
    authority.check_grant(grant)
    with authority.state.begin() as connection:
        authority.check_person(connection, username)
        held = Appointments(authority.state).grants(connection, username)
        if any(of.of == grant for of in held):
            raise NotAccepted(Fault("role", "is held already", "choose another"), "held")
        _check_room(held)
        People(authority.state).grant(connection, username, grant)
        note(connection, authority, username, "person.grant", detail_of(grant))
        first_day = grant.span.from_day or authority.today
        changes.end_sessions(connection, authority.state, username, first_day, authority.now_ms)


def join(authority: Authority, username: str, membership: Membership) -> None:
    """Write that somebody belongs to a unit.

    Raises:
        NotAccepted
    """
    check_span(membership.span)
    authority.check_unit("unit", membership.unit)
    with authority.state.begin() as connection:
        authority.check_person(connection, username)
        _check_room(Appointments(authority.state).memberships(connection, username))
        People(authority.state).join(connection, username, membership)
        note(connection, authority, username, "person.join", detail_of(membership))


def delegate(authority: Authority, of: Delegation) -> None:
    """Let a clerk act for a deputy.

    Raises:
        NotAccepted
    """
    check_span(of.span)
    names = People(authority.state).names([of.deputy, of.clerk])
    if len(names) < 2:
        fault = Fault("other", "is nobody's username", "write the username of another person")
        raise NotAccepted(fault, "other")
    with authority.state.begin() as connection:
        for username in (of.deputy, of.clerk):
            authority.check_person(connection, username)
        _check_room(Appointments(authority.state).delegations(connection, of.clerk))
        People(authority.state).delegate(connection, of.deputy, of.clerk, of.span)
        for username in (of.deputy, of.clerk):
            note(connection, authority, username, "person.delegate", detail_of(of))


def end(authority: Authority, username: str, kind: Kind, number: int, last_day: str) -> bool:
    """Let an appointment of somebody hold up to a day, empty: end it now; whether there is one.

    Raises:
        NotAccepted
    """
    last_day = last_day or before(authority.today)
    rooms = Appointments(authority.state)
    with authority.state.begin() as connection:
        kept = _kept(rooms, connection, username, kind)
        found = next((of.of for of in kept if of.id == number), None)
        if found is None:
            return False
        authority.check_person(connection, username)
        if found.span.until_day and found.span.until_day <= last_day:
            fault = Fault("until_day", "is not earlier", "give an earlier last day")
            raise NotAccepted(fault, "ended-before")
        with authority.keeping_one(connection, after(last_day)):
            rooms.end(connection, kind, [number], last_day)
        detail = detail_of(found) | {"last_day": last_day}
        note(
            connection,
            authority,
            username,
            "person.role-end"
            if kind == "role"
            else "person.membership-end"
            if kind == "membership"
            else "person.delegation-end",
            detail,
        )
        if kind == "role" and last_day < authority.today:
            changes.end_sessions(connection, authority.state, username)
    return True


def check_span(span: Span) -> None:
    """Refuse days that end before they begin.

    Raises:
        NotAccepted
    """
    if span.from_day and span.until_day and span.until_day < span.from_day:
        fault = Fault("until_day", "lies before the first day", "give a later last day")
        raise NotAccepted(fault, "span")


def note(
    connection: Connection,
    authority: Authority,
    username: str,
    action: str,
    detail: dict[str, object],
) -> None:
    """Record what was done to somebody."""
    audit.record(
        connection,
        by=authority.by,
        action=action,
        subject=username,
        detail=json.dumps(detail, ensure_ascii=False),
        at_ms=authority.now_ms,
    )


def detail_of(of: Grant | Membership | Delegation) -> dict[str, object]:
    """Values of an appointment for the audit, without those that say nothing."""
    values = asdict(of)
    values |= values.pop("span")
    return {name: value for name, value in values.items() if value}


def before(day: str) -> str:
    """The day before."""
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def after(day: str) -> str:
    """The day after."""
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def _check_room(kept: tuple[object, ...]) -> None:
    if len(kept) >= MOST_KEPT:
        fault = Fault("", f"{MOST_KEPT} are kept already", "end some and make a new account")
        raise NotAccepted(fault, "too-many")


def _kept(
    rooms: Appointments, connection: Connection, username: str, kind: Kind
) -> Sequence[Kept[Grant] | Kept[Membership] | Kept[Delegation]]:
    if kind == "role":
        return rooms.grants(connection, username)
    if kind == "membership":
        return rooms.memberships(connection, username)
    return rooms.delegations(connection, username)
