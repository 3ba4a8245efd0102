"""Five honest stations beside an attack: which alerts arrive, how late, and what memory it takes.

    python -m benchmarks.attack [--seconds N] [--busy] [--only ATTACK ...]

Each attack has a centre (`qingyuan serve`, a process of its own) and a mosquitto with passwords
and the product's access list, both on loopback and both started here. Honest stations take two
samples a second, send again what is not acknowledged, and each passes a limit every four seconds;
an attacker is another user of the broker or a stranger on the pages. A delay is that from the
reading that completes an alert to its message on the ``alerts`` topic. It is measured at rest,
beside the attack, and after it until none is longer than twice the longest at rest. With
``--busy`` two processes burn processor time all the while.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.synchronize import Event
from pathlib import Path

import numpy as np

from benchmarks.attack_methods import ATTACKS, HTTP
from benchmarks.attack_stations import (
    CYCLE,
    MQTT,
    SAMPLE_S,
    SITE,
    Key,
    Station,
    listening,
    now_ms,
)
from benchmarks.figures import report
from benchmarks.latency import USUAL, district
from broker.access_list import acl
from config.catalogue import loading

HONEST = 5
REST_S, AFTER_S, START_S = 15.0, 20.0, 60.0
STILL_DUE_S = 10.0
"""Alerts that become due so long after an attack tell whether delays are as before it."""
MOST_BYTES = 3_000_000_000
"""An attack ends when the centre has so much memory: the machine shall bear it."""
BURNING = 2


def main() -> None:
    """Print one line an attack, and all figures in the last."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=int, default=30, help="of each attack")
    parser.add_argument("--busy", action="store_true", help="beside two processes that burn")
    parser.add_argument("--only", nargs="+", choices=ATTACKS, default=list(ATTACKS))
    asked = parser.parse_args()
    figures: dict[str, float] = {}
    with _burning(BURNING if asked.busy else 0):
        for name in asked.only:
            figures |= _attacked(name, asked.seconds)
    report(figures)


@contextmanager
def _burning(count: int) -> Iterator[None]:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_burn, daemon=True) for _ in range(count)]
    for process in processes:
        process.start()
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.join()


def _burn() -> None:
    while True:
        pass


@dataclass(frozen=True)
class _Delays:
    """Of the alerts that became due in a span of time."""

    due: int
    waits: list[float]
    """Of those that arrived, ms."""

    def percentile(self, of: int) -> float:
        """Milliseconds; of none no number."""
        return float(np.percentile(self.waits, of)) if self.waits else float("nan")


def _delays(
    stations: list[Station], heard: Mapping[Key, float], begun_ms: float, ended_ms: float
) -> _Delays:
    due = [key for of in stations for key in of.due.copy() if begun_ms <= key[2] < ended_ms]
    return _Delays(len(due), [heard[key] - key[2] for key in due if key in heard])


def _recovered_s(
    stations: list[Station], heard: Mapping[Key, float], ended_ms: float, most_ms: float
) -> float:
    """Seconds after an attack until the last alert came that was later than at rest; those that
    never came count for all the time that was waited.
    """
    due = [
        key for of in stations for key in of.due.copy()
        if ended_ms <= key[2] < ended_ms + STILL_DUE_S * 1000
    ]  # fmt: skip
    never_ms = ended_ms + AFTER_S * 1000
    slow = [at for key in due if (at := heard.get(key, never_ms)) - key[2] > most_ms]
    return (max(slow, default=ended_ms) - ended_ms) / 1000


def _attacked(name: str, seconds: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        centre = stack.enter_context(_centre(Path(folder)))
        heard = stack.enter_context(listening())
        stations = [stack.enter_context(Station(number).running()) for number in range(HONEST)]
        time.sleep(2 * CYCLE * SAMPLE_S)
        rested_ms = now_ms()
        time.sleep(REST_S)
        context = multiprocessing.get_context("spawn")
        ready = context.Event()
        attacker = context.Process(target=_attack, args=(name, seconds, ready), daemon=True)
        attacker.start()
        ready.wait()
        begun_ms = now_ms()
        given_up = _watched(centre, time.time() + seconds)
        attacker.terminate()
        attacker.join()
        ended_ms = now_ms()
        time.sleep(AFTER_S)
        rest = _delays(stations, heard, rested_ms, begun_ms)
        beside = _delays(stations, heard, begun_ms, ended_ms)
        recovered_s = _recovered_s(stations, heard, ended_ms, 2 * rest.percentile(100))
        peak = _memory(centre, "VmHWM")
    print(
        f"{name:14} {beside.due} alerts due, {len(beside.waits)} arrived;"
        f" median {beside.percentile(50):.0f} ms, 99th percentile {beside.percentile(99):.0f} ms"
        f" (at rest {rest.percentile(99):.0f}), longest {beside.percentile(100):.0f} ms;"
        f" as at rest after {recovered_s:.1f} s; {peak / 1e6:.0f} MB at most"
        f"{'; ended for its memory' if given_up else ''}",
        flush=True,
    )
    figures = {
        "arrived": len(beside.waits) / beside.due if beside.due else float("nan"),
        "median_ms": beside.percentile(50),
        "p99_ms": beside.percentile(99),
        "longest_ms": beside.percentile(100),
        "rest_p99_ms": rest.percentile(99),
        "recovered_s": recovered_s,
        "peak_mb": peak / 1e6,
    }
    return {f"{name}_{key}": value for key, value in figures.items() if not math.isnan(value)}


def _attack(name: str, seconds: int, ready: Event) -> None:
    """In a process of its own, whose imports take a while."""
    ready.set()
    ATTACKS[name](time.time() + seconds)


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


if __name__ == "__main__":
    main()
