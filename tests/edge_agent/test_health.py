"""What an agent says of its sensors, its instruments and itself."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from config.catalogue.shapes import Placement
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Measured
from config.vocabulary.wire import Health as Report
from edge_agent.health import MINUTE_MS, Health
from edge_agent.spool import Spool
from qingyuan import edge

PLACE = Placement("wq500", 3, "127.0.0.1", 502)
SILENT = {"w01001": Measured(None, Cause.TIMEOUT), "w01009": Measured(None, Cause.TIMEOUT)}
GOOD = {"w01001": Measured(7.2, Cause.NORMAL), "w01009": Measured(8.0, Cause.MAINTENANCE)}


class Clock:
    """Set by hand."""

    def __init__(self) -> None:
        self.ms = 1_795_492_800_000

    def __call__(self) -> int:
        return self.ms


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock()


def test_a_minute_is_counted_and_told_and_the_next_begins_anew(
    tmp_path: Path, clock: Clock
) -> None:
    """Good and failed readings of each sensor, answers of each instrument, rounds left out."""
    spool = Spool(tmp_path / "spool" / "s.sqlite")
    health = Health(spool, tmp_path / "spool" / "s.health.json", clock)
    health.polled(PLACE, GOOD, 0.2)
    health.polled(PLACE, SILENT, 1.0)
    health.left_out(2)
    health.tell()
    assert health.latest is None, "before the minute is over nothing is said"

    clock.ms += MINUTE_MS
    health.tell()

    said = health.latest
    assert said is not None
    assert (said.sensors["w01001"].good, said.sensors["w01001"].failed) == (1, 1)
    assert said.sensors["w01009"].last_good_ms is None, "in maintenance it measures nothing"
    assert said.sensors["w01001"].cause is Cause.TIMEOUT
    device = said.devices["wq500@3"]
    assert (device.answered, device.silent, device.mean_ms, said.late) == (1, 1, 600, 2)
    assert said.peak_mb >= said.rss_mb > 0

    health.polled(PLACE, GOOD, 0.1)
    clock.ms += MINUTE_MS
    health.tell()

    assert health.latest is not None
    assert (health.latest.sensors["w01001"].good, health.latest.sensors["w01001"].failed) == (1, 0)
    assert health.latest.late == 0
    spool.close()


def test_the_file_holds_the_last_report_and_the_command_says_what_to_try(
    tmp_path: Path, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    """On the box, without the centre; 1 where something is wrong, 2 before the first report."""
    spool = Spool(tmp_path / "spool" / "s.sqlite")
    file = tmp_path / "spool" / "s.health.json"
    health = Health(spool, file, clock)
    health.polled(PLACE, SILENT, 1.0)
    clock.ms += MINUTE_MS
    health.tell()
    spool.close()
    assert msgspec.json.decode(file.read_bytes(), type=Report) == health.latest

    assert edge.run(["status", "--data", str(tmp_path)]) == 1

    said = capsys.readouterr().out
    assert "wq500@3: 0 answers, 1 silent, 1000 ms" in said
    assert "! w01001: 1 without a good value; check its power, wiring and unit address" in said
    assert "! no report for three minutes" in said


def test_a_clock_that_steps_back_does_not_silence_the_reports(
    tmp_path: Path, clock: Clock
) -> None:
    """It is told at once, and then each minute of the new time."""
    spool = Spool(tmp_path / "spool" / "s.sqlite")
    health = Health(spool, tmp_path / "spool" / "s.health.json", clock)
    clock.ms -= 86_400_000

    health.tell()

    assert health.latest is not None
    assert health.latest.t == clock.ms
    spool.close()
