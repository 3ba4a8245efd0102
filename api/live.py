"""What the broker tells, as server-sent events: one bounded queue an open page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import msgspec

MOST_WAITING = 200
BEAT_S = 15.0


class LiveFeed:
    """Fans messages out. A page that does not keep up is ended; its browser comes again."""

    def __init__(self) -> None:
        self._open: dict[asyncio.Queue[bytes | None], asyncio.AbstractEventLoop] = {}
        self._closed = False

    def hear(self, topic: str, payload: bytes) -> None:
        """Take a message of ``live`` or ``alerts``; called on the bus's thread."""
        if topic.endswith("/alerts"):
            event = b"event: alert\ndata: " + payload + b"\n\n"
        else:
            station = msgspec.json.encode(topic.split("/")[-2])
            event = b'event: live\ndata: {"station":%b,"readings":%b}\n\n' % (station, payload)
        for page, loop in list(self._open.items()):
            try:
                loop.call_soon_threadsafe(_put, page, event)
            except RuntimeError:  # that loop has ended, and its page with it
                self._open.pop(page, None)

    async def events(self) -> AsyncGenerator[bytes]:
        """The stream of one page."""
        page: asyncio.Queue[bytes | None] = asyncio.Queue(MOST_WAITING)
        self._open[page] = asyncio.get_running_loop()
        try:
            yield b"retry: 2000\n\n"
            while not self._closed:
                try:
                    event = await asyncio.wait_for(page.get(), BEAT_S)
                except TimeoutError:
                    event = b": still here\n\n"
                if event is None:
                    return
                yield event
        finally:
            self._open.pop(page, None)

    def close(self) -> None:
        """End every stream."""
        self._closed = True
        for page, loop in list(self._open.items()):
            if not loop.is_closed():
                loop.call_soon_threadsafe(_put, page, None)


def _put(page: asyncio.Queue[bytes | None], event: bytes | None) -> None:
    if page.full():
        page.get_nowait()
        event = None
    page.put_nowait(event)
