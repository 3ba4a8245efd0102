"""Loggers at the agent's door: known, kept, answered; over real sockets, spool and agent."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.catalogue.shapes import Catalogue, Logger, Station
from config.settings import BrokerSettings
from config.vocabulary.errors import Refused
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock, Measured, Sample
from config.vocabulary.time import DAY_MS
from edge_agent.agent import Agent
from edge_agent.hj212 import server
from edge_agent.hj212.door import Door, Stranger
from edge_agent.hj212.frames import Frames
from edge_agent.hj212.readings import carries
from edge_agent.hj212.segments import Packet, instant_ms
from edge_agent.hj212.server import Loggers
from edge_agent.spool.spool import Spool
from simulators.hj212_logger import DataLogger, framed
from tests.conftest import examples, free_port, wait_until

ROOT = Path(__file__).parents[2]
TIME, T_MS = "20260401080000", 1_775_001_600_000
PLACED = Logger("A110000_0001", "123456", "2017", 9212, "127.0.0.1", ["w21003", "w01009"])
DATA = f"DataTime={TIME};w21003-Rtd=0.62,w21003-Flag=N;w01009-Rtd=8.1,w01009-Flag=D"
SAMPLE = Sample(
    T_MS,
    Clock.FREE_RUNNING,
    {"w21003": Measured(0.62, Cause.NORMAL), "w01009": Measured(8.1, Cause.FAULT)},
)


def placed(**changes: Any) -> Logger:
    return msgspec.structs.replace(PLACED, **changes)


def text(cp: str = DATA, **head: str) -> str:
    """A data segment; what is not named is a good packet's."""
    given = {"qn": f"{TIME}000", "cn": "2011", "pw": "123456", "mn": "A110000_0001"}
    given |= {"flag": "5", "more": ""} | head
    return (
        "QN={qn};ST=21;CN={cn};PW={pw};MN={mn};Flag={flag};{more}CP=&&".format(**given) + f"{cp}&&"
    )


def packet(cp: str = DATA, **head: str) -> Packet:
    (found,) = Frames().feed(framed(text(cp, **head)))
    assert isinstance(found, Packet)
    return found


def answered(cn: str = "9014", qn: str = f"{TIME}000", flag: int = 4) -> bytes:
    return framed(f"QN={qn};ST=91;CN={cn};PW=123456;MN=A110000_0001;Flag={flag};CP=&&&&")


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    found = Spool(tmp_path / "s.sqlite")
    yield found
    found.close()


@pytest.fixture
def door(spool: Spool) -> Door:
    return Door("here", PLACED, spool, lambda: T_MS)


def kept(spool: Spool) -> list[Sample]:
    return [row.sample for row in spool.fresh(0, 1000)]


def test_a_packet_is_kept_and_then_answered(door: Door, spool: Spool) -> None:
    """One sample, stamped with its DataTime; 9014 with its QN."""
    assert door.take(packet()) == [answered()]
    assert kept(spool) == [SAMPLE]


def test_what_wants_no_answer_is_kept_without_one(door: Door, spool: Spool) -> None:
    """Bit 1 of Flag is not set."""
    assert door.take(packet(flag="4")) == []
    assert kept(spool) == [SAMPLE]


@pytest.mark.parametrize(
    "again",
    [{}, {"more": "RF=1;"}, {"qn": f"{TIME}999"}],
    ids=["the same", "marked", "under a new number"],
)
def test_a_packet_that_comes_again_is_answered_again_and_kept_once(
    again: dict[str, str], spool: Spool
) -> None:
    """Its answer was lost."""
    door = Door("here", placed(profile="2025"), spool, lambda: T_MS)
    door.take(packet(flag="9"))
    assert door.take(packet(flag="9", **again)) == [
        answered(qn=again.get("qn", f"{TIME}000"), flag=8)
    ]
    assert kept(spool) == [SAMPLE]


def test_it_is_kept_once_across_starts_of_the_agent_and_what_the_centre_settled(
    tmp_path: Path,
) -> None:
    """The memory lies in the spool, in the same transaction as the sample."""
    first = Spool(tmp_path / "s.sqlite")
    Door("here", PLACED, first, lambda: T_MS).take(packet())
    first.forget(first.boot, [(1, 1)])
    first.close()
    second = Spool(tmp_path / "s.sqlite")
    assert Door("here", PLACED, second, lambda: T_MS).take(packet(more="RF=1;")) == [answered()]
    assert second.held() == []
    second.close()


