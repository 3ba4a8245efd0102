"""Limits of failed sign-ins, looked at before a password is hashed; their memory is fixed."""

from __future__ import annotations

import hashlib
import ipaddress
import math
import secrets
import threading
from array import array
from collections.abc import Iterator
from dataclasses import dataclass

from api.accounts.attempt_log import AttemptLog
from config.vocabulary.errors import QingyuanError

MOST_FAILURES, FAILURE_SPAN_MS = 8, 300_000
"""Of one username from one address."""
MOST_OF_ADDRESS = 40
"""Of all usernames from one address, in the same span: an office may share one."""
MOST_OF_USERNAME, USERNAME_SPAN_MS = 100, 3_600_000
"""From all addresses: high, for here a stranger can keep a person out of a new browser."""
MOST_OF_SESSION = 5
"""Wrong codes of one session that waits for one; then the password is asked for again."""
_ROWS, _CELLS = 4, 16_384
_MOST_OF_TEXT = 45
"""A proxy may name no address; the longest address in text is so long."""


class TooManyAttempts(QingyuanError):
    """Somebody must wait before the next attempt."""

    def __init__(self, wait_ms: int) -> None:
        super().__init__(f"too many sign-ins; wait {math.ceil(wait_ms / 1000)} s")
        self.wait_ms = wait_ms


@dataclass(frozen=True, slots=True)
class Client:
    """The keys of an attempt: an address, in IPv6 the /64 that one subscriber has (RFC 6177), a
    name, and what was drawn for the browser where that person has signed in there before.
    """

    address: str
    username: str
    browser: str = ""
    for_code: bool = False
    """A code is asked for, not a password: counted apart from it."""

    @classmethod
    def of(cls, host: str | None, username: str, browser: str = "") -> Client:
        """From an address in text; what is none stands for itself."""
        try:
            ip = ipaddress.ip_address(host or "")
        except ValueError:
            return cls((host or "")[:_MOST_OF_TEXT], username, browser)
        if isinstance(ip, ipaddress.IPv6Address):
            ip = ip.ipv4_mapped or ipaddress.ip_network((int(ip) >> 64 << 64, 64)).network_address
        return cls(str(ip), username, browser)


class FailureMeter:
    """How many failures each key has of late: ``limit`` at once, and as many again in a span.

    A count-min sketch (Cormode and Muthukrishnan 2005) of leaky buckets: no key is forgotten for
    another's sake, and what a stranger fills in hits a given key in all rows by chance alone,
    since the cells depend on a secret.
    """

    def __init__(self, limit: int, span_ms: int) -> None:
        self._limit, self._ms_each = limit, span_ms / limit
        self._level = array("d", bytes(8 * _ROWS * _CELLS))
        self._at_ms = array("d", bytes(8 * _ROWS * _CELLS))
        self._secret = secrets.token_bytes(32)

    def wait_ms(self, key: str, now_ms: int) -> int:
        """Until the next attempt is free; 0: it is."""
        over = self.count(key, now_ms) + 1 - self._limit
        return math.ceil(max(over, 0.0) * self._ms_each)

    def count(self, key: str, now_ms: int) -> float:
        """Failures that have not leaked away: never fewer than the key has."""
        return min(self._drained(cell, now_ms) for cell in self._cells(key))

    def add(self, key: str, count: float, now_ms: int) -> None:
        """Count failures, or take them back."""
        for cell in self._cells(key):
            self._level[cell] = max(self._drained(cell, now_ms) + count, 0.0)
            self._at_ms[cell] = now_ms

    def _drained(self, cell: int, now_ms: int) -> float:
        # The clock may have been set back.
        self._at_ms[cell] = min(self._at_ms[cell], now_ms)
        return max(self._level[cell] - (now_ms - self._at_ms[cell]) / self._ms_each, 0.0)

    def _cells(self, key: str) -> Iterator[int]:
        text = key.encode(errors="surrogatepass")
        digest = hashlib.blake2b(text, key=self._secret, digest_size=4 * _ROWS).digest()
        for row in range(_ROWS):
            number = int.from_bytes(digest[4 * row : 4 * row + 4])
            yield row * _CELLS + number % _CELLS


