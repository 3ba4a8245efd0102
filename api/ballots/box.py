"""The box of anonymous ballots that wait to be written, sealed: nobody who has the database alone
can open it, and two states of it do not tell which ballot came between them.

Five to nine ballots wait in it at any time after the first five. The tenth makes it give five out
of ten, drawn at random: even whoever sees every state of the file cannot tell of a written ballot
which of ten people gave it. At the end five to nine are left, or, where fewer than five ever came,
too few to be read.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from config.vocabulary.errors import QingyuanError

GROUP = 5
"""Ballots that are written at once, and the fewest of which a result is shown."""
MOST_WAITING = 2 * GROUP - 1
_NONCE, _LENGTH, _KEY_BYTES = 12, 4, 16
_SECRET = secrets.SystemRandom()
T = TypeVar("T")


class BoxNotOpened(QingyuanError):
    """It was sealed under another site key. Nothing is lost while it is not written anew."""

    def __init__(self) -> None:
        remedy = "put back the site.key that belongs to this state database"
        super().__init__(f"the waiting ballots were sealed with another site key; {remedy}")


@dataclass(frozen=True, slots=True)
class Seal:
    """Seals the box of one poll. ``key`` has 32 bytes, ``slot_bytes`` is the room of a ballot."""

    key: bytes
    poll: int
    slot_bytes: int

    def sealed(self, ballots: Sequence[bytes]) -> bytes:
        """A box, whose size and content tell nothing of how many lie in it, and in which order
        they came.

        Raises:
            ValueError: too many, or one that is too large.
        """
        if len(ballots) > MOST_WAITING or any(len(of) > self.slot_bytes for of in ballots):
            raise ValueError("the box does not hold that")
        slots = [_slot(ballot, self.slot_bytes) for ballot in shuffled(ballots)]
        slots += [_slot(b"", self.slot_bytes)] * (MOST_WAITING - len(ballots))
        nonce = os.urandom(_NONCE)
        return nonce + AESGCM(self.key).encrypt(nonce, b"".join(slots), self._bound)

    def opened(self, box: bytes) -> list[bytes]:
        """The ballots that lie in it.

        Raises:
            BoxNotOpened
        """
        try:
            body = AESGCM(self.key).decrypt(box[:_NONCE], box[_NONCE:], self._bound)
        except (InvalidTag, ValueError) as error:
            raise BoxNotOpened from error
        size = _LENGTH + self.slot_bytes
        slots = [body[at : at + size] for at in range(0, len(body), size)]
        return [ballot for slot in slots if (ballot := _ballot(slot))]

    @property
    def _bound(self) -> bytes:
        """A box that is put into another poll's row does not open."""
        return f"ballots of poll {self.poll}".encode()


def _slot(ballot: bytes, size: int) -> bytes:
    return len(ballot).to_bytes(_LENGTH, "big") + ballot.ljust(size, b"\0")


def _ballot(slot: bytes) -> bytes:
    return slot[_LENGTH : _LENGTH + int.from_bytes(slot[:_LENGTH], "big")]


def added(waiting: Sequence[bytes], ballot: bytes) -> tuple[list[bytes], list[bytes]]:
    """With one more: those that wait on, and those that are written now."""
    every = shuffled([*waiting, ballot])
    if len(every) <= MOST_WAITING:
        return every, []
    return every[GROUP:], every[:GROUP]


def emptied(waiting: Sequence[bytes], *, written_before: bool) -> list[bytes]:
    """Those that are written at the end: all, or none where there are too few in all."""
    return shuffled(waiting) if written_before or len(waiting) >= GROUP else []


def random_key() -> str:
    """The key of an answer: 128 bits by chance."""
    return _SECRET.randbytes(_KEY_BYTES).hex()


def shuffled(every: Sequence[T]) -> list[T]:
    """In an order that the system's source of chance draws."""
    found = list(every)
    _SECRET.shuffle(found)
    return found
