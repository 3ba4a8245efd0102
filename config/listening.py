"""The end of a server that listens on asyncio."""

from __future__ import annotations

import asyncio

_TURNS = 5
"""Of the loop, until whoever was accepted is let in and served."""


async def stop_listening(server: asyncio.Server) -> None:
    """Close a server: nobody more comes, and whoever it was just letting in is in.

    One that is closed outright forgets them, and their connections stay open.
    """
    loop = asyncio.get_running_loop()
    for listening in server.sockets:
        loop.remove_reader(listening)
    for _ in range(_TURNS):
        await asyncio.sleep(0)
    server.close()
