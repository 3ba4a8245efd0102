"""More idle connections than the process may open files: pages answer, alerts come."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from pathlib import Path

from tests.attack.serving import serving
from tests.conftest import SOAK

FILES = 1024 if SOAK else 320
ADDRESSES = [f"127.0.0.{number}" for number in range(2, 10)]
"""Of strangers: loopback's others, which are no proxies."""
MOST_LOG = 16_384


def test_given_more_idle_connections_than_files_pages_answer_alerts_come_and_the_log_is_small(
    tmp_path: Path,
) -> None:
    """Whoever has owed a head for longest goes; it may call again, and is let in."""
    with (
        serving(tmp_path, most_files=FILES) as centre,
        ExitStack() as stack,
        centre.undisturbed(),
    ):
        for number in range(FILES + FILES // 4):
            source = (ADDRESSES[number % len(ADDRESSES)], 0)
            idle = socket.create_connection(("127.0.0.1", centre.port), 60, source)
            stack.enter_context(idle)
        assert centre.officer.get("/healthz").status_code == 200
        assert centre.log.stat().st_size < MOST_LOG, centre.log.read_text()[-4000:]
