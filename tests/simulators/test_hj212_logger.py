"""What a pretended data logger sends: the standard's form, parts, marks, and until it is answered."""

from __future__ import annotations

import asyncio
import itertools
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import ECB
from hypothesis import given
from hypothesis import strategies as st

from config.catalogue.shapes import Catalogue, Logger, Profile, Station
from config.listening import stop_listening
from simulators import nature
from simulators.district import District
from simulators.hj212_logger import DataLogger, check_sum, framed, split
from simulators.troubles import Trouble, TroubleKind
from tests.conftest import free_port

T_MS = 1_775_001_600_000
CODES = ["w21003", "w01009", "w01001"]
PLACED = Logger("A110000_0001", "123456", "2017", 9212, "127.0.0.1", CODES)
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture
def station(catalogue: Catalogue) -> Station:
    return catalogue.stations["tonglv-jinsha"]


def sender(station: Station, marks: dict[str, str] | None = None, **changes: Any) -> DataLogger:
    size = changes.pop("most_bytes", 1024)
    logger = msgspec.structs.replace(PLACED, **changes)
    found = DataLogger(logger, station, lambda *_: 2.0, lambda: T_MS, marks or {}, size)
    found.answer_s = 0.2
    return found


def segment(frame: bytes) -> str:
    """A plain frame's data segment, its length and check sum looked at."""
    found = re.fullmatch(rb"##(\d{4})(.*)([0-9A-F]{4})\r\n", frame, re.DOTALL)
    assert found is not None
    assert int(found[1]) == len(found[2]) <= 1024
    assert int(found[3], 16) == check_sum(found[2])
    return found[2].decode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&", 0x1C80),
        ("QN=20260401080000000;ST=91;CN=9014;PW=123456;MN=A110000_0001;Flag=4;CP=&&&&", 0xC241),
        ("QN=20240601085857223;ST=32;CN=1011;PW=123456;MN=010000A8900016F000169DC0;Flag=9;CP=&&&&", 0x2200),
    ],
)  # fmt: skip
def test_the_check_sum_is_the_published_one(text: str, expected: int) -> None:
    """The first packet is the standard's own."""
    assert check_sum(text.encode()) == expected


def test_a_packet_of_2017_has_its_form(station: Station) -> None:
    """Head in order, an answer wanted, the instant first, then value and mark of each code."""
    logger = sender(station, {"w01009": "D"})
    (frame,) = logger.packets(logger.measure(T_MS))
    assert segment(frame) == (
        "QN=20260401080000000;ST=21;CN=2011;PW=123456;MN=A110000_0001;Flag=5;"
        "CP=&&DataTime=20260401080000;w21003-Rtd=2.0000,w21003-Flag=N;"
        "w01009-Rtd=2.000,w01009-Flag=D;w01001-Rtd=2.000,w01001-Flag=N&&"
    )


@pytest.mark.parametrize(("of", "head"), [("minute", "CN=2051"), ("hour", "CN=2061")])
def test_of_means_it_sends_the_mean(station: Station, of: str, head: str) -> None:
    """In the field that says so, in the unit of the placement."""
    logger = sender(station, of=of, scale={"w21003": 0.001})
    (frame,) = logger.packets(logger.measure(T_MS))
    assert head in segment(frame)
    assert "w21003-Avg=2000.0000" in segment(frame)
    assert "Rtd" not in segment(frame)


@given(st.integers(120, 400))
def test_in_parts_every_value_is_sent_once_and_every_part_has_the_instant(
    catalogue: Catalogue, most: int
) -> None:
    """PNUM of all and PNO from 1 on; bit 2 of Flag where there are several."""
    logger = sender(catalogue.stations["tonglv-jinsha"], most_bytes=most)
    whole = logger.measure(T_MS)
    texts = [segment(frame) for frame in logger.packets(whole)]
    groups = [text.partition("CP=&&")[2][:-2].split(";") for text in texts]
    assert all(row[0] == "DataTime=20260401080000" for row in groups)
    assert [group for row in groups for group in row[1:]] == whole.groups[1:]
    if len(texts) == 1:
        assert "PNUM" not in texts[0]
        return
    for number, text in enumerate(texts, start=1):
        assert f"Flag=7;PNUM={len(texts)};PNO={number};CP" in text


@given(st.lists(st.text("ab", min_size=1, max_size=9)), st.integers(9, 60))
def test_rows_hold_what_fits(groups: list[str], room: int) -> None:
    """In their order."""
    rows = split(groups, room)
    assert [group for row in rows for group in row] == groups
    assert all(len(";".join(row)) <= room for row in rows)


def test_what_is_sent_again_says_so_in_2025_and_only_there(station: Station) -> None:
    """RF=1 stands behind the numbers of parts."""
    for profile, again in (("2025", True), ("2017", False)):
        logger = sender(station, profile=profile)
        one = logger.measure(T_MS)
        assert "RF=" not in segment(logger.packets(one)[0])
        one.tries = 1
        assert ("RF=1;CP=&&" in segment(logger.packets(one)[0])) is again


