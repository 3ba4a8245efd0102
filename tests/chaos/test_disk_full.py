"""A disk that is full for a while, under the centre or under its store's server."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.chaos.path import SOAK, Journey, StoreKind
from tests.conftest import InfluxDB, Mosquitto, VictoriaMetrics

COUNT, FULL_S = (10_000, 60.0) if SOAK else (300, 3.0)
SIZE = "64m"


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A folder with a disk of its own, of 64 MB."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a small disk needs the right to mount one")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Take all the room there is; the file that holds it."""
    hog = folder / "hog"
    with suppress(OSError), hog.open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass
    return hog


def full_for_a_while(
    disk: Path, run: Journey, then: Callable[[], None] = lambda: None
) -> threading.Thread:
    """From the first journal entry on; the run may end when it is over and ``then`` was done."""
    run.calm.clear()

    def disturb() -> None:
        while not any(file.stat().st_size for file in (run.data / "journal").glob("*")):
            if run.ended.wait(0.02):
                return
        hog = fill(disk)
        run.ended.wait(FULL_S)
        hog.unlink()
        then()
        run.calm.set()

    thread = threading.Thread(target=disturb)
    thread.start()
    return thread


def test_a_centre_whose_disk_is_full_for_a_while_loses_nothing(
    tmp_path: Path, quiet_district: Path, mosquitto: Mosquitto
) -> None:
    """Journal, DuckDB, SQLite and dead letters on it; meanwhile nothing is acknowledged."""
    base_ms = time.time_ns() // 1_000_000 - COUNT * 1000
    run = Journey(tmp_path / "run", quiet_district, mosquitto.port, base_ms, COUNT)
    with small_disk(run.data):
        disturbing = full_for_a_while(run.data, run)
        run.run()
        disturbing.join()
        run.assert_store_holds_what_was_issued()
        assert "ammonia-over-class" in {alert[1] for alert in run.outcome().alerts}


@pytest.mark.parametrize(
    ("server_of", "store"), [(VictoriaMetrics, "victoriametrics"), (InfluxDB, "influxdb")]
)
def test_a_store_s_server_whose_disk_is_full_for_a_while_gets_everything_in_the_end(
    tmp_path: Path,
    quiet_district: Path,
    mosquitto: Mosquitto,
    server_of: type[VictoriaMetrics | InfluxDB],
    store: StoreKind,
) -> None:
    """It refuses, or ends and is started again; the journal keeps what it lacks. InfluxDB 1.6
    refuses until it is started again, whatever room there is by then.
    """
    base_ms = time.time_ns() // 1_000_000 - COUNT * 1000
    with small_disk(tmp_path / "disk") as disk:
        server = server_of(disk)
        server.start()
        where = (tmp_path / "run", quiet_district, mosquitto.port)
        run = Journey(*where, base_ms, COUNT, store, server.url)
        remedy = server.kill if store == "influxdb" else lambda: None
        disturbing = full_for_a_while(disk, run, remedy)
        try:
            watching = threading.Thread(target=_kept_running, args=(server, run))
            watching.start()
            run.run()
            run.ended.set()
            watching.join()
            disturbing.join()
            run.assert_store_holds_what_was_issued(server.flush)
        finally:
            run.ended.set()
            server.kill()


def _kept_running(server: VictoriaMetrics | InfluxDB, run: Journey) -> None:
    """As systemd would."""
    while not run.ended.wait(0.5):
        if server.dead():
            server.start()
