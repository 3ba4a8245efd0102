"""`serve`, `edge` and `simulate` as processes of their own over mosquitto."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from config.settings import DISTRICTS
from tests.conftest import Mosquitto, free_port
from tests.signing_in import sign_in

ROOT = Path(__file__).parents[2]
STATION = "tonglv-jinsha"


def test_a_station_is_seen_on_the_page_of_a_centre_that_runs_apart(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    """Simulator, agent and centre share nothing but sockets; each ends cleanly."""
    port, district = free_port(), _district(tmp_path)
    broker = {"QINGYUAN_BROKER_PORT": str(mosquitto.port)}
    serve = ("serve", "--data", str(tmp_path / "centre"), "--port", str(port))
    centre = broker | {"QINGYUAN_BROKER_USERNAME": "centre", "QINGYUAN_BROKER_PASSWORD": "c"}
    centre["QINGYUAN_CATALOGUE"] = district
    address = f"127.0.0.1:{mosquitto.port}"
    edge = ("edge", "--station", STATION, "--data", str(tmp_path / "edge"), "--broker", address)
    edge += ("--catalogue", district)
    with ExitStack() as stack:
        processes = [
            stack.enter_context(_started(*arguments, **environment))
            for arguments, environment in (
                (("simulate", "--catalogue", district), {}),
                (serve, centre),
                (edge, {"QINGYUAN_BROKER_PASSWORD": "s"}),
            )
        ]
        assert processes[1].stdout is not None
        page = processes[1].stdout.readline().strip()
        with httpx.Client(base_url=page) as officer:
            sign_in(officer, tmp_path / "centre", "huanbao")
            deadline = time.monotonic() + 60
            label = "—"
            while label == "—":
                assert time.monotonic() < deadline, "nothing arrives"
                threading.Event().wait(0.2)
                label = officer.get(f"/api/v1/stations/{STATION}").json()["label"]
            assert label in {"Ⅰ类", "Ⅱ类", "Ⅲ类"}
        for process in reversed(processes):
            process.send_signal(signal.SIGTERM)
            _, said = process.communicate(timeout=60)
            complaints = [line for line in said.splitlines() if " INFO " not in line]
            assert (process.returncode, complaints) == (0, [])


def _district(folder: Path) -> str:
    """The demonstration's, with instruments on ports that nobody else uses."""
    copy = shutil.copytree(DISTRICTS / "tongzhou", folder / "tongzhou")
    stations = (copy / "stations.toml").read_text(encoding="utf-8")
    for old in set(re.findall(r"port = (150\d\d)", stations)):
        stations = stations.replace(old, str(free_port()))
    (copy / "stations.toml").write_text(stations, encoding="utf-8")
    return str(copy)


@contextmanager
def _started(*arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A command of ours; whatever the test came to, it does not outlive it."""
    with subprocess.Popen(
        [sys.executable, "-m", "qingyuan", *arguments],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()
