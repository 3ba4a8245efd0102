"""What a person may do with an account: sign in, sign out, be recognised."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections import deque
from collections.abc import Mapping, Sequence

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


class Throttle:
    """Attempts of the last minutes that have not succeeded, by username."""

    def __init__(self) -> None:
        self._attempts: dict[str, deque[int]] = {}
        self._lock = threading.Lock()

    def enter(self, username: str, now_ms: int) -> None:
        """Count an attempt before its password is looked at, so that a volley counts in full.

        Raises:
            TooManyAttempts: there were too many lately.
        """
        with self._lock:
            self._forget_old(now_ms)
            times = self._attempts.setdefault(username, deque())
            if len(times) >= MOST_FAILURES:
                raise TooManyAttempts("too many wrong passwords; wait five minutes")
            times.append(now_ms)

    def succeeded(self, username: str) -> None:
        """The password was right: earlier slips are forgiven."""
        with self._lock:
            self._attempts.pop(username, None)

    def _forget_old(self, now_ms: int) -> None:
        for username, times in list(self._attempts.items()):
            while times and now_ms - times[0] > FAILURE_SPAN_MS:
                times.popleft()
            if not times:
                del self._attempts[username]


def sign_in(
    accounts: Accounts, throttle: Throttle, username: str, password: str, now_ms: int
) -> str:
    """Open a session; returns its token, of which only the hash is kept.

    Raises:
        SignInRefused, TooManyAttempts
    """
    throttle.enter(username, now_ms)
    found = accounts.by_username(username)
    try:
        _hasher.verify(found[1] if found else _NOBODY, password)
    except VerificationError as error:
        raise SignInRefused("wrong username or password") from error
    if found is None:
        raise SignInRefused("wrong username or password")
    throttle.succeeded(username)
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
    """Give every person an account; one that stands as it is is left alone.

    Whoever is no longer named loses account and sessions, and a new password ends old sessions.
    An account for which no password is given keeps its own.
    """
    with accounts.state.begin() as connection:
        accounts.keep_only(connection, [person.username for person in people])
    for person in people:
        found = accounts.by_username(person.username)
        password = passwords.get(person.username)
        same = found is not None and (password is None or _verifies(found[1], password))
        if found and found[0] == person and same:
            continue
        kept = found[1] if found and password is None else _hasher.hash(passwords[person.username])
        with accounts.state.begin() as connection:
            accounts.put(connection, person, kept)


def _verifies(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except VerificationError:
        return False


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