def test_other_codes_of_an_instant_are_kept_beside_the_first(door: Door, spool: Spool) -> None:
    """Some loggers send one analyser a packet."""
    door.take(packet(f"DataTime={TIME};w21003-Rtd=0.62"))
    door.take(packet(f"DataTime={TIME};w01009-Rtd=8.1", qn=f"{TIME}001"))
    assert [list(one.readings) for one in kept(spool)] == [["w21003"], ["w01009"]]


def test_another_value_of_an_instant_goes_to_the_centre_once(door: Door, spool: Spool) -> None:
    """There the first stands, and the second becomes a dead letter."""
    for value in ("0.62", "0.63", "0.63"):
        door.take(packet(f"DataTime={TIME};w21003-Rtd={value};w01009-Rtd=8.1"))
    first, second = kept(spool)
    assert first.readings["w21003"].value == 0.62
    assert second.readings == {"w21003": Measured(0.63, Cause.NORMAL)}


def at(taken_ms: int) -> Sample:
    return dataclasses.replace(SAMPLE, taken_ms=taken_ms)


def test_what_was_said_is_remembered_as_long_as_a_sample_is_kept(spool: Spool) -> None:
    """By the agent's clock: a logger's clock that runs ahead makes nothing forgotten."""
    assert spool.append_once("A1", SAMPLE, T_MS)
    assert spool.append_once("A1", at(T_MS + 400 * DAY_MS), T_MS)
    assert not spool.append_once("A1", SAMPLE, T_MS)
    assert spool.append_once("A2", SAMPLE, T_MS)
    assert (len(kept(spool)), spool.report().given_up) == (3, 0)

    later_ms = T_MS + 31 * DAY_MS
    assert spool.append_once("A1", at(later_ms), later_ms)
    assert spool.append_once("A1", SAMPLE, later_ms)


def test_a_sample_older_than_the_spool_keeps_has_its_chance_to_be_sent(spool: Spool) -> None:
    """Its logger was answered; the centre says what becomes of it."""
    later_ms = T_MS + 31 * DAY_MS
    spool.append_once("A1", SAMPLE, later_ms)
    spool.append_once("A1", at(later_ms), later_ms)
    assert kept(spool) == [SAMPLE, at(later_ms)]
    assert spool.report().given_up == 0


def test_nothing_is_answered_while_the_disk_takes_nothing(door: Door, spool: Spool) -> None:
    """The logger keeps it and sends it again."""
    spool._file.db.execute("pragma query_only = on")
    assert door.take(packet()) == []
    assert door.counts["not kept"] == 1
    spool._file.db.execute("pragma query_only = off")
    assert door.take(packet()) == [answered()]


@pytest.mark.parametrize(
    ("cn", "answer"),
    [("2051", "9014"), ("2061", "9014"), ("2031", "9014"), ("2062", "9014"), ("9015", "9013"),
     ("1013", "9013"), ("2021", "9014"), ("3015", "9014")],
)  # fmt: skip
def test_other_commands_are_answered_and_counted_and_not_kept(
    cn: str, answer: str, door: Door, spool: Spool
) -> None:
    """Data with 9014, notices with 9013; a control measurement is none of the river."""
    assert door.take(packet(DATA.replace("Rtd", "Avg"), cn=cn)) == [answered(answer)]
    assert door.counts[f"CN {cn}"] + door.counts["other CN"] == 1
    assert kept(spool) == []


def test_a_logger_that_sends_nothing_of_what_is_asked_for_is_named(
    door: Door, spool: Spool, caplog: pytest.LogCaptureFixture
) -> None:
    """Another kind of data, or other codes: it is answered, and nothing would ever be seen of it."""
    door.take(packet(DATA.replace("Rtd", "Avg"), cn="2061"))
    assert "CN 2061 (nothing yet of what is asked for, real-time)" in caplog.text
    assert door.take(packet(f"DataTime={TIME};w01001-Rtd=7")) == [answered()]
    assert "without readings (of w21003, w01009; it sends w01001)" in caplog.text
    assert kept(spool) == []

    said = len(caplog.records)
    door.take(packet())
    for _ in range(9):
        door.take(packet(DATA.replace("Rtd", "Avg"), cn="2061"))
    assert len(caplog.records) == said


