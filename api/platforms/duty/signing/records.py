"""A signature and the text that it binds to. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

SignatureState = Literal["invited", "signed", "declined"]


@dataclass(frozen=True, slots=True)
class Signature:
    """Somebody was asked to sign. ``valid`` is whether the text is the one that was signed."""

    username: str
    state: SignatureState
    signed: str
    at_ms: int | None
    valid: bool


def text_hash(*parts: str) -> str:
    """The SHA-256 of a text of several parts as hex: what a signature binds to."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
