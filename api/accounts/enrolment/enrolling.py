"""Accounts for people of files: whoever has one already keeps it as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from api import audit
from api.accounts.credentials import passwords as hashes
from api.accounts.enrolment.people import Newcomer
from api.accounts.records import ALWAYS, FIRST, Grant, Membership, PasswordKind, Unit
from api.accounts.repositories.people import People
from api.accounts.repositories.units import Units
from api.audit import Actor
from config.vocabulary.time import DAY_MS
from ingest.state.database import State

FIRST_PASSWORD_MS = 14 * DAY_MS
"""A first password that nobody used is good for so long."""


def enrol_units(state: State, units: Iterable[Unit]) -> None:
    """Write the units that are not there yet."""
    room = Units(state)
    known = {unit.id for unit in room.all()}
    missing = [unit for unit in units if unit.id not in known]
    if missing:
        with state.begin() as connection:
            for unit in missing:
                room.add(connection, unit)


def mark_first(state: State, drawn: Mapping[str, str], now_ms: int) -> None:
    """Whoever still has the password that was drawn and lies on the disk must change it: accounts
    of before first passwords were told from others.
    """
    people = People(state)
    for username, password in drawn.items():
        login = people.login(username)
        if login and not login.is_first and hashes.check(login.password_hash, password).right:
            until_ms = now_ms + FIRST_PASSWORD_MS
            with state.begin() as connection:
                people.put(connection, username, password_kind=FIRST, password_until_ms=until_ms)


def enrol(
    state: State,
    newcomers: Sequence[Newcomer],
    passwords: Mapping[str, str],
    now_ms: int,
    kind: PasswordKind = FIRST,
    by: Actor | None = None,
) -> None:
    """Give an account to every newcomer who has none, with the password given; audited where
    somebody asked for it.

    Nothing is changed or dropped: what was made of an account since stands.
    """
    people = People(state)
    for newcomer in newcomers:
        if people.exists(newcomer.username):
            continue
        password_hash = hashes.hashed(passwords[newcomer.username])
        until_ms = now_ms + FIRST_PASSWORD_MS if kind == FIRST else None
        with state.begin() as connection:
            username = newcomer.username
            if people.add(connection, username, newcomer.name, password_hash, kind, until_ms):
                for role in newcomer.roles:
                    people.grant(connection, username, Grant(role))
                for unit in newcomer.units:
                    people.join(connection, username, Membership(unit))
                    for role in newcomer.unit_roles:
                        people.grant(connection, username, Grant(role, unit=unit))
                for deputy in newcomer.acts_for:
                    people.delegate(connection, deputy, username, ALWAYS)
                for contact, value in newcomer.contacts.items():
                    people.reach(connection, username, contact, value, now_ms)
                if by:
                    detail = ", ".join((*newcomer.roles, *newcomer.unit_roles, *newcomer.units))
                    audit.record(
                        connection,
                        by=by,
                        action="person.create",
                        subject=username,
                        detail=detail,
                        at_ms=now_ms,
                    )
