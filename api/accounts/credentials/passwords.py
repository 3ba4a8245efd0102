"""Hashes of passwords: argon2id, and never so many at once that others wait for memory or CPU."""

from __future__ import annotations

import secrets
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from config.vocabulary.errors import QingyuanError

MEMORY_KIB = 19_456
"""Of one hash; with two passes and one lane the OWASP Password Storage Cheat Sheet's figures."""
MOST_AT_ONCE, MOST_WAITING, WAIT_S = 2, 4, 1.0

_hasher = PasswordHasher(time_cost=2, memory_cost=MEMORY_KIB, parallelism=1)
_NOBODY = _hasher.hash(secrets.token_hex())
_admitted = threading.BoundedSemaphore(MOST_AT_ONCE + MOST_WAITING)
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
    return _threads.submit(_hasher.hash, password).result()


def check(password_hash: str | None, password: str) -> Checked:
    """Compare with a hash; that of nobody (None) takes as long, and is never right.

    In a process two are at work at once; four more wait, for a second at most.

    Raises:
        Busy: there is no room, or none became free.
    """
    if not _admitted.acquire(blocking=False):
        raise Busy("too many people sign in at this moment")
    try:
        checking = _threads.submit(_check, password_hash, password)
        with suppress(TimeoutError):
            return checking.result(WAIT_S)
        if checking.cancel():
            raise Busy("too many people sign in at this moment")
        return checking.result()
    finally:
        _admitted.release()


def _check(password_hash: str | None, password: str) -> Checked:
    try:
        _hasher.verify(password_hash or _NOBODY, password)
    except VerificationError:
        return Checked(right=False)
    if password_hash is None:
        return Checked(right=False)
    old = _hasher.check_needs_rehash(password_hash)
    return Checked(right=True, renewed=_hasher.hash(password) if old else None)
