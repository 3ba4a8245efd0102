"""What an agent says of its sensors, its instruments and itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import msgspec
import pytest

from config.catalogue.shapes import Instrument, Logger, Placement, Register, Station
from config.vocabulary.health import (
    ClockHealth,
    Declared,
    DeviceHealth,
    LoggerHealth,
    UplinkHealth,
)
from config.vocabulary.health import Health as Report
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock as State
from config.vocabulary.reading import Measured
from config.vocabulary.time import MINUTE_MS
from edge_agent.health import Health
from edge_agent.hj212.door import Door
from edge_agent.hj212.frames import Frames
from edge_agent.hj212.segments import Packet, instant_ms
from edge_agent.modbus.polling import Device, Line
from edge_agent.operation_state import OperationStates, write
from edge_agent.spool.spool import Spool
from qingyuan.commands.station import edge
from simulators.hj212_logger import framed
from tests.edge_agent.conftest import PATIENT_MS, SHORT_MS, be_patient, peer, reply
from tests.edge_agent.test_lines import answer, frame, pty_peer
from tests.edge_agent.test_modbus import CALM

MAKE = Instrument(
    "wq500", "Make", "Model", "holding", 0, "ABCD", [Register("w01010", 10, "uint16")]
)
PLACE = Placement("wq500", 3, "127.0.0.1", 502)
NAME = "wq500@3"
SILENT = {"w01001": Measured(None, Cause.TIMEOUT), "w01009": Measured(None, Cause.TIMEOUT)}
GOOD = {"w01001": Measured(7.2, Cause.NORMAL), "w01009": Measured(8.0, Cause.MAINTENANCE)}
LOGGER = Logger("A110000_0001", "123456", "2017", 9212, "127.0.0.1", ["w21003", "w01009"])


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


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    found = Spool(tmp_path / "spool" / "s.sqlite")
    yield found
    found.close()


def station(*placements: Placement, loggers: tuple[Logger, ...] = ()) -> Station:
    return Station(
        "s", "S", "water", (121.0, 32.0), "a", 1000, [*placements], [*loggers],
        river="r", order=1, target="III",
    )  # fmt: skip


def of(
    spool: Spool, folder: Path, clock: Clock, placement: Placement = PLACE, up: Clock | None = None
) -> Health:
    """What an agent with one instrument counts with; ``up`` is the clock that nobody sets, where
    it is another.
    """
    operation_states = OperationStates(folder / "spool" / "s.state.json")
    health = Health(
        spool, folder / "spool" / "s.health.json", clock, operation_states, up_ms=up or clock
    )
    health.fit(station(placement), ("w01001", "w01009", "w01010"), {})
    return health


def minute_report(health: Health, clock: Clock) -> Report:
    """The report of a minute."""
    clock.ms += MINUTE_MS
    health.tell()
    assert health.latest is not None
    return health.latest


def test_a_minute_is_counted_and_reported_and_the_next_begins_anew(
    tmp_path: Path, clock: Clock, spool: Spool
) -> None:
    """Good and failed readings of each sensor, answers of each instrument, rounds left out."""
    health = of(spool, tmp_path, clock)
    health.polled(NAME, GOOD, 0.2, {})
    began_ms = clock.ms
    clock.ms += 1000
    health.polled(NAME, SILENT, 1.0, {"reconnects": 1})
    health.left_out(2)
    health.tell()
    assert health.latest is None, "before the minute is over nothing is said"

    said = minute_report(health, clock)

    acid = said.sensors["w01001"]
    assert (acid.good, acid.failed, acid.late) == (1, 1, 0)
    assert (acid.last_good_ms, acid.cause) == (began_ms, Cause.TIMEOUT)
    assert (acid.last_failed_ms, acid.failure) == (began_ms + 1000, Cause.TIMEOUT)
    assert said.sensors["w01009"].last_good_ms is None, "in maintenance it measures nothing"
    device = said.devices[NAME]
    assert (device.answered, device.silent, device.reconnects, said.late) == (1, 1, 1, 2)
    assert (device.mean_ms, device.p95_ms) == (200, 200), "of what was answered"
    assert said.peak_mb >= said.rss_mb > 0

    health.polled(NAME, GOOD, 0.1, {})
    said = minute_report(health, clock)

    acid = said.sensors["w01001"]
    assert (acid.good, acid.failed, acid.cause) == (1, 0, Cause.NORMAL)
    assert (acid.last_failed_ms, acid.failure) == (began_ms + 1000, Cause.TIMEOUT)
    assert said.late == 0
    assert minute_report(health, clock).devices == {NAME: DeviceHealth()}, (
        "a slow cadence hides no device"
    )


def test_of_a_hundred_answers_ninety_five_took_no_longer_than_is_reported(
    tmp_path: Path, clock: Clock, spool: Spool
) -> None:
    """The slow ones do not hide in the mean."""
    health = of(spool, tmp_path, clock)
    for took_ms in range(200, 0, -2):
        health.polled(NAME, GOOD, took_ms / 1000, {})
    device = minute_report(health, clock).devices[NAME]
    assert (device.answered, device.mean_ms, device.p95_ms) == (100, 101, 190)


@pytest.mark.parametrize(
    ("wrong", "corrupt", "silent", "answered"),
    [
        pytest.param(lambda r: answer(r, 1)[:-1] + b"\0", 1, 0, 1, id="a wrong CRC"),
        pytest.param(lambda r: answer(r, 1)[:-2], 1, 0, 1, id="cut short"),
        pytest.param(lambda r: answer(bytes((8, r[1])), 1), 1, 0, 1, id="another unit"),
        pytest.param(lambda r: answer(r, 1, 2), 1, 0, 1, id="too many registers"),
        pytest.param(lambda _: b"", 0, 1, 1, id="silence"),
        pytest.param(lambda _: frame(3, 0x83, 2), 0, 0, 2, id="a refusal is an answer"),
    ],
)
def test_a_corrupt_answer_is_reported_from_silence(
    wrong: Callable[[bytes], bytes],
    corrupt: int,
    silent: int,
    answered: int,
    tmp_path: Path,
    clock: Clock,
    spool: Spool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On a serial line whose first answer is wrong: noise wants another remedy than a dead unit."""
    asked, real = threading.Event(), time.monotonic

    def script(request: bytes) -> Iterator[bytes]:
        first = not asked.is_set()
        asked.set()
        yield wrong(request) if first else answer(request, 215)

    # Patience is at its end as soon as something came, so that something always comes in time.
    monkeypatch.setattr(time, "monotonic", lambda: real() + PATIENT_MS / 1000 * asked.is_set())
    with pty_peer(script) as serial:
        patience_ms = SHORT_MS if silent else PATIENT_MS
        placement = Placement("wq500", 3, serial=serial, timeout_ms=patience_ms)
        health = of(spool, tmp_path, clock, placement)
        line = Line(placement)
        device = Device(line, placement, MAKE, iter(range(0, 1000, 100)).__next__)
        for _ in range(2):
            before = line.counts.copy()
            health.polled(NAME, device.poll(CALM), 0.1, line.counts - before)
            assert asked.wait(20)
            be_patient(device)
        line.close()
    said = minute_report(health, clock).devices[NAME]
    assert (said.corrupt, said.silent, said.answered) == (corrupt, silent, answered)


