"""From publishing a reading to the message handed to a channel, at 10,000 readings a second and
1,000 rules, beside vmalert on the same readings at an interval of a second.

    python -m benchmarks.latency [--seconds N] [--stations N] [--hertz N] [--rules N]
                                 [--days N] [--only centre]

A publisher in a process of its own stamps each sample right before it sends it. Now and then an
indicator of a station passes its limit; the rule fires at once. Ours: mosquitto, centre with
journal, quality checks, rules, state database and a file as the channel; the time is that at which
the channel had the message. vmalert: the same readings are pushed into VictoriaMetrics by HTTP,
at the same pace; the time is that at which a listener in place of Alertmanager had the alert. Both
run on this machine, one after the other. The centre's processor time is that of every thread of
this process, from the first message to the last alert; publisher and broker are other processes.

``--days`` has that much history of every series in the store before: a reading a minute, and the
last three hours as often as stations sample. With it the delays of the first and the last fifth of
the alerts are printed beside each other, and the memory of this process at both ends.

An event is told five seconds after its first alert, so that what fires together is told together,
as Alertmanager groups behind vmalert: neither is waited for here.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import numpy as np
import sqlalchemy as sa
import urllib3
from numpy.typing import NDArray
from paho.mqtt.client import Client, MQTTMessageInfo
from paho.mqtt.enums import CallbackAPIVersion

from alerting import tables
from alerting.events import event as alert_event
from benchmarks.figures import Processor, report
from benchmarks.ingest import DEADLINE_S, PORT, evaluated, mosquitto
from config.settings import BrokerSettings, Settings
from config.vocabulary import topics, wire
from config.vocabulary.quality import Cause, Quality
from config.vocabulary.reading import Clock, Measured, Sample
from config.vocabulary.time import DAY_MS, HOUR_MS, MINUTE_MS
from ingest.journal.columns import Columns
from ingest.store.opening import open_store
from qingyuan.assembly import opened
from qingyuan.demo.report import waiting
from qingyuan.runtime.site import now_ms

USUAL = {
    "w01001": 7.4, "w01003": 12.0, "w01009": 7.0, "w01010": 18.0, "w01014": 420.0,
    "w01019": 3.0, "w21001": 0.9, "w21003": 0.4, "w21011": 0.08, "w01018": 11.0,
}  # fmt: skip
"""An indicator with its usual value; ten a station."""
HIGH = 1.3
"""An event is so many times the usual value, and a limit lies half-way: far from what the quality
checks doubt, near enough to be told.
"""
WARM_S = 20
"""Before the first event; a centre that has just begun looks its past up."""
NEAR_MS, MEASURED_S = 3 * HOUR_MS, 10.0
"""History that is as close as the load's, and how often memory is looked at."""
VM, ALERT, HOOK = 19_528, 19_529, 19_530


class Load(NamedTuple):
    """``hertz`` samples a second of each station."""

    stations: int
    rules: int
    seconds: int
    hertz: int

    @property
    def readings_a_second(self) -> int:
        """Of all stations."""
        return self.stations * len(USUAL) * self.hertz


class Event(NamedTuple):
    """An indicator passes its limit."""

    tick: int
    station: int
    code: str


