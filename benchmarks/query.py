"""The queries of pages, on DuckDB, VictoriaMetrics and InfluxDB side by side in one run.

    python -m benchmarks.query [--cadence MINUTES]

Each store gets the same readings: fifty stations for a year, one of them every minute, and ten
thousand series with one reading each. Figures are milliseconds, the median of several askings.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
import urllib3

from config.settings import Settings
from config.vocabulary.time import DAY_MS, MINUTE_MS
from ingest.journal.columns import Columns
from ingest.store.opening import open_store
from ingest.store.protocol import Store

YEAR_MS = 365 * 86400000
END_MS = 1_793_491_200_000  # 2026-11-01 in UTC
BEGIN_MS = END_MS - YEAR_MS
STATIONS, SERIES = 50, 10_000
ASKINGS = 5
BATCH = 200_000
DEADLINE_S = 120.0
VM_PORT, INFLUX_PORT, INFLUX_RPC_PORT = 19_428, 19_086, 19_088


def main() -> None:
    """Print a table, and how many times DuckDB's time each server takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cadence", type=int, default=10, help="minutes between readings")
    cadence_ms = parser.parse_args().cadence * MINUTE_MS
    took: dict[str, dict[str, float]] = {}
    for name, opening in (
        ("duckdb", _duckdb),
        ("victoriametrics", _victoria_metrics),
        ("influxdb", _influxdb),
    ):
        with tempfile.TemporaryDirectory() as folder, opening(Path(folder)) as store:
            begun = time.monotonic()
            readings = _fill(store, cadence_ms)
            print(
                f"{name}: {readings} readings kept in {time.monotonic() - begun:.0f} s", flush=True
            )
            _shown(store)
            took[name] = {what: _median_ms(ask) for what, ask in _questions(store).items()}
    print(f"{'ms':24}" + "".join(f"{name:>17}" for name in took))
    for what in took["duckdb"]:
        print(f"{what:24}" + "".join(f"{row[what]:17.1f}" for row in took.values()))
    for name in ("victoriametrics", "influxdb"):
        ratios = [f"{row / took['duckdb'][what]:.1f}" for what, row in took[name].items()]
        print(f"ratio {name} {' '.join(ratios)}")


def _questions(store: Store) -> dict[str, Callable[[], object]]:
    days = [f"s{place}/w21003" for place in range(STATIONS)]
    return {
        "latest of 10,000": store.latest,
        "a day raw": lambda: store.track("s0/w21003", END_MS - DAY_MS, END_MS),
        "a year in 2,000 points": lambda: store.drawing("s0/w21003", BEGIN_MS, END_MS, 2000),
        "daily means of 50, a year": lambda: store.means(days, BEGIN_MS, END_MS, 24),
    }


def _median_ms(ask: Callable[[], object]) -> float:
    found = []
    for _ in range(ASKINGS):
        begun = time.perf_counter()
        ask()
        found.append((time.perf_counter() - begun) * 1000)
    return statistics.median(found)


def _fill(store: Store, cadence_ms: int) -> int:
    """As the store writer does it; the number of readings."""
    readings = 0
    for n, columns in enumerate(_batches(cadence_ms), start=1):
        store.append(n, columns)
        readings += len(columns)
    store.tidy()
    return readings


def _batches(cadence_ms: int) -> Iterator[Columns]:
    rng = np.random.default_rng(1)
    names = tuple(f"s{place}/w21003" for place in range(STATIONS))
    dense = np.arange(BEGIN_MS, END_MS, MINUTE_MS)
    others = np.arange(BEGIN_MS, END_MS, cadence_ms)
    series = np.concatenate([np.zeros(len(dense)), np.repeat(np.arange(1, STATIONS), len(others))])
    t = np.concatenate([dense, *[others] * (STATIONS - 1)])
    order = np.argsort(t, kind="stable")
    for part in np.array_split(order, max(len(order) // BATCH, 1)):
        yield _columns(names, series[part].astype(np.uint32), t[part], rng)
    many = tuple(f"m{place}/w21003" for place in range(SERIES - STATIONS))
    yield _columns(
        many, np.arange(len(many), dtype=np.uint32), np.full(len(many), END_MS - 1), rng
    )


def _columns(
    names: tuple[str, ...], series: np.ndarray, t: np.ndarray, rng: np.random.Generator
) -> Columns:
    rows = len(t)
    return Columns(
        names=names,
        series=series,
        t=t,
        value=np.round(0.5 + 0.2 * np.sin(t / DAY_MS) + rng.normal(0, 0.02, rows), 3),
        quality=np.ones(rows, np.uint8),
        cause=np.zeros(rows, np.uint8),
        received=t + rng.integers(200, 900, rows),
        boots=("0" * 32,),
        boot=np.zeros(rows, np.uint16),
        seq=np.arange(rows),
    )


def _shown(store: Store) -> None:
    """Wait until a server shows everything that it took."""
    deadline = time.monotonic() + DEADLINE_S
    while len(store.latest()) < SERIES:
        if time.monotonic() > deadline:
            raise SystemExit("the store does not show what it took")
        time.sleep(1.0)


@contextmanager
def _opened(folder: Path, store: str, url: str) -> Iterator[Store]:
    settings = Settings(data_dir=folder, store=store, store_url=url)
    opened = open_store(settings, "bench", lambda: END_MS)
    try:
        yield opened
    finally:
        opened.close()


@contextmanager
def _duckdb(folder: Path) -> Iterator[Store]:
    with _opened(folder, "duckdb", "") as store:
        yield store


@contextmanager
def _victoria_metrics(folder: Path) -> Iterator[Store]:
    url = f"http://127.0.0.1:{VM_PORT}"
    command = [
        "victoria-metrics",
        f"-storageDataPath={folder}/vm",
        f"-httpListenAddr=127.0.0.1:{VM_PORT}",
        "-retentionPeriod=100y",
        "-search.latencyOffset=0s",
        "-dedup.minScrapeInterval=1ms",
    ]
    with _serving(command, f"{url}/health"), _opened(folder, "victoriametrics", url) as store:
        yield store


@contextmanager
def _influxdb(folder: Path) -> Iterator[Store]:
    url = f"http://127.0.0.1:{INFLUX_PORT}"
    settings = folder / "influxdb.conf"
    settings.write_text(
        f'reporting-disabled = true\nbind-address = "127.0.0.1:{INFLUX_RPC_PORT}"\n'
        f'[meta]\ndir = "{folder}/meta"\n[data]\ndir = "{folder}/data"\nwal-dir = "{folder}/wal"\n'
        f'[http]\nbind-address = "127.0.0.1:{INFLUX_PORT}"\nlog-enabled = false\n'
        "[monitor]\nstore-enabled = false\n"
    )
    command = ["influxd", "-config", str(settings)]
    with _serving(command, f"{url}/ping"), _opened(folder, "influxdb", url) as store:
        yield store


@contextmanager
def _serving(command: list[str], url: str) -> Iterator[None]:
    http = urllib3.PoolManager(retries=False)
    with ExitStack() as stack:
        server = stack.enter_context(
            subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        )
        stack.callback(server.kill)
        deadline = time.monotonic() + DEADLINE_S
        while True:
            try:
                if http.request("GET", url).status < 300:
                    break
            except urllib3.exceptions.HTTPError:
                if time.monotonic() > deadline:
                    raise
            time.sleep(0.1)
        yield


if __name__ == "__main__":
    main()