def test_an_answer_is_not_answered(door: Door) -> None:
    """Two who answer each other would never end."""
    assert door.take(packet("", cn="9014")) == []


@pytest.mark.parametrize(
    ("head", "names"),
    [
        ({"mn": "A110000_0002"}, "MN A110000_0002 is not A110000_0001"),
        ({"pw": "654321"}, "PW"),
        ({"flag": "9"}, "Flag 9"),
        ({"flag": "17"}, "Flag 17"),
        ({"mn": "A2", "pw": "654321"}, "MN.*PW"),
    ],
)
def test_a_stranger_is_reported_what_differs(
    head: dict[str, str], names: str, door: Door, spool: Spool
) -> None:
    """Neither password is said."""
    with pytest.raises(Stranger, match=names) as caught:
        door.take(packet(**head))
    assert "123456" not in str(caught.value)
    assert "654321" not in str(caught.value)
    assert kept(spool) == []


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize(("profile", "flags"), [("2017", {5}), ("2025", {9}), ("water", {5, 9})])
def test_the_version_in_flag_is_the_profiles(
    profile: str, flags: set[int], strict: bool, spool: Spool
) -> None:
    """Surface-water stations were seen with either; one of 2005 is taken unless read strictly."""
    door = Door("here", placed(profile=profile, strict=strict), spool, lambda: T_MS)
    flags = flags if strict else {1, *flags}
    taken = set()
    for flag in (1, 5, 9, 13):
        with contextlib.suppress(Stranger):
            door.take(packet(flag=str(flag)))
            taken.add(flag)
    assert taken == flags


def test_parts_are_each_answered_once_they_are_kept(door: Door, spool: Spool) -> None:
    """The part with the instant brings those that waited for it."""
    one = packet(DATA.rpartition(";")[0], flag="7", more="PNUM=2;PNO=1;")
    two = packet(DATA.rpartition(";")[2], flag="7", more="PNUM=2;PNO=2;")
    assert door.take(two) == []
    assert door.take(one) == [answered()] * 2
    assert {code: m for row in kept(spool) for code, m in row.readings.items()} == SAMPLE.readings


def test_what_cannot_be_read_is_not_answered(
    door: Door, spool: Spool, caplog: pytest.LogCaptureFixture
) -> None:
    """Counted, and said with its reason; a mark that nobody knows is said too."""
    assert door.take(packet("w21003-Rtd=1")) == []
    assert door.take(packet(f"DataTime={TIME};DataTime=20260401080001;w21003-Rtd=1")) == []
    assert door.counts["unreadable"] == 2
    assert kept(spool) == []
    door.take(packet(f"DataTime={TIME};w21003-Rtd=1,w21003-Flag=Q"))
    assert "there is no DataTime" in caplog.text
    assert "DataTime stands twice" in caplog.text
    assert "w21003-Flag=Q, profile 2017" in caplog.text


def test_a_trouble_that_lasts_is_said_ever_more_rarely(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    """Each time that it has doubled."""
    for _ in range(1000):
        door.note("check sum")
    assert len(caplog.records) == 10


FRAME = framed(text())
DAMAGE = st.lists(st.tuples(st.integers(0, len(FRAME) - 1), st.binary(max_size=3)), max_size=4)


@settings(max_examples=examples(200))
@given(st.lists(DAMAGE, min_size=1, max_size=3))
def test_whatever_becomes_of_a_packet_on_its_way_its_logger_is_not_reported_what_is_not_kept(
    damages: list[list[tuple[int, bytes]]],
) -> None:
    """Bytes replaced, left out, put in. Nothing but a stranger is raised, each answer is to a
    packet that has its sample in the spool, and what comes whole behind it all is kept.
    """
    with tempfile.TemporaryDirectory() as folder, closing(Spool(Path(folder) / "s")) as spool:
        door, frames = Door("here", PLACED, spool, lambda: T_MS), Frames()
        for damage in damages:
            data = bytearray(FRAME)
            for placement, piece in damage:
                data[placement : placement + 1] = piece
            for found in frames.feed(bytes(data)):
                with contextlib.suppress(Stranger):
                    if isinstance(found, Packet) and door.take(found) and carries(found, PLACED):
                        time = instant_ms(found.fields()["DataTime"])
                        assert time in {one.taken_ms for one in kept(spool)}
        for found in frames.feed(b"x" * 1036 + FRAME):
            if isinstance(found, Packet):
                door.take(found)
        whole = {
            (one.taken_ms, code, m) for one in kept(spool) for code, m in one.readings.items()
        }
        assert {(T_MS, code, one) for code, one in SAMPLE.readings.items()} <= whole


# Over sockets.


@contextmanager
def listening(spool: Spool, *loggers: Logger, idle_s: float = 60.0) -> Iterator[Loggers]:
    found = Loggers(station(*loggers), spool, lambda: T_MS, idle_s=idle_s)
    found.start()
    try:
        yield found
    finally:
        found.close()


def station(*loggers: Logger) -> Station:
    return msgspec.convert(
        {
            "id": "here", "name": "本站", "kind": "water", "position": [121.0, 32.0], "area": "镇",
            "cadence_ms": 60_000, "logger": [msgspec.to_builtins(one) for one in loggers],
        },
        Station,
    )  # fmt: skip


@contextmanager
def calling(port: int, timeout_s: float = 60.0) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout_s) as line:
        yield line


