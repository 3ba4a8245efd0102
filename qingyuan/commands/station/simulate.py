"""`qingyuan simulate`: a district's instruments and loggers, until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import signal
import time
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

from config.catalogue import loading
from config.catalogue.shapes import Catalogue
from config.settings import DISTRICTS
from config.vocabulary.errors import Fault, FaultyInput
from qingyuan.arguments import Parser
from simulators import scenarios
from simulators.district import District
from simulators.incidents import Spill
from simulators.relay import Relay, manner

Leading = tuple[int, str, int]
"""Port of the relay, host and port of the broker."""


def run(argv: list[str]) -> int:
    """Serve every instrument of the catalogue, and call with every logger."""
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
    script = scenarios.Scenario()
    if given.scenario:
        script = _script(given.scenario, catalogue, relayed=given.relay is not None)
    if given.incident:
        river = next(iter(catalogue.rivers))
        path = tuple(station.id for station in catalogue.downstream(river))
        spill = Spill(path, _now_ms() + 20_000)
        script = replace(script, incidents=(*script.incidents, spill))
    for label in script.labels:
        print(json.dumps(label, ensure_ascii=False), flush=True)
    district = District(
        catalogue,
        seed=given.seed,
        now_ms=_now_ms,
        incidents=script.incidents,
        breakdowns=script.breakdowns,
        faults=script.faults,
        troubles=script.troubles,
    )
    asyncio.run(_serve(catalogue, district, given.relay))
    return 0


def _script(file: Path, catalogue: Catalogue, *, relayed: bool) -> scenarios.Scenario:
    script = scenarios.load(file, catalogue, _now_ms())
    if not relayed and any(of.kind.startswith("broker") for of in script.troubles):
        what = "has trouble on the way to the broker, which does not lead by here"
        raise FaultyInput([Fault(file.name, what, "add --relay, e.g. 1884=127.0.0.1:1883")])
    return script


async def _serve(catalogue: Catalogue, district: District, leading: Leading | None) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        if leading:
            relay = Relay(*leading, lambda: manner(district.troubles, _now_ms()))
            await stack.enter_async_context(relay.serving())
        await stack.enter_async_context(district.serving())
        print(f"{len(catalogue.stations)} stations answer on Modbus", flush=True)
        if loggers := sum(len(row.loggers) for row in catalogue.stations.values()):
            print(f"{loggers} loggers call over HJ 212", flush=True)
        await stop.wait()


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _leading(text: str) -> Leading:
    """Port, host and port of what is written ``8883=broker:1883``."""
    found = re.fullmatch(r"(\d{1,5})=(.+):(\d{1,5})", text)
    if found is None:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not PORT=HOST:PORT, e.g. 1884=127.0.0.1:1883"
        )
    return int(found[1]), found[2], int(found[3])
