"""A box on a pole: `qingyuan edge` as a process, with simulated instruments over TCP."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from config.settings import DISTRICTS
from config.vocabulary.indicators import INDICATORS
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock, Measured, Sample
from edge_agent.spool.spool import Spool
from tests import district
from tests.chaos.path import ROOT
from tests.conftest import free_port

SITE, STATION = "tongzhou", "tonglv-jinsha"
USERS = {"centre": "c", f"{SITE}.{STATION}": "s"}
WATER = [code for code, row in INDICATORS.items() if row.kind == "water"]
"""All that a water station may measure, each with an instrument of its own."""
TWELVE = [*WATER, "a01001"]
MEMORY_MB = 64

_RULES = """
[[rule]]
id = "never"
name = "不会发生"
kind = "threshold"
indicator = "w21003"
reason = "r"
level = [{ level = "warning", above = 9_000_000 }]
"""


def write_district(folder: Path, codes: Sequence[str] = WATER, cadence_ms: int = 1000) -> None:
    """One station in a folder of its own, every instrument on a port of its own."""
    ports = {code: free_port() for code in codes}
    district.write_district(folder, ports, cadence_ms=cadence_ms, site=SITE, station=STATION)
    (folder / "rules.toml").write_text(_RULES, encoding="utf-8")
    for name in ("units.toml", "people.toml"):
        shutil.copy(DISTRICTS / "tongzhou" / name, folder)


def sample(taken_ms: int, codes: Sequence[str] = WATER) -> Sample:
    """Values that tell the instant."""
    readings = {
        code: Measured(round(place + taken_ms // 1000 % 977 / 1000, 4), Cause.NORMAL)
        for place, code in enumerate(codes, start=1)
    }
    return Sample(taken_ms, Clock.SYNCHRONISED, readings)


@contextmanager
def simulated(folder: Path) -> Iterator[None]:
    """The instruments of a district, as a process."""
    command = [sys.executable, "-m", "tests.chaos.twelve", "simulate", "--catalogue", str(folder)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        assert b"answer on Modbus" in process.stdout.readline()
        yield
    finally:
        process.kill()
        process.communicate()


class Pole:
    """One agent. ``data`` holds its spool; two of them may run side by side."""

    def __init__(self, folder: Path, data: Path, broker_port: int) -> None:
        self.spool_path = data / "spool" / f"{STATION}.sqlite"
        self._log = data / "log"
        data.mkdir(parents=True, exist_ok=True)
        options = {
            "--station": STATION,
            "--catalogue": str(folder),
            "--data": str(data),
            "--broker": f"127.0.0.1:{broker_port}",
        }
        pairs = [part for option in options.items() for part in option]
        self._command = [sys.executable, "-m", "tests.chaos.twelve", "edge", *pairs]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env={**os.environ, "QINGYUAN_BROKER_PASSWORD": "s"},
                stdout=log,
                stderr=log,
            )

    def kill(self) -> None:
        """SIGKILL."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """As systemd would."""
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait()

    def fill(self, count: int, every_ms: int = 60_000, codes: Sequence[str] = WATER) -> None:
        """Put a backlog into its spool, the last of it a minute ago."""
        end_ms = time.time_ns() // 1_000_000 - 60_000
        spool = Spool(self.spool_path)
        for left in range(count, 0, -100):
            instants = range(end_ms - left * every_ms, end_ms, every_ms)[:100]
            spool.append(*(sample(t, codes) for t in instants))
        spool.close()

    def copy_to(self, image: Path) -> None:
        """An image of its spool as it is now, also while it runs."""
        image.parent.mkdir(parents=True, exist_ok=True)
        where = f"file:{self.spool_path}?mode=ro"
        with (
            closing(sqlite3.connect(where, uri=True)) as db,
            closing(sqlite3.connect(image)) as to,
        ):
            db.backup(to)

    def held(self) -> int:
        """Samples in its spool, looked at from beside it."""
        return self._asked("select count(*) from sample")

    def boots(self) -> int:
        """How often it was started so far that it kept a sample."""
        return self._asked("select count(*) from boot where last > 0")

    def _asked(self, query: str) -> int:
        with closing(sqlite3.connect(f"file:{self.spool_path}?mode=ro", uri=True)) as db:
            return int(db.execute(query).fetchone()[0])

    def peak_mb(self) -> float:
        """VmHWM: the most memory that it ever held."""
        assert self._process is not None
        status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii")
        [line] = [line for line in status.splitlines() if line.startswith("VmHWM:")]
        return int(line.split()[1]) / 1024