def heard(line: socket.socket) -> bytes:
    """The next answer, or nothing when the other side hung up."""
    data = b""
    with contextlib.suppress(ConnectionError):
        while not data.endswith(b"\r\n") and (more := line.recv(4096)):
            data += more
    return data


def test_the_answer_waits_for_the_commit(tmp_path: Path) -> None:
    """Nothing is said of what a power cut could still take away."""
    committed, go_on = threading.Event(), threading.Event()

    def hold(point: str) -> None:
        committed.set()
        assert go_on.wait(60), point

    spool, logger = Spool(tmp_path / "s.sqlite", failpoint=hold), placed(port=free_port())
    with listening(spool, logger), calling(logger.port) as line:
        line.sendall(framed(text()))
        assert committed.wait(60)
        line.settimeout(0.2)
        with pytest.raises(TimeoutError):
            line.recv(1)
        line.settimeout(60)
        go_on.set()
        assert heard(line) == answered()
    spool.close()


KILLED = """
import os, signal, sys, threading
from pathlib import Path
import msgspec
from config.catalogue.shapes import Station
from edge_agent.hj212.server import Loggers
from edge_agent.spool.spool import Spool

def kill(point):
    if sys.argv[3] == point:
        os.kill(os.getpid(), signal.SIGKILL)

spool = Spool(Path(sys.argv[1]), failpoint=kill)
loggers = Loggers(msgspec.json.decode(sys.argv[2], type=Station), spool, lambda: 1775001600000)
loggers.start()
print("ready", flush=True)
sys.stdin.read()
loggers.close()
"""