def test_encrypted_are_whole_blocks_between_the_ampersands() -> None:
    """ECB without padding; length and check sum are of the plain text."""
    plain = (
        "QN=20240520210700000;ST=31;CN=2051;PW=123456;MN=010000A8900016F000169DC0;Flag=9;CP=&&"
        "DataTime=20240520210600;a01011-Min=1.35,a01011-Avg=1.35,a01011-Max=1.35,a01011-Flag=N;"
        "a01014-Min=3.20,a01014-Avg=3.20,a01014-Max=3.20,a01014-Flag=N&&"
    )
    frame = framed(plain, b"0" * 16)
    begin = frame.index(b"CP=&&") + 5
    assert frame[:begin] == b"##0234" + plain[: begin - 6].encode()
    assert frame[begin + 144 :] == b"g=N&&B541\r\n"
    decryptor = Cipher(SM4(b"0" * 16), ECB()).decryptor()
    inner = decryptor.update(frame[begin : begin + 144]) + decryptor.finalize()
    assert inner.decode() == plain[begin - 6 : begin - 6 + 144]


@asynccontextmanager
async def listening(talk: Talk, port: int) -> AsyncIterator[None]:
    """A scripted receiver; at its end whoever still calls is hung up on."""

    async def heard(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer):
            await talk(reader, writer)

    server = await asyncio.start_server(heard, "127.0.0.1", port)
    async with asyncio.timeout(20):
        try:
            yield
        finally:
            await stop_listening(server)


async def with_centre(logger: DataLogger, talk: Talk, work: Callable[[], Awaitable[None]]) -> None:
    """A scripted receiver where the logger calls."""
    async with listening(talk, logger.logger.port):
        await work()


def answer(frame: bytes) -> bytes:
    qn = frame[frame.index(b"QN=") :][:20].decode()
    return framed(f"{qn};ST=91;CN=9014;PW=123456;MN=A110000_0001;Flag=4;CP=&&&&")


def test_it_sends_again_until_it_is_answered(station: Station) -> None:
    """An answer to another packet is none; the third one is right."""
    logger, frames = sender(station, port=free_port(), profile="2025"), list[bytes]()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while frame := await reader.readline():
            frames.append(frame)
            if len(frames) == 2:
                writer.write(answer(b"QN=20000101000000000"))
            if len(frames) == 3:
                writer.write(answer(frame))

    logger.measure(T_MS)
    asyncio.run(with_centre(logger, talk, lambda: logger.call(until_empty=True)))
    assert logger.kept == []
    assert [b"RF=1" in frame for frame in frames] == [False, True, True]


def test_new_data_go_before_what_is_sent_again(station: Station) -> None:
    """What was measured while the first stayed without an answer."""
    logger, times = sender(station, port=free_port()), list[bytes]()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while frame := await reader.readline():
            found = re.search(rb"DataTime=(\d{14})", frame)
            assert found is not None
            times.append(found[1][-2:])
            if len(times) == 1:
                logger.measure(T_MS + 5000)
            else:
                writer.write(answer(frame))

    logger.measure(T_MS)
    asyncio.run(with_centre(logger, talk, lambda: logger.call(until_empty=True)))
    assert times == [b"00", b"05", b"00"]