def test_connections_made_anew_are_counted(tmp_path: Path, clock: Clock, spool: Spool) -> None:
    """Not the first one; a device that hangs up after each answer shows."""
    asked = 0

    def script(request: bytes) -> bytes | None:
        nonlocal asked
        asked += 1
        return None if asked == 2 else reply(request, 215)

    with peer(script) as found:
        placement = Placement("wq500", 3, "127.0.0.1", found.port, timeout_ms=PATIENT_MS)
        health = of(spool, tmp_path, clock, placement)
        line = Line(placement)
        device = Device(line, placement, MAKE, time.monotonic)
        for _ in range(2):
            before = line.counts.copy()
            health.polled(NAME, device.poll(CALM), 0.1, line.counts - before)
        line.close()
        assert found.connections == 2
    said = minute_report(health, clock).devices[NAME]
    assert (said.answered, said.reconnects) == (2, 1)


def test_a_name_tells_its_instrument_from_every_other_of_the_station() -> None:
    """The same make at the same unit of two lines bears its line; the others stay short."""
    placements = (
        Placement("wq500", 3, "10.0.0.1", 502),
        Placement("wq500", 3, serial="/dev/ttyS1"),
        Placement("wq500", 4, serial="/dev/ttyS1"),
        Placement("nh4", 3, "10.0.0.1", 4001),
    )
    names = station(*placements).names
    assert names == ("wq500@3@10.0.0.1:502", "wq500@3@/dev/ttyS1", "wq500@4", "nh4@3")


