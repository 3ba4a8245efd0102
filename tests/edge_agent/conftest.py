"""What the edge's tests share: a make, scripted Modbus peers, and real Modbus servers."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from msgspec.structs import replace
from pymodbus.simulator import SimDevice

from config.catalogue.shapes import Instrument, Placement, Register
from edge_agent.modbus.polling import Device
from simulators import lines
from tests.conftest import free_port

Answer = Callable[[bytes], bytes | None]
"""From a request's bytes to what the peer writes; None hangs up, b"" stays silent."""


SHORT_MS = 100
"""Patience where silence is expected: a test waits for the whole of it."""
PATIENT_MS = 20_000
"""Patience where an answer is expected: more than a busy machine needs for one."""


@pytest.fixture
def make() -> Instrument:
    """One register, numbered from 1 in its manual: tenths of a degree at 11."""
    register = Register("w01010", 11, "uint16", scale=0.1)
    return Instrument("probe", "Make", "Model", "holding", 1, "ABCD", [register])


def reply(request: bytes, *words: int) -> bytes:
    """The well-formed answer of a device to a read."""
    data = struct.pack(f">{len(words)}H", *words)
    head = struct.pack(">HHHBBB", 0, 0, 3 + len(data), request[6], request[7], len(data))
    return request[:2] + head[2:] + data


class Peer:
    """A TCP peer that answers each request by a script; it counts connections and requests."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.connections, self.requests = 0, 0
        self._open: list[socket.socket] = []
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        while True:
            try:
                guest, _ = self._door.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(guest)
            with guest, contextlib.suppress(OSError):
                self._talk(guest)

    def _talk(self, guest: socket.socket) -> None:
        while request := guest.recv(260):
            self.requests += 1
            answer = self._answer(request)
            if answer is None:
                return
            guest.sendall(answer)

    def say(self, data: bytes) -> None:
        """Write without being asked."""
        self._open[-1].sendall(data)

    def close(self) -> None:
        """Hang up on everybody."""
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        for guest in self._open:
            with contextlib.suppress(OSError):
                guest.shutdown(socket.SHUT_RDWR)
        self._thread.join()


@contextmanager
def peer(answer: Answer) -> Iterator[Peer]:
    """A scripted peer inside this context."""
    found = Peer(answer)
    try:
        yield found
    finally:
        found.close()


@contextmanager
def modbus_server(placement: Placement, devices: Sequence[SimDevice]) -> Iterator[None]:
    """pymodbus' own server on a placement's line inside this context, on a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def call(work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result(60)

    server = call(lines.serve(placement, devices))
    try:
        yield
    finally:
        call(server.shutdown())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@pytest.fixture
def placement() -> Placement:
    """The make at unit 7, with patience for its answers."""
    return Placement("probe", 7, "127.0.0.1", free_port(), timeout_ms=PATIENT_MS)


@pytest.fixture
def hasty(placement: Placement) -> Placement:
    """The same, of whom nothing is expected."""
    return replace(placement, timeout_ms=SHORT_MS)


def be_patient(device: Device) -> None:
    """From now on its answers are expected."""
    device.placement = replace(device.placement, timeout_ms=PATIENT_MS)
