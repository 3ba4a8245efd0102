"""`qingyuan import`: old records come in once, whoever is killed on the way."""

from __future__ import annotations

import csv
import os
import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from broker.embedded import EmbeddedBroker
from config.vocabulary.errors import FaultyInput, Refused
from ingest.journal.deadletters import DeadLetters
from ingest.journal.log import Journal, JournalFull
from ingest.store.duckdb.store import DuckDBStore
from ingest.store.protocol import StoreAway, Track
from ingest.store.writer import StoreWriter
from qingyuan.commands.records import importing as importing_command
from tests.conftest import free_port

ROOT = Path(__file__).parents[2]
STATION = "tonglv-jinsha"
MAPS = ("NH4=w21003", "DO=w01009")
BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
LINES = 30_000


def written(path: Path, lines: Sequence[str]) -> Path:
    """A file of two columns."""
    path.write_text("\n".join(["time,NH4,DO", *lines]) + "\n", encoding="utf-8")
    return path


def arguments(data: Path, file: Path, *more: str) -> list[str]:
    """What a person types behind `qingyuan import`."""
    where = [str(file), "--data", str(data), "--station", STATION, "--time", "time"]
    return [*where, "--zone", "UTC", "--map", *MAPS, *more]


def imported(data: Path, file: Path, *more: str) -> int:
    """The exit status, in this process."""
    data.mkdir(exist_ok=True)
    return importing_command.run(arguments(data, file, *more))


def track(data: Path, code: str = "w21003") -> Track:
    """What is in the store, once the journal's end is."""
    store = DuckDBStore(data / "readings.duckdb")
    journal, letters = Journal(data / "journal"), DeadLetters(data / "deadletters.sqlite")
    while StoreWriter(journal, store, letters, "tongzhou").step():
        pass
    found = store.track(f"{STATION}/{code}", 0, 1 << 50)
    for part in (store, journal, letters):
        part.close()
    return found


