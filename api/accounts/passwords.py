"""Hashes of passwords: argon2id, and never so many at once that others wait for memory or CPU."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from config.vocabulary.errors import QingyuanError

MEMORY_KIB = 19_456
"""Of one hash; with two passes and one lane the OWASP Password Storage Cheat Sheet's figures."""
MOST_AT_ONCE, MOST_WAITING, WAIT_S = 2, 4, 1.0

_hasher = PasswordHasher(time_cost=2, memory_cost=MEMORY_KIB, parallelism=1)
_NOBODY = _hasher.hash(secrets.token_hex())
_admitted = threading.BoundedSemaphore(MOST_AT_ONCE + MOST_WAITING)
_hashing = threading.BoundedSemaphore(MOST_AT_ONCE)


class Busy(QingyuanError):
    """As many passwords are being hashed as may be."""


@contextmanager
def turn() -> Iterator[None]:
    """Leave to hash: two at once have it in a process, four more wait for a second.

    Raises:
        Busy: there is no room, or none became free.
    """
    if not _admitted.acquire(blocking=False):
        raise Busy("too many people sign in at this moment")
    try:
        if not _hashing.acquire(timeout=WAIT_S):
            raise Busy("too many people sign in at this moment")
        try:
            yield
        finally:
            _hashing.release()
    finally:
        _admitted.release()


def hashed(password: str) -> str:
    """A new hash."""
    return _hasher.hash(password)


def verifies(password_hash: str | None, password: str) -> bool:
    """Whether it is the password; that of nobody (None) takes as long, and is never right."""
    try:
        _hasher.verify(password_hash or _NOBODY, password)
    except VerificationError:
        return False
    return password_hash is not None


def outdated(password_hash: str) -> bool:
    """Whether it was made with other figures than those of now."""
    return _hasher.check_needs_rehash(password_hash)