def main() -> None:
    """Print median, 99th percentile and longest of both, and the ratio of the 99th."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--stations", type=int, default=200)
    parser.add_argument("--hertz", type=int, default=5, help="samples a second of a station")
    parser.add_argument("--rules", type=int, default=1000)
    parser.add_argument("--days", type=int, default=0, help="of history")
    parser.add_argument("--only", choices=("centre",), help="without vmalert")
    asked = parser.parse_args()
    load = Load(asked.stations, asked.rules, asked.seconds, asked.hertz)
    events = _events(load)
    print(
        f"{load.stations} stations, {load.readings_a_second:,} readings a second,"
        f" {load.rules:,} rules, {len(events)} events in {load.seconds} s"
    )
    waits, cpu_ms, megabytes = _centre(load, events, asked.days)
    figures = _figures("centre", waits) | {"centre_cpu_ms_per_1000": cpu_ms}
    print(f"         {cpu_ms:.1f} ms of CPU per 1,000 readings")
    if asked.days:
        fifth = len(waits) // 5
        figures |= _figures("first", waits[:fifth]) | _figures("last", waits[-fifth:])
        first_mb, last_mb = megabytes[len(megabytes) // 5], megabytes[-1]
        print(f"memory   {first_mb:.0f} MB after a fifth of the time, {last_mb:.0f} MB at the end")
        figures |= {"first_mb": first_mb, "last_mb": last_mb}
    if not asked.only:
        vmalert = _vmalert(load, events)
        figures |= _figures("vmalert", vmalert)
        ratio = figures["vmalert_p99_ms"] / figures["centre_p99_ms"]
        print(f"ratio of the 99th percentile: vmalert takes {ratio:.1f} times as long")
    report(figures)


def _figures(name: str, waits: list[float]) -> dict[str, float]:
    """Of waits in ms, which are printed too."""
    middle, slow, slowest = (float(of) for of in np.percentile(waits, [50, 99, 100]))
    print(
        f"{name:8} {len(waits)} messages: median {middle:.0f} ms, 99th percentile {slow:.0f} ms,"
        f" longest {slowest:.0f} ms",
        flush=True,
    )
    return {f"{name}_median_ms": middle, f"{name}_p99_ms": slow, f"{name}_longest_ms": slowest}


def _events(load: Load) -> list[Event]:
    """One at each tick, each of a rule of its own, so that none is a part of another; the series
    stays high for the rest.
    """
    count, areas, codes = (load.seconds - WARM_S - 2) * load.hertz, _areas(load), list(USUAL)
    if count > areas * len(codes):
        raise SystemExit(f"{count} events want as many rules: more --rules or fewer --seconds")
    chosen = np.random.default_rng(7).choice(areas * len(codes), count, replace=False)
    return [
        Event(WARM_S * load.hertz + at, one // len(codes), codes[one % len(codes)])
        for at, one in enumerate(chosen.tolist())
    ]


def _areas(load: Load) -> int:
    """Each has stations in it; the first so many stations lie in one each."""
    return min(load.rules // len(USUAL), load.stations)


def _values(tick: int, station: int, high: set[tuple[int, str]]) -> dict[str, float]:
    """Of one sample; never twice the same, so that nothing is stuck."""
    wobble = 1 + 0.02 * ((tick * 7 + station * 3) % 11 - 5) / 5
    return {
        code: round(usual * wobble * (HIGH if (station, code) in high else 1.0), 4)
        for code, usual in USUAL.items()
    }


def limit(code: str) -> float:
    """Above which an indicator's rule fires at once."""
    return round(USUAL[code] * (1 + HIGH) / 2, 4)


def district(folder: Path, stations: int, rules: int, hertz: int = 5) -> Path:
    """Stations in areas, so that each rule concerns those of one area and one indicator."""
    areas = rules // len(USUAL)
    registers = "".join(
        f'[[registers]]\nindicator = "{code}"\naddress = {2 * at}\ntype = "float32"\n'
        for at, code in enumerate(USUAL)
    )
    every = "".join(
        f'[[river]]\nid = "r{at}"\nname = "r"\nline = [[121.0, 32.0], [121.1, 32.0]]\n'
        f'[[station]]\nid = "s{at}"\nname = "s{at}"\nkind = "water"\narea = "a{at % areas}"\n'
        f'river = "r{at}"\norder = 1\ntarget = "III"\nposition = [121.0, 32.0]\n'
        f"cadence_ms = {1000 // hertz}\ninstruments = "
        f'[{{ instrument = "all", host = "localhost", port = {at + 1}, unit = 1 }}]\n'
        for at in range(stations)
    )
    rows = "".join(
        f'[[rule]]\nid = "r{area}-{code}"\nname = "r"\nkind = "threshold"\nindicator = "{code}"\n'
        f'stations = {{ area = "a{area}" }}\nreason = "r"\n'
        f'[[rule.level]]\nlevel = "alarm"\nabove = {limit(code)}\n'
        for area in range(areas)
        for code in USUAL
    )
    district = folder / "district"
    files = {
        "stations.toml": f'[site]\nid = "bench"\nname = "bench"\n{every}',
        "rules.toml": rows,
        "people.toml": '[[person]]\nusername = "officer"\nname = "a"\nroles = ["officer"]\n',
        "instruments/all.toml": 'id = "all"\nmake = "m"\nmodel = "m"\nfunction = "holding"\n'
        f'first_address = 0\nword_order = "ABCD"\n{registers}',
    }
    (district / "instruments").mkdir(parents=True)
    for name, text in files.items():
        (district / name).write_text(text, encoding="utf-8")
    return district


