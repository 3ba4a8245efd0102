"""Pages, tuning and back-test while the centre takes in readings, beside the same at rest.

    python -m benchmarks.loaded [--stations N] [--rounds N]

Core and pages are one process of their own, with 200 stations of ten indicators and 1,000 rules;
one series has 90 days of a reading a minute. A person asks in turn for the overview, for the page
of a station, for a trial of a rule at that station and for its back-test at all stations in scope,
each so many times at rest, and again while every station sends five samples a second (10,000
readings a second; ``benchmarks.ingest`` says how much of what the machine can take that is).
Printed are median and 95th percentile of each, and the median under load over that at rest.
"""

from __future__ import annotations

import argparse
import multiprocessing
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path

import httpx
import numpy as np

from benchmarks import latency
from benchmarks.figures import report
from benchmarks.ingest import PORT as BROKER
from benchmarks.ingest import mosquitto
from config.settings import BrokerSettings, Settings
from config.vocabulary.time import DAY_MS, MINUTE_MS
from ingest.store.opening import open_store
from qingyuan.assembly import opened
from qingyuan.runtime.page_server import served
from qingyuan.runtime.site import now_ms

PORT, DAYS = 18_741, 90
STATION, CODE, PASSWORD = "s0", "w21003", "a password for a benchmark"
START_S, SETTLE_S, PAUSE_S, LONGEST_S = 120.0, 25.0, 0.2, 900
"""Seconds to start in, those after which load counts as load, those between two requests, and
those of readings at most.
"""
Ask = Callable[[], httpx.Response]


def main() -> None:
    """Print a line of each, and all figures in the last."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stations", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=40)
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as name,
        mosquitto(Path(name)),
        _centre(Path(name), asked.stations) as client,
    ):
        rest = _asked(client, asked.rounds)
        publisher = multiprocessing.get_context("fork").Process(
            target=latency.publish, args=(latency.Load(asked.stations, 0, LONGEST_S, 5), [])
        )
        publisher.start()
        time.sleep(SETTLE_S)
        loaded = _asked(client, asked.rounds)
        if not publisher.is_alive():
            raise SystemExit("the readings ended before the pages were asked for")
        publisher.kill()
        publisher.join()
    figures: dict[str, float] = {}
    for what, waits in rest.items():
        both = {"rest": waits, "loaded": loaded[what]}
        for of, ms in both.items():
            figures[f"{what}_{of}_median_ms"], figures[f"{what}_{of}_p95_ms"] = (
                float(one) for one in np.percentile(ms, [50, 95])
            )
        figures[f"{what}_ratio"] = (
            figures[f"{what}_loaded_median_ms"] / figures[f"{what}_rest_median_ms"]
        )
        print(
            f"{what:9}"
            + "".join(
                f" {of}: median {figures[f'{what}_{of}_median_ms']:.0f} ms, 95th percentile"
                f" {figures[f'{what}_{of}_p95_ms']:.0f} ms;"
                for of in both
            )
            + f" {figures[f'{what}_ratio']:.2f} times"
        )
    report(figures)


def _asked(client: httpx.Client, rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each answer."""
    asks: dict[str, Ask] = {
        "overview": lambda: client.get("/environment/"),
        "station": lambda: client.get(f"/environment/stations/{STATION}"),
        "trial": lambda: _trial(client, {"station": STATION}),
        "backtest": lambda: _trial(client, {}),
    }
    waits: dict[str, list[float]] = {what: [] for what in asks}
    for _ in range(rounds):
        for what, ask in asks.items():
            begun = time.perf_counter()
            if (answer := ask()).status_code != httpx.codes.OK:
                raise SystemExit(f"{what}: {answer.status_code} {answer.text}")
            waits[what].append((time.perf_counter() - begun) * 1000)
            time.sleep(PAUSE_S)
    return waits


def _trial(client: httpx.Client, where: dict[str, str]) -> httpx.Response:
    limit = latency.limit(CODE)
    level = {"level": "alarm", "limit": limit, "for_ms": 0, "clear_limit": limit}
    draft = {"levels": [level | {"clear_for_ms": 0}], "from_ms": now_ms() - DAYS * DAY_MS, **where}
    return client.post(f"/api/v1/rules/r0-{CODE}/trial", json=draft)


@contextmanager
def _centre(folder: Path, stations: int) -> Iterator[httpx.Client]:
    """Its officer, signed in."""
    settings = Settings(
        catalogue=latency.district(folder, stations, 5 * stations),
        data_dir=folder / "data",
        broker=BrokerSettings(port=BROKER, username="centre", password=""),
    )
    _fill(settings)
    centre = multiprocessing.get_context("spawn").Process(target=_serve, args=(settings,))
    centre.start()
    with httpx.Client(base_url=f"http://127.0.0.1:{PORT}", timeout=60) as client:
        try:
            _enter(client, centre)
            yield client
        finally:
            centre.kill()
            centre.join()


def _serve(settings: Settings) -> None:
    with (
        opened(settings, {"officer": PASSWORD}) as running,
        served(running.services, "127.0.0.1", PORT),
    ):
        threading.Event().wait()


def _enter(client: httpx.Client, centre: BaseProcess) -> None:
    deadline = time.monotonic() + START_S
    while True:
        try:
            body = {"username": "officer", "password": PASSWORD}
            client.post("/api/v1/session", json=body).raise_for_status()
            return
        except httpx.TransportError as error:
            if not centre.is_alive() or time.monotonic() > deadline:
                raise SystemExit("the centre does not start") from error
            time.sleep(0.2)


def _fill(settings: Settings) -> None:
    """A course of the day with noise, and now and then more than the limit."""
    store = open_store(settings, "bench", now_ms)
    now = now_ms()
    t = np.arange(now - DAYS * DAY_MS, now - MINUTE_MS, MINUTE_MS, dtype=np.int64)
    usual, noise = latency.USUAL[CODE], np.random.default_rng(7).normal(size=len(t))
    value = usual * (1 + 0.1 * np.sin(t / DAY_MS * 2 * np.pi) + 0.02 * noise)
    store.append(1, latency.good_readings(STATION, t, {CODE: np.round(value, 4)}))
    store.close()


if __name__ == "__main__":
    main()
