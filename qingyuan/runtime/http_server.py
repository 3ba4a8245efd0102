"""An HTTP server on a thread of its own."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from config.listening import stop_listening
from qingyuan.runtime.connections import ACCEPTED_AT_ONCE, Bounds, protocol

SHUTDOWN_S = 3
HANG_UP_S = 2
"""A client that takes nothing of its answer is not waited for longer."""
MOST_OF_HEAD = 32_768
"""Bytes of a request line with its headers: as much as nginx takes (four lines of 8 KiB)."""
TRUSTED_PROXIES = "127.0.0.1,::1"


class _Server(uvicorn.Server):
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        asyncio.get_running_loop().call_later(HANG_UP_S, self._hang_up)
        for server in self.servers:
            await stop_listening(server)
        await super().shutdown(sockets)

    def _hang_up(self) -> None:
        # Else its request is cancelled and says so with a traceback, and its connection stays.
        for connection in list(self.server_state.connections):
            connection.transport.abort()


@contextmanager
def running(
    app: FastAPI,
    listening: socket.socket,
    thread_name: str,
    trusted_proxies: str = TRUSTED_PROXIES,
    bounds: Bounds | None = None,
) -> Iterator[None]:
    """``app`` answers on a listening socket inside this context; these addresses and networks are
    believed when they say for whom they ask. ``bounds``: else as many connections as the process
    may have.
    """
    config = uvicorn.Config(
        app,
        # Its own set-up of logs would begin anew with each server of this process, and let
        # another one that just starts say so on stderr.
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        http=protocol(bounds or Bounds.of_process(trusted_proxies)),
        h11_max_incomplete_event_size=MOST_OF_HEAD,
        backlog=ACCEPTED_AT_ONCE,
        forwarded_allow_ips=trusted_proxies,
        timeout_graceful_shutdown=SHUTDOWN_S,
    )
    server = _Server(config)
    thread = threading.Thread(target=server.run, args=([listening],), name=thread_name)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()
