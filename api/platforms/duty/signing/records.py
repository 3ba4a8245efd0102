"""A signature, the text that it binds to, and the reasons why one is not taken."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from api.web.declared import Declared

SignatureState = Literal["invited", "signed", "declined"]


@dataclass(frozen=True, slots=True)
class Signature:
    """Somebody was asked to sign. ``valid`` is whether the text is the one that was signed."""

    username: str
    state: SignatureState
    signed: str
    at_ms: int | None
    valid: bool


@dataclass(frozen=True, slots=True)
class Signable:
    """A thing that people sign: ``item`` is its id, ``path`` the whole one of its page,
    ``text_hash`` that of its text now, ``lead`` the username of whoever leads the signers. While
    it is not ``open`` nobody signs any more.
    """

    kind: str
    item: int
    title: str
    path: str
    text_hash: str
    lead: str
    open: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A thing that waits for somebody's signature; ``again`` where its text was changed after the
    person had signed it.
    """

    item: int
    title: str
    invited_ms: int
    again: bool


class SigningOver(Declared):
    """The thing went further than people may sign it."""

    status = 409
    words = "duty.signing.over"


class NotInvited(Declared):
    """Nobody has asked this person to sign."""

    status = 403
    words = "duty.signing.not-invited"


class NotLead(Declared):
    """Somebody else leads the signers, and asks them."""

    status = 403
    words = "duty.signing.not-lead"


class TextChanged(Declared):
    """The text is another one than the person has read."""

    status = 409
    words = "duty.signing.text-changed"


class NotDeputy(Declared):
    """Somebody was asked who cannot sign."""

    status = 422
    words = "duty.signing.not-deputy"


def text_hash(*parts: str) -> str:
    """The SHA-256 of a text of several parts as hex: what a signature binds to."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
