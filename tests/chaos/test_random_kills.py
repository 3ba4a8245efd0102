"""The centre, the store's server and the broker are killed at random moments, on every store and
on both brokers: what was issued comes out exactly.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

from broker.embedded import EmbeddedBroker
from tests.chaos.field import CALM, STATION, STATIONS
from tests.chaos.path import SOAK, Journey, StoreKind
from tests.conftest import InfluxDB, Mosquitto, VictoriaMetrics, free_port

AMONG = STATIONS if SOAK else (STATION,)
READINGS = 1_000_000 if SOAK else 4_000
COUNT = READINGS // len(AMONG) // (len(CALM) + 2)
KILLS, APART_S = (60, (0.5, 4.0)) if SOAK else (2, (0.3, 2.0))
USERS = {"centre": "c"} | {f"tongzhou.{station}": "s" for station in STATIONS}


@dataclass
class Part:
    """Something that can be killed and comes again."""

    name: str
    kill: Callable[[], None]
    start: Callable[[], None]


def _mosquitto(stack: ExitStack, folder: Path) -> tuple[int, Part]:
    """A queue of ten, no persistence."""
    broker = Mosquitto(folder, USERS)
    broker.start()
    stack.callback(broker.kill)
    return broker.port, Part("broker", broker.kill, broker.start)


def _embedded(stack: ExitStack, _folder: Path) -> tuple[int, Part]:
    """amqtt, which keeps nothing."""
    port, current = free_port(), stack.enter_context(ExitStack())

    def start() -> None:
        current.enter_context(EmbeddedBroker(port, USERS))

    start()
    return port, Part("broker", current.close, start)


def _server(
    stack: ExitStack, folder: Path, store: StoreKind
) -> tuple[str, list[Part], Callable[[], None]]:
    """The store's server where it has one, and how it is made to show everything."""
    if store == "duckdb":
        return "", [], lambda: None
    server = VictoriaMetrics(folder) if store == "victoriametrics" else InfluxDB(folder)
    server.start()
    stack.callback(server.kill)
    return server.url, [Part("store", server.kill, server.start)], server.flush


@pytest.mark.parametrize("broker", ["mosquitto", "embedded"])
@pytest.mark.parametrize("store", ["duckdb", "victoriametrics", "influxdb"])
def test_whoever_is_killed_and_whenever_each_reading_is_kept_once(
    tmp_path: Path,
    quiet_district: Path,
    store: StoreKind,
    broker: Literal["mosquitto", "embedded"],
) -> None:
    """Value by value. The kills are drawn anew each time; a failure prints them."""
    begun, base_ms = time.monotonic(), time.time_ns() // 1_000_000 - COUNT * 1000 - 60_000
    with ExitStack() as stack:
        opening = _mosquitto if broker == "mosquitto" else _embedded
        port, mortal = opening(stack, tmp_path)
        url, servers, flush = _server(stack, tmp_path, store)
        run = Journey(
            tmp_path / "run", quiet_district, port, base_ms, COUNT, store, url, stations=AMONG
        )
        parts = [mortal, *servers, Part("running", lambda: run.kill("running"), lambda: None)]
        run.calm.clear()

        def disturb() -> None:
            for _ in range(KILLS):
                run.ended.wait(random.uniform(*APART_S))
                part = random.choice(parts)
                print(f"{time.monotonic() - begun:.1f} s: {part.name} is killed")
                part.kill()
                run.ended.wait(random.uniform(0.0, 2.0))
                part.start()
            run.calm.set()

        disturbing = threading.Thread(target=disturb)
        disturbing.start()
        try:
            run.run()
        finally:
            run.ended.set()
            disturbing.join()
        run.assert_store_holds_what_was_issued(flush)
    readings = COUNT * len(AMONG) * (len(CALM) + 2)
    print(
        f"{broker} {store}: {readings} readings, {KILLS} kills, {run.deaths} of them of the"
        f" centre, {time.monotonic() - begun:.0f} s; lost 0, doubled 0"
    )
