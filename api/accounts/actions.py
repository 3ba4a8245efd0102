"""Actions on an account: sign in, sign out, be recognised."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from typing import Literal

from api import audit
from api.accounts import passwords as hashes
from api.accounts.limits import Client, SignInLimits, TooManyAttempts
from api.accounts.records import Account
from api.accounts.repository import Accounts
from config.catalogue.words import LanguageTag
from config.vocabulary.errors import QingyuanError

SESSION_MS = 14 * 86_400_000
BUSY_MS = 2000
"""After which one may try again where others were just signing in."""


class SignInRefused(QingyuanError):
    """Wrong username or password; never says which."""


def sign_in(
    accounts: Accounts, limits: SignInLimits, client: Client, password: str, now_ms: int
) -> str:
    """Open a session; returns its token, of which only the hash is kept.

    Raises:
        SignInRefused, TooManyAttempts
    """
    limits.enter(client, now_ms)
    found = accounts.by_username(client.username)
    try:
        checked = hashes.check(found[1] if found else None, password)
    except hashes.Busy as error:
        limits.unheard(client, now_ms)
        raise TooManyAttempts(BUSY_MS) from error
    if not checked.right:
        limits.failed(client, now_ms)
        raise SignInRefused("wrong username or password")
    limits.succeeded(client, now_ms)
    return _opened(accounts, client.username, checked.renewed, now_ms)


def _opened(accounts: Accounts, username: str, renewed: str | None, now_ms: int) -> str:
    token = secrets.token_urlsafe(32)
    with accounts.state.begin() as connection:
        if renewed:
            accounts.put_hash(connection, username, renewed)
        accounts.drop_expired(connection, now_ms)
        accounts.open_session(connection, session_key(token), username, now_ms + SESSION_MS)
        audit.record(
            connection, who=username, action="sign-in", subject=username, detail="", at_ms=now_ms
        )
    return token


def sign_out(accounts: Accounts, token: str) -> None:
    """End a session."""
    with accounts.state.begin() as connection:
        accounts.end_session(connection, session_key(token))


def choose_language(
    accounts: Accounts, account: Account, language: LanguageTag | Literal[""]
) -> None:
    """Read in a language from now on; an empty one is the browser's."""
    with accounts.state.begin() as connection:
        accounts.put_language(connection, account.username, language)


def recognise(accounts: Accounts, token: str | None, now_ms: int) -> Account | None:
    """The account of a token."""
    return accounts.by_session(session_key(token), now_ms) if token else None


def enrol(accounts: Accounts, people: Sequence[Account], passwords: Mapping[str, str]) -> None:
    """Give an account to every person who has none, with the password given.

    Nothing is changed or dropped: what was made of an account since stands.
    """
    for person in people:
        if accounts.by_username(person.username) is None:
            password_hash = hashes.hashed(passwords[person.username])
            with accounts.state.begin() as connection:
                accounts.add(connection, person, password_hash)


def session_key(token: str) -> str:
    """All that is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
