"""`qingyuan serve`: the centre on a broker that stands already."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

from qingyuan.words import Parser


def run(argv: list[str]) -> int:
    """Ingest, alerting and pages until told to stop."""
    import msgspec

    from config import settings as configuration
    from qingyuan.house import opened
    from qingyuan.pages import served
    from qingyuan.passwords import known

    parser = Parser("qingyuan serve", "the centre: ingest, alerting and pages")
    parser.add_argument("--settings", type=Path, help="a TOML file; see config/settings.py")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--port", type=int)
    given = parser.parse_args(argv)
    settings = configuration.load(given.settings, os.environ)
    changes = {"data_dir": given.data, "http_port": given.port}
    chosen = {name: value for name, value in changes.items() if value is not None}
    settings = msgspec.structs.replace(settings, **chosen)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    passwords = known(settings.catalogue / "people.toml", settings.data_dir)
    with (
        opened(settings, passwords) as house,
        served(house.parts, settings.http_host, settings.http_port),
    ):
        print(f"http://{settings.http_host}:{settings.http_port}/", flush=True)
        stop.wait()
    return 0