def _centre(load: Load, events: list[Event], days: int) -> tuple[list[float], float, list[float]]:
    """Milliseconds from each event's reading to its message, in the order of events, and of
    processor time per 1,000 readings; megabytes of this process, now and then.
    """
    samples, megabytes = load.stations * load.seconds * load.hertz, list[float]()
    alert_event.SETTLE_MS = 0
    with tempfile.TemporaryDirectory() as name, mosquitto(Path(name)):
        folder = Path(name)
        settings = Settings(
            catalogue=district(folder, load.stations, load.rules, load.hertz),
            data_dir=folder / "data",
            broker=BrokerSettings(port=PORT, username="centre", password=""),
        )
        if days:
            _fill(settings, load, days)
        with opened(settings, {"officer": "x"}) as running:
            publisher = multiprocessing.get_context("fork").Process(
                target=publish, args=(load, events)
            )
            processor = Processor()
            publisher.start()
            while publisher.is_alive():
                publisher.join(MEASURED_S)
                megabytes.append(_megabytes())
            deadline = time.monotonic() + DEADLINE_S
            while not evaluated(running, samples) or waiting(running):
                if time.monotonic() > deadline:
                    raise SystemExit("the messages did not come through in ten minutes")
                time.sleep(0.1)
            cpu_ms = processor.ms_per_thousand(samples * len(USUAL))
            entry, alert, settled = tables.OUTBOX.c, tables.ALERT.c, tables.DELIVERY.c.settled_ms
            both = (
                sa.join(tables.OUTBOX, tables.TELLING, entry.key == tables.TELLING.c.entry)
                .join(tables.DELIVERY, tables.DELIVERY.c.message_id == tables.TELLING.c.message_id)
                .join(tables.ALERT, alert.id == entry.event_id)
            )
            query = (
                sa.select(settled - alert.fired_ms)
                .select_from(both)
                .where(entry.kind == "begun", tables.TELLING.c.reader == "officer")
                .order_by(alert.fired_ms)
            )
            with running.repository.database.read() as connection:
                waits = [float(row) for row in connection.execute(query).scalars()]
    if len(waits) != len(events):
        raise SystemExit(f"{len(events)} events, and {len(waits)} messages")
    return waits, cpu_ms, megabytes


