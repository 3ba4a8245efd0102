"""Carries the outbox out: sends what is due, retries with back-off, writes what became of it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from alerting.channels.protocol import Channel, Sent
from alerting.repository import Message, Repository

FIRST_RETRY_MS = 1000
LONGEST_RETRY_MS = 300_000
PATIENCE_S = 0.5

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Courier:
    """The only one that acts on messages. ``channels`` are those of each audience."""

    repository: Repository
    channels: Mapping[str, Sequence[Channel]]
    news: threading.Event
    now_ms: Callable[[], int]

    def run(self, stop: threading.Event) -> None:
        """Send until told to stop; then once more what is due."""
        while not stop.is_set():
            self.news.wait(PATIENCE_S)
            self.news.clear()
            try:
                self.step()
            except Exception:
                log.exception("the courier failed and goes on; what is due stays in the outbox")
                stop.wait(1.0)
        self.step()

    def step(self) -> int:
        """Send everything that is due now; the number of messages tried."""
        due = self.repository.due(self.now_ms())
        for message in due:
            self._carry(message)
        return len(due)

    def _carry(self, message: Message) -> None:
        outcomes = [channel.send(message) for channel in self.channels.get(message.audience, ())]
        now = self.now_ms()
        if Sent.TRY_AGAIN in outcomes:
            wait = min(FIRST_RETRY_MS << min(message.attempts, 16), LONGEST_RETRY_MS)
            self.repository.settle_message(message.key, sent_ms=None, next_ms=now + wait)
        else:
            sent = now if Sent.DELIVERED in outcomes else None
            self.repository.settle_message(message.key, sent_ms=sent, next_ms=None)
