"""Signed links that open one alert event for one person, without a password."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass

from config.vocabulary.time import DAY_MS

GOOD_MS = DAY_MS
_MAC_BYTES = 18
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Opening:
    """A link opens the event, for the person, until then."""

    event: str
    username: str
    until_ms: int


@dataclass(frozen=True, slots=True)
class Links:
    """Makes and reads links. ``public`` is scheme and host of the pages, empty where they are not
    known: then there are none. ``key`` is secret.
    """

    key: bytes
    public: str

    def page(self, path: str) -> str:
        """A page of the product; one has to sign in for it."""
        return f"{self.public}{path}" if self.public else ""

    def event(self, opening: Opening) -> str:
        """The link of an event for a person."""
        return self.page(f"/e/{self.token(opening)}")

    def token(self, opening: Opening) -> str:
        """The secret part of the link."""
        text = f"{opening.event}|{opening.username}|{opening.until_ms}".encode()
        return _text(text) + "." + _text(self._mac(text))

    def read(self, token: str) -> Opening | None:
        """The opening of a link's secret part; None where it is none of ours."""
        try:
            given, mac = (_bytes(part) for part in token[:_LONGEST].split("."))
            if not hmac.compare_digest(mac, self._mac(given)):
                return None
            event, username, until_ms = given.decode().split("|")
            return Opening(event, username, int(until_ms))
        except ValueError:
            return None

    def _mac(self, text: bytes) -> bytes:
        return hmac.digest(self.key, text, hashlib.sha256)[:_MAC_BYTES]


def _text(of: bytes) -> str:
    return base64.urlsafe_b64encode(of).rstrip(b"=").decode()


def _bytes(of: str) -> bytes:
    return base64.b64decode(of + "=" * (-len(of) % 4), altchars=b"-_", validate=True)
