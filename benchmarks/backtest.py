"""A rule tried on a year of one reading a minute, beside ``vmalert -replay`` on the same readings.

    python -m benchmarks.backtest [--stations N] [--days N] [--cadence SECONDS] [--rounds N]
                                  [--alone]

Both must find the same alerts, or the run fails. A reading stands at every instant at which
vmalert evaluates (``--cadence`` is its group's interval as well, and nothing is missing), so that
the two mean the same: ours fires at the reading of the first firing sample, and resolves at the
one after the last.

Seconds are the median of some rounds, in each of which everybody has a turn. Before every
turn VictoriaMetrics forgets answers that it keeps; its parts are merged beforehand, as our months
are sorted. Either store is open; the time of vmalert is that of its process from start to end.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
import urllib3
from numpy.typing import NDArray

from benchmarks.figures import Processor, report
from config.catalogue import loading
from config.catalogue.shapes import Catalogue
from config.settings import DISTRICTS
from config.vocabulary.quality import Quality

try:
    from alerting.backtest.backtest import Readings, tried
    from alerting.rules import documents
    from alerting.rules.rule import Rule
    from ingest.journal.columns import Columns
    from ingest.store.duckdb.store import DuckDBStore
except ModuleNotFoundError:  # benchmarks.pairs runs this beside older commits too
    from alerting import documents
    from alerting.backtest import Readings, tried
    from alerting.rules import Rule
    from ingest.journal import Columns
    from ingest.store.duckdb import DuckDBStore

MINUTE_MS, DAY_MS = 60_000, 86_400_000
CODE = "w21003"
T0_MS = 1_735_689_600_000  # 2025-01-01 00:00 UTC
EPISODES_A_DAY = 0.12  # some forty a year at a station
SHORTEST_MIN, LONGEST_MIN = 5.0, 720.0
RULE = f"""
[[rule]]
id = "ammonia"
name = "Ammonia"
kind = "threshold"
indicator = "{CODE}"
reason = "benchmark"
[[rule.level]]
level = "warning"
above = 1.0
for = "30m"
"""
VMALERT_RULE = """
groups:
  - name: benchmark
    interval: {interval}s
    rules:
      - alert: {name}
        expr: ammonia > 1
        for: 30m
"""
PORT = 19_429
URL = f"http://127.0.0.1:{PORT}"
MOST_PENDING = 1_000_000
"""Samples that vmalert holds until they are written; with a full queue it gives up, and a hundred
million cost it seconds.
"""
MOST_POINTS = 100_000
"""Suits vmalert best, of 10,000 to half a million."""
PATIENCE_S = 600.0
SHOWN_S = 30.0
HTTP = urllib3.PoolManager(timeout=PATIENCE_S, retries=False)
Found = list[tuple[str, int, int, int]]
"""Alerts in order: station; began, fired, resolved in UTC epoch ms."""


class Turn(NamedTuple):
    """One try: seconds, processor time in ms, and the alerts."""

    seconds: float
    cpu_ms: float
    found: Found


Turns = dict[str, list[Turn]]
"""Name -> the turns of a way to find the alerts."""


@dataclass(frozen=True, slots=True)
class History:
    """The history that is tried: a catalogue, the rule, and a row of values for each station."""

    catalogue: Catalogue
    rule: Rule
    cadence_ms: int
    t: NDArray[np.int64]
    values: NDArray[np.float64]

    @property
    def end_ms(self) -> int:
        """Where the next reading would stand."""
        return int(self.t[-1]) + self.cadence_ms

    def found(self, readings: Callable[[str], Readings]) -> Found:
        """The alerts of our back-test; what still stands ends with the readings."""
        alerts = tried([self.rule], self.catalogue, readings, self.end_ms).alerts
        return sorted(
            (of.station, of.began_ms, of.fired_ms, of.resolved_ms or self.end_ms) for of in alerts
        )


def main() -> None:
    """Print the seconds of each, how many times ours vmalert takes and, as the last line, all
    figures.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stations", type=int, default=20)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--cadence", type=int, default=60, help="seconds between readings")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--alone", action="store_true", help="without vmalert")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        history = _history(folder, asked.stations, asked.days, asked.cadence * 1000)
        print(f"{history.values.size:,} readings of {asked.stations} stations, {asked.days} days")
        with ExitStack() as stack:
            store = stack.enter_context(closing(DuckDBStore(folder / "readings.duckdb")))
            _fill(store, history)
            _said("store unsorted", [_timed(lambda: _from_store(store, history))])
            _tidy(store)
            if not asked.alone:
                stack.enter_context(_serving(folder, history))
                _import(history)
            ours = _rounds(asked.rounds, store, history, None if asked.alone else folder)
    _compared(ours)
    report(_figures(ours, history.values.size))