def test_in_a_district_it_measures_and_calls_by_itself(catalogue: Catalogue) -> None:
    """At the station's cadence, on whole seconds, what nature holds then."""
    logger = msgspec.structs.replace(PLACED, port=free_port())
    station = msgspec.structs.replace(
        catalogue.stations["tonglv-jinsha"], instruments=[], loggers=[logger]
    )
    alone = msgspec.structs.replace(catalogue, stations={station.id: station})
    frames, two = list[bytes](), asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while frame := await reader.readline():
            frames.append(frame)
            writer.write(answer(frame))
            if len(frames) == 2:
                two.set()

    async def run() -> None:
        district = District(alone, seed=3, now_ms=lambda: time.time_ns() // 1_000_000)
        async with listening(talk, logger.port), district.serving():
            await two.wait()

    asyncio.run(run())
    for frame in frames[:2]:
        found = re.search(rb"DataTime=(\d{14});w21003-Rtd=([0-9.]+),", frame)
        assert found is not None
        at = datetime.strptime(f"{found[1].decode()}+0800", "%Y%m%d%H%M%S%z")
        at_ms = int(at.timestamp()) * 1000
        truth = nature.value(3, station, "w21003", at_ms)
        assert float(found[2]) == pytest.approx(truth, abs=1e-3)


async def said(district: District, port: int, enough: Callable[[str], bool]) -> list[str]:
    """DataTimes and values of w21003 that a district's only logger sends and sees answered."""
    frames, done = list[str](), asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while frame := await reader.readline():
            found = re.search(r"DataTime=(\d{14};w21003-Rtd=[0-9.]+),", frame.decode())
            assert found is not None
            frames.append(found[1])
            writer.write(answer(frame))
            if enough(found[1]):
                done.set()

    async with listening(talk, port), district.serving():
        await done.wait()
    return frames


def parted(frame: str) -> tuple[int, float]:
    """Instant (UTC epoch ms) and value."""
    at, _, value = frame.partition(";w21003-Rtd=")
    return int(datetime.strptime(f"{at}+0800", "%Y%m%d%H%M%S%z").timestamp()) * 1000, float(value)


def alone_with(
    catalogue: Catalogue, *troubles: Trouble, profile: Profile = "2017"
) -> tuple[District, Station, int]:
    """A district of one logger at a station ``s``, and the port that it calls."""
    logger = msgspec.structs.replace(PLACED, port=free_port(), profile=profile)
    station = msgspec.structs.replace(
        catalogue.stations["tonglv-jinsha"], id="s", instruments=[], loggers=[logger]
    )
    alone = msgspec.structs.replace(catalogue, stations={"s": station})
    district = District(alone, seed=3, now_ms=now_ms, troubles=troubles)
    return district, station, logger.port


def now_ms() -> int:
    return time.time_ns() // 1_000_000


@pytest.mark.parametrize("size", [-3600, 7200])
def test_when_its_clock_jumps_instants_are_wrong_and_values_are_not(
    catalogue: Catalogue, size: int
) -> None:
    """Given a clock that jumps and comes back, when it measures all the while, then each value is
    that of the true instant, the one around each jump too.
    """
    began_ms = now_ms() // 1000 * 1000 + 2500
    jump = Trouble("clock-jump", began_ms, began_ms + 2000, "s", size=size)
    district, station, port = alone_with(catalogue, jump)
    frames = asyncio.run(said(district, port, lambda _: now_ms() > began_ms + 4000))
    off = set()
    for at_ms, value in map(parted, frames):
        ahead_ms = size * 1000 if abs(at_ms - began_ms) > 60_000 else 0
        off.add(ahead_ms)
        truth = district.shown(station, "w21003", at_ms - ahead_ms)
        assert value == pytest.approx(truth, abs=6e-5)
    assert off == {0, size * 1000}


def test_without_power_it_neither_measures_nor_forgets(catalogue: Catalogue) -> None:
    """Given a power cut of its station, when it is over, then there is a gap and nothing else is
    missing.
    """
    began_ms = now_ms() // 1000 * 1000 + 2500
    ended_ms = began_ms + 3000
    cut = Trouble("power-cut", began_ms, ended_ms, "s")
    district, _, port = alone_with(catalogue, cut)
    frames = asyncio.run(said(district, port, lambda _: now_ms() > ended_ms + 1500))
    times = sorted({parted(frame)[0] for frame in frames})
    assert [at_ms for at_ms in times if began_ms <= at_ms < ended_ms] == []
    assert {after - at for at, after in itertools.pairwise(times)} == {1000, 4000}


@dataclass
class Call:
    """One connection of a logger: when it stood (UTC epoch ms), and of which instants packets came,
    each with whether it was marked as sent again.
    """

    began_ms: int
    ended_ms: int = 0
    said: list[tuple[int, bool]] = field(default_factory=list)


async def struck(district: District, port: int, kind: TroubleKind) -> list[Call]:
    """The calls of a district's only logger, struck for two seconds while its second packet waits
    for an answer, until a packet came again.
    """
    calls, over = list[Call](), asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        calls.append(call := Call(now_ms()))
        while frame := await reader.readline():
            found = re.search(r"DataTime=(\d{14};w21003-Rtd=[0-9.]+),", frame.decode())
            assert found is not None
            call.said.append((parted(found[1])[0], b";RF=1;" in frame))
            if len(call.said) == 2 and not district.troubles:
                began_ms = now_ms()
                ended_ms = began_ms // 1000 * 1000 + 2500
                district.troubles.append(Trouble(kind, began_ms, ended_ms, "s"))
            else:
                writer.write(answer(frame))
            if call.said[-1][1]:
                over.set()
        call.ended_ms = now_ms()

    async with listening(talk, port), district.serving():
        await over.wait()
    return calls


@pytest.mark.parametrize("kind", ["line-loss", "power-cut"])
def test_without_line_or_power_it_hangs_up_and_sends_later_what_it_kept(
    catalogue: Catalogue, kind: TroubleKind
) -> None:
    """Given a line that is lost while a packet waits for its answer, when it is back, then the
    logger calls anew, and everything comes that it measured all the while, what had waited marked
    as sent again; without power it has measured nothing.
    """
    district, _, port = alone_with(catalogue, profile="2025")
    before, after = asyncio.run(struck(district, port, kind))
    (trouble,) = district.troubles
    assert trouble.began_ms <= before.ended_ms < trouble.ended_ms <= after.began_ms
    waited_ms = before.said[-1][0]
    first_ms = waited_ms + 1000 if kind == "line-loss" else trouble.ended_ms + 500
    *fresh, again = after.said
    assert fresh == [(first_ms + 1000 * number, False) for number in range(len(fresh))]
    assert fresh[-1][0] > trouble.ended_ms
    assert again == (waited_ms, True)
