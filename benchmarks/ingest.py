"""From MQTT to journaled, stored and evaluated, against a bare subscriber that only decodes.

    python -m benchmarks.ingest [--messages N] [--only KIND] [--memory MILLIONS]

mosquitto, a publisher and the centre share this machine, once with live samples and once with
backlog in batches; the bare subscriber hears the same messages on the same broker. Beside it: how
fast DuckDB is written against bare DuckDB, what a reading takes on disk, how long a live message
is on its way into the journal, and, where asked for, what memory many readings cost.

Publisher and broker are processes of their own, so the processor time that is printed is that of
the subscriber alone: for the centre from the first message published until all is evaluated, every
thread of this process, of which the one that waits for the end sleeps.
"""

from __future__ import annotations

import argparse
import multiprocessing
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from paho.mqtt.client import Client, MQTTMessage, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

from benchmarks import store
from benchmarks.figures import Processor, report
from config.catalogue import loading
from config.catalogue.shapes import Catalogue
from config.settings import DISTRICTS, BrokerSettings, Settings
from config.vocabulary import topics, wire
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock, Measured, Numbered, Sample
from qingyuan.assembly import RunningCentre, opened
from qingyuan.runtime.site import now_ms
from simulators import nature

PORT = 19_883
BATCH = 100
DEADLINE_S = 600.0
PACE, PACED_S = 200, 10
DISTRICT = DISTRICTS / "tongzhou"
UNSENT_MS = 9_999_999_999_999
"""In the place of the time of sending, which the publisher fills in."""
Post = tuple[str, bytes]


class Result(NamedTuple):
    """The cost of one run; ``cpu_ms`` per 1,000 readings."""

    readings: int
    seconds: float
    cpu_ms: float

    @property
    def pace(self) -> float:
        """Readings a second."""
        return self.readings / self.seconds


