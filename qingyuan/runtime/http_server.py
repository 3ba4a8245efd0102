"""An HTTP server on a thread of its own."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

SHUTDOWN_S = 3


@contextmanager
def running(app: FastAPI, listening: socket.socket, thread_name: str) -> Iterator[None]:
    """``app`` answers on a listening socket inside this context."""
    config = uvicorn.Config(
        app,
        # Its own set-up of logs would begin anew with each server of this process, and let
        # another one that just starts say so on stderr.
        log_config=None,
        log_level="warning",
        access_log=False,
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
