"""Signed links that open one alert event for one person, without a password."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass

from config.vocabulary.time import DAY_MS, MINUTE_MS

GOOD_MS = DAY_MS
_MAC_BYTES, _MINUTE_BYTES, _ID_BYTES = 9, 3, 10
"""72 bits: wrong links are slowed like wrong passwords, and a link is good for a day."""
_EPOCH_MINUTE = 1_577_836_800_000 // MINUTE_MS
"""2020-01-01, UTC."""
_LONGEST = 100


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
        """The secret part of the link: 30 characters, as a text message has no room for more. It
        names event and minute; the person is known by whose signature it is.
        """
        minute = opening.until_ms // MINUTE_MS - _EPOCH_MINUTE
        text = minute.to_bytes(_MINUTE_BYTES) + _packed(opening.event)
        return _text(self._mac_of(text, opening.username) + text)

    def form(self, token: str, round_: int) -> str:
        """The secret of the form on the page behind a link, which shows a round of the event."""
        return _text(self._mac(f"form|{token}|{round_}".encode()))

    def read(self, token: str, usernames: Iterable[str]) -> Opening | None:
        """The opening of a link's secret part for one of these people; None where it is none of
        theirs.
        """
        try:
            given = _bytes(token[:_LONGEST])
        except ValueError:
            return None
        mac, text = given[:_MAC_BYTES], given[_MAC_BYTES:]
        for username in usernames:
            if hmac.compare_digest(mac, self._mac_of(text, username)):
                minute = int.from_bytes(text[:_MINUTE_BYTES]) + _EPOCH_MINUTE
                event = _unpacked(text[_MINUTE_BYTES:])
                return Opening(event, username, minute * MINUTE_MS)
        return None

    def _mac_of(self, text: bytes, username: str) -> bytes:
        return self._mac(text + b"|" + username.encode())

    def _mac(self, text: bytes) -> bytes:
        return hmac.digest(self.key, text, hashlib.sha256)[:_MAC_BYTES]


def _packed(event: str) -> bytes:
    """An event's id, which has twenty hexadecimal digits, in half of them."""
    try:
        return bytes.fromhex(event) if len(event) == 2 * _ID_BYTES else event.encode()
    except ValueError:
        return event.encode()


def _unpacked(of: bytes) -> str:
    return of.hex() if len(of) == _ID_BYTES else of.decode(errors="replace")


def _text(of: bytes) -> str:
    return base64.urlsafe_b64encode(of).rstrip(b"=").decode()


def _bytes(of: str) -> bytes:
    return base64.b64decode(of + "=" * (-len(of) % 4), altchars=b"-_", validate=True)
