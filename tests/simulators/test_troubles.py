"""What goes wrong on a line: scripted, met by a real agent's polling, and over again."""

from __future__ import annotations

import asyncio
import random
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.catalogue.shapes import Catalogue, Instrument, Placement, Register, Site, Station
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Measured
from edge_agent.modbus import Device, Line
from simulators.district import District
from simulators.relay import Manner, Relay
from simulators.troubles import Trouble, ahead_ms, broken, is_off
from tests.conftest import free_port, wait_until

MAKE = Instrument(
    "make", "Make", "Model", "holding", 0, "ABCD", [Register("w01010", 0, "float32")],
)  # fmt: skip
NEVER = threading.Event()


@contextmanager
def loop_of(work: Callable[[asyncio.Event], object]) -> Iterator[None]:
    """Some serving, in a thread of its own, until the end of this context."""
    loop, ready = asyncio.new_event_loop(), threading.Event()
    stop = asyncio.Event()

    async def serve() -> None:
        async with work(stop):  # type: ignore[attr-defined]
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    assert ready.wait(10)
    try:
        yield
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


@dataclass
class Box:
    """A station of two instruments, on lines of their own or on one, and an agent's devices."""

    places: list[Placement]
    now_ms: int = 0
    district: District = field(init=False)
    devices: list[Device] = field(init=False)
    elapsed_s: float = 0.0

    def __post_init__(self) -> None:
        station = Station(
            "s", "s", "water", (0.0, 0.0), "a", 1000, self.places, river="r", order=1, target="III"
        )
        catalogue = Catalogue(Site("x", "x"), {}, {"s": station}, {"make": MAKE})
        self.district = District(catalogue, seed=1, now_ms=lambda: self.now_ms)
        lines = {place.where: Line(place) for place in self.places}
        self.devices = [
            Device(lines[place.where], place, MAKE, lambda: self.elapsed_s)
            for place in self.places
        ]

    @property
    def station(self) -> Station:
        """The only one."""
        return self.district._catalogue.stations["s"]

    def shown(self) -> float:
        """What its sensors show now."""
        return self.district.shown(self.station, "w01010", self.now_ms)

    def poll(self, which: int, *, rested: bool = True) -> Measured:
        """One round of an instrument; its rest after a failure is over, or takes its time."""
        self.elapsed_s += 1000 * rested
        return self.devices[which].poll(NEVER)["w01010"]

    def close(self) -> None:
        for device in self.devices:
            device._line.close()


def over_tcp(*units: int, ports: int = 2) -> list[Placement]:
    """Units, each on a port of its own, or all on one."""
    found = [free_port() for _ in range(ports)]
    return [
        Placement("make", unit, "127.0.0.1", found[at % ports], timeout_ms=300)
        for at, unit in enumerate(units)
    ]


@pytest.fixture(params=["tcp", "rtu-over-tcp", "serial"])
def box(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Box]:
    """Both instruments answer."""
    if request.param == "serial":
        name = str(tmp_path / "ttyS")
        places = [Placement("make", unit, serial=name, timeout_ms=300) for unit in (1, 2)]
    else:
        port = free_port()
        places = [
            Placement("make", unit, "127.0.0.1", port, timeout_ms=300, line=request.param)
            for unit in (1, 2)
        ]
    made = Box(places)
    with loop_of(lambda _: made.district.serving()):
        assert made.poll(0).cause is made.poll(1).cause is Cause.NORMAL
        yield made
        made.close()


def test_an_instrument_without_power_is_silent_and_the_other_is_not(box: Box) -> None:
    """Given a power cut of one, when both are polled, then one times out; afterwards it is back."""
    other = box.places[1]
    box.district.troubles.append(Trouble("power-cut", 1000, 2000, "s", "make"))
    box.now_ms = 1500
    assert box.poll(0).cause is Cause.TIMEOUT
    assert other.unit == 2
    box.now_ms = 2000
    assert box.poll(0).cause is box.poll(1).cause is Cause.NORMAL


def test_a_slow_instrument_times_out_and_its_late_answer_becomes_nobody_s_value(box: Box) -> None:
    """Given answers that take longer than the agent's patience, then no value is an older one."""
    box.district.troubles.append(Trouble("slow", 0, 1, "s", "make", size=450))
    box.now_ms = 0
    assert box.poll(0).cause is Cause.TIMEOUT
    box.now_ms = 3_600_000
    now, before = box.shown(), box.district.shown(box.station, "w01010", 0)
    assert now != pytest.approx(before, abs=0.001)
    for which in (1, 0):
        assert box.poll(which, rested=False).value in (None, pytest.approx(now, abs=0.001))
        wait_until(lambda at=which: box.poll(at, rested=False).cause is Cause.NORMAL)
        assert box.poll(which).value == pytest.approx(now, abs=0.001)


