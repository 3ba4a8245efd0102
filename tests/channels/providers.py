"""A provider of the tests: a real server that remembers what it was asked and fails as it is told.

``with provider(Reply(body=b"ok")) as found:`` gives ``found.url`` and ``found.requests``.
"""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

from tests.conftest import free_port
from tests.deploy.servers import self_signed


@dataclass(frozen=True)
class Request:
    """What a provider was asked. Names of headers are in small letters."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """An answer, or the way in which it fails: ``silent`` never answers, ``dripping`` sends a byte
    now and then for ever, ``cut`` hangs up before its answer, ``half`` in the middle of it.
    """

    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)
    fails: Literal["", "silent", "dripping", "cut", "half"] = ""


def in_json(document: object, status: int = 200, **headers: str) -> Reply:
    """An answer of the usual kind; ``retry_after="7"`` becomes a header."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Reply(status, json.dumps(document).encode(), named)


Answers = Reply | Callable[[Request], Reply]
"""The same answer each time, or one for each request."""


class Provider:
    """Where it listens, what it was asked, and what it says, which a test may change."""

    def __init__(self, url: str, answers: Answers) -> None:
        self.url, self.answers = url, answers
        self.requests: list[Request] = []
        self.over = threading.Event()

    def reply(self, request: Request) -> Reply:
        self.requests.append(request)
        return self.answers if isinstance(self.answers, Reply) else self.answers(request)


class _Server(ThreadingHTTPServer):
    """Ends with all its answers."""

    daemon_threads = False
    found: Provider
    tls: ssl.SSLContext | None = None

    def get_request(self) -> tuple[socket.socket, Any]:
        """A connection that is still there: TLS over one that is gone would never be closed. The
        handshake belongs to the thread of its client, not to this one.
        """
        link, address = self.socket.accept()
        if self.tls is None:
            return link, address
        try:
            link.getpeername()
        except OSError:
            link.close()
            raise
        over = self.tls.wrap_socket(link, server_side=True, do_handshake_on_connect=False)
        return over, address

    def handle_error(self, *_: object) -> None:
        """A client that hangs up, or does not trust the certificate, is what a test wants."""


class _Answering(BaseHTTPRequestHandler):
    server: _Server

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("content-length", 0))
        headers = {name.lower(): text for name, text in self.headers.items()}
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        body = self.rfile.read(length)
        request = Request(self.command, parts.path, query, headers, body)
        self._send(self.server.found.reply(request))

    do_GET = do_POST = do_PUT = _answer  # noqa: N815  as the standard library calls them

    def _send(self, reply: Reply) -> None:
        over = self.server.found.over
        if reply.fails == "silent":
            over.wait(60)
        if reply.fails in ("silent", "cut"):
            return
        self.send_response(reply.status)
        for name, text in reply.headers.items():
            self.send_header(name, text)
        self.send_header("content-length", str(len(reply.body) * (1 + bool(reply.fails))))
        if reply.fails == "dripping":
            self.flush_headers()
            while not over.wait(0.05):
                self.wfile.write(b".")
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def provider(
    answers: Answers = Reply(),
    certificate: tuple[Path, Path] | None = None,
    host: str = "127.0.0.1",
) -> Iterator[Provider]:
    """A provider that listens; with a certificate and its key it speaks TLS."""
    with _Server((host, 0), _Answering) as server:
        if certificate:
            server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            server.tls.load_cert_chain(*certificate)
        scheme = "https" if certificate else "http"
        server.found = Provider(f"{scheme}://{host}:{server.server_port}", answers)
        thread = threading.Thread(target=server.serve_forever, args=[0.02])
        thread.start()
        try:
            yield server.found
        finally:
            server.found.over.set()
            server.shutdown()
            thread.join()


def nobody() -> str:
    """An address where nobody listens: a connection is refused."""
    return f"http://127.0.0.1:{free_port()}"


@contextmanager
def deaf() -> Iterator[str]:
    """An address whose connections nobody ever takes: not one byte comes back."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(5)
        yield f"127.0.0.1:{listening.getsockname()[1]}"


def trusted(folder: Path) -> tuple[Path, Path]:
    """Certificate, which is its own authority, and key of a provider at 127.0.0.1."""
    return self_signed(folder, "provider", "IP:127.0.0.1,DNS:localhost")


def of_another(folder: Path) -> tuple[Path, Path]:
    """Certificate and key of a provider of another name."""
    return self_signed(folder, "another", "DNS:another.example")
