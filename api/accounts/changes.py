"""Changes of somebody's account by another: each ends the person's sessions and is audited."""

from __future__ import annotations

import secrets
from datetime import date

from sqlalchemy.engine import Connection

from api import audit
from api.accounts.credentials import passwords
from api.accounts.enrolment.enrolling import FIRST_PASSWORD_MS
from api.accounts.records import FIRST, Grant
from api.accounts.repositories.factors import Factors
from api.accounts.repositories.people import People
from api.accounts.repositories.sessions import Sessions
from api.audit import Actor
from config.vocabulary.time import begins_ms
from ingest.state.database import State


def first_password() -> str:
    """A password of 71 bits that people can type; its first character is a letter or a digit, so
    that no spreadsheet takes it for a formula.
    """
    while not (drawn := secrets.token_urlsafe(9))[0].isalnum():
        pass
    return drawn


def grant(state: State, by: Actor, username: str, role: str, now_ms: int) -> None:
    """Give somebody a role on all platforms and for all units."""
    with state.begin() as connection:
        People(state).grant(connection, username, Grant(role))
        changed(connection, state, by, username, "person.grant", role, now_ms)


def reset(
    state: State, by: Actor, username: str, now_ms: int, *, keeps_factor: bool = False
) -> str:
    """Give somebody a first password, which is returned and kept nowhere. The second factor goes,
    unless it is kept: then its code is asked for behind that password.
    """
    password = first_password()
    password_hash = passwords.hashed(password)
    with state.begin() as connection:
        People(state).put(
            connection,
            username,
            password_hash=password_hash,
            password_kind=FIRST,
            password_until_ms=now_ms + FIRST_PASSWORD_MS,
        )
        if keeps_factor:
            changed(connection, state, by, username, "person.new-password", "", now_ms)
        else:
            Factors(state).drop(connection, username)
            changed(connection, state, by, username, "person.reset", "", now_ms)
    return password


def changed(
    connection: Connection,
    state: State,
    by: Actor,
    username: str,
    action: str,
    detail: str,
    now_ms: int,
) -> None:
    """Record a change of what somebody may, and end the sessions that knew it otherwise."""
    end_sessions(connection, state, username)
    audit.record(connection, by=by, action=action, subject=username, detail=detail, at_ms=now_ms)


def end_sessions(
    connection: Connection, state: State, username: str, first_day: str = "", now_ms: int = 0
) -> None:
    """End the sessions of somebody whose rights are others now, or from a day on: then by it."""
    begin_ms = begins_ms(date.fromisoformat(first_day)) if first_day else 0
    if begin_ms > now_ms:
        Sessions(state).end_by(connection, username, begin_ms)
    else:
        Sessions(state).end_all(connection, username)
