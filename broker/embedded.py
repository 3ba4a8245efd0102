"""The embedded broker: amqtt on its own thread, with passwords and the stations' access rule."""

from __future__ import annotations

import asyncio
import hmac
import logging
import threading
import time
from asyncio import StreamReader, StreamWriter
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Literal, Self

from amqtt.adapters import StreamReaderAdapter, StreamWriterAdapter
from amqtt.broker import Broker
from amqtt.contexts import Action
from amqtt.plugins.base import BaseAuthPlugin, BaseTopicPlugin
from amqtt.session import Session

from broker.access_list import may
from config.listening import stop_listening
from config.vocabulary import reports
from config.vocabulary.errors import Refused

SHUTDOWN_S = 5.0

MOST_ATTEMPTS = 50

for _name in ("amqtt", "transitions"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


log = logging.getLogger(__name__)


Attempts = deque[reports.Attempt]
"""The newest things that were refused."""


def _note(attempts: Attempts, user: str, action: str, topic: str) -> None:
    at_ms = time.time_ns() // 1_000_000
    attempts.append(reports.Attempt(at_ms, user[:80], action, topic[:200]))


class Passwords(BaseAuthPlugin):  # type: ignore[misc]
    """Only users with their password."""

    async def authenticate(self, *, session: Session) -> bool:
        """Compare in constant time; a user without a password is nobody.

        amqtt asks nobody about a last will, so it is asked about here.
        A client id that begins with another user's name is refused, and shown to operators.
        """
        name = session.username or ""
        known = self.config.users.get(name)
        if known is None or session.password is None:
            _note(self.config.attempts, name, "connect", "")
            return False
        client_id = session.client_id or ""
        if any(of != name and client_id.startswith(f"{of}.") for of in self.config.users):
            _note(self.config.attempts, name, "connect", client_id)
            return False
        if session.will_flag and not may(name, "send", session.will_topic or ""):
            _note(self.config.attempts, name, "send", session.will_topic or "")
            return False
        if hmac.compare_digest(known.encode(), session.password.encode()):
            return True
        _note(self.config.attempts, name, "connect", "")
        return False

    @dataclass
    class Config:
        """User -> password, and where refusals are noted."""

        users: dict[str, str] = field(default_factory=dict)
        attempts: Any = None


class OwnTopics(BaseTopicPlugin):  # type: ignore[misc]
    """A station speaks and hears under its own topics alone."""

    async def topic_filtering(
        self,
        *,
        session: Session | None = None,
        topic: str | None = None,
        action: Action | None = None,
    ) -> bool:
        """Ask the rule, at publishing, at subscribing and once more at handing out."""
        username = session.username if session else None
        if not (username and topic and action):
            return False
        wants: Literal["send", "hear"] = "send" if action == Action.PUBLISH else "hear"
        if may(username, wants, topic):
            return True
        if action != Action.RECEIVE:
            _note(self.config.attempts, username, wants, topic)
        return False

    @dataclass
    class Config:
        """Where refusals are noted."""

        attempts: Any = None


class EmbeddedBroker:
    """A context: inside it the broker listens on loopback."""

    def __init__(self, port: int, users: dict[str, str]) -> None:
        self._port = port
        self._users = users
        self.attempts: Attempts = deque(maxlen=MOST_ATTEMPTS)
        self._loop = asyncio.new_event_loop()
        # amqtt trips over clients that hang up first; that is their affair, not news.
        self._loop.set_exception_handler(lambda _, context: log.debug("broker: %s", context))
        self._thread = threading.Thread(target=self._loop.run_forever, name="broker")
        self._broker: Broker | None = None
        self._door: asyncio.Server | None = None
        self._guests: dict[asyncio.Task[Any], StreamWriter] = {}

    def __enter__(self) -> Self:
        self._thread.start()
        try:
            self._call(self._start())
        except OSError as error:
            self._end()
            remedy = "stop what uses it or set broker.port"
            raise Refused(f"port {self._port} (broker)", "is in use", remedy) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._call(self._shutdown())
        self._end()

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _call(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _start(self) -> None:
        """Listening is ours, so that we can hang up before amqtt shuts down: it cancels its
        readers, now and then the cancelling is lost, and then it waits for ever.
        """
        module = __name__
        self._broker = Broker(
            {
                "listeners": {"default": {"type": "external", "bind": "handed in"}},
                "plugins": {
                    f"{module}.Passwords": {"users": self._users, "attempts": self.attempts},
                    f"{module}.OwnTopics": {"attempts": self.attempts},
                },
            }
        )
        self._door = await asyncio.start_server(self._welcome, "127.0.0.1", self._port)
        await self._broker.start()

    async def _welcome(self, reader: StreamReader, writer: StreamWriter) -> None:
        assert self._broker is not None
        ends = StreamReaderAdapter(reader), StreamWriterAdapter(writer)
        guest = asyncio.current_task()
        assert guest is not None
        self._guests[guest] = writer
        try:
            await self._broker.external_connected(*ends, "default")
        finally:
            del self._guests[guest]
            writer.close()

    async def _shutdown(self) -> None:
        assert self._broker is not None
        assert self._door is not None
        await stop_listening(self._door)
        for writer in self._guests.values():
            writer.close()
        if self._guests:
            await asyncio.wait(list(self._guests), timeout=SHUTDOWN_S)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._broker.shutdown(), SHUTDOWN_S)
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
