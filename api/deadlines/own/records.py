"""Questions about deadlines, and the links to feeds."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from api.web.forms import FIRST_DAY, LAST_DAY, NotAccepted
from config.law import Rule
from config.vocabulary.errors import Fault
from config.vocabulary.time import DAY_MS, ZONE

Show = Literal["mine", "units"]
A_PAGE = 50
MOST_TODOS = 200
TODO_AHEAD_MS = 366 * DAY_MS
"""A term that is due later stands on the list of deadlines alone."""


def start_of(rule: Rule, text: str) -> date | int:
    """The day or, of a term of hours, the instant that somebody wrote.

    Raises:
        NotAccepted: it is none.
    """
    fault = Fault("from", f"{text!r} is no day", f"give one of {FIRST_DAY} to {LAST_DAY}")
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise NotAccepted(fault, "from") from error
    if not FIRST_DAY <= f"{at:%Y-%m-%d}" <= LAST_DAY:
        raise NotAccepted(fault, "from")
    if rule.unit != "hour":
        return at.date()
    return round((at if at.tzinfo else at.replace(tzinfo=ZONE)).timestamp() * 1000)


@dataclass(frozen=True, slots=True)
class Feeds:
    """Links to feeds, each bound to a person; nobody makes one without the key, and all of a
    person's end when the ``serial`` moves on.
    """

    key: bytes = field(repr=False)

    def token(self, username: str, serial: int) -> str:
        """The part of the address that opens a feed."""
        return f"{_base64(username.encode())}.{self._code(username, serial)}"

    def named(self, token: str) -> str | None:
        """The person that a token names, true or not; None: it is none."""
        try:
            found = base64.urlsafe_b64decode(token.partition(".")[0] + "==").decode()
        except (ValueError, binascii.Error):
            return None
        return None if "\0" in found else found

    def opens(self, token: str, username: str, serial: int) -> bool:
        """Whether a token is the one that we gave."""
        return hmac.compare_digest(token.encode(), self.token(username, serial).encode())

    def _code(self, username: str, serial: int) -> str:
        signed = f"{serial}|{username}".encode()
        return _base64(hmac.digest(self.key, signed, hashlib.sha256))


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
