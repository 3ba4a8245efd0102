"""Five honest stations beside an attack: which alerts arrive, how late, and what memory it takes.

    python -m benchmarks.attack [--seconds N] [--only ATTACK ...]

Each attack has a centre (`qingyuan serve`, a process of its own) and a mosquitto with passwords
and the product's access list, both on loopback and both started here. Honest stations take two
samples a second, send again what is not acknowledged, and each passes a limit every four seconds;
an attacker is another user of the broker or a stranger on the pages. A delay is that from the
reading that completes an alert to its message on the ``alerts`` topic.
"""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import os
import select
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.synchronize import Event
from pathlib import Path

import msgspec
import numpy as np
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from benchmarks.figures import report
from benchmarks.latency import HIGH, USUAL, district
from broker.access_list import acl
from config.catalogue import loading
from config.vocabulary import topics, wire
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock, Measured, Sample

SITE, MQTT, HTTP = "bench", 19_884, 19_885
HONEST = 5
ATTACKER = f"s{HONEST}"
SAMPLE_S, CYCLE, HIGH_SAMPLES = 0.5, 8, 2
"""Every eighth sample of a station begins to be too high, and the next one is as well."""
RESEND_S, AFTER_S, START_S = 5.0, 10.0, 60.0
MOST_BYTES = 3_000_000_000
"""An attack ends when the centre has so much memory: the machine shall bear it."""
BODY_BYTES = 3_000_000_000


