"""The line to the broker: whoever is hung up on is told so."""

from __future__ import annotations

import asyncio
import gc
import socket

import pytest

from simulators.relay import Relay
from tests.conftest import free_port


@pytest.mark.parametrize("turns", range(10))
def test_when_a_line_ends_then_nobody_who_was_just_let_in_keeps_an_open_connection(
    turns: int,
) -> None:
    """Given a guest who comes so many turns of the loop before the end, when the line and then its
    loop end, then the guest's connection ends too: at no turn is it forgotten.
    """
    port = free_port()

    async def visit() -> socket.socket:
        async with Relay(port, "127.0.0.1", free_port(), lambda: "silent").serving():
            guest = socket.create_connection(("127.0.0.1", port))
            for _ in range(turns):
                await asyncio.sleep(0)
            return guest

    with asyncio.run(visit()) as guest:
        gc.collect()  # what was forgotten is warned of here
        guest.settimeout(60)
        try:
            assert guest.recv(1) == b""
        except ConnectionResetError:
            pass