def test_what_a_logger_brings_counts_for_its_sensors_and_at_its_door(
    tmp_path: Path, clock: Clock, spool: Spool
) -> None:
    """Once, however often a packet comes; good, failed and late."""
    health = of(spool, tmp_path, clock)
    door = Door("s", LOGGER, spool, clock, stored=health.read)
    health.fit(station(loggers=(LOGGER,)), LOGGER.codes, {LOGGER.mn: door.minute_report})
    taken_ms = instant_ms("20261124160000")
    assert taken_ms is not None
    for at, mark, age_ms in (("160000", "N", 500), ("160001", "D", 62_001)):
        clock.ms = taken_ms + int(at[-1]) * 1000 + age_ms
        cp = f"DataTime=20261124{at};w21003-Rtd=0.62,w21003-Flag=N;w01009-Rtd=8,w01009-Flag={mark}"
        head = f"QN=20261124{at}000;ST=21;CN=2011;PW=123456;MN={LOGGER.mn};Flag=5"
        for _ in range(2):
            (packet,) = Frames().feed(framed(f"{head};CP=&&{cp}&&"))
            assert isinstance(packet, Packet)
            assert door.take(packet)

    said = minute_report(health, clock)

    oxygen = said.sensors["w01009"]
    assert (oxygen.good, oxygen.failed, oxygen.late) == (1, 1, 1)
    assert (oxygen.last_good_ms, oxygen.cause) == (taken_ms, Cause.FAULT)
    assert (oxygen.last_failed_ms, oxygen.failure) == (taken_ms + 1000, Cause.FAULT)
    assert (said.sensors["w21003"].good, said.sensors["w21003"].last_good_ms) == (
        2, taken_ms + 1000,
    )  # fmt: skip
    assert said.loggers == {
        LOGGER.mn: LoggerHealth({
            "stored": 2, "repeated": 2, "late": 1, "good readings": 3, "failed readings": 1,
        }, behind_ms=500)
    }  # fmt: skip


def test_what_is_older_changes_nothing_of_what_came_last(
    tmp_path: Path, clock: Clock, spool: Spool
) -> None:
    """A logger may send its backlog after the news."""
    health = of(spool, tmp_path, clock)
    health.read({"w01001": Measured(7.0, Cause.NORMAL)}, clock.ms)
    health.read({"w01001": Measured(None, Cause.FAULT)}, clock.ms - 5000)
    said = minute_report(health, clock).sensors["w01001"]
    assert (said.cause, said.last_failed_ms) == (Cause.NORMAL, clock.ms - MINUTE_MS - 5000)


def test_the_file_holds_the_last_report_and_the_command_says_what_to_try(
    tmp_path: Path, clock: Clock, spool: Spool, capsys: pytest.CaptureFixture[str]
) -> None:
    """On the box, without the centre; 1 where something is wrong, 2 before the first report."""
    file = tmp_path / "spool" / "s.health.json"
    health = of(spool, tmp_path, clock)
    health.polled(NAME, SILENT, 1.0, {})
    health.polled(NAME, SILENT, 1.0, {"corrupt": 1, "reconnects": 2})
    health.polled(NAME, GOOD, 0.041, {})
    health.polled(NAME, SILENT, 1.0, {})
    assert msgspec.json.encode(minute_report(health, clock)) == file.read_bytes()

    assert edge.run(["status", "--data", str(tmp_path)]) == 1

    said = capsys.readouterr().out
    assert "wq500@3: 1 answers, 2 silent, 1 corrupt, 2 reconnects, 41 ms, 95 % within 41" in said
    assert "! w01001: 3 without a good value; check its power, wiring and unit address" in said
    assert "! no report for three minutes" in said