def main() -> None:
    """Print one line an attack, and all figures in the last."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=int, default=30, help="of each attack")
    parser.add_argument("--only", nargs="+", choices=ATTACKS, default=list(ATTACKS))
    asked = parser.parse_args()
    figures: dict[str, float] = {}
    for name in asked.only:
        figures |= _attacked(name, asked.seconds)
    report(figures)


def _attacked(name: str, seconds: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        centre = stack.enter_context(_centre(Path(folder)))
        heard = stack.enter_context(_listening())
        stations = [stack.enter_context(_Station(number).running()) for number in range(HONEST)]
        time.sleep(2 * CYCLE * SAMPLE_S)
        context = multiprocessing.get_context("spawn")
        ready = context.Event()
        attacker = context.Process(target=_attack, args=(name, seconds, ready), daemon=True)
        attacker.start()
        ready.wait()
        begun_ms = _now_ms()
        given_up = _watched(centre, time.time() + seconds)
        attacker.terminate()
        attacker.join()
        ended_ms = _now_ms()
        time.sleep(AFTER_S)
        peak = _memory(centre, "VmHWM")
    due = {key for station in stations for key in station.due if begun_ms <= key[2] < ended_ms}
    waits = [heard[key] - key[2] for key in due if key in heard]
    return _notified(name, len(due), waits, peak, "; ended for its memory" if given_up else "")


def _attack(name: str, seconds: int, ready: Event) -> None:
    """In a process of its own, whose imports take a while."""
    ready.set()
    ATTACKS[name](time.time() + seconds)


def _notified(name: str, due: int, waits: list[float], peak: int, more: str) -> dict[str, float]:
    middle, slow, slowest = (
        (float(of) for of in np.percentile(waits, [50, 99, 100])) if waits else (float("nan"),) * 3
    )
    print(
        f"{name:14} {due} alerts due, {len(waits)} arrived; median {middle:.0f} ms,"
        f" 99th percentile {slow:.0f} ms, longest {slowest:.0f} ms;"
        f" {peak / 1e6:.0f} MB at most{more}",
        flush=True,
    )
    figures = {"arrived": len(waits) / due, "peak_mb": peak / 1e6}
    if waits:
        figures |= {"median_ms": middle, "p99_ms": slow, "longest_ms": slowest}
    return {f"{name}_{key}": value for key, value in figures.items()}


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


Key = tuple[str, str, int]
"""Station, indicator and the reading that completes the alert, ms."""


@dataclass
class _Station:
    """An honest one: what it holds is forgotten when the centre has acknowledged it."""

    number: int
    due: set[Key] = field(default_factory=set)
    boot: str = field(default_factory=lambda: uuid.uuid4().hex)
    _held: dict[int, tuple[float, Sample]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def running(self) -> Iterator[_Station]:
        """Sends from a thread of its own."""
        stop, name = threading.Event(), f"s{self.number}"
        client = _client(f"{SITE}.{name}")
        client.on_message = self._forget
        _connect(client, topics.station_topic(SITE, name, "ack"))
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
        codes, t = list(USUAL), _now_ms()
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
        """What was not sent, and again what was not acknowledged."""
        with self._lock:
            late = time.monotonic() - RESEND_S
            rows = [(seq, of) for seq, (sent, of) in self._held.items() if sent < late]
            self._held |= {seq: (time.monotonic(), sample) for seq, sample in rows}
            oldest = min(self._held)
        for seq, sample in rows:
            topic = topics.readings_topic(SITE, f"s{self.number}", self.boot, seq)
            client.publish(topic, wire.encode_live(sample, oldest=oldest, sent_ms=_now_ms()), 1)

    def _forget(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        ack = msgspec.json.decode(message.payload, type=wire.Ack)
        with self._lock:
            for first, last in ack.ranges if ack.b == self.boot else ():
                for seq in [seq for seq in self._held if first <= seq <= last]:
                    del self._held[seq]


def _client(user: str) -> Client:
    client = Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set(user, user)
    client.max_inflight_messages_set(500)
    return client


def _connect(client: Client, topic: str) -> None:
    """Connect, and hear a topic after every connect."""

    def on_connect(client: Client, *_: object) -> None:
        client.subscribe(topic, 1)

    client.on_connect = on_connect
    client.connect("127.0.0.1", MQTT)
    client.loop_start()


@contextmanager
def _listening() -> Iterator[dict[Key, float]]:
    """When each alert was heard, ms; as pages hear it."""
    heard: dict[Key, float] = {}

    def on_message(_client: Client, _data: object, message: MQTTMessage) -> None:
        notified = json.loads(message.payload)
        if notified["change"] == "fired":
            key = (notified["station"], notified["indicator"], int(notified["at_ms"]))
            heard.setdefault(key, time.time() * 1000)

    client = _client("pages")
    client.on_message = on_message
    _connect(client, topics.alerts_topic(SITE))
    try:
        yield heard
    finally:
        client.disconnect()
        client.loop_stop()


@contextmanager
def _centre(folder: Path) -> Iterator[int]:
    """Broker and centre, ready to be spoken to; the process id of the centre."""
    etc = district(folder, HONEST + 1, len(USUAL))
    _broker_files(folder, etc)
    settings = {
        "CATALOGUE": str(etc),
        "DATA_DIR": str(folder / "data"),
        "BROKER_PORT": str(MQTT),
        "BROKER_USERNAME": "centre",
        "BROKER_PASSWORD": "centre",
    }
    environment = os.environ | {f"QINGYUAN_{name}": value for name, value in settings.items()}
    serve = [sys.executable, "-m", "qingyuan", "serve", "--port", str(HTTP)]
    with (folder / "centre.log").open("wb") as log, ExitStack() as stack:
        for command in (["/usr/sbin/mosquitto", "-c", str(folder / "mosquitto.conf")], serve):
            process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
            stack.callback(process.wait)
            stack.callback(process.kill)
            _until_open(MQTT if command is not serve else HTTP, process, folder / "centre.log")
        yield process.pid


def _broker_files(folder: Path, etc: Path) -> None:
    users = ["centre", "pages", *(f"{SITE}.s{number}" for number in range(HONEST + 1))]
    passwords = folder / "passwd"
    passwords.write_text("".join(f"{user}:{user}\n" for user in users))
    subprocess.run(["/usr/bin/mosquitto_passwd", "-U", str(passwords)], check=True)
    (folder / "acl").write_text(acl(loading.load(etc)))
    (folder / "mosquitto.conf").write_text(
        f"listener {MQTT} 127.0.0.1\nallow_anonymous false\npassword_file {passwords}\n"
        f"acl_file {folder / 'acl'}\nmax_queued_messages 10000\nuser root\n"
    )


def _until_open(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_S
    while True:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(f"port {port} does not open:\n{log.read_text(errors='replace')}")
        time.sleep(0.1)


def _memory(pid: int, name: str) -> int:
    """Bytes: VmRSS now, VmHWM at most."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    raise SystemExit("the centre has ended")


