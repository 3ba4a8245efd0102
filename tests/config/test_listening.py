"""The end of a server: whoever is hung up on is told so."""

from __future__ import annotations

import asyncio
import gc
import socket
from contextlib import suppress

import pytest

from config.listening import stop_listening


@pytest.mark.parametrize("turns", range(6))
def test_given_a_guest_who_just_comes_when_a_server_ends_then_the_connection_ends(
    turns: int,
) -> None:
    """At no turn of the loop a connection is forgotten that was accepted already."""

    async def visit() -> socket.socket:
        server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
        guest = socket.create_connection(server.sockets[0].getsockname())
        for _ in range(turns):
            await asyncio.sleep(0)
        await stop_listening(server)
        return guest

    with asyncio.run(visit()) as guest:
        gc.collect()  # what was forgotten is warned of here
        guest.settimeout(60)
        with suppress(ConnectionResetError):
            assert guest.recv(1) == b""
