"""`qingyuan edge`: the agent of one station, until it is told to stop."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from config.settings import BrokerSettings


def run(argv: list[str]) -> int:
    """Poll one station, spool and send; `status` and its like have files of their own."""
    from config import tls
    from config.catalogue import loading
    from config.settings import SpoolLimits
    from config.vocabulary.errors import Fault, FaultyInput
    from edge_agent.agent import Agent
    from edge_agent.box_catalogue import outranked
    from edge_agent.claim import claimed
    from qingyuan import logs
    from qingyuan.arguments import configured, until_stopped

    if argv[:1] == ["status"]:
        from qingyuan.commands.station import edge_status

        return edge_status.run(argv[1:])
    if argv[:1] == ["state"]:
        from qingyuan.commands.station import edge_state

        return edge_state.run(argv[1:])
    if argv[:1] == ["refused"]:
        from qingyuan.commands.station import edge_refused

        return edge_refused.run(argv[1:])
    given = _parser().parse_args(argv)
    settings = configured(given)
    folder = given.catalogue or settings.catalogue
    catalogue = loading.load(folder)
    if given.station not in catalogue.stations:
        names = ", ".join(catalogue.stations)
        fault = Fault("--station", f"unknown station {given.station!r}", f"use one of {names}")
        raise FaultyInput([fault])
    broker = _broker(given, settings.broker, f"{catalogue.site.id}.{given.station}")
    tls.context(broker)  # what cannot be used is told at once
    logs.begin()
    stop = until_stopped()
    spool = settings.data_dir / "spool" / f"{given.station}.sqlite"
    with claimed(spool):
        kept, now_ms = spool.with_name(f"{given.station}.config.json"), time.time_ns() // 1_000_000
        agent = Agent(
            catalogue,
            given.station,
            spool,
            broker,
            limits=SpoolLimits(given.spool_days, given.spool_megabytes),
            written_ms=outranked(folder, kept, now_ms),
        )
        agent.run(stop)
    return 0


def _parser() -> argparse.ArgumentParser:
    from config.settings import SpoolLimits
    from qingyuan.arguments import Parser

    purpose = (
        "the agent of one station; `edge status`: how it is; `edge state`: the local switch; "
        "`edge refused`: what of its loggers was refused"
    )
    parser = Parser("qingyuan edge", purpose)
    parser.add_argument("--station", required=True)
    parser.add_argument("--settings", type=Path, help="a TOML file; see config/settings.py")
    parser.add_argument("--catalogue", type=Path)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--broker", type=_address, metavar="HOST:PORT")
    parser.add_argument("--username", help="SITE.STATION where nothing says otherwise")
    parser.add_argument("--spool-days", type=_positive, default=SpoolLimits().days)
    parser.add_argument("--spool-megabytes", type=_positive, default=SpoolLimits().megabytes)
    return parser


def _broker(given: argparse.Namespace, broker: BrokerSettings, username: str) -> BrokerSettings:
    """The settings' broker; options win, and a station's user has its name."""
    from msgspec.structs import replace

    host, port = given.broker or (broker.host, broker.port)
    username = given.username or broker.username or username
    return replace(broker, host=host, port=port, username=username)


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is not host:port, e.g. 127.0.0.1:1883")
    return host.strip("[]"), int(port)


def _positive(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 on")
    return int(text)
