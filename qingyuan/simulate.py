"""`qingyuan simulate`: a district's instruments and loggers, until it is told to stop."""

from __future__ import annotations

import asyncio
import json
import signal
import time
from pathlib import Path

from qingyuan.words import Parser


def run(argv: list[str]) -> int:
    """Serve every instrument of the catalogue, and call with every logger."""
    from config.catalogue import loading
    from config.settings import DISTRICTS
    from simulators import scenarios
    from simulators.district import District
    from simulators.incidents import Spill

    parser = Parser("qingyuan simulate", "a district's instruments on Modbus")
    parser.add_argument("--catalogue", type=Path, default=DISTRICTS / "tongzhou")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--incident", action="store_true", help="a spill after twenty seconds")
    parser.add_argument("--scenario", type=Path, metavar="FILE.toml", help="what shall happen")
    given = parser.parse_args(argv)
    catalogue = loading.load(given.catalogue)
    district = District(catalogue, seed=given.seed, now_ms=lambda: time.time_ns() // 1_000_000)
    if given.scenario:
        script = scenarios.load(given.scenario, catalogue, time.time_ns() // 1_000_000)
        district.incidents += script.incidents
        district.faults += script.faults
        district.breakdowns += script.breakdowns
        for label in script.labels:
            print(json.dumps(label, ensure_ascii=False), flush=True)
    if given.incident:
        river = next(iter(catalogue.rivers))
        path = tuple(station.id for station in catalogue.downstream(river))
        district.incidents.append(Spill(path, time.time_ns() // 1_000_000 + 20_000))

    async def serve() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        async with district.serving():
            print(f"{len(catalogue.stations)} stations answer on Modbus", flush=True)
            if loggers := sum(len(row.loggers) for row in catalogue.stations.values()):
                print(f"{loggers} loggers call over HJ 212", flush=True)
            await stop.wait()

    asyncio.run(serve())
    return 0
