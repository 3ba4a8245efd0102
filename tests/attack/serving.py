"""`qingyuan serve` as a process whose memory is measured, with honest stations at its broker."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from config.settings import DISTRICTS, BrokerSettings
from edge_agent.spool.spool import Spool
from edge_agent.uplink.session import Uplink
from tests.chaos.field import sample
from tests.conftest import Mosquitto, free_port, wait_until
from tests.signing_in import sign_in

ROOT = Path(__file__).parents[2]
HONEST = ("tonglv-jinsha", "xinjianghai-shigang", "tonglv-erjia")
SLACK_MIB = 48
"""What any work costs the process besides: arenas of threads, caches of the store."""


class Serving:
    """A centre at work and an officer who is signed in."""

    def __init__(self, process: subprocess.Popen[str], port: int, folder: Path) -> None:
        self._process, self.port = process, port
        self.log = folder.parent / "log"
        self.officer = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30)
        self.right = sign_in(self.officer, folder, "huanbao")
        self.spools: dict[str, Spool] = {}

    def polluted(self, station: str) -> None:
        """A minute of samples, the last forty seconds of them over the limit."""
        base_ms = time.time_ns() // 1_000_000 - 60_000
        for index in range(60):
            self.spools[station].append(sample(base_ms, index))

    def wait_for_alert(self, station: str) -> None:
        """Until an officer reads of it; the pages answer all the while."""

        def alerted() -> bool:
            assert self.officer.get("/healthz").status_code == 200
            answer = self.officer.get("/api/v1/alerts", params={"station": station})
            assert answer.status_code == 200
            return bool(answer.json())

        wait_until(alerted, seconds=60)

    @contextmanager
    def growing_less_than(self, mib: float) -> Iterator[None]:
        """However high the process's memory rises inside, it is no more than so much above."""
        before = self._memory_kib("VmRSS")
        Path(f"/proc/{self._process.pid}/clear_refs").write_text("5")
        yield
        grown = (self._memory_kib("VmHWM") - before) / 1024
        assert grown < mib + SLACK_MIB, f"{grown:.0f} MiB more"

    def _memory_kib(self, name: str) -> int:
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(status.split(f"{name}:")[1].split()[0])


@contextmanager
def serving(folder: Path, most_files: int | None = None) -> Iterator[Serving]:
    """Everything at work, and warm: one station has been told of. The process may open no more
    than ``most_files``.
    """
    users = {"centre": "c"} | {f"tongzhou.{name}": "s" for name in HONEST}
    broker, port = Mosquitto(folder, users), free_port()
    environment = {
        "QINGYUAN_CATALOGUE": str(DISTRICTS / "tongzhou"),
        "QINGYUAN_BROKER_PORT": str(broker.port),
        "QINGYUAN_BROKER_USERNAME": "centre",
        "QINGYUAN_BROKER_PASSWORD": "c",
    }
    data = folder / "centre"
    bounded = ["prlimit", f"--nofile={most_files}"] if most_files else []
    command = [*bounded, sys.executable, "-m", "qingyuan", "serve"]
    command += ["--data", str(data), "--port", str(port)]
    with ExitStack() as stack:
        broker.start()
        stack.callback(broker.kill)
        log = stack.enter_context((folder / "log").open("w"))
        process = stack.enter_context(
            subprocess.Popen(
                command,
                cwd=ROOT,
                env=os.environ | environment,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        )
        stack.callback(process.kill)
        assert process.stdout is not None
        assert process.stdout.readline(), (folder / "log").read_text()
        found = Serving(process, port, data)
        stack.callback(found.officer.close)
        stop = threading.Event()
        for name in HONEST:
            found.spools[name] = Spool(folder / f"{name}.sqlite")
            own = BrokerSettings(port=broker.port, username=f"tongzhou.{name}", password="s")
            uplink = Uplink(found.spools[name], own, "tongzhou", name)
            thread = threading.Thread(target=uplink.run, args=(stop,))
            thread.start()
            stack.callback(thread.join)
        stack.callback(stop.set)
        found.polluted(HONEST[0])
        found.wait_for_alert(HONEST[0])
        yield found
