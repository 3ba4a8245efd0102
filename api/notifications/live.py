"""The live event of messages: open pages count anew what is unread."""

from __future__ import annotations

from api.live import LiveEvent

MESSAGE = LiveEvent("notifications.message")
