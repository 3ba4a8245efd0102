"""`qingyuan edge state`: set on the box, seen by the running agent, kept through SIGKILL."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from config.catalogue import loading
from config.vocabulary.errors import FaultyInput, Refused
from config.vocabulary.health import Declared
from config.vocabulary.quality import Cause
from edge_agent import operation_state
from edge_agent.spool.body import decode
from qingyuan.commands.station import edge
from simulators.instruments import device as simulated
from tests.conftest import free_port, wait_until
from tests.district import write_district
from tests.edge_agent.conftest import modbus_server

ROOT = Path(__file__).parents[2]
Run = Callable[..., int]


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    """The folder of an agent's spool with its last report."""
    folder = tmp_path / "spool"
    folder.mkdir()
    (folder / "s.sqlite").touch()
    (folder / "s.health.json").write_text(
        '{"v":1,"t":0,"b":"","up_ms":0,"sensors":{},"devices":{"m@1":{}},"loggers":{"A1":{}}}'
    )
    return folder


@pytest.fixture
def state(tmp_path: Path, spool: Path) -> Run:
    """The command."""
    return lambda *given: edge.run(["state", *given, "--data", str(tmp_path)])


def declared(spool: Path) -> list[Declared]:
    now_ms = time.time_ns() // 1_000_000
    return operation_state.standing(operation_state.read(spool / "s.state.json"), now_ms)


def test_it_is_set_shown_and_ended(
    state: Run, spool: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who said what, of which instrument, until when."""
    assert state() == 0
    assert capsys.readouterr().out == "normal: no state is set\n"

    began_ms = time.time_ns() // 1_000_000
    assert state("power_failure", "--minutes", "90", "--instrument", "m@1", "--by", "wang") == 0
    (one,) = declared(spool)
    assert (one.state, one.instrument, one.by) == (Cause.POWER_FAILURE, "m@1", "wang")
    assert one.since_ms >= began_ms
    assert one.until_ms == one.since_ms + 90 * 60_000
    assert capsys.readouterr().out.startswith("power_failure: m@1, until ")

    assert state("calibration", "--instrument", "m@1") == 0
    assert [one.state for one in declared(spool)] == [Cause.CALIBRATION], "of one thing one state"
    assert state("maintenance", "--instrument", "A1") == 0
    assert len(declared(spool)) == 2
    assert state("normal") == 0
    assert declared(spool) == []
    assert capsys.readouterr().out.endswith("normal: no state is set\n")


def test_one_instrument_does_not_leave_what_is_said_of_all(state: Run) -> None:
    """The command says what to do instead of doing nothing."""
    state("purge")
    with pytest.raises(FaultyInput, match="all are said to be in purge; end that for all"):
        state("normal", "--instrument", "m@1")


def test_every_fault_is_named_with_its_remedy(state: Run, spool: Path) -> None:
    """All at once; nothing is set."""
    with pytest.raises(FaultyInput) as found:
        state("asleep", "--minutes", "0", "--instrument", "x")
    faults = [str(fault) for fault in found.value.faults]
    assert [fault.partition(":")[0] for fault in faults] == ["state", "--minutes", "--instrument"]
    assert "power_failure" in faults[0]
    assert faults[2].endswith("use one of all, m@1, A1")
    (spool / "s.health.json").unlink()
    with pytest.raises(FaultyInput, match="no report of the agent names any yet"):
        state("purge", "--instrument", "m@1")
    assert not (spool / "s.state.json").exists()


def test_the_station_is_named_where_there_are_several(state: Run, spool: Path) -> None:
    """And none is taken for another."""
    (spool / "t.sqlite").touch()
    with pytest.raises(FaultyInput, match="several agents share this folder; use one of s, t"):
        state("purge")
    assert state("purge", "--station", "t") == 0
    assert (declared(spool), len(operation_state.read(spool / "t.state.json"))) == ([], 1)
    with pytest.raises(FaultyInput, match="unknown 'u'"):
        state("purge", "--station", "u")
    for path in spool.glob("*.sqlite"):
        path.unlink()
    with pytest.raises(FaultyInput, match="holds no agent's spool"):
        state()


def test_a_torn_file_is_reported_and_can_be_set_again(
    state: Run, spool: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It never keeps anybody from saying what is."""
    (spool / "s.state.json").write_bytes(b'{"v":1,')
    with pytest.raises(FaultyInput, match="set the state again"):
        state()
    assert state("stopped") == 0
    assert "cannot be read" in capsys.readouterr().err
    assert [one.state for one in declared(spool)] == [Cause.STOPPED]


def test_a_disk_that_does_not_take_it_is_reported(
    state: Run, spool: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stood before still stands."""
    state("purge")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Refused, match="cannot be written .*No space left"):
        state("stopped")
    assert [one.state for one in declared(spool)] == [Cause.PURGE]


@contextmanager
def agent(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`qingyuan edge` as a process, without a centre; killed at the end."""
    command = [sys.executable, "-m", "qingyuan", "edge", "--station", "s", "--data", str(folder)]
    command += ["--catalogue", str(folder / "district"), "--broker", f"127.0.0.1:{free_port()}"]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def newest(folder: Path) -> tuple[int, Cause | None]:
    """Which start of the agent it is, and the state of its newest value."""
    path = folder / "spool" / "s.sqlite"
    if not path.exists():
        return 0, None
    query = (
        "select place, boot, seq, taken_ms, body from sample join boot using (boot)"
        " order by place desc, seq desc"
    )
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        try:
            row = db.execute(query).fetchone()
        except sqlite3.OperationalError:  # it is being made
            row = None
    return (row[0], decode(*row[1:]).readings["w01010"].cause) if row else (0, None)


def test_a_running_agent_takes_it_up_and_a_kill_does_not_end_it(tmp_path: Path) -> None:
    """Processes of their own, on real registers."""
    found = loading.load(
        write_district(tmp_path / "district", {"w01010": free_port()}, cadence_ms=100)
    )
    (placement,) = found.stations["s"].instruments
    command = [sys.executable, "-m", "qingyuan", "edge", "state", "--data", str(tmp_path)]
    with modbus_server(
        placement, [simulated(placement, found.instruments["w01010"], lambda _: 8.0)]
    ):
        with agent(tmp_path):
            wait_until(lambda: newest(tmp_path) == (1, Cause.NORMAL))
            subprocess.run([*command, "maintenance"], cwd=ROOT, check=True)
            wait_until(lambda: newest(tmp_path) == (1, Cause.MAINTENANCE))
        with agent(tmp_path):
            wait_until(lambda: newest(tmp_path) == (2, Cause.MAINTENANCE))
            subprocess.run([*command, "normal"], cwd=ROOT, check=True)
            wait_until(lambda: newest(tmp_path) == (2, Cause.NORMAL))
