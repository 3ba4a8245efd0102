"""How much of one station the centre takes in a second: twice what an uplink can send. Pure.

An uplink has at most so much under way, and hears an ``ack`` once in ``ACK_INTERVAL_MS``; only a
program that is no agent of ours, or many with one password, sends more.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from config.vocabulary.wire import (
    ACK_INTERVAL_MS,
    BACKLOG_UNDER_WAY,
    LIVE_UNDER_WAY,
    SAMPLE_BYTES,
)

TIMES = 2
SAMPLES = (LIVE_UNDER_WAY + BACKLOG_UNDER_WAY) * 1000 // ACK_INTERVAL_MS
"""In a second, of one uplink: where a broker takes small packets alone, each is a message."""
MESSAGES_S = LETTERS_S = TIMES * SAMPLES
BYTES_S = MESSAGES_S * SAMPLE_BYTES


@dataclass(slots=True)
class Bucket:
    """Fills by ``rate`` in a second, up to that. May be overdrawn: then it gives nothing until it
    is above zero again.
    """

    rate: int
    at_ms: int
    _thousandths: int = 0

    def __post_init__(self) -> None:
        self._thousandths = self.rate * 1000

    def holds(self, now_ms: int) -> bool:
        """Whether there is something in it."""
        gained = max(now_ms - self.at_ms, 0) * self.rate
        self._thousandths = min(self._thousandths + gained, self.rate * 1000)
        self.at_ms = max(now_ms, self.at_ms)
        return self._thousandths > 0

    def spend(self, n: int) -> None:
        """Take out, whatever is in it."""
        self._thousandths -= n * 1000


@dataclass(slots=True)
class Budget:
    """Of one station; times are of a clock that nobody sets."""

    since_ms: int
    _messages: Bucket = field(init=False)
    _bytes: Bucket = field(init=False)
    _letters: Bucket = field(init=False)

    def __post_init__(self) -> None:
        self._messages = Bucket(MESSAGES_S, self.since_ms)
        self._bytes = Bucket(BYTES_S, self.since_ms)
        self._letters = Bucket(LETTERS_S, self.since_ms)

    def take(self, size: int, now_ms: int) -> bool:
        """Whether a message of so many bytes may be taken now; then it is paid for."""
        if not all(of.holds(now_ms) for of in (self._messages, self._bytes, self._letters)):
            return False
        self._messages.spend(1)
        self._bytes.spend(size)
        return True

    def refused(self, letters: int) -> None:
        """Pay for dead letters, which are known only afterwards."""
        self._letters.spend(letters)