def _fill(settings: Settings, load: Load, days: int) -> None:
    """History behind which the load goes on: quality control has its windows full."""
    store, now = open_store(settings, "bench", now_ms), now_ms()
    near = now - NEAR_MS
    t = np.concatenate(
        [
            np.arange(now - days * DAY_MS, near, MINUTE_MS, dtype=np.int64),
            np.arange(near, now, 1000 // load.hertz, dtype=np.int64),
        ]
    )
    wobble = 1 + 0.004 * (np.arange(len(t)) * 7 % 11 - 5)
    values = {code: np.round(usual * wobble, 4) for code, usual in USUAL.items()}
    for station in range(load.stations):
        store.put(good_readings(f"s{station}", t, values))
    store.tidy()
    store.close()


def good_readings(
    station: str, t: NDArray[np.int64], values: Mapping[str, NDArray[np.float64]]
) -> Columns:
    """Of each indicator one at each instant."""
    count, rows = len(values), len(t)
    return Columns(
        names=tuple(f"{station}/{code}" for code in values),
        series=np.repeat(np.arange(count, dtype=np.uint32), rows),
        t=np.tile(t, count),
        value=np.concatenate(list(values.values())),
        quality=np.full(count * rows, Quality.GOOD, np.uint8),
        cause=np.full(count * rows, Cause.NORMAL, np.uint8),
        received=np.tile(t, count),
        boots=("aa" * 16,),
        boot=np.zeros(count * rows, np.uint16),
        seq=np.tile(np.arange(1, rows + 1, dtype=np.int64), count),
    )


def _megabytes() -> float:
    """Resident, of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def publish(load: Load, events: list[Event]) -> None:
    """Stations in turn, each as often as it samples; until the broker has confirmed all."""
    stations, seconds, hertz = load.stations, load.seconds, load.hertz
    client = Client(CallbackAPIVersion.VERSION2)
    client.max_inflight_messages_set(2000)
    client.connect("127.0.0.1", PORT)
    client.loop_start()
    high: set[tuple[int, str]] = set()
    handed: list[MQTTMessageInfo] = []
    begun = time.monotonic()
    for tick in range(seconds * hertz):
        high |= {(event.station, event.code) for event in events if event.tick == tick}
        for station in range(stations):
            due = begun + (tick + station / stations) / hertz
            ahead = due - time.monotonic()
            if ahead > 0.002:
                time.sleep(ahead)
            values = _values(tick, station, high)
            topic = topics.readings_topic("bench", f"s{station}", "cc" * 16, tick + 1)
            sent = now_ms()
            readings = {code: Measured(value, Cause.NORMAL) for code, value in values.items()}
            sample = Sample(sent, Clock.SYNCHRONISED, readings)
            body = wire.encode_live(sample, oldest=1, sent_ms=sent)
            handed.append(client.publish(topic, body, qos=1))
    behind = time.monotonic() - begun - seconds
    if behind > 0.5:
        print(f"the publisher fell {behind:.1f} s behind")
    for message in handed:
        message.wait_for_publish(DEADLINE_S)
    client.disconnect()
    client.loop_stop()


def _vmalert(load: Load, events: list[Event]) -> list[float]:
    """Milliseconds from each event's reading to its alert at the listener."""
    at: dict[tuple[str, str], float] = {}
    with tempfile.TemporaryDirectory() as name, _listening(at), _serving(Path(name), load.rules):
        stamps: dict[tuple[str, str], int] = {}
        http = urllib3.PoolManager()
        high: set[tuple[int, str]] = set()
        areas, begun = load.rules // len(USUAL), time.monotonic()
        for tick in range(load.seconds * load.hertz):
            time.sleep(max(begun + tick / load.hertz - time.monotonic(), 0))
            fresh = {(event.station, event.code) for event in events if event.tick == tick}
            high |= fresh
            sent = now_ms()
            stamps |= {(f"s{station}", code): sent for station, code in fresh}
            lines = "\n".join(
                f"{code},station=s{station},area=a{station % areas} value={value} {sent}000000"
                for station in range(load.stations)
                for code, value in _values(tick, station, high).items()
            )
            http.request("POST", f"http://127.0.0.1:{VM}/write", body=lines)
        deadline = time.monotonic() + 30
        while len(at) < len(events) and time.monotonic() < deadline:
            time.sleep(0.1)
    if at.keys() != stamps.keys():
        raise SystemExit(f"{len(events)} events, and vmalert told of {len(at)}")
    return [at[key] - stamp for key, stamp in stamps.items()]


@contextmanager
def _listening(at: dict[tuple[str, str], float]) -> Iterator[None]:
    """In place of Alertmanager: notes when an alert comes first."""

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            came = time.time() * 1000
            body = self.rfile.read(int(self.headers["Content-Length"]))
            for row in json.loads(body):
                labels = row["labels"]
                at.setdefault((labels["station"], labels["code"]), came)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", HOOK), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def _serving(folder: Path, rules: int) -> Iterator[None]:
    """VictoriaMetrics and vmalert; every rule is evaluated each second."""
    groups = []
    for area in range(rules // len(USUAL)):
        rows = [
            {
                "alert": f"r{area}-{code}",
                "expr": f'{code}_value{{area="a{area}"}} > {limit(code)}',
                "labels": {"code": code},
            }
            for code in USUAL
        ]
        groups.append({"name": f"g{area}", "interval": "1s", "rules": rows})
    (folder / "rules.yaml").write_text(json.dumps({"groups": groups}))  # JSON is YAML
    server = [
        "victoria-metrics",
        f"-storageDataPath={folder}/vm",
        f"-httpListenAddr=127.0.0.1:{VM}",
        "-search.latencyOffset=0s",
        "-search.maxStalenessInterval=5s",
    ]
    alerts = [
        "vmalert",
        f"-rule={folder}/rules.yaml",
        f"-datasource.url=http://127.0.0.1:{VM}",
        f"-notifier.url=http://127.0.0.1:{HOOK}",
        f"-httpListenAddr=127.0.0.1:{ALERT}",
        "-evaluationInterval=1s",
    ]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(server, **quiet) as store:  # type: ignore[call-overload]
        time.sleep(2)
        with subprocess.Popen(alerts, **quiet) as alerting:  # type: ignore[call-overload]
            time.sleep(2)
            try:
                if store.poll() is not None or alerting.poll() is not None:
                    raise SystemExit("victoria-metrics or vmalert does not start")
                yield
            finally:
                alerting.kill()
                store.kill()


if __name__ == "__main__":
    main()
