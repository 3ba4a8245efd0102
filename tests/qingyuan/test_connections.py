"""Connections of whoever reaches the pages: who owes something is hung up on, nobody else."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, closing, contextmanager

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse

from qingyuan.runtime import http_server
from qingyuan.runtime.connections import Bounds

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
SOON_S = 1.0
QUICK = Bounds(most=100, head_s=SOON_S, body_s=SOON_S, proxies=LOOPBACK)


class Served:
    """A small app on a port; ``events`` is a stream that says something when it is told to."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.says = asyncio.Event()

    def connected(self, data: bytes = b"") -> socket.socket:
        sock = socket.create_connection(("127.0.0.1", self.port), 10)
        sock.sendall(data)
        return sock

    def hears(self) -> socket.socket:
        """Somebody who has heard the beginning of the stream."""
        sock = self.connected(b"GET /events HTTP/1.1\r\nHost: here\r\n\r\n")
        read_until(b"begun\n", sock)
        return sock

    def answers(self) -> bool:
        return httpx.get(f"http://127.0.0.1:{self.port}/", timeout=10).text == '"here"'


def read_until(end: bytes, sock: socket.socket) -> None:
    """Head and body may come one after the other."""
    heard = b""
    while end not in heard:
        piece = sock.recv(1000)
        assert piece, "hung up"
        heard += piece


@contextmanager
def served(bounds: Bounds) -> Iterator[Served]:
    app = FastAPI()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        here = Served(listening.getsockname()[1])
        loops: list[asyncio.AbstractEventLoop] = []

        @app.get("/")
        async def page() -> str:
            return "here"

        @app.post("/")
        async def take(request: Request) -> int:
            return len(await request.body())

        @app.get("/events")
        async def events() -> StreamingResponse:
            loops.append(asyncio.get_running_loop())

            async def said() -> AsyncIterator[bytes]:
                yield b"begun\n"
                await here.says.wait()
                yield b"said\n"

            return StreamingResponse(said())

        with http_server.running(app, listening, "http", bounds=bounds):
            try:
                yield here
            finally:
                for loop in loops[:1]:
                    loop.call_soon_threadsafe(here.says.set)


def is_hung_up(sock: socket.socket) -> bool:
    try:
        return sock.recv(1000) == b""
    except ConnectionResetError:
        return True


@pytest.mark.parametrize(
    "owed",
    [b"", b"GET / HTT", b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 9\r\n\r\n12"],
    ids=["nothing", "half a head", "half a body"],
)
def test_given_somebody_who_does_not_say_whole_what_is_wanted_then_it_is_hung_up_on(
    owed: bytes,
) -> None:
    """While whoever hears a stream is waited for."""
    with served(QUICK) as here, closing(here.hears()) as hearing, here.connected(owed) as owing:
        assert is_hung_up(owing)
        assert here.answers()
        hearing.setblocking(False)
        with pytest.raises(BlockingIOError):
            hearing.recv(1)


def test_given_an_answer_that_was_given_when_half_a_head_follows_then_it_is_hung_up_on() -> None:
    """A second request has the same time as the first."""
    with served(QUICK) as here, here.connected(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n") as sock:
        read_until(b'"here"', sock)
        sock.sendall(b"GET")
        assert is_hung_up(sock)


def test_given_a_head_that_never_ends_then_it_is_refused_and_its_connection_ends() -> None:
    """Of less than the limit it is answered; nobody keeps a head of any size in memory."""
    begun = b"GET / HTTP/1.1\r\nHost: h\r\n"
    room = http_server.MOST_OF_HEAD - len(begun)
    with served(Bounds(most=100, proxies=LOOPBACK)) as here:
        with here.connected(begun + b"X-A: %b\r\n\r\n" % (b"a" * (room - 20))) as sock:
            read_until(b'"here"', sock)
        with here.connected(begun + b"X-A: %b" % (b"a" * room)) as sock:
            assert sock.recv(1000).startswith(b"HTTP/1.1 400 ")
            while not is_hung_up(sock):
                pass
        assert here.answers()


def test_given_more_idle_connections_than_there_may_be_then_others_are_answered() -> None:
    """Those that owed their head for longest go, streams stay."""
    bounds = Bounds(most=5, proxies=LOOPBACK)
    with served(bounds) as here, ExitStack() as stack:
        hearing = stack.enter_context(closing(here.hears()))
        idle = [stack.enter_context(here.connected()) for _ in range(12)]
        assert here.answers()
        assert all(is_hung_up(sock) for sock in idle[:8])
        for sock in (hearing, idle[-1]):
            sock.setblocking(False)
            with pytest.raises(BlockingIOError):
                sock.recv(1)


def test_given_one_address_that_holds_all_it_may_then_only_that_one_waits() -> None:
    """Behind a proxy stand many, who are counted together alone."""
    for proxies, answered in (((), False), (LOOPBACK, True)):
        bounds = Bounds(most=100, most_of_one=2, proxies=proxies)
        with served(bounds) as here, closing(here.hears()), closing(here.hears()):
            if answered:
                assert here.answers()
            else:
                with here.connected() as one_more:
                    assert is_hung_up(one_more)


def test_given_the_addresses_of_proxies_then_connections_of_this_process_are_bounded() -> None:
    """By its open files, whose limit is raised as far as it may be."""
    bounds = Bounds.of_process("127.0.0.1, fd00::/8")
    assert bounds.most >= 128
    assert [bounds.is_proxy(one) for one in ("127.0.0.1", "fd00::7", "10.0.0.1", "")] == [
        True, True, False, False,
    ]  # fmt: skip
