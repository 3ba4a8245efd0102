"""The pages' HTTP server on a thread of its own."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from api.app import create_app
from api.services import Services
from config.vocabulary.errors import Refused

SHUTDOWN_S = 3


@contextmanager
def served(services: Services, host: str, port: int) -> Iterator[None]:
    """Pages and API answer inside this context.

    Raises:
        Refused: the port is in use.
    """
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, port))
            # From here on a request waits for the server instead of being refused.
            listening.listen()
        except OSError as error:
            remedy = "stop what uses it or choose another with --port"
            raise Refused(f"port {port} (http)", "is in use", remedy) from error
        config = uvicorn.Config(
            create_app(services),
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=SHUTDOWN_S,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listening],), name="http")
        thread.start()
        try:
            yield
        finally:
            services.live.close()
            server.should_exit = True
            thread.join()
