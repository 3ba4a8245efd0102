"""Passes 签到码: the code on an invited person's phone, which a desk without network can check.
Pure.

Each person has a key for one meeting and one device, made out of the site's key. The phone shows a
code of HMAC-SHA256 over meeting, person and time step, as RFC 6238 does; the desk has the keys of
the meeting's people. A shared key, and no signature: it gives a number short enough to be spoken,
a picture that a cheap camera reads, and works in every browser. The desk may enter anybody by name
as well, so that its keys let nobody do more than it may do anyway, and they open nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

STEP_MS = 30_000
"""A phone shows another code after so long."""
STEPS_AROUND = 1
"""A code is taken in its own step, in the one before it and the one after: a picture of it is
worth nothing after a minute.
"""
MAC_BYTES = 10
DIGITS = 6
_CODE = re.compile(r"QY1:(\d{1,10}):(\d{1,6}):(\d{1,12}):([A-Z2-7]{16})")
_SPOKEN = re.compile(r"(\d{1,6})[ -]?(\d{3})[ -]?(\d{3})")

Verdict = Literal["valid", "unreadable", "other-meeting", "unknown", "forged", "old", "ahead"]
"""``old``: by a screenshot, or on a phone that is slow; ``ahead``: on one that is fast."""


@dataclass(frozen=True, slots=True)
class Pass:
    """A person's right to check in: the number in the meeting, and the key of one device."""

    meeting: int
    number: int
    key: bytes = field(repr=False)

    def code(self, at_ms: int) -> str:
        """The text in the picture at an instant."""
        step = at_ms // STEP_MS
        mac = base64.b32encode(self._mac("code", step)[:MAC_BYTES]).decode()
        return f"QY1:{self.meeting}:{self.number}:{step}:{mac}"

    def spoken(self, at_ms: int) -> str:
        """The same to be read out: the person's number, and six digits."""
        return f"{self.number} {self._digits(at_ms // STEP_MS)}"

    def step_of(self, text: str, at_ms: int) -> int | None:
        """The step of a code near an instant that this pass has made; None: it has made none."""
        if found := _CODE.fullmatch(text):
            step = int(found[3])
            same = hmac.compare_digest(text, self.code(step * STEP_MS))
            return step if same else None
        found = _SPOKEN.fullmatch(text)
        digits = found[2] + found[3] if found else ""
        now = at_ms // STEP_MS
        # Six digits are soon guessed in many steps: they count near the instant alone.
        near = range(now - STEPS_AROUND, now + STEPS_AROUND + 1)
        return next((of for of in near if hmac.compare_digest(digits, self._digits(of))), None)

    def _digits(self, step: int) -> str:
        value = int.from_bytes(self._mac("spoken", step)[:8]) % 10**DIGITS
        return f"{value:0{DIGITS}}"

    def _mac(self, form: str, step: int) -> bytes:
        signed = f"{form}|{self.meeting}|{self.number}|{step}".encode()
        return hmac.digest(self.key, signed, hashlib.sha256)


def key_of(secret: bytes, meeting: int, username: str, serial: int) -> bytes:
    """The key of a person's device for a meeting; a later ``serial`` is another device's.

    Args:
        secret: of the site, for this use alone.
        meeting: its id.
        username: of the person.
        serial: how many devices were given one.
    """
    named = f"{meeting}|{serial}|{username}".encode()
    return hmac.digest(secret, named, hashlib.sha256)


def number_of(text: str) -> int | None:
    """The number of the person that a code names, true or not; None: it is no code."""
    if found := _CODE.fullmatch(text):
        return int(found[2])
    found = _SPOKEN.fullmatch(text)
    return int(found[1]) if found else None


def verdict(known: Iterable[Pass], meeting: int, text: str, at_ms: int) -> Verdict:
    """Whether a code lets somebody in at an instant.

    Args:
        known: the passes of the person that the code names; none: nobody has this number.
        meeting: at whose desk it is shown.
        text: as it was read or typed.
        at_ms: when, UTC epoch ms.
    """
    found = _CODE.fullmatch(text)
    if found and int(found[1]) != meeting:
        return "other-meeting"
    if not found and not _SPOKEN.fullmatch(text):
        return "unreadable"
    passes = list(known)
    if not passes:
        return "unknown"
    steps = (one.step_of(text, at_ms) for one in passes)
    step = next((of for of in steps if of is not None), None)
    if step is None:
        return "forged"
    away = at_ms // STEP_MS - step
    if abs(away) <= STEPS_AROUND:
        return "valid"
    return "old" if away > 0 else "ahead"
