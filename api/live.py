"""Messages to open pages as server-sent events: one bounded queue a page."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

import msgspec

MOST_WAITING = 200
BEAT_S = 15.0
"""How often a page is told the server's time, so that it can know its link dead in silence."""
MOST_STREAMS = 10
"""Of one account; one more ends the oldest."""
MOST_OF_ADDRESS = 192
"""Of one address, behind which an office may sit: three quarters of its connections, so that its
pages are answered besides.
"""
MOST_IN_ALL = 3072
"""Of a process; the server sets three quarters of the connections that it may have."""
ALL, NONE = "all", "none"
_SIGNED_OUT = b"event: signed-out\ndata: {}\n\n"
_ONE_TOO_MANY = b"retry: 60000\n\n"
"""A browser comes again by itself: at once it would in turn end another page's stream."""


log = logging.getLogger(__name__)


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


@dataclass(frozen=True, slots=True, eq=False)
class _Page:
    queue: asyncio.Queue[bytes | None]
    loop: asyncio.AbstractEventLoop
    readings: str
    alerts: bool
    session: str
    username: str
    address: str


class LiveFeed:
    """Fans messages out. A page that does not keep up is ended; its browser comes again.

    Of readings a page hears those that it asked for.
    """

    def __init__(self) -> None:
        self._open: dict[_Page, None] = {}
        self._closed = False
        self.most = MOST_IN_ALL
        self.alerts = 0
        """How many messages of alerts were heard."""

    def hear(self, topic: str, payload: bytes) -> bool:
        """Take a message of ``live``, ``alerts`` or ``platforms``, from any thread: of the broker,
        or of the core where it is in this process. True, as of any way by which it went out.
        """
        station = ""
        if topic.endswith("/platforms"):
            message = msgspec.json.decode(payload, type=_Message)
            event = b"event: %b\ndata: %b\n\n" % (message.name.encode(), bytes(message.data))
        elif topic.endswith("/alerts"):
            self.alerts += 1
            event = b"event: alert\ndata: " + payload + b"\n\n"
        else:
            station = topic.split("/")[-2]
            name = msgspec.json.encode(station)
            event = b'event: live\ndata: {"station":%b,"readings":%b}\n\n' % (name, payload)
        hearers: dict[asyncio.AbstractEventLoop, list[_Page]] = {}
        for page in list(self._open):
            if station and page.readings not in (ALL, station):
                continue
            if topic.endswith("/alerts") and not page.alerts:
                continue
            hearers.setdefault(page.loop, []).append(page)
        for loop, pages in hearers.items():
            try:
                # Once for all: each call wakes the loop, and whoever tells waits for it.
                loop.call_soon_threadsafe(_put, pages, event)
            except RuntimeError:  # it runs no more
                for page in pages:
                    self._open.pop(page, None)
        return True

    def refusal(self, address: str) -> int:
        """The status by which another stream of an address is refused; 0: it may begin. Those that
        begin at this instant are not counted.
        """
        if sum(each.address == address for each in self._open) >= MOST_OF_ADDRESS:
            return 429
        return 503 if len(self._open) >= self.most else 0

    async def events(
        self,
        now_ms: Callable[[], int] = _wall_ms,
        readings: str = ALL,
        *,
        alerts: bool = True,
        session: str,
        username: str,
        address: str = "",
        stands: Callable[[], bool],
    ) -> AsyncGenerator[bytes]:
        """The stream of one page; ``readings`` are of ``all`` stations, of one, or ``none``, and
        ``alerts`` are among it or not.

        It ends with its session: ``stands`` is asked at each beat, in a thread.
        """
        loop = asyncio.get_running_loop()
        page = _Page(
            asyncio.Queue(MOST_WAITING), loop, readings, alerts, session, username, address
        )
        self._open[page] = None
        own = [each for each in self._open if each.username == username]
        self._end(own[:-MOST_STREAMS], _ONE_TOO_MANY)
        due_s = loop.time() + BEAT_S
        try:
            yield b"retry: 2000\n\n"
            while not self._closed:
                if loop.time() >= due_s:
                    if not await _still(stands):
                        yield _SIGNED_OUT
                        return
                    due_s = loop.time() + BEAT_S
                    yield b'event: beat\ndata: {"t":%d}\n\n' % now_ms()
                try:
                    event = await asyncio.wait_for(page.queue.get(), due_s - loop.time())
                except TimeoutError:
                    continue
                if event is None:
                    return
                yield event
        finally:
            self._open.pop(page, None)

    def end(self, session: str) -> None:
        """End the streams of a session, which open pages hear, from any thread."""
        self._end([page for page in list(self._open) if page.session == session], _SIGNED_OUT)

    def close(self) -> None:
        """End every stream."""
        self._closed = True
        self._end(list(self._open), b"")

    def _end(self, pages: Iterable[_Page], event: bytes) -> None:
        for page in pages:
            self._open.pop(page, None)
            with suppress(RuntimeError):  # its loop runs no more
                page.loop.call_soon_threadsafe(_last, page, event)


async def _still(stands: Callable[[], bool]) -> bool:
    """A database that is away for a moment ends no stream: what is read there is away as well."""
    try:
        return await asyncio.to_thread(stands)
    except Exception as error:  # noqa: BLE001 - whatever it may raise
        log.warning("whether a session stands is asked again at the next beat: %s", error)
        return True


def _put(pages: Iterable[_Page], event: bytes) -> None:
    for page in pages:
        if page.queue.full():
            page.queue.get_nowait()
            page.queue.put_nowait(None)
        else:
            page.queue.put_nowait(event)


def _last(page: _Page, event: bytes) -> None:
    while not page.queue.empty():
        page.queue.get_nowait()
    if event:
        page.queue.put_nowait(event)
    page.queue.put_nowait(None)