class Admission:
    """How often each key may ask: ``limit`` at once, and as many again in a span."""

    def __init__(self, limit: int, span_ms: int) -> None:
        self._meter = FailureMeter(limit, span_ms)
        self._lock = threading.Lock()

    def wait_ms(self, key: str, now_ms: int) -> int:
        """How long the key must wait; 0: it need not, and this request is counted."""
        with self._lock:
            wait_ms = self._meter.wait_ms(key, now_ms)
            if not wait_ms:
                self._meter.add(key, 1, now_ms)
        return wait_ms


class SignInLimits:
    """A process's memory of failed sign-ins."""

    def __init__(self) -> None:
        self._of_both = FailureMeter(MOST_FAILURES, FAILURE_SPAN_MS)
        self._of_address = FailureMeter(MOST_OF_ADDRESS, FAILURE_SPAN_MS)
        self._of_username = FailureMeter(MOST_OF_USERNAME, USERNAME_SPAN_MS)
        self._of_session = FailureMeter(MOST_OF_SESSION, FAILURE_SPAN_MS)
        self._of_machines = FailureMeter(MOST_OF_ADDRESS, FAILURE_SPAN_MS)
        self._lock = threading.Lock()
        self.log = AttemptLog()

    def enter(self, client: Client, now_ms: int) -> None:
        """Count an attempt before its password is looked at, so that a volley counts in full.

        Raises:
            TooManyAttempts: there were too many failures lately; this one is not counted.
        """
        with self._lock:
            meters = self._meters(client)
            wait_ms = max(meter.wait_ms(key, now_ms) for meter, key in meters)
            if not wait_ms:
                for meter, key in meters:
                    meter.add(key, 1, now_ms)
        if wait_ms:
            self.log.note(client.address, "refused", now_ms)
            raise TooManyAttempts(wait_ms)

    def failed(self, client: Client, now_ms: int) -> None:
        """The password was wrong: the attempt stays counted."""
        self.log.note(client.address, "failed", now_ms)

    def unheard(self, client: Client, now_ms: int) -> None:
        """The password was not looked at: the attempt does not count."""
        self.log.note(client.address, "refused", now_ms)
        self._take_back(client, now_ms)

    def succeeded(self, client: Client, now_ms: int) -> None:
        """The password was right: the attempt does not count, and earlier slips of the same
        person at the same address are forgiven.
        """
        self._take_back(client, now_ms)
        with self._lock:
            meter, key = self._meters(client)[0]
            meter.add(key, -meter.count(key, now_ms), now_ms)

    def one_too_many(self, session_id: str, now_ms: int) -> bool:
        """Count a wrong code of a session; whether it shall have no more."""
        with self._lock:
            self._of_session.add(session_id, 1, now_ms)
            return self._of_session.wait_ms(session_id, now_ms) > 0

    def unknown_token(self, client: Client, now_ms: int) -> None:
        """Count a machine's token that nobody knows. It is counted apart from passwords, and a
        right token never waits: a machine with an old token keeps nobody out.

        Raises:
            TooManyAttempts: there were too many from this address lately.
        """
        with self._lock:
            wait_ms = self._of_machines.wait_ms(client.address, now_ms)
            if not wait_ms:
                self._of_machines.add(client.address, 1, now_ms)
        self.log.note(client.address, "refused" if wait_ms else "failed", now_ms)
        if wait_ms:
            raise TooManyAttempts(wait_ms)

    def _take_back(self, client: Client, now_ms: int) -> None:
        with self._lock:
            for meter, key in self._meters(client):
                meter.add(key, -1, now_ms)

    def _meters(self, client: Client) -> tuple[tuple[FailureMeter, str], ...]:
        if client.for_code:
            # Whoever has the password has as many browsers as they like. Nobody types U+0000.
            code = f"{client.username}\0code"
            return (self._of_both, f"{client.address} {code}"), (self._of_username, code)
        if client.browser:
            # Whatever others do elsewhere, or at the same address, counts for them alone.
            known = f"{client.browser} {client.username}"
            return (self._of_both, known), (self._of_username, known)
        return (
            (self._of_both, f"{client.address} {client.username}"),
            (self._of_address, client.address),
            (self._of_username, client.username),
        )