def _compared(took: Turns) -> None:
    """Print how many times ours vmalert takes, where it had its turns."""
    seconds = {name: statistics.median(turn.seconds for turn in of) for name, of in took.items()}
    for name, with_ in (("queries", "ratio to vmalert:"), ("one query", "with one query:")):
        if other := seconds.get(f"vmalert, {name}"):
            store, memory = other / seconds["store sorted"], other / seconds["memory"]
            print(f"{with_:17} store {store:.1f} x, memory {memory:.1f} x")


def _figures(took: Turns, readings: int) -> dict[str, float]:
    """Of ours: seconds, and processor time in ms per 1,000 readings."""
    found = {}
    for name, of in (("memory", took["memory"]), ("store", took["store sorted"])):
        found[f"{name}_seconds"] = statistics.median(turn.seconds for turn in of)
        cpu_ms = statistics.median(turn.cpu_ms for turn in of)
        found[f"{name}_cpu_ms_per_1000"] = cpu_ms * 1000 / readings
    return found


def _rounds(count: int, store: DuckDBStore, history: History, folder: Path | None) -> Turns:
    """The turns of each: from memory, from the sorted store and, with a folder for its rules, of
    vmalert with queries that suit it best and with a single one. All must find the same.
    """
    names = list(history.catalogue.stations)
    columns = {f"{name}/{CODE}": row for name, row in zip(names, history.values, strict=True)}
    took: Turns = {}
    for number in range(count):
        inner = _timed(lambda: history.found(lambda name: (history.t, columns[name])))
        stored = _timed(lambda: _from_store(store, history))
        if stored.found != inner.found:
            raise SystemExit("the alerts from the store differ from those from memory")
        took.setdefault("memory", []).append(inner)
        took.setdefault("store sorted", []).append(stored)
        if folder is None:
            continue
        for what, points in ("queries", _points(history)), ("one query", len(history.t)):
            turn = _turn_of_vmalert(folder, f"round{number}_{points}", points, history)
            took.setdefault(f"vmalert, {what}", []).append(turn)
            if _of_vmalert(f"round{number}_{points}", history, len(inner.found)) != inner.found:
                raise SystemExit("the alerts differ from vmalert's")
    print(f"all found the same {len(inner.found)} alerts")
    for what, each in took.items():
        _said(what, each)
    return took


def _timed(ask: Callable[[], Found]) -> Turn:
    begun, processor = time.monotonic(), Processor()
    found = ask()
    return Turn(time.monotonic() - begun, processor.ms_per_thousand(1000), found)


def _turn_of_vmalert(folder: Path, alert: str, points: int, history: History) -> Turn:
    """Its time alone: it is a process of its own, and what it found is shown later."""
    command = _vmalert(folder, alert, points, history)
    _asked("/internal/resetRollupResultCache")
    begun = time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    return Turn(time.monotonic() - begun, 0.0, [])


def _said(what: str, turns: Sequence[Turn]) -> None:
    each = ", ".join(f"{turn.seconds:.3f}" for turn in turns)
    middle = statistics.median(turn.seconds for turn in turns)
    print(f"{what:20} {middle:8.3f} s   ({each})", flush=True)


def _history(folder: Path, stations: int, days: int, cadence_ms: int) -> History:
    """Stations like one of the demonstration district, with what they measured."""
    known = loading.load(DISTRICTS / "tongzhou")
    like = next(of for of in known.stations.values() if CODE in known.plans[of.id])
    names = [f"station-{place:03}" for place in range(stations)]
    places = {
        name: msgspec.structs.replace(like, id=name, cadence_ms=cadence_ms, river=None, order=None)
        for name in names
    }
    catalogue = Catalogue(known.site, known.rivers, places, known.instruments)
    file = folder / "rules.toml"
    file.write_text(RULE, encoding="utf-8")
    (rule,) = documents.load(file, catalogue)
    t = np.arange(T0_MS, T0_MS + days * DAY_MS, cadence_ms)
    rng = np.random.default_rng(1)
    values = np.array([_ammonia(rng, t, days) for _ in names])
    return History(catalogue, rule, cadence_ms, t, values)


