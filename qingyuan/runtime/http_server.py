"""An HTTP server on a thread of its own."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

SHUTDOWN_S = 3
TRUSTED_PROXIES = "127.0.0.1,::1"


@contextmanager
def running(
    app: FastAPI,
    listening: socket.socket,
    thread_name: str,
    trusted_proxies: str = TRUSTED_PROXIES,
) -> Iterator[None]:
    """``app`` answers on a listening socket inside this context; these addresses and networks are
    believed when they say for whom they ask.
    """
    config = uvicorn.Config(
        app,
        # Its own set-up of logs would begin anew with each server of this process, and let
        # another one that just starts say so on stderr.
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        forwarded_allow_ips=trusted_proxies,
        timeout_graceful_shutdown=SHUTDOWN_S,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],), name=thread_name)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()