def test_a_fault_is_shown_until_the_next_reading_though_that_is_an_hour_away(
    tmp_path: Path, clock: Clock, spool: Spool, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given a minute in which nothing was due, then the last reading counts."""
    health = of(spool, tmp_path, clock)
    health.polled(NAME, GOOD, 0.041, {})
    health.polled(NAME, {"w01001": SILENT["w01001"]}, 1.0, {})
    for _ in range(2):
        clock.ms += MINUTE_MS
        health.tell()

    assert edge.run(["status", "--data", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert "w01001: the last without a good value; check its power" in said


def test_a_declared_state_is_in_the_report_and_is_no_fault_of_the_sensor(
    tmp_path: Path, clock: Clock, spool: Spool, capsys: pytest.CaptureFixture[str]
) -> None:
    """Until its end; a torn switch is a fault."""
    clock.ms = time.time_ns() // 1_000_000
    operation_states = tmp_path / "spool" / "s.state.json"
    standing = Declared(Cause.PURGE, "all", 0, clock.ms + 2 * MINUTE_MS, "wang")
    write(operation_states, [standing], clock.ms)
    health = of(spool, tmp_path, clock)
    purged = {"w01001": Measured(7.2, Cause.PURGE)}
    health.polled(NAME, purged, 0.1, {})
    assert minute_report(health, clock).declared == [standing]
    assert edge.run(["status", "--data", str(tmp_path)]) == 0
    assert "switch: purge: all, until" in capsys.readouterr().out

    operation_states.write_bytes(b'{"v":1,"decl')
    health.polled(NAME, purged, 0.1, {})
    assert "s.state.json: cannot be read" in minute_report(health, clock).switch_fault
    assert edge.run(["status", "--data", str(tmp_path)]) == 1
    assert "! " + str(operation_states) in capsys.readouterr().out
    assert minute_report(health, clock).declared == []


@pytest.mark.parametrize(
    ("said", "line", "status"),
    [
        (ClockHealth(), "clock: kept right", 0),
        (ClockHealth(State.FREE_RUNNING), "clock: nobody keeps it right; set up NTP", 0),
        (ClockHealth(State.STEPPED, 1, -3_600_000), "set 1 times in this minute, by -3600 s", 0),
        (ClockHealth(State.NEVER_SET), "! the clock was never set: set up NTP, and look", 1),
    ],
)
def test_the_clock_is_reported(
    tmp_path: Path,
    clock: Clock,
    spool: Spool,
    capsys: pytest.CaptureFixture[str],
    said: ClockHealth,
    line: str,
    status: int,
) -> None:
    """One that was never set is a fault."""
    clock.ms = time.time_ns() // 1_000_000
    file = tmp_path / "spool" / "s.health.json"
    operation_states = OperationStates(file.with_name("s.state.json"))
    health = Health(spool, file, clock, operation_states, clock=lambda: said, up_ms=clock)
    assert minute_report(health, clock).clock == said
    assert edge.run(["status", "--data", str(tmp_path)]) == status
    assert line in capsys.readouterr().out


@pytest.mark.parametrize(
    ("behind_ms", "line", "status"),
    [
        (7_200_000, "! logger A110000_0001: its clock is 7200 s behind; set it in its menu", 1),
        (-61_000, "! logger A110000_0001: its clock is 61 s ahead; set it in its menu", 1),
        (60_000, "logger A110000_0001: 5 stored", 0),
        (None, "logger A110000_0001: 5 stored", 0),
    ],
)
def test_a_logger_s_clock_that_is_a_minute_off_is_a_fault(
    tmp_path: Path,
    clock: Clock,
    spool: Spool,
    capsys: pytest.CaptureFixture[str],
    behind_ms: int | None,
    line: str,
    status: int,
) -> None:
    clock.ms = time.time_ns() // 1_000_000
    health = of(spool, tmp_path, clock)
    logger = LoggerHealth({"stored": 5}, behind_ms)
    health.fit(station(loggers=(LOGGER,)), (), {LOGGER.mn: lambda: logger})
    minute_report(health, clock)
    assert edge.run(["status", "--data", str(tmp_path)]) == status
    assert line in capsys.readouterr().out


def test_given_that_nothing_is_settled_then_the_status_says_since_when_and_why(
    tmp_path: Path, clock: Clock, spool: Spool, capsys: pytest.CaptureFixture[str]
) -> None:
    """A fault, with its remedy."""
    clock.ms = time.time_ns() // 1_000_000
    file = tmp_path / "spool" / "s.health.json"
    uplink = UplinkHealth(trouble="broker b:1 refuses readings; mend it", unsettled_ms=0)
    health = Health(
        spool, file, clock, OperationStates(file.with_name("s.state.json")), lambda: uplink,
        up_ms=clock,
    )  # fmt: skip
    minute_report(health, clock)
    assert edge.run(["status", "--data", str(tmp_path)]) == 1
    since = datetime.fromtimestamp(0).astimezone()
    line = f"! nothing was settled since {since:%Y-%m-%d %H:%M:%S}: broker b:1 refuses readings"
    assert line in capsys.readouterr().out


def test_a_clock_that_steps_back_does_not_silence_the_reports(
    tmp_path: Path, clock: Clock, spool: Spool
) -> None:
    """They come each minute, by the new time; what was seen before is of that too."""
    up = Clock()
    health = of(spool, tmp_path, clock, up=up)
    health.polled(NAME, GOOD, 0.1, {})
    good_ms, began_ms = clock.ms, up.ms
    clock.ms -= 86_400_000
    health.clock_moved(-86_400_000, station(PLACE))
    up.ms += MINUTE_MS

    health.polled(NAME, SILENT, 0.1, {})
    health.tell()

    assert health.latest is not None
    assert (health.latest.t, health.latest.up_ms) == (clock.ms, up.ms - began_ms)
    acid = health.latest.sensors["w01001"]
    assert (acid.cause, acid.last_failed_ms) == (Cause.TIMEOUT, clock.ms)
    assert acid.last_good_ms == good_ms - 86_400_000
