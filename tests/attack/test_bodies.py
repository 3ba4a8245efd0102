"""A body larger than its route takes is not kept, whoever sends it and however."""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest

from api.bodies import MAX_BODY_BYTES
from tests.attack.serving import Serving
from tests.chaos.path import SOAK

CONNECTIONS = 6
BYTES_EACH = 500_000_000 if SOAK else 30_000_000
PIECE = b"a" * 65_536
KEPT_MIB = CONNECTIONS * 4 * MAX_BODY_BYTES / 1_048_576
"""Of each connection the body up to its limit, the server's buffer, and both once more."""

LENGTH = "Content-Length: 3000000000"
CHUNKED = "Transfer-Encoding: chunked"


@pytest.fixture(scope="module")
def centre_port(centre: Serving) -> Iterator[int]:
    """Memory stays, and alerts come, whatever is poured into it."""
    with centre.growing_less_than(KEPT_MIB), centre.undisturbed():
        yield centre.port


@pytest.mark.parametrize("length", [LENGTH, CHUNKED], ids=["length", "chunks"])
@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/api/v1/session", "application/json"),
        ("/api/v1/alerts/x/review", "application/json"),
        ("/sign-in", "application/x-www-form-urlencoded"),
    ],
)
def test_given_huge_bodies_memory_is_bounded_and_alerts_come(
    centre_port: int, path: str, kind: str, length: str
) -> None:
    """Refused with 413 without a session too, and the connection ends."""
    answers = [b""] * CONNECTIONS

    def pour(number: int) -> None:
        answers[number] = poured(centre_port, path, kind, length)

    threads = [threading.Thread(target=pour, args=(n,)) for n in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Who goes on sending may find the connection reset before the answer is read.
    assert {answer.split(b" ")[1] for answer in answers if answer} <= {b"413"}


def poured(port: int, path: str, kind: str, length: str) -> bytes:
    """What is answered to a body that is sent for as long as it is taken."""
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\n{length}\r\n\r\n"
    piece = PIECE if length == LENGTH else b"%x\r\n%b\r\n" % (len(PIECE), PIECE)
    sent = 0
    with (
        socket.create_connection(("127.0.0.1", port), 30) as line,
        suppress(ConnectionError),
    ):
        line.sendall(head.encode())
        while not select.select([line], [], [], 0)[0]:
            line.sendall(piece)
            sent += len(PIECE)
            assert sent < BYTES_EACH, "it is read for ever"
        return line.recv(65_536)
    return b""