def _ammonia(rng: np.random.Generator, t: NDArray[np.int64], days: int) -> NDArray[np.float64]:
    """mg/L around 0.4, with the time of day, noise, and episodes that rise to 1.1 to 3; of these
    many are too short, and noise breaks some into several.
    """
    value = 0.4 + 0.05 * np.sin(t * (2 * np.pi / DAY_MS)) + rng.normal(0, 0.03, len(t))
    for _ in range(rng.poisson(EPISODES_A_DAY * days)):
        length = MINUTE_MS * np.exp(rng.uniform(np.log(SHORTEST_MIN), np.log(LONGEST_MIN)))
        begin = rng.uniform(t[0], t[-1])
        first, last = np.searchsorted(t, (begin, begin + length))
        part = (t[first:last] - begin) / length
        value[first:last] += rng.uniform(0.7, 2.6) * np.sin(np.pi * part)
    rounded: NDArray[np.float64] = np.round(value, 3)
    return rounded


def _fill(store: DuckDBStore, history: History) -> None:
    """Day by day, in the order in which readings arrive."""
    rng = np.random.default_rng(2)
    names = tuple(f"{name}/{CODE}" for name in history.catalogue.stations)
    a_day = DAY_MS // history.cadence_ms
    for n, first in enumerate(range(0, len(history.t), a_day), start=1):
        t = np.repeat(history.t[first : first + a_day], len(names))
        store.append(
            n,
            Columns(
                names=names,
                series=np.tile(np.arange(len(names), dtype=np.uint32), len(t) // len(names)),
                t=t,
                value=history.values[:, first : first + a_day].T.ravel(),
                quality=np.full(len(t), Quality.GOOD, np.uint8),
                cause=np.zeros(len(t), np.uint8),
                received=t + rng.integers(80, 480, len(t)),
                boots=("aa" * 16,),
                boot=np.zeros(len(t), np.uint16),
                seq=np.arange(len(t)),
            ),
        )


def _tidy(store: DuckDBStore) -> None:
    begun = time.monotonic()
    store.tidy()
    print(f"tidied in {time.monotonic() - begun:.0f} s", flush=True)


def _from_store(store: DuckDBStore, history: History) -> Found:
    """The alerts by the good readings of a store."""

    def readings(name: str) -> Readings:
        return store.good(name, T0_MS, history.end_ms)

    return history.found(readings)


@contextmanager
def _serving(folder: Path, history: History) -> Iterator[None]:
    """VictoriaMetrics, which answers long queries."""
    command = [
        "victoria-metrics",
        f"-storageDataPath={folder}/vm",
        f"-httpListenAddr=127.0.0.1:{PORT}",
        "-retentionPeriod=100y",
        "-search.latencyOffset=0s",
        f"-search.maxPointsPerTimeseries={len(history.t) + 1}",
        f"-search.maxQueryDuration={PATIENCE_S:.0f}s",
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _until(lambda: _answers() or server.poll() is not None)
            if server.poll() is not None:
                raise SystemExit("victoria-metrics does not start; is it installed?")
            yield
        finally:
            server.kill()


def _answers() -> bool:
    try:
        return HTTP.request("GET", f"{URL}/health").status == 200
    except urllib3.exceptions.HTTPError:
        return False


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        if time.monotonic() > deadline:
            raise SystemExit("VictoriaMetrics does not come to it")
        time.sleep(0.2)


def _asked(path: str, **fields: str) -> bytes:
    answer = HTTP.request("GET", URL + path, fields=fields)
    if answer.status >= 300:
        raise SystemExit(f"VictoriaMetrics: {answer.data.decode()}")
    return answer.data


def _import(history: History) -> None:
    """Every reading, until all are shown and no part is left to be merged."""
    begun = time.monotonic()
    for name, values in zip(history.catalogue.stations, history.values, strict=True):
        line = {
            "metric": {"__name__": "ammonia", "station": name},
            "values": values.tolist(),
            "timestamps": history.t.tolist(),
        }
        answer = HTTP.request("POST", f"{URL}/api/v1/import", body=json.dumps(line))
        if answer.status >= 300:
            raise SystemExit(f"VictoriaMetrics: {answer.data.decode()}")

    def shown() -> bool:
        _asked("/internal/force_flush")
        span = f"{history.end_ms - T0_MS}ms"
        query = f"sum(count_over_time(ammonia[{span}]))"
        at = str(int(history.t[-1]) // 1000)
        rows = json.loads(_asked("/api/v1/query", query=query, time=at))["data"]["result"]
        return bool(rows) and int(rows[0]["value"][1]) == history.values.size

    _until(shown)
    _asked("/internal/force_merge")
    time.sleep(1.0)  # it begins in the background
    _until(lambda: b"\nvm_active_force_merges 0\n" in _asked("/metrics"))
    print(f"imported in {time.monotonic() - begun:.0f} s", flush=True)


def _points(history: History) -> int:
    """Of a query of vmalert: about as many as suit it best, so that no station is beyond the
    limit where one query ends and the next begins. There a run would begin anew.
    """
    beyond: NDArray[np.bool_] = np.any(history.values > 1.0, axis=0)
    return next(points for points in range(MOST_POINTS, 0, -1) if not beyond[points::points].any())


def _vmalert(folder: Path, name: str, points: int, history: History) -> list[str]:
    """The command."""
    rule = folder / f"{name}.yaml"
    rule.write_text(VMALERT_RULE.format(interval=history.cadence_ms // 1000, name=name))
    return [
        "vmalert",
        f"-rule={rule}",
        f"-datasource.url={URL}",
        f"-datasource.queryStep={history.cadence_ms}ms",
        f"-remoteRead.url={URL}",
        f"-remoteWrite.url={URL}",
        f"-remoteWrite.maxQueueSize={MOST_PENDING}",
        f"-replay.timeFrom={_utc(T0_MS)}",
        f"-replay.timeTo={_utc(int(history.t[-1]))}",
        f"-replay.maxDatapointsPerQuery={points}",
        "-replay.rulesDelay=0s",
        "-replay.disableProgressBar",
    ]


def _utc(at_ms: int) -> str:
    return f"{datetime.fromtimestamp(at_ms / 1000, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _of_vmalert(name: str, history: History, wanted: int) -> Found:
    """The alerts that vmalert wrote back, as soon as so many are shown; it waits no longer than
    what was written may take to be.
    """
    found: Found = []
    deadline = time.monotonic() + SHOWN_S

    def shown() -> bool:
        _asked("/internal/force_flush")
        begun = _exported(f'ALERTS_FOR_STATE{{alertname="{name}"}}', history)
        firing = _exported(f'ALERTS{{alertname="{name}",alertstate="firing"}}', history)
        found.clear()
        for station, (t, _) in firing.items():
            since, began = begun[station]
            breaks = np.flatnonzero(np.diff(t) > history.cadence_ms)
            fired = t[np.append(0, breaks + 1)]
            ended = t[np.append(breaks, -1)] + history.cadence_ms
            when = began[np.searchsorted(since, fired)].astype(np.int64) * 1000
            rows = zip(when.tolist(), fired.tolist(), ended.tolist(), strict=True)
            found.extend((station, *row) for row in rows)
        return len(found) >= wanted or time.monotonic() > deadline

    _until(shown)
    return sorted(found)


def _exported(
    series: str, history: History
) -> dict[str, tuple[NDArray[np.int64], NDArray[np.float64]]]:
    """Samples by station, in order."""
    span = {"start": str(T0_MS // 1000), "end": str(history.end_ms // 1000)}
    found = {}
    for line in _asked("/api/v1/export", **{"match[]": series}, **span).splitlines():
        row = json.loads(line)
        t, first = np.unique(np.array(row["timestamps"], np.int64), return_index=True)
        found[row["metric"]["station"]] = (t, np.array(row["values"], np.float64)[first])
    return found


if __name__ == "__main__":
    main()
