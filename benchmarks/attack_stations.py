"""Honest stations of ``benchmarks.attack``, what is due to be told of them, and who listens."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import msgspec
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from benchmarks.latency import HIGH, USUAL
from config.vocabulary import topics, wire
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock, Measured, Sample

SITE, MQTT = "bench", 19_884
SAMPLE_S, CYCLE, HIGH_SAMPLES = 0.5, 8, 2
"""Every eighth sample of a station begins to be too high, and the next one is as well."""
RESEND_S = 5.0


def now_ms() -> int:
    """The machine's clock, by which stations measure too."""
    return time.time_ns() // 1_000_000


Key = tuple[str, str, int]
"""Station, indicator and the reading that completes the alert, ms."""


@dataclass
class Station:
    """An honest one: what it holds is forgotten when the centre has acknowledged it."""

    number: int
    due: set[Key] = field(default_factory=set)
    boot: str = field(default_factory=lambda: uuid.uuid4().hex)
    _held: dict[int, tuple[float, Sample]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def running(self) -> Iterator[Station]:
        """Sends from a thread of its own."""
        stop, name = threading.Event(), f"s{self.number}"
        client = client_of(f"{SITE}.{name}")
        client.on_message = self._forget
        connect(client, topics.station_topic(SITE, name, "ack"))
        thread = threading.Thread(target=self._run, args=(client, stop))
        thread.start()
        try:
            yield self
        finally:
            stop.set()
            thread.join()
            client.disconnect()
            client.loop_stop()

    def _run(self, client: Client, stop: threading.Event) -> None:
        turn = 0
        while not stop.wait(SAMPLE_S):
            self._sample(turn)
            turn += 1
            self._send(client)

    def _sample(self, turn: int) -> None:
        """Another indicator each time it is too high."""
        codes, t = list(USUAL), now_ms()
        phase = (turn + self.number) % CYCLE
        high = codes[(turn + self.number) // CYCLE % len(codes)] if phase < HIGH_SAMPLES else ""
        wobble = 1 + 0.004 * ((turn * 7 + self.number * 3) % 11 - 5)
        readings = {
            code: Measured(round(usual * wobble * (HIGH if code == high else 1), 4), Cause.NORMAL)
            for code, usual in USUAL.items()
        }
        if high and phase == 0:
            self.due.add((f"s{self.number}", high, t))
        with self._lock:
            self._held[turn + 1] = (0.0, Sample(t, Clock.SYNCHRONISED, readings))

    def _send(self, client: Client) -> None:
        """Messages not sent yet, and again those not acknowledged."""
        with self._lock:
            late = time.monotonic() - RESEND_S
            rows = [(seq, of) for seq, (sent, of) in self._held.items() if sent < late]
            self._held |= {seq: (time.monotonic(), sample) for seq, sample in rows}
            oldest = min(self._held)
        for seq, sample in rows:
            topic = topics.readings_topic(SITE, f"s{self.number}", self.boot, seq)
            client.publish(topic, wire.encode_live(sample, oldest=oldest, sent_ms=now_ms()), 1)

    def _forget(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        ack = msgspec.json.decode(message.payload, type=wire.Ack)
        with self._lock:
            for first, last in ack.ranges if ack.b == self.boot else ():
                for seq in [seq for seq in self._held if first <= seq <= last]:
                    del self._held[seq]


def client_of(user: str) -> Client:
    """A client of the broker, not connected yet."""
    client = Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set(user, user)
    client.max_inflight_messages_set(500)
    return client


def connect(client: Client, topic: str) -> None:
    """Connect, and hear a topic after every connect."""

    def on_connect(client: Client, *_: object) -> None:
        client.subscribe(topic, 1)

    client.on_connect = on_connect
    client.connect("127.0.0.1", MQTT)
    client.loop_start()


@contextmanager
def listening() -> Iterator[dict[Key, float]]:
    """When each alert was heard, ms; as pages hear it."""
    heard: dict[Key, float] = {}

    def on_message(_client: Client, _data: object, message: MQTTMessage) -> None:
        notified = json.loads(message.payload)
        if notified["change"] == "fired":
            key = (notified["station"], notified["indicator"], int(notified["at_ms"]))
            heard.setdefault(key, time.time() * 1000)

    client = client_of("pages")
    client.on_message = on_message
    connect(client, topics.alerts_topic(SITE))
    try:
        yield heard
    finally:
        client.disconnect()
        client.loop_stop()