def test_of_broken_answers_none_becomes_a_value(box: Box) -> None:
    """Given every second answer broken, when polled again and again, then what is good is true."""
    truth = box.shown()
    box.district.troubles.append(Trouble("corrupt", 0, 1 << 62, "s", share=0.5))
    causes = set()
    for _ in range(10):
        for which in (0, 1):
            got = box.poll(which)
            causes.add(got.cause)
            assert got.value is None or got.value == pytest.approx(truth, abs=0.001)
    assert {Cause.NORMAL, Cause.TIMEOUT} <= causes


def test_a_lost_line_takes_its_instruments_along_and_no_other() -> None:
    """Given two lines over TCP, when one is lost, then it is told from an instrument that is."""
    made = Box(over_tcp(1, 2))
    lost = Trouble("line-loss", 1000, 2000, "s", "make")
    with loop_of(lambda _: made.district.serving()):
        assert made.poll(0).cause is made.poll(1).cause is Cause.NORMAL
        made.district.troubles.append(lost)
        made.now_ms = 1000
        wait_until(lambda: made.poll(0).cause is Cause.LINE_DOWN)
        made.now_ms = 2000
        wait_until(lambda: made.poll(0).cause is Cause.NORMAL)
        assert made.poll(1).cause is Cause.NORMAL
        made.close()


@given(st.binary(min_size=7, max_size=80), st.integers(0, 1 << 32), st.booleans())
def test_a_broken_answer_is_another_one(answer: bytes, seed: int, rtu: bool) -> None:
    """Never longer, never the same; the same seed breaks it alike."""
    found = broken(answer, random.Random(seed), rtu=rtu)
    assert found != answer
    assert len(found) <= len(answer)
    assert found == broken(answer, random.Random(seed), rtu=rtu)


def test_the_clock_of_loggers_jumps_and_their_values_are_those_of_the_true_instant(
    catalogue: Catalogue,
) -> None:
    """Given clocks an hour behind, when they measure, then only the instant is wrong."""
    place, now_ms = catalogue.stations["tonglv-jinsha"], 7_200_000
    back = Trouble("clock-jump", 0, now_ms + 1, place.id, size=-3600)
    district = District(catalogue, seed=1, now_ms=lambda: now_ms, troubles=[back])
    assert ahead_ms([back], place, now_ms) == -3_600_000
    assert ahead_ms([back], place, now_ms + 1) == 0
    logged = district._logged(place, "w01010", now_ms - 3_600_000)
    assert logged == district.shown(place, "w01010", now_ms)


def test_without_power_a_station_s_loggers_are_still(catalogue: Catalogue) -> None:
    """A power cut of one instrument is none of theirs."""
    place = catalogue.stations["tonglv-jinsha"]
    assert is_off([Trouble("power-cut", 0, 10, place.id)], place, 5)
    assert not is_off([Trouble("power-cut", 0, 10, place.id, "make")], place, 5)
    assert not is_off([Trouble("power-cut", 0, 10, place.id)], place, 10)


def test_a_relay_leads_is_cut_is_silent_and_leads_again() -> None:
    """As a broker's line: given each manner in turn, what is sent arrives or does not."""
    with socket.create_server(("127.0.0.1", 0)) as far:
        far.settimeout(5)
        port = free_port()
        manner: list[Manner] = ["whole"]
        relay = Relay(port, "127.0.0.1", far.getsockname()[1], lambda: manner[0])
        with loop_of(lambda _: relay.serving()):
            with socket.create_connection(("127.0.0.1", port)) as near:
                end, _ = far.accept()
                with end:
                    near.sendall(b"one")
                    assert end.recv(9) == b"one"
                    manner[0] = "silent"
                    near.sendall(b"two")
                    near.settimeout(5)
                    manner[0] = "cut"
                    assert (near.recv(9), end.recv(9)) == (b"", b"")
            with socket.create_connection(("127.0.0.1", port)) as turned_away:
                turned_away.settimeout(5)
                assert turned_away.recv(9) == b""
            manner[0] = "whole"
            with socket.create_connection(("127.0.0.1", port)) as near:
                end, _ = far.accept()
                with end:
                    near.sendall(b"three")
                    assert end.recv(9) == b"three"
