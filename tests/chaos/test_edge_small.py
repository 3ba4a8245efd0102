"""The agent is small: what it imports, and the memory it takes with twelve instruments."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.chaos import pole
from tests.chaos.path import DEADLINE_S, ROOT, SOAK
from tests.conftest import Mosquitto, wait_until

BACKLOG = 43_200 if SOAK else 2_000
"""At full size thirty days of a sample a minute."""
SAMPLES = 600 if SOAK else 6
"""One a second."""
HEAVY = {
    "numpy",
    "scipy",
    "duckdb",
    "sqlalchemy",
    "influxdb_client",
    "apscheduler",
    "pydantic",
    "fastapi",
    "starlette",
    "uvicorn",
    "jinja2",
    "ingest",
    "alerting",
    "api",
}


def test_the_edge_command_carries_no_heavy_luggage(tmp_path: Path) -> None:
    """In a process of its own: what stands in sys.modules when the command has run."""
    script = (
        "import json, os, signal, sys, threading; from pathlib import Path\n"
        "from qingyuan import __main__ as door\n"
        "sys.argv = ['qingyuan', 'edge', '--station', 'tonglv-jinsha', '--data', sys.argv[1],\n"
        "            '--broker', '127.0.0.1:1']\n"
        "def end():\n"
        "    while not list(Path(sys.argv[5]).glob('spool/*-wal')): pass\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "threading.Thread(target=end).start()\n"
        "status = door.main()\n"
        "print(json.dumps([status, sorted({name.split('.')[0] for name in sys.modules})]))\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    status, modules = json.loads(done.stdout)
    assert (status, HEAVY & set(modules)) == (0, set())
    assert {"edge_agent", "paho", "pymodbus"} <= set(modules)


@pytest.mark.timeout(DEADLINE_S + 60)
def test_with_twelve_instruments_and_a_full_backlog_it_stays_below_64_mb(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    """While the broker is there and nobody settles anything, which fills the window as well."""
    folder = tmp_path / "district"
    pole.write_district(folder, pole.TWELVE)
    box = pole.Pole(folder, tmp_path / "pole", mosquitto.port)
    box.fill(BACKLOG, codes=pole.TWELVE)
    with pole.simulated(folder):
        box.start()
        try:
            wait_until(lambda: box.held() >= BACKLOG + 5, seconds=60)
            early_mb = box.peak_mb()
            wait_until(lambda: box.held() >= BACKLOG + 5 + SAMPLES, seconds=60 + SAMPLES)
            late_mb = box.peak_mb()
        finally:
            box.kill()
    print(
        f"twelve instruments, {BACKLOG} samples held: VmHWM {early_mb:.1f} MB after five samples,"
        f" {late_mb:.1f} MB after {SAMPLES} s more"
    )
    assert late_mb < pole.MEMORY_MB
