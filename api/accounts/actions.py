"""What a person may do with an account: sign in, sign out, be recognised."""

from __future__ import annotations

import hashlib
import secrets
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from api import audit
from api.accounts.records import Account
from api.accounts.repository import Accounts
from config.vocabulary.errors import QingyuanError

SESSION_MS = 14 * 86_400_000
MOST_FAILURES, FAILURE_SPAN_MS = 8, 300_000

_hasher = PasswordHasher()
_NOBODY = _hasher.hash(secrets.token_hex())


class SignInRefused(QingyuanError):
    """Wrong username or password; never says which."""


class TooManyAttempts(QingyuanError):
    """A username was tried too often."""


@dataclass(slots=True)
class Throttle:
    """Wrong passwords of the last minutes, by username."""

    failures: dict[str, deque[int]] = field(default_factory=dict)

    def check(self, username: str, now_ms: int) -> None:
        """Refuse a username that was wrong too often lately."""
        times = self.failures.get(username, deque())
        while times and now_ms - times[0] > FAILURE_SPAN_MS:
            times.popleft()
        if len(times) >= MOST_FAILURES:
            raise TooManyAttempts("too many wrong passwords; wait five minutes")

    def failed(self, username: str, now_ms: int) -> None:
        """Note a wrong password."""
        self.failures.setdefault(username, deque()).append(now_ms)


def sign_in(
    accounts: Accounts, throttle: Throttle, username: str, password: str, now_ms: int
) -> str:
    """Open a session; returns its token, of which only the hash is kept.

    Raises:
        SignInRefused, TooManyAttempts
    """
    throttle.check(username, now_ms)
    found = accounts.by_username(username)
    try:
        _hasher.verify(found[1] if found else _NOBODY, password)
    except VerificationError as error:
        throttle.failed(username, now_ms)
        raise SignInRefused("wrong username or password") from error
    if found is None:
        raise SignInRefused("wrong username or password")
    token = secrets.token_urlsafe(32)
    with accounts.state.begin() as connection:
        accounts.drop_expired(connection, now_ms)
        accounts.open_session(connection, _hash(token), username, now_ms + SESSION_MS)
        audit.record(
            connection, who=username, action="sign-in", subject=username, detail="", at_ms=now_ms
        )
    return token


def sign_out(accounts: Accounts, token: str) -> None:
    """End a session."""
    with accounts.state.begin() as connection:
        accounts.end_session(connection, _hash(token))


def recognise(accounts: Accounts, token: str | None, now_ms: int) -> Account | None:
    """Whose token it is."""
    return accounts.by_session(_hash(token), now_ms) if token else None


def enrol(accounts: Accounts, people: Sequence[Account], passwords: Mapping[str, str]) -> None:
    """Give every person an account; one whose password stands is left alone."""
    for person in people:
        found = accounts.by_username(person.username)
        password = passwords[person.username]
        if found and found[0] == person and _verifies(found[1], password):
            continue
        with accounts.state.begin() as connection:
            accounts.put(connection, person, _hasher.hash(password))


def _verifies(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except VerificationError:
        return False


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