def _watched(centre: int, until: float) -> bool:
    """Wait for the end of an attack; whether it had to be ended for the centre's memory."""
    while time.time() < until:
        if _memory(centre, "VmRSS") > MOST_BYTES:
            return True
        time.sleep(0.1)
    return False


def _paced(rate: float, until: float) -> Iterator[int]:
    """So many turns a second."""
    begun, turn = time.time(), 0
    while (now := time.time()) < until:
        time.sleep(max(begun + turn / rate - now, 0))
        yield turn
        turn += 1


def _speak(rate: float, message: Callable[[int], tuple[str, bytes]], until: float) -> None:
    """Publish as a station that was taken over."""
    client = _client(f"{SITE}.{ATTACKER}")
    client.connect("127.0.0.1", MQTT)
    client.loop_start()
    for turn in _paced(rate, until):
        client.publish(*message(turn), qos=1)


def _body(t: str) -> bytes:
    readings = {"w21003": Measured(0.4, Cause.NORMAL)}
    plain = wire.encode_live(Sample(1, Clock.SYNCHRONISED, readings), oldest=1, sent_ms=_now_ms())
    return plain.replace(b'"t":1,', f'"t":{t},'.encode())


def _integer(turn: int) -> tuple[str, bytes]:
    return topics.readings_topic(SITE, ATTACKER, "ab" * 16, turn + 1), _body("9" * 400)


def _boot(_turn: int) -> tuple[str, bytes]:
    return topics.readings_topic(SITE, ATTACKER, uuid.uuid4().hex, 1), _body(str(_now_ms()))


def _integers(rate: float, until: float) -> None:
    _speak(rate, _integer, until)


def _boots(until: float) -> None:
    _speak(1400, _boot, until)


def _many(count: int, connection: Callable[[float], None], until: float) -> None:
    threads = [threading.Thread(target=connection, args=(until,)) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _sign_in(until: float) -> None:
    """Wrong passwords of people who may not exist, one after the other."""
    while time.time() < until:
        body = json.dumps({"username": uuid.uuid4().hex[:20], "password": "wrong"})
        with suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", HTTP, timeout=10)
            headers = {"Content-Type": "application/json"}
            connection.request("POST", "/api/v1/session", body, headers)
            connection.getresponse().read()
            connection.close()


def _upload(until: float) -> None:
    """A body of 3 GB, given up when it is refused, and after a second tried again."""
    head = (
        f"POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1:{HTTP}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {BODY_BYTES}\r\n\r\n"
    )
    part = b" " * (1 << 20)
    while time.time() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", HTTP), 5) as connection:
            connection.sendall(head.encode())
            left = BODY_BYTES
            while left > 0 and time.time() < until:
                left -= connection.send(part)
                if select.select([connection], [], [], 0)[0]:
                    break  # answered, or closed
        time.sleep(1)


ATTACKS: dict[str, Callable[[float], None]] = {
    "integers-1": partial(_integers, 1),
    "integers-2": partial(_integers, 2),
    "integers-2000": partial(_integers, 2000),
    "boots": _boots,
    "sign-in-20": partial(_many, 20, _sign_in),
    "sign-in-60": partial(_many, 60, _sign_in),
    "bodies": partial(_many, 6, _upload),
}
"""Each runs in a process of its own until an instant, epoch s."""


if __name__ == "__main__":
    main()
