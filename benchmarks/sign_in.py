"""Whether a volley of wrong passwords keeps the right person out, and what it costs.

    python -m benchmarks.sign_in [--attempts N] [--connections N] [--only VOLLEY ...]

Each volley has a demonstration of its own as a process. A stranger guesses as fast as answers
come, from a process of their own: at the password of one person from one address (``one-name``),
with a name never used twice from one address (``many-names``), or at that one person from 250
addresses in turn (``many-addresses``). Meanwhile the person signs in from yet another address
every second, a few seconds before, throughout, and after, both in a new browser and in one in
which she has signed in before. Printed are her sign-ins that came through, of all, with their
median and longest time; how many of the guesses were hashed and how many refused before that; and
the most memory of the process, beside that of before.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import json
import multiprocessing
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

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
    people = {"new": _Person(password, known=False), "known": _Person(password, known=True)}
    _often(people.values(), lambda turn: turn == BEFORE)
    Path(f"/proc/{pid}/clear_refs").write_text("5")  # the peak begins anew
    before = _memory_mb(pid, "VmRSS")
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, spawn) as elsewhere:
        fired = elsewhere.submit(fire, volley, attempts, connections)
        _often(people.values(), lambda _: fired.done())
        answers, seconds = fired.result()
    _often(people.values(), lambda turn: turn == AFTER)
    figures: dict[str, float] = {
        "hashed": answers[HASHED],
        "refused": answers[REFUSED],
        "seconds": seconds,
        "before_mb": before,
        "peak_mb": _memory_mb(pid, "VmHWM"),
    }
    for name, person in people.items():
        figures |= {
            f"{name}_in": person.through,
            f"{name}_of": len(person.waits_ms),
            f"{name}_median_ms": float(np.median(person.waits_ms)),
            f"{name}_longest_ms": max(person.waits_ms),
        }
    return figures


def _said(name: str, found: Mapping[str, float]) -> str:
    people = "; ".join(
        f"{kind} browser: {found[f'{kind}_in']:.0f} of {found[f'{kind}_of']:.0f} sign-ins, median"
        f" {found[f'{kind}_median_ms']:.0f} ms, longest {found[f'{kind}_longest_ms']:.0f} ms"
        for kind in ("new", "known")
    )
    return (
        f"{name:14} {people}; guesses: {found['hashed']:.0f} hashed, {found['refused']:.0f}"
        f" refused in {found['seconds']:.1f} s; {found['before_mb']:.0f} MB before,"
        f" {found['peak_mb']:.0f} at most"
    )


class _Person:
    """The right person, who signs in again and again on the page, in a browser that keeps the mark
    of her first time or in a new one each time.
    """

    def __init__(self, password: str, *, known: bool) -> None:
        self._form = urlencode({"username": PERSON, "password": password})
        self._known, self._mark = known, ""
        self.waits_ms: list[float] = []
        self.through = 0

    def sign_in(self) -> None:
        """Once."""
        begun = time.monotonic()
        kind = "application/x-www-form-urlencoded"
        answer = _asked(HER_ADDRESS, "/sign-in", self._form, kind, self._mark)
        self.waits_ms.append((time.monotonic() - begun) * 1000)
        self.through += answer.status == http.client.SEE_OTHER
        cookies = SimpleCookie("; ".join(answer.headers.get_all("set-cookie", [])))
        marks = [f"{name}={of.value}" for name, of in cookies.items() if "session_" in name]
        if self._known and marks:
            self._mark = marks[0]


def _often(people: Iterable[_Person], enough: Callable[[int], bool]) -> None:
    """Each of them every second, until it was enough."""
    for turn in itertools.count(1):
        for person in people:
            person.sign_in()
        time.sleep(EVERY_S)
        if enough(turn):
            return


def fire(volley: Volley, attempts: int, connections: int) -> tuple[Counter[int], float]:
    """Every guess of a volley: how often each status was answered, and the seconds it took."""

    def guess(number: int) -> int:
        address = volley.addresses[number % len(volley.addresses)]
        name = volley.names[number % len(volley.names)] if volley.names else f"name{number}"
        body = json.dumps({"username": name, "password": f"guess {number}"})
        return _asked(address, "/api/v1/session", body, "application/json").status

    begun = time.monotonic()
    with ThreadPoolExecutor(connections) as pool:
        answers = Counter(pool.map(guess, range(attempts)))
    return answers, time.monotonic() - begun


def _asked(
    own_address: str, path: str, body: str, kind: str, cookie: str = ""
) -> http.client.HTTPResponse:
    """The answer to a POST."""
    line = http.client.HTTPConnection(
        "127.0.0.1", PORT, timeout=TIMEOUT_S, source_address=(own_address, 0)
    )
    with closing(line):
        line.request("POST", path, body, {"Content-Type": kind, "Cookie": cookie})
        answer = line.getresponse()
        answer.read()
        return answer


@contextmanager
def _demonstration() -> Iterator[tuple[int, str]]:
    """Its process id, and the password of the person, which it prints at its start."""
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "log").open("w") as log:
        command = [sys.executable, "-m", "qingyuan", "demo", "--data", folder, "--no-incident"]
        command += ["--port", str(PORT)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True) as running:
            try:
                assert running.stdout is not None
                for line in running.stdout:
                    if PERSON in line:
                        yield running.pid, line.split()[2]
                        break
                else:
                    raise SystemExit((Path(folder) / "log").read_text())
            finally:
                running.terminate()
                running.communicate()


def _memory_mb(pid: int, name: str) -> float:
    """VmRSS now, VmHWM at most."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split(f"{name}:")[1].split()[0]) * 1024 / 1e6


if __name__ == "__main__":
    main()