@contextmanager
def process(path: Path, logger: Logger, point: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [
        sys.executable,
        "-c",
        KILLED,
        str(path),
        msgspec.json.encode(station(logger)),
        point,
    ]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == b"ready\n"
        yield running


def test_killed_between_commit_and_answer_a_packet_comes_again_and_is_kept_once(
    tmp_path: Path,
) -> None:
    """The logger never heard of the first one."""
    path, logger = tmp_path / "s.sqlite", placed(port=free_port())
    with process(path, logger, "spooled") as dying, calling(logger.port) as line:
        line.sendall(framed(text()))
        assert heard(line) == b""
        assert dying.wait(60) == -signal.SIGKILL
    with process(path, logger, "never"), calling(logger.port) as line:
        line.sendall(framed(text(more="RF=1;")))
        assert heard(line) == answered()

    spool = Spool(path)
    (held,) = spool.held()
    assert [row.sample for row in spool.backlog(held.b, 0, 9, 9)] == [SAMPLE]
    spool.close()


def test_a_stranger_is_hung_up_on_and_named_in_the_log(
    spool: Spool, caplog: pytest.LogCaptureFixture
) -> None:
    """With station, placement and what differs."""
    logger = placed(port=free_port())
    with listening(spool, logger) as found:
        for head in ({"mn": "B1"}, {"mn": "B1"}, {"mn": "B1"}, {"pw": "654321"}):
            with calling(logger.port) as line:
                line.sendall(framed(text(**head)) + framed(text()))
                assert heard(line) == b""
        assert found.doors[0].counts == {"refused for MN": 3, "refused for PW": 1}
    assert "here: logger A110000_0001: refused for MN (MN B1 is not A110000_0001)" in caplog.text
    assert "refused for PW (PW is another)" in caplog.text
    assert kept(spool) == []


def test_an_encrypted_logger_is_understood(spool: Spool) -> None:
    """With the key of its placement."""
    logger = placed(port=free_port(), profile="2025", key="30" * 16)
    with listening(spool, logger), calling(logger.port) as line:
        line.sendall(framed(text(flag="9"), b"0" * 16))
        assert heard(line) == answered(flag=8)
    assert kept(spool) == [SAMPLE]


def test_garbage_before_a_packet_costs_nothing_and_a_flood_of_it_the_connection(
    spool: Spool,
) -> None:
    """Beside it another logger is served."""
    logger = placed(port=free_port())
    with listening(spool, logger) as found, calling(logger.port) as line:
        line.sendall(b"\x00##12\xff" * 50 + framed(text()))
        assert heard(line) == answered()
        with calling(logger.port) as flooding:
            with contextlib.suppress(ConnectionError):
                for _ in range(1000):
                    flooding.sendall(b"##1024QN=" * 1000)
            assert heard(flooding) == b""
        line.sendall(framed(text()))
        assert heard(line) == answered()
        assert found.doors[0].counts["no logger"] == 1
        assert found.doors[0].counts["garbage"] > 0


def test_who_only_holds_the_line_keeps_no_logger_out(spool: Spool) -> None:
    """Eight callers at most; one that has shown itself stays before those that never did."""
    logger = placed(port=free_port())
    with contextlib.ExitStack() as stack:
        found = stack.enter_context(listening(spool, logger))
        known = stack.enter_context(calling(logger.port))
        known.sendall(framed(text()))
        assert heard(known) == answered()
        slow = []
        for _ in range(3 * server.MOST_CALLERS):
            slow.append(stack.enter_context(calling(logger.port)))
            slow[-1].sendall(b"##0217QN=")
        another = stack.enter_context(calling(logger.port))
        for line in (known, another):
            line.sendall(framed(text()))
            assert heard(line) == answered()
        assert heard(slow[0]) == b""
        assert len(found._callers) <= server.MOST_CALLERS


def test_who_calls_from_elsewhere_is_hung_up_on_and_counted(spool: Spool) -> None:
    """With the right MN and PW too; the address is kept for operators."""
    logger = placed(port=free_port(), host="0.0.0.0", callers=["127.0.0.1", "10.0.0.0/8"])
    elsewhere = ("127.0.0.2", 0)
    with listening(spool, logger) as found, calling(logger.port) as line:
        with socket.create_connection(("127.0.0.1", logger.port), 60, elsewhere) as stranger:
            with contextlib.suppress(ConnectionError):
                stranger.sendall(framed(text()))
            assert heard(stranger) == b""
        line.sendall(framed(text()))
        assert heard(line) == answered()
        (door,) = found.doors
        assert door.minute_report().counts["caller from elsewhere"] == 1
        (refused,) = door.refusals.entries.values()
        assert (refused.count, refused.caller) == (1, "127.0.0.2")


def test_a_caller_that_sends_no_packet_in_time_is_hung_up_on(spool: Spool) -> None:
    """Bytes that trickle in are no packet."""
    logger = placed(port=free_port())
    with listening(spool, logger, idle_s=0.5):
        began_s = time.monotonic()
        with calling(logger.port) as line, pytest.raises(ConnectionError):
            line.settimeout(0.1)
            while True:
                line.sendall(b"#")
                with contextlib.suppress(TimeoutError):
                    if line.recv(1) == b"":
                        raise ConnectionError
        assert time.monotonic() - began_s >= 0.5


def test_a_logger_that_sends_by_the_hour_is_not_hung_up_on_between(spool: Spool) -> None:
    """Given one connection and nothing between two hours, when the second comes then it is kept;
    one of which two hours did not come is gone.
    """
    logger, clock_s, seen = placed(port=free_port(), of="hour"), [0.0], [0]

    def now_s() -> float:
        seen[0] += 1
        return clock_s[0]

    def passes(hours: float) -> None:
        """Until the server has seen it often enough to have hung up."""
        clock_s[0] += hours * 3600
        enough = seen[0] + 5
        wait_until(lambda: seen[0] >= enough)

    found = Loggers(station(logger), spool, lambda: T_MS, clock_s=now_s)
    found.start()
    with contextlib.closing(found), calling(logger.port) as line:
        for hour in range(3):
            data = f"DataTime=202604010{hour}0000;w21003-Avg=0.62"
            qn = f"202604010{hour}0500000"
            line.sendall(framed(text(data, cn="2061", qn=qn)))
            assert heard(line) == answered(qn=qn)
            passes(1)
        assert len(kept(spool)) == 3
        clock_s[0] += 2 * 3600
        assert heard(line) == b""


def test_one_whose_bytes_break_us_is_put_out_alone(
    spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it was: the others are served."""
    logger, real = placed(port=free_port()), Door.take

    def breaking(self: Door, one: Packet, caller: str) -> list[bytes]:
        if one.cn == "2031":
            raise RuntimeError
        return real(self, one, caller)

    monkeypatch.setattr(Door, "take", breaking)
    with listening(spool, logger), calling(logger.port) as line, calling(logger.port) as bad:
        bad.sendall(framed(text(cn="2031")))
        assert heard(bad) == b""
        line.sendall(framed(text()))
        assert heard(line) == answered()


def test_a_port_in_use_is_named_with_its_remedy(spool: Spool) -> None:
    """And the ports that were opened before it are let go."""
    taken = socket.create_server(("127.0.0.1", 0))
    free, port = free_port(), taken.getsockname()[1]
    two = (placed(port=free), placed(mn="A2", port=port))
    with taken, pytest.raises(Refused, match=rf"port {port} \(HJ 212\).*in use; .*stations\.toml"):
        Loggers(station(*two), spool, lambda: T_MS)
    socket.create_server(("127.0.0.1", free)).close()


def test_closed_it_leaves_no_thread_and_no_socket(spool: Spool) -> None:
    """Callers are hung up on."""
    logger = placed(port=free_port())
    with calling_after(lambda: listening(spool, logger), logger.port) as line:
        assert heard(line) == b""
    assert not any(one.name.startswith("loggers") for one in threading.enumerate())
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", logger.port), 1)


@contextmanager
def calling_after(
    serve: Callable[[], contextlib.AbstractContextManager[Loggers]], port: int
) -> Iterator[socket.socket]:
    """A line to what has been closed meanwhile."""
    with contextlib.ExitStack() as stack:
        with serve():
            line = stack.enter_context(calling(port))
            line.sendall(framed(text()))
            assert heard(line) == answered()
        yield line


def test_two_loggers_at_once_through_agent_and_spool(tmp_path: Path, catalogue: Catalogue) -> None:
    """One plain of 2017, one encrypted of 2025 in parts, each to its own port."""
    first = placed(port=free_port(), codes=["w21003", "w01009"])
    second = placed(
        port=free_port(),
        mn="A110000_0002",
        profile="2025",
        key="ab" * 16,
        codes=["w01010", "w01001"],
    )
    known = station(first, second)
    both = msgspec.structs.replace(catalogue, stations={"here": known})
    agent = Agent(both, "here", tmp_path / "s.sqlite", BrokerSettings(port=free_port()))
    stop = threading.Event()
    running = threading.Thread(target=agent.run, args=(stop,))
    running.start()
    began_ms = time.time_ns() // 1_000_000_000 * 1000
    instants_ms = [began_ms + second * 1000 for second in range(20)]
    senders = [
        DataLogger(one, known, truth, lambda: began_ms, most_bytes=size)
        for one, size in ((first, 1024), (second, 160))
    ]
    try:
        asyncio.run(sent(senders, instants_ms))
        rows = agent.spool.fresh(0, 1000)
    finally:
        stop.set()
        running.join()
    found: dict[int, dict[str, float | None]] = {}
    for row in rows:
        values = {code: one.value for code, one in row.sample.readings.items()}
        found.setdefault(row.sample.taken_ms, {}).update(values)
    codes = both.plans["here"]
    assert codes == ("w21003", "w01009", "w01010", "w01001")
    assert found == {t: {code: truth(code, t) for code in codes} for t in instants_ms}
    assert len(rows) == 3 * len(instants_ms)


def truth(code: str, t_ms: int) -> float:
    return int(code[-2:]) + t_ms // 1000 % 7


async def sent(senders: list[DataLogger], instants_ms: list[int]) -> None:
    for sender in senders:
        for at_ms in instants_ms:
            sender.measure(at_ms)
    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        for sender in senders:
            tasks.create_task(sender.call(until_empty=True))
