"""Hands deliveries to their channels: a thread for each channel, so that one that is slow or away
delays no other.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from alerting.channels.protocol import Channel, Later, Never, Outcome, Outgoing, Receipts, Taken
from alerting.notify.readers import CHAT, Directory
from alerting.notify.rendering import ReadBy, Renderer
from alerting.notify.repository import PATIENCE_MS, Delivery, Message, Messages
from config.catalogue.words import LanguageTag
from config.settings import ChannelSettings
from config.vocabulary.bounds import cut
from ingest.loops import Loop

FIRST_RETRY_MS, LONGEST_RETRY_MS = 2_000, 300_000
PATIENCE_S = 1.0
OPENS_AFTER = 5
"""Attempts in a row that failed, after which a channel is left alone but for one at a time."""
OPEN_S = 30.0
RECEIPTS_S = 60.0
Circuit = Literal["closed", "open"]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ChannelState:
    """How a channel does: since when it fails and how, in its provider's words."""

    name: str
    kind: str
    circuit: Circuit
    failures: int
    failing_since_ms: int | None
    error: str
    sent_ms: int | None
    """When a message was taken last."""


@dataclass(slots=True)
class Sender:
    """The one thread of a channel."""

    settings: ChannelSettings
    channel: Channel
    messages: Messages
    directory: Directory
    renderer: Renderer
    language: LanguageTag
    now_ms: Callable[[], int]
    failpoint: Callable[[str], None] = lambda _: None
    jitter: Callable[[], float] = secrets.SystemRandom().random
    wake: threading.Event = field(default_factory=threading.Event)
    loop: Loop = field(init=False)
    _sent_s: deque[float] = field(default_factory=deque)
    _state: ChannelState = field(init=False)
    _open_until_s: float = 0.0
    _collect_s: float = 0.0

    def __post_init__(self) -> None:
        name = self.settings.name
        self.loop = Loop(f"channel {name}")
        self._state = ChannelState(name, self.settings.kind, "closed", 0, None, "", None)

    @property
    def state(self) -> ChannelState:
        """How the channel does now."""
        return self._state

    def run(self, stop: threading.Event) -> None:
        """Send until told to stop."""
        self.loop.run(stop, lambda: self._turn(stop))

    def _turn(self, stop: threading.Event) -> None:
        self.wake.wait(PATIENCE_S)
        self.wake.clear()
        while not stop.is_set() and self.step():
            pass
        self.collect()

    def collect(self) -> None:
        """Ask the provider now and then whether devices have what it took."""
        channel = self.channel
        if not isinstance(channel, Receipts) or time.monotonic() < self._collect_s:
            return
        self._collect_s = time.monotonic() + RECEIPTS_S
        for delivery, reader in self.messages.unconfirmed(self.settings.name, self.now_ms()):
            addresses = self.directory.addresses(reader, channel.reaches)
            sent_ms = delivery.settled_ms or delivery.created_ms
            arrived = addresses and channel.delivered(delivery.provider_id, addresses[0], sent_ms)
            if isinstance(arrived, bool):
                state: Literal["delivered", "failed"] = "delivered" if arrived else "failed"
                why = "" if arrived else "the device did not get it"
                with self.messages.database.begin() as connection:
                    self.messages.settle(connection, replace(delivery, state=state, why=why))

    def step(self) -> bool:
        """Try what is due now; False where there was nothing, or the channel is left alone."""
        if time.monotonic() < self._open_until_s:
            return False
        due = self.messages.sendable(self.settings.name, self.now_ms())
        for delivery, message in due:
            if not self._has_room():
                return False
            self._carry(delivery, message)
            if time.monotonic() < self._open_until_s:
                return False
        return bool(due)

    def _has_room(self) -> bool:
        """Whether the provider's limit lets one more through."""
        limit = self.channel.limit
        if limit is None:
            return True
        now_s = time.monotonic()
        while self._sent_s and self._sent_s[0] <= now_s - limit.within_s:
            self._sent_s.popleft()
        return len(self._sent_s) < limit.most

    def _carry(self, delivery: Delivery, message: Message) -> None:
        outgoing = self._outgoing(message)
        if isinstance(outgoing, Outgoing):
            self._sent_s.append(time.monotonic())
            outcome = self._sent(outgoing)
            self.failpoint("message-taken")
            self._note(outcome)
        else:
            outcome = outgoing
        self._forget(outcome)
        settled = self._settled(delivery, outcome)
        with self.messages.database.begin() as connection:
            self.messages.settle(connection, settled)
        self.failpoint("delivery-settled")

    def _outgoing(self, message: Message) -> Outgoing | Never:
        name = message.reader
        if name.startswith(CHAT):
            role = self.settings.reads or "officer"
            return self.renderer.outgoing(message, ReadBy(name, role, self.language, ()))
        person = self.directory.person(name, self.now_ms())
        if person is None:
            return Never("the person can sign in no more")
        kind = self.channel.reaches
        addresses = (name,) if kind == "screen" else self.directory.addresses(name, kind)
        if not addresses:
            return Never("there is no confirmed address")
        if kind != "push":
            addresses = addresses[:1]
        role = "officer" if "officer" in person.roles else "deputy"
        return self.renderer.outgoing(message, ReadBy(name, role, person.language, addresses))

    def _sent(self, outgoing: Outgoing) -> Outcome:
        try:
            return self.channel.send(outgoing)
        except Exception as raised:  # noqa: BLE001 - whatever a provider's library may raise
            return Later(cut(f"{type(raised).__name__}: {raised}"))

    def _note(self, outcome: Outcome) -> None:
        """Keep how the channel does, and open its circuit where it fails on and on."""
        before, now = self._state, self.now_ms()
        if isinstance(outcome, Later) and outcome.of_reader:
            return
        if isinstance(outcome, Later):
            failures = before.failures + 1
            since_ms = before.failing_since_ms or now
            is_open = failures >= OPENS_AFTER
            self._state = replace(
                before,
                circuit="open" if is_open else "closed",
                failures=failures,
                failing_since_ms=since_ms,
                error=outcome.why,
            )
            pause_s = max(OPEN_S if is_open else 0.0, outcome.after_s)
            self._open_until_s = time.monotonic() + pause_s
            if outcome.why != before.error:
                log.warning("channel %s fails and is tried again: %s", before.name, outcome.why)
            return
        if before.failures:
            log.warning("channel %s works again", before.name)
        sent_ms = now if isinstance(outcome, Taken) else before.sent_ms
        self._state = replace(
            before, circuit="closed", failures=0, failing_since_ms=None, error="", sent_ms=sent_ms
        )

    def _forget(self, outcome: Outcome) -> None:
        if not isinstance(outcome, Later) and outcome.gone:
            self.directory.forget(outcome.gone)

    def _settled(self, delivery: Delivery, outcome: Outcome) -> Delivery:
        now = self.now_ms()
        tried = replace(delivery, attempts=delivery.attempts + 1, next_ms=None, settled_ms=now)
        if isinstance(outcome, Taken):
            state: Literal["sent", "delivered"] = "delivered" if outcome.delivered else "sent"
            return replace(tried, state=state, why="", provider_id=outcome.provider_id)
        if isinstance(outcome, Never):
            return replace(tried, state="failed", why=outcome.why)
        if now - delivery.created_ms >= PATIENCE_MS:
            return replace(tried, state="given-up", why=outcome.why)
        wait_ms = min(FIRST_RETRY_MS << min(delivery.attempts, 16), LONGEST_RETRY_MS)
        wait_ms = max(round(wait_ms * (0.5 + self.jitter())), round(outcome.after_s * 1000))
        return replace(tried, next_ms=now + wait_ms, settled_ms=None, why=outcome.why)


@dataclass(slots=True)
class Dispatcher:
    """The senders of a site, by channel."""

    senders: Mapping[str, Sender]

    def hand(self) -> None:
        """There is something to send."""
        for sender in self.senders.values():
            sender.wake.set()

    @property
    def states(self) -> list[ChannelState]:
        """How every channel does now."""
        return [sender.state for sender in self.senders.values()]