def main() -> None:
    """Print readings a second of both, their ratio, and as the last line all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=20_000, help="live samples")
    parser.add_argument("--only", choices=("live", "history"), help="one kind, and nothing beside")
    parser.add_argument(
        "--memory", type=int, default=0, metavar="MILLIONS", help="readings; memory alone"
    )
    wanted = parser.parse_args()
    catalogue = loading.load(DISTRICT)
    if wanted.memory:
        store.memory(catalogue, wanted.memory * 1_000_000)
        return
    figures: dict[str, float] = {}
    for kind in (wanted.only,) if wanted.only else ("live", "history"):
        figures |= _compared(catalogue, kind, wanted.messages)
    if not wanted.only:
        store.writes()
        store.disk(catalogue)
        _delays(catalogue)
    ratios = [
        f"{kind} {figures[f'{kind}_ratio']:.2f}"
        for kind in ("live", "history")
        if f"{kind}_ratio" in figures
    ]
    print("ratio", *ratios)
    report(figures)


def _compared(catalogue: Catalogue, kind: str, samples: int) -> dict[str, float]:
    """The bare subscriber and the centre with the same messages."""
    if kind == "live":
        boot, posts, each = "aa" * 16, list(_live(catalogue, samples)), 1
    else:
        boot, posts, each = "bb" * 16, list(_history(catalogue, samples * 5)), BATCH
    posts = [(topic.replace("00" * 16, boot), body) for topic, body in posts]
    readings = sum(len(p) for p in catalogue.plans.values()) // len(catalogue.plans)
    count = len(posts) * readings * each
    bare, ours = (
        Result(count, *_heard(posts, count, listening))
        for listening in (partial(_bare, kind), partial(_centre, kind))
    )
    print(f"{kind:8} {len(posts)} messages, {count} readings")
    for name, result in (("bare", bare), ("centre", ours)):
        print(
            f"         {name:6} {result.pace:12,.0f} readings/s,"
            f" {result.cpu_ms:.1f} ms of CPU per 1,000",
            flush=True,
        )
    return {
        f"{kind}_ratio": ours.pace / bare.pace,
        f"{kind}_readings_per_s": ours.pace,
        f"{kind}_cpu_ms_per_1000": ours.cpu_ms,
        f"{kind}_bare_cpu_ms_per_1000": bare.cpu_ms,
    }


def _samples(catalogue: Catalogue, count: int) -> Iterator[tuple[str, int, Sample]]:
    """Quiet readings of every station in turn, a second apart, the last of them just now."""
    stations = list(catalogue.stations.values())
    rounds = count // len(stations)
    begin = now_ms() - rounds * 1000
    for i in range(rounds):
        t = begin + i * 1000
        for place in stations:
            readings = {
                code: Measured(round(nature.value(1, place, code, t), 4), Cause.NORMAL)
                for code in catalogue.plans[place.id]
            }
            yield place.id, i + 1, Sample(t, Clock.SYNCHRONISED, readings)


def _live(catalogue: Catalogue, count: int) -> Iterator[Post]:
    for station, seq, sample in _samples(catalogue, count):
        topic = topics.readings_topic(catalogue.site.id, station, "00" * 16, seq)
        yield topic, wire.encode_live(sample, oldest=1, sent_ms=UNSENT_MS)


def _history(catalogue: Catalogue, count: int) -> Iterator[Post]:
    boot, waiting = "00" * 16, dict[str, list[Numbered]]()
    for station, seq, sample in _samples(catalogue, count):
        rows = waiting.setdefault(station, [])
        rows.append(Numbered(boot, seq, sample))
        if len(rows) == BATCH:
            topic = topics.history_topic(catalogue.site.id, station, boot, rows[0].seq, seq)
            yield topic, wire.encode_history(rows, oldest=1, sent_ms=UNSENT_MS)
            rows.clear()


def _heard(
    posts: Sequence[Post], readings: int, listening: Callable[[int], threading.Event]
) -> tuple[float, float]:
    """Seconds from the first message published to the last one dealt with, and this process's
    processor time for it, ms per 1,000 readings.
    """
    with tempfile.TemporaryDirectory() as folder, mosquitto(Path(folder)):
        done = listening(len(posts))
        publisher = multiprocessing.get_context("fork").Process(target=_publish, args=(posts,))
        begun, processor = time.monotonic(), Processor()
        publisher.start()
        if not done.wait(DEADLINE_S):
            raise SystemExit("the messages did not come through in ten minutes")
        seconds, cpu_ms = time.monotonic() - begun, processor.ms_per_thousand(readings)
        publisher.join()
        done.clear()
        return seconds, cpu_ms


@contextmanager
def mosquitto(folder: Path) -> Iterator[None]:
    """A broker at PORT that lets anybody in and bounds nothing."""
    settings = folder / "mosquitto.conf"
    settings.write_text(
        f"listener {PORT} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n"
        "max_inflight_messages 0\npersistence false\nuser root\n"
    )
    broker = subprocess.Popen(
        ["/usr/sbin/mosquitto", "-c", str(settings)], stderr=subprocess.DEVNULL
    )
    time.sleep(1.0)
    try:
        yield
    finally:
        broker.terminate()
        broker.wait()


def _publish(posts: Sequence[Post]) -> None:
    client = Client(CallbackAPIVersion.VERSION2)
    client.max_inflight_messages_set(500)
    client.connect("127.0.0.1", PORT)
    client.loop_start()
    unsent = str(UNSENT_MS).encode()
    handed = [
        client.publish(topic, body.replace(unsent, str(now_ms()).encode(), 1), qos=1)
        for topic, body in posts
    ]
    for message in handed:
        message.wait_for_publish()
    client.disconnect()
    client.loop_stop()


def _bare(kind: str, count: int) -> threading.Event:
    """A subscriber that decodes and nothing else."""
    done, heard = threading.Event(), 0
    decode = wire.decode_live if kind == "live" else wire.decode_history
    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTv5)

    def on_message(_client: Client, _userdata: object, message: MQTTMessage) -> None:
        nonlocal heard
        decode(bytes(message.payload))
        heard += 1
        if heard == count:
            done.set()
            client.disconnect()

    client.on_message = on_message
    client.connect("127.0.0.1", PORT)
    client.subscribe(f"{topics.ROOT}/#", qos=1)
    client.loop_start()
    return done


def _centre(kind: str, count: int) -> threading.Event:
    """The centre, until all is journaled, stored and evaluated."""
    done, expected = threading.Event(), count * (1 if kind == "live" else BATCH)

    def run() -> None:
        with tempfile.TemporaryDirectory() as folder:
            broker = BrokerSettings(port=PORT, username="centre", password="")
            settings = Settings(catalogue=DISTRICT, data_dir=Path(folder), broker=broker)
            with opened(settings) as running:
                ready.set()
                while not evaluated(running, expected):
                    time.sleep(0.02)
                done.set()

    ready = threading.Event()
    threading.Thread(target=run).start()
    ready.wait()
    return done


def evaluated(running: RunningCentre, samples: int) -> bool:
    """Whether so many samples arrived and all was stored and evaluated."""
    last, ledger = running.journal.last, running.ledger
    if running.rule_worker.n < last or running.store.position() < last:
        return False  # said first: the ledger's answer takes a while
    return sum(map(ledger.arrived, ledger.stations())) >= samples and running.journal.last == last


def _delays(catalogue: Catalogue) -> None:
    """From publishing to the fsync of the journal, at a pace that is no trouble; the publisher is
    a process of its own on the same clock and fills in ``q`` and ``t`` right before publishing.
    """
    at: dict[int, float] = {}
    with tempfile.TemporaryDirectory() as folder, mosquitto(Path(folder)):
        broker = BrokerSettings(port=PORT, username="centre", password="")
        settings = Settings(catalogue=DISTRICT, data_dir=Path(folder) / "data", broker=broker)
        centres: list[RunningCentre] = []

        def failpoint(name: str) -> None:
            if name == "journaled" and centres:
                at[centres[0].journal.last] = time.time() * 1000

        with opened(settings, failpoint=failpoint) as running:
            centres.append(running)
            publisher = multiprocessing.get_context("fork").Process(
                target=_publish_at_pace, args=(catalogue,)
            )
            publisher.start()
            publisher.join()
            due = time.monotonic() + DEADLINE_S
            while not evaluated(running, PACE * PACED_S):
                if time.monotonic() > due:
                    raise SystemExit("the messages did not come through in ten minutes")
                time.sleep(0.02)
            entries = running.journal.read(0, limit=running.journal.last)
    waits = [
        at[entry.n] - t
        for entry in entries
        for t in dict(
            zip(entry.columns.seq.tolist(), entry.columns.t.tolist(), strict=True)
        ).values()
    ]
    middle, slow, slowest = np.percentile(waits, [50, 99, 100])
    print(f"delay    {len(waits)} live messages, {PACE} a second, from publishing to journaled")
    print(
        f"         median {middle:.0f} ms, 99th percentile {slow:.0f} ms, longest {slowest:.0f} ms"
    )


def _publish_at_pace(catalogue: Catalogue) -> None:
    """One message after the other, of the stations in turn."""
    client = Client(CallbackAPIVersion.VERSION2)
    client.connect("127.0.0.1", PORT)
    client.loop_start()
    places, begun = list(catalogue.stations.values()), time.monotonic()
    handed = []
    for i in range(PACE * PACED_S):
        place = places[i % len(places)]
        readings = {
            code: Measured(round(nature.value(1, place, code, now_ms()), 4), Cause.NORMAL)
            for code in catalogue.plans[place.id]
        }
        time.sleep(max(begun + i / PACE - time.monotonic(), 0))
        topic = topics.readings_topic(catalogue.site.id, place.id, "cc" * 16, i + 1)
        sent = now_ms()
        sample = Sample(sent, Clock.SYNCHRONISED, readings)
        handed.append(
            client.publish(topic, wire.encode_live(sample, oldest=1, sent_ms=sent), qos=1)
        )
    for message in handed:
        message.wait_for_publish()
    client.disconnect()
    client.loop_stop()


if __name__ == "__main__":
    main()