def test_what_is_refused_stands_in_the_report_and_the_rest_in_the_store(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also what differs from readings that the store had."""
    first = written(tmp_path / "first.csv", ["2024-01-01 00:00,0.5,7"])
    assert imported(tmp_path / "data", first) == 0
    second = written(
        tmp_path / "second.csv",
        [
            "2024-01-01 00:00,0.9,7",
            "2024-01-01 00:01,0.6,much",
            "soon,1,1",
            "2024-01-01 00:02,NA,n/a",
        ],
    )
    capsys.readouterr()

    assert imported(tmp_path / "data", second, "--missing", "n/a") == 1

    said = capsys.readouterr().out
    assert "1  not a number" in said
    assert "1  conflict" in said
    assert "second.csv: 4 lines, 3 taken, 0 were there already, 1 refused; 3 refusals" in said
    with (tmp_path / "second.csv.refused.csv").open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["line", "column", "value", "reason", "remedy"]
    assert [row[:4] for row in rows[1:3]] == [
        ["3", "DO", "much", "not a number"],
        ["4", "time", "soon", "not a time"],
    ]
    assert all(row[4] for row in rows[1:])
    assert rows[3][:3] == ["2", "NH4", "0.9"]
    assert rows[3][3].startswith(
        "conflict: indicators w21003; t 2024-01-01T08:00:00+08:00; kept 0.5"
    )
    assert [*track(tmp_path / "data").value[:2], track(tmp_path / "data", "w01009").value[0]] == [
        0.5,
        0.6,
        7.0,
    ]
    assert not (tmp_path / "first.csv.refused.csv").exists()


def test_a_second_run_passes_over_what_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And tells again what is wrong with the file."""
    file = written(tmp_path / "a.csv", ["2024-01-01 00:00,0.5,7", "2024-01-01 00:01,x,7"])
    report = tmp_path / "r.csv"
    assert imported(tmp_path / "data", file, "--report", str(report)) == 1
    before = report.read_text()

    assert imported(tmp_path / "data", file, "--report", str(report)) == 1

    assert "a.csv: 2 lines, 0 taken, 2 were there already, 0 refused" in capsys.readouterr().out
    assert report.read_text() == before
    assert len(track(tmp_path / "data")) == 1


def test_a_report_opens_in_a_spreadsheet_and_starts_no_formula(tmp_path: Path) -> None:
    """What it quotes is text, and its Chinese is readable."""
    cell = '"=HYPERLINK(""http://127.0.0.1"",""氨氮"")"'
    file = written(tmp_path / "a.csv", [f"2024-01-01 00:00,{cell},7"])
    assert imported(tmp_path / "data", file) == 1
    report = (tmp_path / "a.csv.refused.csv").read_bytes()
    assert report.startswith(b"\xef\xbb\xbf")
    quoted = list(csv.reader(report.decode("utf-8-sig").splitlines()))[1][2]
    assert quoted == '\'=HYPERLINK("http://127.0.0.1","氨氮")'


def test_a_mended_file_leaves_no_report_of_its_faults(tmp_path: Path) -> None:
    """A file of somebody else's by that name stays."""
    file, report = tmp_path / "a.csv", tmp_path / "a.csv.refused.csv"
    assert imported(tmp_path / "data", written(file, ["2024-01-01 00:00,x,7"])) == 1
    assert report.exists()
    assert imported(tmp_path / "data", written(file, ["2024-01-01 00:00,1,7"])) == 0
    assert not report.exists()
    report.write_text("mine")
    assert imported(tmp_path / "data", file) == 0
    assert report.read_text() == "mine"


def test_wrong_options_are_reported_before_anything_is_taken(tmp_path: Path) -> None:
    """All of them are there, the first is in the line."""
    file = written(tmp_path / "a.csv", ["2024-01-01 00:00,0.5,7"])
    with pytest.raises(FaultyInput, match=r"(?s)wrong unit ppm .* \(and 2 more\)") as told:
        imported(tmp_path / "data", file, "T=w01001:ppm", "--zone", "Moon")
    assert len(told.value.faults) == 3
    with pytest.raises(Refused, match="--report: is the file itself"):
        imported(tmp_path / "data", file, "--report", str(file))
    with pytest.raises(Refused, match="x.csv: cannot be written .*--report"):
        bad = written(tmp_path / "b.csv", ["soon,0.5,7"])
        imported(tmp_path / "data", bad, "--report", str(tmp_path / "none" / "x.csv"))
    assert len(track(tmp_path / "data")) == 0


def test_a_full_disk_is_reported_and_the_next_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What came before it stands."""
    monkeypatch.setattr("ingest.importing.feeding.LINES", 10)
    file = written(tmp_path / "a.csv", lines(25))
    append, turns = Journal.append, iter([True, True, False])

    def full(journal: Journal, *columns: object, **options: object) -> int:
        if next(turns):
            return append(journal, *columns, **options)  # type: ignore[arg-type]
        raise JournalFull("journal: No space left on device; free space on its disk")

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "append", full)
        with pytest.raises(Refused, match="20 lines stand, then: .*free space.* goes on"):
            imported(tmp_path / "data", file)

    assert imported(tmp_path / "data", file) == 0
    assert "25 lines, 5 taken, 20 were there already, 0 refused" in capsys.readouterr().out
    assert len(track(tmp_path / "data")) == 25


def test_a_store_that_is_away_is_reported_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The journal keeps it."""
    file = written(tmp_path / "a.csv", lines(3))

    def away(*_: object) -> None:
        raise StoreAway("store http://127.0.0.1:1: does not answer; start it")

    with monkeypatch.context() as patch:
        patch.setattr(DuckDBStore, "append", away)
        assert imported(tmp_path / "data", file) == 0

    said = capsys.readouterr().out
    assert "does not answer; start it; the journal keeps all of it for the store" in said
    assert len(track(tmp_path / "data")) == 3


def lines(count: int) -> list[str]:
    """A line a minute; each value tells its place."""
    return [
        f"{BEGIN + timedelta(minutes=i):%Y-%m-%d %H:%M},{i / 1000},{i % 30}" for i in range(count)
    ]


def started(*command: str, **environment: str) -> subprocess.Popen[str]:
    """A process of ours."""
    return subprocess.Popen(
        [sys.executable, "-m", "qingyuan", *command],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def grown(data: Path, size: int, *processes: subprocess.Popen[str]) -> None:
    """Until the journal has so many bytes, or one of the processes has ended."""
    while sum(path.stat().st_size for path in data.glob("journal/*")) < size:
        for process in processes:
            try:
                process.wait(0.002)
            except subprocess.TimeoutExpired:
                continue
            return


def all_of_it_once(data: Path) -> None:
    """Both columns, as the file has them."""
    first = int(BEGIN.timestamp()) * 1000
    for code, values in (
        ("w21003", np.arange(LINES) / 1000),
        ("w01009", np.arange(LINES) % 30 * 1.0),
    ):
        found = track(data, code)
        assert found.t.tolist() == (first + 60_000 * np.arange(LINES)).tolist()
        assert np.allclose(found.value, values, rtol=0, atol=1e-12)


def test_killed_anywhere_and_run_again_each_line_is_there_once(tmp_path: Path) -> None:
    """SIGKILL at three random places, while it is looked over, taken or stored."""
    data, dice = tmp_path / "data", random.Random()
    data.mkdir()
    file = written(tmp_path / "a.csv", lines(LINES))
    whole = LINES * 2 * 39
    for size in sorted(dice.randrange(1, whole) for _ in range(3)):
        with started("import", *arguments(data, file)) as process:
            grown(data, size, process)
            process.kill()

    with started("import", *arguments(data, file)) as last:
        said, complaints = last.communicate(timeout=120)

    assert (last.returncode, complaints) == (0, "")
    assert f"a.csv: {LINES} lines" in said
    assert "0 refused" in said
    all_of_it_once(data)


@contextmanager
def running_core(data: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """A core that takes admin tasks; it is ended unless it was killed."""
    process = started(
        "core",
        "--data",
        str(data),
        QINGYUAN_BROKER_PORT=str(port),
        QINGYUAN_BROKER_USERNAME="centre",
        QINGYUAN_BROKER_PASSWORD="right",
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("core of")
        try:
            yield process
        finally:
            process.terminate()
            process.communicate(timeout=60)


def test_while_the_centre_runs_client_or_centre_may_be_killed(tmp_path: Path) -> None:
    """The next run goes on, and the centre's own store writer brings it into the store."""
    data, dice, port = tmp_path / "data", random.Random(), free_port()
    file = written(tmp_path / "a.csv", lines(LINES))
    places = sorted(dice.randrange(1, LINES * 2 * 39) for _ in range(2))
    with EmbeddedBroker(port, {"centre": "right"}):
        with running_core(data, port) as core:
            with started("import", *arguments(data, file)) as client:
                grown(data, places[0], client)
                client.kill()
            with started("import", *arguments(data, file)) as client:
                grown(data, places[1], client)
                core.kill()
                _, complaint = client.communicate(timeout=60)
            if client.returncode:
                assert client.returncode == 2
                assert "ended before the task did; start it again and repeat" in complaint
        with running_core(data, port):
            for taken in ("lines", "0 taken"):
                with started("import", *arguments(data, file)) as client:
                    said, complaint = client.communicate(timeout=120)
                assert (client.returncode, complaint) == (0, "")
                assert taken in said

    all_of_it_once(data)
