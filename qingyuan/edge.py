"""`qingyuan edge`: the agent of one station, until it is told to stop."""

from __future__ import annotations

import argparse
import os
import signal
import threading
from pathlib import Path


def run(argv: list[str]) -> int:
    """Poll one station, spool and send."""
    from config.catalogue import loading
    from config.settings import DISTRICTS, BrokerSettings, SpoolLimits
    from config.vocabulary.errors import Fault, FaultyInput
    from edge_agent.agent import Agent
    from qingyuan.words import Parser

    if argv[:1] == ["status"]:
        from qingyuan import edge_status

        return edge_status.run(argv[1:])
    parser = Parser("qingyuan edge", "the agent of one station; `edge status`: how it is")
    parser.add_argument("--station", required=True)
    parser.add_argument("--catalogue", type=Path, default=DISTRICTS / "tongzhou")
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--broker", type=_address, default=("127.0.0.1", 1883))
    parser.add_argument("--username")
    parser.add_argument("--password", default=os.environ.get("QINGYUAN_BROKER_PASSWORD", ""))
    parser.add_argument("--spool-days", type=_positive, default=SpoolLimits().days)
    parser.add_argument("--spool-megabytes", type=_positive, default=SpoolLimits().megabytes)
    given = parser.parse_args(argv)

    catalogue = loading.load(given.catalogue)
    if given.station not in catalogue.stations:
        names = ", ".join(catalogue.stations)
        fault = Fault("--station", f"unknown station {given.station!r}", f"use one of {names}")
        raise FaultyInput([fault])
    host, port = given.broker
    username = given.username or f"{catalogue.site.id}.{given.station}"
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    broker = BrokerSettings(host, port, username, given.password)
    spool_path = given.data / "spool" / f"{given.station}.sqlite"
    limits = SpoolLimits(given.spool_days, given.spool_megabytes)
    written = max(path.stat().st_mtime for path in given.catalogue.rglob("*.toml"))
    agent = Agent(
        catalogue, given.station, spool_path, broker, limits=limits, written_ms=int(written * 1000)
    )
    agent.run(stop)
    return 0


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is not host:port, e.g. 127.0.0.1:1883")
    return host.strip("[]"), int(port)


def _positive(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 on")
    return int(text)
