"""A line between agents and their broker that can be cut, or be silent, as a scenario says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Literal

from config.listening import stop_listening
from config.vocabulary.errors import Refused
from simulators.troubles import Trouble

Manner = Literal["whole", "cut", "silent"]
LOOK_S = 0.05


def manner(troubles: Sequence[Trouble], t_ms: int) -> Manner:
    """How the line to the broker is at an instant."""
    kinds = {of.kind for of in troubles if of.holds(t_ms)}
    if "broker-loss" in kinds:
        return "cut"
    return "silent" if "broker-silence" in kinds else "whole"


class Relay:
    """Listens at ``port`` of this machine and leads to ``host`` and ``far_port``; ``manner`` is
    asked again and again. A silent line swallows what it is given, so it ends with its silence.
    """

    def __init__(self, port: int, host: str, far_port: int, manner: Callable[[], Manner]) -> None:
        self._port, self._host, self._far_port = port, host, far_port
        self._manner = manner
        self._guests: set[asyncio.Task[None]] = set()
        self._closed = False

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """It leads inside this context.

        Raises:
            Refused: the port is in use.
        """
        try:
            server = await asyncio.start_server(self._welcome, "127.0.0.1", self._port)
        except OSError as error:
            remedy = "stop what uses it or give --relay another port"
            raise Refused(f"port {self._port} (relay)", str(error.strerror), remedy) from error
        watching = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            watching.cancel()
            self._closed = True
            await stop_listening(server)
            self._hang_up()
            await asyncio.gather(*self._guests, return_exceptions=True)

    async def _watch(self) -> None:
        before: Manner = "whole"
        while True:
            manner = self._manner()
            if manner == "cut" or (before, manner) == ("silent", "whole"):
                self._hang_up()
            before = manner
            await asyncio.sleep(LOOK_S)

    def _hang_up(self) -> None:
        for guest in self._guests:
            guest.cancel()

    def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._closed:  # accepted before, led in only now
            writer.close()
            return
        guest = asyncio.create_task(self._lead(reader, writer))
        self._guests.add(guest)
        guest.add_done_callback(self._guests.discard)
        # A task that is cancelled before its first step closes nothing itself.
        guest.add_done_callback(lambda _: writer.close())

    async def _lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._manner() == "cut":
            return
        with suppress(OSError):
            far_reader, far = await asyncio.open_connection(self._host, self._far_port)
            try:
                await asyncio.gather(self._pump(reader, far), self._pump(far_reader, writer))
            finally:
                far.close()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await source.read(65_536):
                if self._manner() == "whole":
                    sink.write(data)
                    await sink.drain()
        sink.close()
