"""Hashes of passwords: argon2id, and never so many at once that others wait for memory or CPU."""

from __future__ import annotations

import secrets
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from api.accounts.credentials.password_rules import one_form
from config.vocabulary.errors import QingyuanError

MEMORY_KIB = 19_456
"""Of one hash; with two passes and one lane the OWASP Password Storage Cheat Sheet's figures."""
MOST_AT_ONCE, MOST_WAITING, WAIT_S = 2, 4, 1.0
MOST_OF_ONE = 3
"""Of these six by one who asks: a volley from one address leaves room for others."""

_hasher = PasswordHasher(time_cost=2, memory_cost=MEMORY_KIB, parallelism=1)
_NOBODY = _hasher.hash(secrets.token_hex())
_admitted: Counter[str] = Counter()
_admitting = threading.Lock()
# Threads of their own: what a hash took stays with its thread's arena of memory.
_threads = ThreadPoolExecutor(MOST_AT_ONCE, "passwords")


class Busy(QingyuanError):
    """As many passwords are being hashed as may be."""


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether a password is the right one; ``renewed`` is a new hash where the old one was made
    with other figures than those of now.
    """

    right: bool
    renewed: str | None = None


def hashed(password: str) -> str:
    """A new hash."""
    return _threads.submit(_hasher.hash, one_form(password)).result()


def check(password_hash: str | None, password: str, by: str = "") -> Checked:
    """Compare with a hash; that of nobody (None) takes as long, and is never right.

    In a process two are at work at once; four more wait, for a second at most. ``by`` is who asks.

    Raises:
        Busy: there is no room, or none became free.
    """
    with _admission(by):
        checking = _threads.submit(_check, password_hash, one_form(password))
        with suppress(TimeoutError):
            return checking.result(WAIT_S)
        if checking.cancel():
            raise Busy("too many people sign in at this moment")
        return checking.result()


@contextmanager
def _admission(by: str) -> Iterator[None]:
    with _admitting:
        full = _admitted.total() >= MOST_AT_ONCE + MOST_WAITING
        if full or _admitted[by] >= MOST_OF_ONE:
            raise Busy("too many people sign in at this moment")
        _admitted[by] += 1
    try:
        yield
    finally:
        with _admitting:
            _admitted[by] -= 1
            if not _admitted[by]:
                del _admitted[by]


def _check(password_hash: str | None, password: str) -> Checked:
    try:
        _hasher.verify(password_hash or _NOBODY, password)
    except VerificationError:
        return Checked(right=False)
    if password_hash is None:
        return Checked(right=False)
    old = _hasher.check_needs_rehash(password_hash)
    return Checked(right=True, renewed=_hasher.hash(password) if old else None)
