"""A channel that says when a message was written, where it goes out on a later day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from alerting.formats import day, instant
from alerting.notify.channels.protocol import Channel, Sent
from alerting.record.repository import Message
from config.catalogue.words import Words


@dataclass(frozen=True, slots=True)
class Dated:
    """Over another channel: the times in a message are those of the day on which it was written,
    and it may have waited over midnight.
    """

    channel: Channel
    words: Words
    now_ms: Callable[[], int]

    def send(self, message: Message) -> Sent:
        """Send it with its day, or as it is on the same day."""
        now = self.now_ms()
        if day(message.created_ms) != day(now):
            at = instant(self.words, message.created_ms, now)
            message = replace(message, text=self.words("message.late", at=at, text=message.text))
        return self.channel.send(message)
