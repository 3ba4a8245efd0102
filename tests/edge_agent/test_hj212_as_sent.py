"""Packets as loggers really send them, over sockets: what becomes a reading, and what is said.

``tests/cases/hj212/packets.jsonl`` holds one shape a line, of our own making after public reports:
the stream as it comes over one connection, and the readings or the reason that must come out.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from config.catalogue.shapes import Logger, Station
from config.vocabulary.reading import Clock, Sample
from edge_agent.hj212 import refusals
from edge_agent.hj212.frames import Broken, Found, Frames
from edge_agent.hj212.refusals import Entry
from edge_agent.hj212.segments import instant_ms
from edge_agent.hj212.server import Loggers
from edge_agent.spool.spool import Spool
from qingyuan.commands.station import edge_refused
from simulators.hj212_logger import framed
from tests.conftest import free_port

CASES = Path(__file__).parents[1] / "cases" / "hj212" / "packets.jsonl"
NOW_MS = (instant_ms("20260401081000") or 0) + 500
CODES = ["w01010", "w21003"]
PLACED = {
    "2017": Logger("A320612F0001", "123456", "2017", 1, "127.0.0.1", CODES),
    "2025": Logger("A320612F0002", "123456", "2025", 1, "127.0.0.1", CODES),
    "water": Logger("A320612F0003", "123456", "water", 1, "127.0.0.1", CODES),
    "hour": Logger("A320612F0004", "123456", "2017", 1, "127.0.0.1", CODES, of="hour"),
    "minute": Logger("A320612F0005", "123456", "2017", 1, "127.0.0.1", CODES, of="minute"),
    "waste": Logger(
        "A320612F0006", "123456", "2017", 1, "127.0.0.1",
        ["w01001", "w01017", "w01018", "w21001", "w21003", "w21011"],
    ),
    "named": Logger("A320612F0007", "123456", "2017", 1, "127.0.0.1", ["w21001"], names={"w21001": "TN_1"}),
    "strict": Logger("A320612F0008", "123456", "2017", 1, "127.0.0.1", CODES, strict=True),
}  # fmt: skip


class Case(msgspec.Struct, frozen=True):
    """One line. ``logger`` names the placement, or gives the password behind ``pw:``."""

    shape: str
    logger: str
    stream: str
    readings: list[tuple[str, str, float | None, str]]
    said: list[str] = []
    refused: str | None = None
    answers: int | None = None


def cases() -> list[Case]:
    lines = CASES.read_text(encoding="ascii").splitlines()
    return [msgspec.json.decode(line, type=Case) for line in lines]


def placement(case: Case) -> Logger:
    _, given, password = case.logger.partition("pw:")
    if not given:
        return msgspec.structs.replace(PLACED[case.logger], port=free_port(), host="127.0.0.1")
    return Logger(f"P{len(password)}", password, "2017", free_port(), "127.0.0.1", CODES)


@dataclass
class Ports:
    """The ports of a station's loggers, and what came of whatever called them."""

    loggers: Loggers
    spool: Spool
    seen: int = 0

    def calls(self, logger: Logger, stream: bytes, pieces: int = 1) -> bytes:
        """Everything that is answered on one connection, which the caller ends."""
        step = -(-len(stream) // pieces)
        with socket.create_connection(("127.0.0.1", logger.port), 60) as line:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for at in range(0, len(stream), step):
                line.sendall(stream[at : at + step])
            line.shutdown(socket.SHUT_WR)
            answers = b""
            while more := line.recv(4096):
                answers += more
        return answers

    def kept(self) -> list[Sample]:
        """Since it was asked last."""
        rows = self.spool.fresh(self.seen, 1000)
        self.seen = rows[-1].seq if rows else self.seen
        return [row.sample for row in rows]

    def noted(self, logger: Logger) -> list[Entry]:
        (door,) = (one for one in self.loggers.doors if one.logger.mn == logger.mn)
        found = list(door.refusals.entries.values())
        door.refusals.entries.clear()
        return found


@contextmanager
def listening(
    folder: Path, *placed: Logger, now: Callable[[], int] = lambda: NOW_MS
) -> Iterator[Ports]:
    station = Station(
        "here", "本站", "water", (121.0, 32.0), "镇", 60_000, loggers=list(placed),
        quality={"w01010": {"detection": False}, "w21003": {"detection": 0.05}},
    )  # fmt: skip
    with closing(Spool(folder / "here.sqlite")) as spool:
        file = refusals.file_of(folder / "here.sqlite")
        loggers = Loggers(station, spool, now, refused=file)
        loggers.start()
        try:
            yield Ports(loggers, spool)
        finally:
            loggers.close()


def readings(samples: Sequence[Sample]) -> set[tuple[int, str, float | None, str]]:
    return {
        (sample.taken_ms, code, one.value, one.cause.name.lower())
        for sample in samples
        for code, one in sample.readings.items()
    }


def expected(case: Case) -> set[tuple[int, str, float | None, str]]:
    return {(instant_ms(at) or 0, code, value, cause) for at, code, value, cause in case.readings}


def faults(ports: Ports, logger: Logger, case: Case, stream: bytes, pieces: int) -> list[str]:
    """Where what comes out is not what must."""
    answers = ports.calls(logger, stream, pieces)
    got, told = readings(ports.kept()), ports.noted(logger)
    said = " | ".join(f"{one.what} ({one.why})" for one in told)
    refused = {one.what for one in told if not one.taken}
    found = []
    if got != expected(case):
        found.append(f"readings {sorted(got, key=str)}")
    found += [f"not told: {text}" for text in case.said if text not in said]
    if case.refused is not None and case.refused not in refused:
        found.append(f"refused {refused}")
    if case.answers is not None and answers.count(b"CN=9014") != case.answers:
        found.append(f"answers {answers!r}")
    if not case.readings and not refused:
        found.append("silent")
    return [f"{case.shape}: {one}; told {said}" for one in found]


def test_given_packets_as_they_are_sent_then_each_gives_its_readings_or_its_reason(
    tmp_path: Path,
) -> None:
    """Whole and in two pieces; nothing is silent, and a wrong check sum is no packet."""
    rows = cases()
    assert len(rows) >= 300
    placed = {case.logger: placement(case) for case in rows}
    found: list[str] = []
    for number, pieces in enumerate((1, 2)):
        folder = tmp_path / str(number)
        folder.mkdir()
        with listening(folder, *placed.values()) as ports:
            for case in rows:
                stream = case.stream.encode("latin-1")
                found += faults(ports, placed[case.logger], case, stream, pieces)
    assert not found, "\n".join(found[:40])


@pytest.mark.parametrize("step", [1, 7, 200])
def test_however_a_stream_is_cut_into_pieces_the_same_is_found_in_it(step: int) -> None:
    """Packets and what is odd about them do not depend on what a socket gave at a time."""
    for case in cases():
        stream = case.stream.encode("latin-1")
        whole, cut = Frames(lenient=True), Frames(lenient=True)
        pieces = [stream[at : at + step] for at in range(0, len(stream), step)]
        found = [one for piece in pieces for one in cut.feed(piece)]
        assert without_garbage(found) == without_garbage(whole.feed(stream)), case.shape
        assert cut.rest == whole.rest, case.shape


def without_garbage(found: Sequence[Found]) -> list[Found | str]:
    """Broken ones by their reason alone; garbage is told in as many pieces as it comes in."""
    named = [one.reason if isinstance(one, Broken) else one for one in found]
    return [one for one in named if one != "garbage"]


def segment(data_time: str, cp: str, mn: str = "A320612F0001", qn: str = "") -> str:
    head = f"QN={qn or data_time}000;ST=21;CN=2011;PW=123456;MN={mn};Flag=5;"
    return f"{head}CP=&&DataTime={data_time};{cp}&&"


def placed(name: str = "2017") -> Logger:
    return msgspec.structs.replace(PLACED[name], port=free_port(), host="127.0.0.1")


def test_given_a_reason_then_its_first_packet_is_kept_to_look_at_and_the_rest_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Across starts of the agent, without the password; `edge refused` names the remedy."""
    logger = placed()
    odd = framed(segment("20260401080001", "w01010-Rtd=1").replace("Flag=5;", ""))
    with listening(tmp_path, logger) as ports:
        for value in (1, 2, 3):
            ports.calls(logger, framed(segment("20260401080000", f"w01010-Rtd={value}"))[:-8])
        ports.calls(logger, odd)
    with listening(tmp_path, logger) as ports:
        ports.calls(logger, framed(segment("20260401080000", "w01010-Rtd=4"))[:-8])
    (tmp_path / "spool").symlink_to(tmp_path)
    assert edge_refused.run(["--data", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert "here: logger A320612F0001: cut off (the rest of a packet never came); look at" in said
    assert "  4 until now, first " in said
    assert "w01010-Rtd=1&&" in said
    assert "w01010-Rtd=2" not in said
    assert "PW=***;" in said
    assert "123456" not in said
    assert "read all the same (no Flag)\n" in said


def test_given_ever_new_reasons_then_they_stay_bounded_and_none_is_lost(tmp_path: Path) -> None:
    """Those beyond are counted together."""
    logger = placed()
    with listening(tmp_path, logger) as ports:
        for number in range(3 * refusals.MOST_REASONS):
            cp = f"w01010-Rtd=1;{number}{'x' * 900}"
            ports.calls(logger, framed(segment(f"202604010801{number % 60:02d}", cp)))
        (door,) = ports.loggers.doors
        entries = door.refusals.entries
        assert len(entries) == refusals.MOST_REASONS + 1
        assert sum(one.count for one in entries.values()) == 3 * refusals.MOST_REASONS
        assert door.counts["read all the same"] == 3 * refusals.MOST_REASONS
    assert refusals.file_of(tmp_path / "here.sqlite").stat().st_size < 100_000


def test_given_a_file_of_refusals_that_is_torn_then_loggers_are_served_all_the_same(
    tmp_path: Path,
) -> None:
    """It is written anew."""
    logger = placed()
    file = refusals.file_of(tmp_path / "here.sqlite")
    file.write_bytes(b"{")
    with listening(tmp_path, logger) as ports:
        ports.calls(logger, framed(segment("20260401080001", "w01010-Rtd=1"))[:-8])
    assert [one.what for one in refusals.read(file)["A320612F0001"]] == ["cut off"]


def test_given_a_value_sampled_hours_ago_that_is_repeated_then_it_is_one_reading_of_then(
    tmp_path: Path,
) -> None:
    """Its SampleTime is its instant; the others are of DataTime."""
    logger = placed()
    with listening(tmp_path, logger) as ports:
        for second in range(5):
            cp = f"w21003-SampleTime=20260401040000,w21003-Rtd=0.62;w01010-Rtd=15.{second}"
            ports.calls(logger, framed(segment(f"2026040108000{second}", cp)))
        found = ports.kept()
        ammonia = [one.taken_ms for one in found if "w21003" in one.readings]
        assert ammonia == [instant_ms("20260401040000")]
        assert sum("w01010" in one.readings for one in found) == 5
        assert ports.loggers.doors[0].counts["repeated"] == 4


class Line:
    """A connection that stays, and waits for each answer."""

    def __init__(self, logger: Logger) -> None:
        self.sock = socket.create_connection(("127.0.0.1", logger.port), 60)
        self.address = f"127.0.0.1:{self.sock.getsockname()[1]}"

    def says(self, text: str) -> None:
        self.sock.sendall(framed(text))
        answer = b""
        while not answer.endswith(b"\r\n"):
            answer += self.sock.recv(4096)


def seconds(number: int) -> str:
    """An instant so many seconds after 08:00."""
    return f"20260401{8 + number // 3600:02d}{number // 60 % 60:02d}{number % 60:02d}"


def test_given_two_senders_of_one_mn_then_they_are_noticed_and_named_by_address(
    tmp_path: Path,
) -> None:
    """Both are answered and kept; the report of health names them, and so does the log."""
    logger = placed()
    with listening(tmp_path, logger) as ports:
        (door,) = ports.loggers.doors
        one, two = Line(logger), Line(logger)
        with one.sock, two.sock:
            one.says(segment(seconds(0), "w01010-Rtd=15"))
            two.says(segment(seconds(1), "w01010-Rtd=25"))
            one.says(segment(seconds(2), "w01010-Rtd=15"))
            assert door.minute_report().senders == []
            two.says(segment(seconds(3), "w01010-Rtd=25"))
            one.says(segment(seconds(4), "w01010-Rtd=15"))
        assert set(door.minute_report().senders) == {one.address, two.address}
        assert door.counts["two senders"] == 1
        assert len(ports.kept()) == 5


@pytest.mark.parametrize(
    "second",
    [
        lambda number: segment(seconds(number), "w21003-Rtd=0.6"),
        lambda number: segment(f"202604010400{number:02d}", "w01010-Rtd=15"),
        lambda number: segment(seconds(number), "w01010-Rtd=15").replace("2011", "2061"),
    ],
    ids=["other codes", "a backlog", "another kind"],
)
def test_given_one_logger_on_two_connections_then_it_is_not_taken_for_two(
    tmp_path: Path, second: Callable[[int], str]
) -> None:
    logger = placed()
    with listening(tmp_path, logger) as ports:
        one, two = Line(logger), Line(logger)
        with one.sock, two.sock:
            for number in range(0, 20, 2):
                one.says(segment(seconds(number), "w01010-Rtd=15"))
                two.says(second(number + 1))
        assert ports.loggers.doors[0].minute_report().senders == []


def test_given_a_logger_that_calls_ever_anew_then_it_is_not_taken_for_two(tmp_path: Path) -> None:
    """Half of its connections stay open behind it."""
    logger = placed()
    with listening(tmp_path, logger) as ports:
        lines = []
        for number in range(12):
            lines.append(Line(logger))
            lines[-1].says(segment(seconds(number), "w01010-Rtd=15"))
            if number % 2:
                lines[-1].sock.close()
        assert ports.loggers.doors[0].minute_report().senders == []
        for line in lines:
            line.sock.close()


HOURS = 3_600_000


@pytest.mark.parametrize("hours", [8, -8])
def test_given_data_time_in_another_zone_under_a_right_qn_then_it_is_told_and_doubted(
    tmp_path: Path, hours: int
) -> None:
    """The instants stay as the logger gave them; the centre doubts what comes in such a sample."""
    clock, logger = [instant_ms(seconds(0)) or 0], placed()
    with listening(tmp_path, logger, now=lambda: clock[0]) as ports, Line(logger).sock as line:
        for number in range(3):
            clock[0] = (instant_ms(seconds(number)) or 0) + 40
            text = segment(
                f"20260401{8 - hours:02d}000{number}", "w01010-Rtd=15", qn=seconds(number)
            )
            line.sendall(framed(text))
            assert b"CN=9014" in line.recv(4096)
        found = ports.kept()
        assert [one.clock for one in found] == [Clock.NEVER_SET] * 3
        assert found[0].taken_ms == (instant_ms(seconds(0)) or 0) - hours * HOURS
        (door,) = ports.loggers.doors
        assert door.minute_report().data_time_behind_ms == hours * HOURS
        assert door.minute_report().data_time_behind_ms == 0
        way = "behind" if hours > 0 else "ahead of"
        assert f"DataTime is 8 h {way} QN" in {one.why for one in ports.noted(logger)}


def test_given_a_backlog_under_new_qns_then_passing_eight_hours_it_is_not_doubted(
    tmp_path: Path,
) -> None:
    """The packets around it have shown the zone to be right."""
    clock, logger = [instant_ms("20260401200000") or 0], placed()
    with listening(tmp_path, logger, now=lambda: clock[0]) as ports, Line(logger).sock as line:
        for minute in range(90):
            at = f"202604011{1 + minute // 60}{minute % 60:02d}00"
            qn = f"202604012000{minute // 2:02d}"
            clock[0] = (instant_ms(qn) or 0) + 40
            line.sendall(framed(segment(at, "w01010-Rtd=15", qn=qn)))
            line.recv(4096)
        assert {one.clock for one in ports.kept()} == {Clock.FREE_RUNNING}


def behind(
    ports: Ports, clock: list[int], minutes: Sequence[Sequence[tuple[str, str]]]
) -> list[int | None]:
    """What each minute's report says when packets come so: when, and under which QN."""
    found: list[int | None] = []
    (door,) = ports.loggers.doors
    with Line(door.logger).sock as line:
        for minute in minutes:
            for come, qn in minute:
                clock[0] = instant_ms(come) or 0
                line.sendall(framed(segment(qn, "w01010-Rtd=15.2")))
                line.recv(4096)
            found.append(door.minute_report().behind_ms)
    return found


def test_given_a_backlog_under_old_qns_then_the_loggers_clock_is_not_judged(
    tmp_path: Path,
) -> None:
    """Two hours old and worked off by and by; the first live packet tells."""
    clock, logger = [0], placed()
    backlog = [
        [
            (seconds(7200 + 60 * minute + second), seconds(100 * minute + second))
            for second in range(0, 60, 5)
        ]
        for minute in range(3)
    ]
    live = [(seconds(7400), seconds(7400))]
    with listening(tmp_path, logger, now=lambda: clock[0]) as ports:
        assert behind(ports, clock, [*backlog, [*backlog[0], *live]]) == [None, None, None, 0]


def test_given_a_clock_that_stays_two_hours_behind_then_it_is_told(tmp_path: Path) -> None:
    """In the second minute: one alone may be a backlog's."""
    clock, logger = [0], placed()
    slow = [
        [
            (seconds(7200 + 60 * minute + second), seconds(60 * minute + second))
            for second in range(0, 60, 20)
        ]
        for minute in range(2)
    ]
    with listening(tmp_path, logger, now=lambda: clock[0]) as ports:
        assert behind(ports, clock, slow) == [None, 2 * HOURS]


def test_given_a_clock_that_is_ahead_then_it_is_told_at_once(tmp_path: Path) -> None:
    """No backlog bears a time to come."""
    clock, logger = [0], placed()
    with listening(tmp_path, logger, now=lambda: clock[0]) as ports:
        assert behind(ports, clock, [[(seconds(0), seconds(3600))]]) == [-HOURS]
