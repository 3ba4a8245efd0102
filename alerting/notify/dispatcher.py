"""Carries the outbox out: sends what is due, retries with back-off, writes what became of it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from alerting.notify.channels.protocol import Channel, Sent
from alerting.record.repository import NO_CHANNEL, NOT_DELIVERED, Message, Repository
from ingest.loops import Loop

FIRST_RETRY_MS = 1000
LONGEST_RETRY_MS = 300_000
PATIENCE_S = 0.5

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Dispatcher:
    """The only one that acts on messages. ``channels`` are those of each audience."""

    repository: Repository
    channels: Mapping[str, Sequence[Channel]]
    news: threading.Event
    now_ms: Callable[[], int]
    loop: Loop = field(default_factory=lambda: Loop("dispatcher"))
    _outcomes: dict[str, dict[int, Sent]] = field(default_factory=dict)
    """Messages under way, by key: their outcome on each channel, by the channel's place."""
    _errors: dict[int, str] = field(default_factory=dict)
    """The error that a channel raised last, by its identity; it is logged where it changes."""

    def run(self, stop: threading.Event) -> None:
        """Send until told to stop; then once more what is due. After a failure what is due stays
        in the outbox.
        """
        self.loop.run(stop, self._turn)
        self.loop.tried(self.step)

    def _turn(self) -> None:
        self.news.wait(PATIENCE_S)
        self.news.clear()
        self.step()

    def step(self) -> int:
        """Send everything that is due now; the number of messages tried."""
        due = self.repository.due(self.now_ms())
        for message in due:
            self._carry(message)
        return len(due)

    def _carry(self, message: Message) -> None:
        """One attempt on each channel that has not settled it yet."""
        channels = self.channels.get(message.audience, ())
        outcomes = self._outcomes.setdefault(message.key, {})
        for target, channel in enumerate(channels):
            if outcomes.get(target, Sent.TRY_AGAIN) is Sent.TRY_AGAIN:
                outcomes[target] = self._sent(channel, message)
        now, found = self.now_ms(), outcomes.values()
        if Sent.TRY_AGAIN in found:
            wait = min(FIRST_RETRY_MS << min(message.attempts, 16), LONGEST_RETRY_MS)
            self.repository.settle_message(message.key, sent_ms=None, next_ms=now + wait)
            return
        del self._outcomes[message.key]
        if Sent.DELIVERED in found:
            self.repository.settle_message(message.key, sent_ms=now, next_ms=None)
        else:
            why = NOT_DELIVERED if channels else NO_CHANNEL
            self.repository.settle_message(message.key, sent_ms=None, next_ms=None, muted=why)

    def _sent(self, channel: Channel, message: Message) -> Sent:
        """The outcome of an attempt; a channel that raises is tried again."""
        try:
            outcome, error = channel.send(message), ""
        except Exception as raised:  # noqa: BLE001 - whatever a provider's library may raise
            outcome, error = Sent.TRY_AGAIN, f"{type(raised).__name__}: {raised}"
        known = self._errors.get(id(channel), "")
        if error and error != known:
            log.warning("channel %s fails and is tried again: %s", type(channel).__name__, error)
        elif known and not error:
            log.warning("channel %s works again", type(channel).__name__)
        self._errors[id(channel)] = error
        return outcome
