"""The pages' HTTP server on a thread of its own."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from api.app import create_app
from api.roster import ROSTER
from api.services import Services
from api.shape import Platform
from config.vocabulary.errors import Refused
from qingyuan.runtime import http_server
from qingyuan.runtime.connections import Bounds


@contextmanager
def served(
    services: Services,
    host: str,
    port: int,
    roster: Sequence[Platform] = ROSTER,
    trusted_proxies: str = http_server.TRUSTED_PROXIES,
) -> Iterator[None]:
    """Pages and API answer inside this context.

    Raises:
        Refused: the port is in use.
    """
    # Named, else asyncio leaves Nagle's algorithm on, and each answer waits 40 ms for its body.
    with socket.socket(proto=socket.IPPROTO_TCP) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, port))
            # From here on a request waits for the server instead of being refused.
            listening.listen()
        except OSError as error:
            remedy = "stop what uses it or choose another with --port"
            raise Refused(f"port {port} (http)", "is in use", remedy) from error
        app = create_app(services, roster)
        bounds = Bounds.of_process(trusted_proxies)
        services.live.most = bounds.streams
        with http_server.running(app, listening, "http", trusted_proxies, bounds):
            try:
                yield
            finally:
                services.live.close()
