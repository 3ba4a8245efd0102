"""The promises of a channel: it says whether to try again, the dispatcher does the trying."""

from __future__ import annotations

from enum import Enum
from typing import Protocol

from alerting.record.repository import Message


class Sent(Enum):
    """Outcome of one attempt."""

    DELIVERED = "delivered"
    TRY_AGAIN = "try again"
    NEVER = "never"


class Channel(Protocol):
    """A way by which a message reaches somebody."""

    def send(self, message: Message) -> Sent:
        """Hand the message over, or say what became of it. A key sent before is delivered."""
        ...
