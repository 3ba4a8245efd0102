"""How the server of a store is asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from ingest.store.protocol import StoreAway
from ingest.store.server import Server


class Leading(BaseHTTPRequestHandler):
    """Answers that what is asked for lies elsewhere."""

    asked: list[str]

    def do_POST(self) -> None:
        """Remember the path, and lead on."""
        self.asked.append(self.path)
        self.send_response(307)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as it is called
        """Nothing on stderr."""


@pytest.fixture
def leading() -> Iterator[HTTPServer]:
    """A server that leads everybody elsewhere."""
    Leading.asked = []
    with HTTPServer(("127.0.0.1", 0), Leading) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("body", [None, b"reading 1"])
def test_a_server_that_leads_elsewhere_is_not_followed(
    leading: HTTPServer, body: bytes | None
) -> None:
    """What was meant for the store is sent to nobody else."""
    url = f"http://127.0.0.1:{leading.server_port}"
    with closing(Server("a store", url)) as server, pytest.raises(StoreAway, match="307"):
        server.ask("/write", body=body)
    assert Leading.asked == ["/write"]
