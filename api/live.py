"""What the broker tells, as server-sent events: one bounded queue an open page."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass

import msgspec

MOST_WAITING = 200
BEAT_S = 15.0
"""How often a page is told the server's time, so that it can know its link dead in silence."""


def _wall_ms() -> int:
    return time.time_ns() // 1_000_000


class _Message(msgspec.Struct, frozen=True):
    name: str
    data: msgspec.Raw


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """Something of a platform that open pages hear of, named ``{slug}.{event}``. Everybody who has
    signed in hears it: it says that something changed, and never what only some may know.
    """

    name: str

    def tell(self, publish: Callable[[bytes], object], data: Mapping[str, object]) -> None:
        """Send it, once what it speaks of is committed."""
        raw = msgspec.Raw(msgspec.json.encode(data))
        publish(msgspec.json.encode(_Message(self.name, raw)))


class LiveFeed:
    """Fans messages out. A page that does not keep up is ended; its browser comes again."""

    def __init__(self) -> None:
        self._open: dict[asyncio.Queue[bytes | None], asyncio.AbstractEventLoop] = {}
        self._closed = False

    def hear(self, topic: str, payload: bytes) -> None:
        """Take a message of ``live``, ``alerts`` or ``platforms``; called on the bus's thread."""
        if topic.endswith("/platforms"):
            message = msgspec.json.decode(payload, type=_Message)
            event = b"event: %b\ndata: %b\n\n" % (message.name.encode(), bytes(message.data))
        elif topic.endswith("/alerts"):
            event = b"event: alert\ndata: " + payload + b"\n\n"
        else:
            station = msgspec.json.encode(topic.split("/")[-2])
            event = b'event: live\ndata: {"station":%b,"readings":%b}\n\n' % (station, payload)
        for page, loop in list(self._open.items()):
            try:
                loop.call_soon_threadsafe(_put, page, event)
            except RuntimeError:  # that loop has ended, and its page with it
                self._open.pop(page, None)

    async def events(self, now_ms: Callable[[], int] = _wall_ms) -> AsyncGenerator[bytes]:
        """The stream of one page."""
        page: asyncio.Queue[bytes | None] = asyncio.Queue(MOST_WAITING)
        loop = asyncio.get_running_loop()
        self._open[page] = loop
        due_s = loop.time() + BEAT_S
        try:
            yield b"retry: 2000\n\n"
            while not self._closed:
                if loop.time() >= due_s:
                    due_s = loop.time() + BEAT_S
                    yield b'event: beat\ndata: {"t":%d}\n\n' % now_ms()
                try:
                    event = await asyncio.wait_for(page.get(), due_s - loop.time())
                except TimeoutError:
                    continue
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
