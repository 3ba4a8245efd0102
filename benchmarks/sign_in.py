"""Whether a volley of wrong passwords keeps the right person out, and what it costs.

    python -m benchmarks.sign_in [--attempts N] [--connections N] [--only VOLLEY ...]

Each volley has a demonstration of its own as a process. A stranger guesses as fast as answers
come, from a process of their own: at the password of one person from one address (``one-name``),
with a name never used twice from one address (``many-names``), or at that one person from 250
addresses in turn (``many-addresses``). Meanwhile the person signs in from yet another address
every second, a few seconds before, throughout, and after. Printed are the person's sign-ins that
came through, of all, with their median and longest time; how many of the guesses were hashed and
how many refused before that; and the most memory of the process, beside that of before.
"""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.figures import report

PORT = 18_740
PERSON, HER_ADDRESS = "daibiao", "127.0.0.2"
EVERY_S, BEFORE, AFTER = 1.0, 3, 3
"""Seconds between the person's sign-ins, and how many there are before and after the volley."""
HASHED, REFUSED, TIMEOUT_S = 401, 429, 60


@dataclass(frozen=True, slots=True)
class Volley:
    """Names and addresses are taken in turn; where there are no names each is a new one."""

    names: tuple[str, ...] = (PERSON,)
    addresses: tuple[str, ...] = ("127.0.1.1",)


VOLLEYS = {
    "one-name": Volley(),
    "many-names": Volley(names=()),
    "many-addresses": Volley(addresses=tuple(f"127.0.2.{n}" for n in range(1, 251))),
}


def main() -> None:
    """Print a line a volley, and all figures in the last."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--attempts", type=int, default=1000)
    parser.add_argument("--connections", type=int, default=20)
    parser.add_argument("--only", nargs="+", choices=VOLLEYS, default=list(VOLLEYS))
    asked = parser.parse_args()
    figures: dict[str, float] = {}
    for name in asked.only:
        with _demonstration() as (pid, password):
            found = _measured(VOLLEYS[name], asked.attempts, asked.connections, pid, password)
        print(_said(name, found), flush=True)
        figures |= {f"{name}_{key}": value for key, value in found.items()}
    report(figures)


def _measured(
    volley: Volley, attempts: int, connections: int, pid: int, password: str
) -> dict[str, float]:
    signing_in = _SigningIn(password)
    signing_in.often(BEFORE)
    Path(f"/proc/{pid}/clear_refs").write_text("5")  # the peak begins anew
    before = _memory_mb(pid, "VmRSS")
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, spawn) as elsewhere:
        fired = elsewhere.submit(fire, volley, attempts, connections)
        signing_in.while_going_on(fired)
        answers, seconds = fired.result()
    signing_in.often(AFTER)
    return {
        "signed_in": signing_in.through,
        "sign_ins": len(signing_in.waits_ms),
        "median_ms": float(np.median(signing_in.waits_ms)),
        "longest_ms": max(signing_in.waits_ms),
        "hashed": answers[HASHED],
        "refused": answers[REFUSED],
        "seconds": seconds,
        "before_mb": before,
        "peak_mb": _memory_mb(pid, "VmHWM"),
    }


def _said(name: str, found: dict[str, float]) -> str:
    return (
        f"{name:14} {found['signed_in']:.0f} of {found['sign_ins']:.0f} sign-ins came through,"
        f" median {found['median_ms']:.0f} ms, longest {found['longest_ms']:.0f} ms;"
        f" guesses: {found['hashed']:.0f} hashed, {found['refused']:.0f} refused"
        f" in {found['seconds']:.1f} s; {found['before_mb']:.0f} MB before,"
        f" {found['peak_mb']:.0f} at most"
    )


class _SigningIn:
    """The right person, who signs in again and again; each time has an answer and a wait."""

    def __init__(self, password: str) -> None:
        self._password = password
        self.waits_ms: list[float] = []
        self.through = 0

    def often(self, times: int) -> None:
        """So many times, with their pauses."""
        for _ in range(times):
            self._once()
            time.sleep(EVERY_S)

    def while_going_on(self, fired: Future[tuple[Counter[int], float]]) -> None:
        """Until the volley has been answered, and once at least."""
        self.often(1)
        while not fired.done():
            self.often(1)

    def _once(self) -> None:
        begun = time.monotonic()
        status = _asked(HER_ADDRESS, PERSON, self._password)
        self.waits_ms.append((time.monotonic() - begun) * 1000)
        self.through += status == http.client.NO_CONTENT


def fire(volley: Volley, attempts: int, connections: int) -> tuple[Counter[int], float]:
    """Every guess of a volley: how often each status was answered, and the seconds it took."""

    def guess(number: int) -> int:
        address = volley.addresses[number % len(volley.addresses)]
        name = volley.names[number % len(volley.names)] if volley.names else f"name{number}"
        return _asked(address, name, f"guess {number}")

    begun = time.monotonic()
    with ThreadPoolExecutor(connections) as pool:
        answers = Counter(pool.map(guess, range(attempts)))
    return answers, time.monotonic() - begun


def _asked(own_address: str, username: str, password: str) -> int:
    """The status that a sign-in is answered with."""
    body = json.dumps({"username": username, "password": password})
    line = http.client.HTTPConnection(
        "127.0.0.1", PORT, timeout=TIMEOUT_S, source_address=(own_address, 0)
    )
    with closing(line):
        line.request("POST", "/api/v1/session", body, {"Content-Type": "application/json"})
        return line.getresponse().status


@contextmanager
def _demonstration() -> Iterator[tuple[int, str]]:
    """Its process id, and the password of the person."""
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "log").open("w+") as log:
        command = [sys.executable, "-m", "qingyuan", "demo", "--data", folder, "--no-incident"]
        command += ["--port", str(PORT)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True) as running:
            try:
                assert running.stdout is not None
                if not running.stdout.readline():
                    raise SystemExit((Path(folder) / "log").read_text())
                passwords = json.loads((Path(folder) / "passwords.json").read_text())
                yield running.pid, passwords[PERSON]
            finally:
                running.terminate()
                running.communicate()


def _memory_mb(pid: int, name: str) -> float:
    """VmRSS now, VmHWM at most."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split(f"{name}:")[1].split()[0]) * 1024 / 1e6


if __name__ == "__main__":
    main()
