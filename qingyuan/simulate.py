"""`qingyuan simulate`: a district's instruments and loggers, until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import signal
import time
from contextlib import AsyncExitStack
from pathlib import Path

from qingyuan.words import Parser


def run(argv: list[str]) -> int:
    """Serve every instrument of the catalogue, and call with every logger."""
    from config.catalogue import loading
    from config.settings import DISTRICTS
    from simulators import scenarios
    from simulators.district import District
    from simulators.incidents import Spill
    from simulators.relay import Manner, Relay

    parser = Parser("qingyuan simulate", "a district's instruments on Modbus")
    parser.add_argument("--catalogue", type=Path, default=DISTRICTS / "tongzhou")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--incident", action="store_true", help="a spill after twenty seconds")
    parser.add_argument("--scenario", type=Path, metavar="FILE.toml", help="what shall happen")
    parser.add_argument(
        "--relay",
        type=_leading,
        metavar="PORT=HOST:PORT",
        help="lead agents to their broker, so that a scenario can cut the line",
    )
    given = parser.parse_args(argv)
    catalogue = loading.load(given.catalogue)
    district = District(catalogue, seed=given.seed, now_ms=lambda: time.time_ns() // 1_000_000)
    if given.scenario:
        script = scenarios.load(given.scenario, catalogue, time.time_ns() // 1_000_000)
        district.incidents += script.incidents
        district.faults += script.faults
        district.breakdowns += script.breakdowns
        district.troubles += script.troubles
        for label in script.labels:
            print(json.dumps(label, ensure_ascii=False), flush=True)
    if given.incident:
        river = next(iter(catalogue.rivers))
        path = tuple(station.id for station in catalogue.downstream(river))
        district.incidents.append(Spill(path, time.time_ns() // 1_000_000 + 20_000))

    def manner() -> Manner:
        kinds = {of.kind for of in district.troubles if of.holds(time.time_ns() // 1_000_000)}
        if "broker-loss" in kinds:
            return "cut"
        return "silent" if "broker-silence" in kinds else "whole"

    async def serve() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        async with AsyncExitStack() as stack:
            if given.relay:
                port, host, far_port = given.relay
                relay = Relay(port, host, far_port, manner)
                await stack.enter_async_context(relay.serving())
            await stack.enter_async_context(district.serving())
            print(f"{len(catalogue.stations)} stations answer on Modbus", flush=True)
            if loggers := sum(len(row.loggers) for row in catalogue.stations.values()):
                print(f"{loggers} loggers call over HJ 212", flush=True)
            await stop.wait()

    asyncio.run(serve())
    return 0


def _leading(text: str) -> tuple[int, str, int]:
    """Port, host and port of what is written ``8883=broker:1883``."""
    found = re.fullmatch(r"(\d{1,5})=(.+):(\d{1,5})", text)
    if found is None:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not PORT=HOST:PORT, e.g. 1884=127.0.0.1:1883"
        )
    return int(found[1]), found[2], int(found[3])
