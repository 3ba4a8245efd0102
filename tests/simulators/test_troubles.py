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
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from config.catalogue.shapes import Catalogue, Instrument, Placement, Register, Site, Station
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Measured
from edge_agent.modbus.polling import SILENT_BEHIND_GATEWAY, Device, Failed, Line
from simulators.district import District
from simulators.relay import Manner, Relay
from simulators.troubles import Trouble, TroubleKind, ahead_ms, broken, is_struck
from tests.conftest import free_port, wait_until
from tests.edge_agent.conftest import PATIENT_MS, SHORT_MS

CODES = {"make": "w01010", "other": "w01001"}
MAKES = {
    name: Instrument(name, "Make", "Model", "holding", 0, "ABCD", [Register(code, 0, "float32")])
    for name, code in CODES.items()
}
NEVER = threading.Event()


@contextmanager
def loop_of(work: Callable[[asyncio.Event], object]) -> Iterator[None]:
    """Some serving, in a thread of its own, until the end of this context."""
    # A slow instrument may still be at its answer; the runner ends it.
    runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
    loop, ready, stop = runner.get_loop(), threading.Event(), asyncio.Event()

    async def serve() -> None:
        async with work(stop):  # type: ignore[attr-defined]
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: runner.run(serve()))
    thread.start()
    assert ready.wait(60)
    try:
        yield
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        runner.close()


@dataclass
class Box:
    """A station of two instruments, on lines of their own or on one, and an agent's devices."""

    placements: list[Placement]
    now_ms: int = 0
    district: District = field(init=False)
    devices: list[Device] = field(init=False)
    elapsed_s: float = 0.0

    def __post_init__(self) -> None:
        station = Station(
            "s",
            "s",
            "water",
            (0.0, 0.0),
            "a",
            1000,
            self.placements,
            river="r",
            order=1,
            target="III",
        )
        catalogue = Catalogue(Site("x", "x"), {}, {"s": station}, MAKES)
        self.district = District(catalogue, seed=1, now_ms=lambda: self.now_ms)
        lines = {placement.where: Line(placement) for placement in self.placements}
        self.devices = [
            Device(
                lines[placement.where],
                placement,
                MAKES[placement.instrument],
                lambda: self.elapsed_s,
            )
            for placement in self.placements
        ]

    @property
    def station(self) -> Station:
        """The only one."""
        return self.district._catalogue.stations["s"]

    def shown(self, which: int) -> float:
        """What an instrument's sensor shows now."""
        code = CODES[self.placements[which].instrument]
        return self.district.shown(self.station, code, self.now_ms)

    def poll(self, which: int, *, rested: bool = True, patience_ms: int = PATIENT_MS) -> Measured:
        """One round of an instrument; its rest after a failure is over, or takes its time."""
        self.elapsed_s += 1000 * rested
        device = self.devices[which]
        device.placement = replace(device.placement, timeout_ms=patience_ms)
        (measured,) = device.poll(NEVER).values()
        return measured

    def glance(self, which: int) -> Measured:
        """One round of an instrument of which nothing is expected."""
        return self.poll(which, patience_ms=SHORT_MS)

    def close(self) -> None:
        for device in self.devices:
            device._line.close()


def over_tcp(*ports: int) -> list[Placement]:
    """Both instruments over Modbus TCP."""
    return [
        Placement(name, unit, "127.0.0.1", port)
        for unit, (name, port) in enumerate(zip(CODES, ports, strict=True), start=1)
    ]


@pytest.fixture(params=["tcp", "rtu-over-tcp", "serial"])
def box(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Box]:
    """Both instruments answer."""
    placements = over_tcp(*[free_port()] * 2)
    if request.param == "serial":
        where = {"host": "", "port": 0, "serial": str(tmp_path / "ttyS")}
        placements = [replace(placement, **where) for placement in placements]
    elif request.param == "rtu-over-tcp":
        placements = [replace(placement, line="rtu-over-tcp") for placement in placements]
    made = Box(placements)
    with loop_of(lambda _: made.district.serving()):
        assert made.poll(0).cause is made.poll(1).cause is Cause.NORMAL
        yield made
        made.close()


def gone(box: Box) -> Cause:
    """How a line that does nothing looks: over TCP it is refused, a serial one is silent."""
    return Cause.TIMEOUT if box.placements[0].serial else Cause.LINE_DOWN


def test_an_instrument_without_power_is_silent_and_the_other_is_not(box: Box) -> None:
    """Given a power cut of one, when both are polled, then one times out; afterwards it is back."""
    box.district.troubles.append(Trouble("power-cut", 1000, 2000, "s", "make"))
    box.now_ms = 1500
    assert box.glance(0).cause is Cause.TIMEOUT
    wait_until(lambda: box.glance(1).value == pytest.approx(box.shown(1), abs=0.001))
    box.now_ms = 2000
    assert box.poll(0).cause is box.poll(1).cause is Cause.NORMAL


@pytest.mark.parametrize("kind", ["power-cut", "line-loss"])
def test_without_power_or_line_nothing_of_a_station_answers_and_then_all_is_back(
    box: Box, kind: TroubleKind
) -> None:
    """Given a whole station that is struck, when it is over, then what it shows is of now."""
    box.district.troubles.append(Trouble(kind, 1000, 3_600_000, "s"))
    box.now_ms = 1000
    for which in (0, 1):
        wait_until(lambda at=which: box.glance(at).cause is gone(box))
    box.now_ms = 3_600_000
    for which in (0, 1):
        wait_until(lambda at=which: box.glance(at).cause is Cause.NORMAL)
        assert box.poll(which).value == pytest.approx(box.shown(which), abs=0.001)


def test_a_lost_line_takes_along_whatever_shares_it(box: Box) -> None:
    """Given the line of one instrument lost, when the other on it is polled, it is gone too."""
    box.district.troubles.append(Trouble("line-loss", 1000, 2000, "s", "make"))
    box.now_ms = 1000
    wait_until(lambda: box.glance(1).cause is gone(box))
    box.now_ms = 2000
    wait_until(lambda: box.glance(1).cause is Cause.NORMAL)


def test_what_is_gone_is_asked_more_and_more_rarely(box: Box) -> None:
    """Given a station without power, when it is polled each second, then for most of a minute
    nothing is asked.
    """
    box.district.troubles.append(Trouble("power-cut", 1000, 2000, "s"))
    box.now_ms = 1000
    wait_until(lambda: box.glance(0).cause is gone(box))
    asked = 0
    with patch.object(Line, "read", autospec=True, side_effect=Line.read) as read:
        for _ in range(60):
            box.elapsed_s += 1
            box.poll(0, rested=False, patience_ms=SHORT_MS)
        asked = read.call_count
    assert 1 <= asked <= 6


def test_a_slow_instrument_times_out_and_its_late_answer_becomes_nobody_s_value(box: Box) -> None:
    """Given answers that take longer than the agent's patience, then no value is an older one."""
    box.district.troubles.append(Trouble("slow", 0, 1, "s", "make", size=450))
    box.now_ms = 0
    before = box.shown(0)
    assert box.glance(0).cause is Cause.TIMEOUT
    box.now_ms = 3_600_000
    assert box.shown(0) != pytest.approx(before, abs=0.001)
    for which in (1, 0):
        truth = pytest.approx(box.shown(which), abs=0.001)
        assert box.poll(which, rested=False, patience_ms=300).value in (None, truth)
        wait_until(
            lambda at=which: box.poll(at, rested=False, patience_ms=300).cause is Cause.NORMAL
        )
        assert box.poll(which).value == truth


def test_of_broken_answers_none_becomes_a_value(box: Box) -> None:
    """Given every answer broken, when polled again and again, then nothing is good."""
    box.district.troubles.append(Trouble("corrupt", 0, 1 << 62, "s", share=1.0))
    for _ in range(10):
        for which in (0, 1):
            assert box.glance(which).value is None


def test_of_answers_that_break_now_and_then_the_whole_ones_are_kept(box: Box) -> None:
    """Given every second answer broken, when polled again and again, then what is good is true."""
    box.district.troubles.append(Trouble("corrupt", 0, 1 << 62, "s", share=0.5))
    found = [(which, box.glance(which)) for _ in range(10) for which in (0, 1)]
    assert {Cause.NORMAL, Cause.TIMEOUT} <= {measured.cause for _, measured in found}
    for which, measured in found:
        assert measured.value in (None, pytest.approx(box.shown(which), abs=0.001))


def test_a_lost_line_is_no_other_line_s_loss() -> None:
    """Given two lines over TCP, when one is lost, then the other goes on."""
    made = Box(over_tcp(free_port(), free_port()))
    lost = Trouble("line-loss", 1000, 2000, "s", "make")
    with loop_of(lambda _: made.district.serving()):
        assert made.poll(0).cause is made.poll(1).cause is Cause.NORMAL
        made.district.troubles.append(lost)
        made.now_ms = 1000
        wait_until(lambda: made.poll(0).cause is Cause.LINE_DOWN)
        assert made.poll(1).cause is Cause.NORMAL
        made.now_ms = 2000
        wait_until(lambda: made.poll(0).cause is Cause.NORMAL)
        made.close()


def test_a_line_comes_back_once_its_port_is_free_again() -> None:
    """Given somebody who took the port of a lost line, when he gives it back, then it answers."""
    port = free_port()
    made = Box(over_tcp(port, port))
    made.district.troubles.append(Trouble("line-loss", 1000, 2000, "s"))
    with loop_of(lambda _: made.district.serving()):
        made.now_ms = 1000
        wait_until(lambda: made.poll(0).cause is Cause.LINE_DOWN)
        with socket.create_server(("127.0.0.1", port)):
            made.now_ms = 2000
            assert made.glance(0).value is None
        wait_until(lambda: made.glance(0).cause is Cause.NORMAL)
        made.close()


def test_a_unit_that_is_not_there_is_no_trouble_of_the_others() -> None:
    """Given an instrument asked at a wrong unit over TCP, then its gateway says so at once."""
    port = free_port()
    made = Box(over_tcp(port, port))
    line = Line(made.placements[0])
    with loop_of(lambda _: made.district.serving()):
        with pytest.raises(Failed) as failed:
            line.read("holding", 9, 0, 2, 300)
        assert failed.value.code == SILENT_BEHIND_GATEWAY
        assert made.poll(0).cause is Cause.NORMAL
        line.close()
        made.close()


def test_the_same_seed_breaks_the_same_answers_whatever_the_ports_are() -> None:
    """Given two districts that differ in their ports alone, and one of another seed."""

    def arrived(seed: int) -> list[bytes]:
        made = Box(over_tcp(*[free_port()] * 2))
        made.district._seed = seed
        made.district.troubles.append(Trouble("corrupt", 0, 1, "s", share=0.5))
        units = dict(
            enumerate(((made.station, placement) for placement in made.placements), start=1)
        )
        speak = made.district._speaking(units)
        return [speak(1 + number % 2, bytes(range(20))) for number in range(50)]

    assert arrived(1) == arrived(1)
    assert arrived(1) != arrived(2)


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
    placement, now_ms = catalogue.stations["tonglv-jinsha"], 7_200_000
    back = Trouble("clock-jump", 0, now_ms + 1, placement.id, size=-3600)
    district = District(catalogue, seed=1, now_ms=lambda: now_ms, troubles=[back])
    assert ahead_ms([back], placement, now_ms) == -3_600_000
    assert ahead_ms([back], placement, now_ms + 1) == 0
    logged = district._logged(placement, "w01010", now_ms - 3_600_000)
    assert logged == district.shown(placement, "w01010", now_ms)


@pytest.mark.parametrize("kind", ["power-cut", "line-loss"])
def test_what_strikes_a_whole_station_strikes_its_loggers(
    catalogue: Catalogue, kind: TroubleKind
) -> None:
    """Power or line of one instrument is none of theirs, nor is another station's."""
    placement, other = (catalogue.stations[name] for name in ("tonglv-jinsha", "tonglv-erjia"))
    whole = [Trouble(kind, 0, 10, placement.id)]
    assert is_struck(whole, kind, placement, 5)
    assert not is_struck(whole, "slow", placement, 5)
    assert not is_struck(whole, kind, placement, 10)
    assert not is_struck(whole, kind, other, 5)
    assert not is_struck([Trouble(kind, 0, 10, placement.id, "make")], kind, placement, 5)


def test_a_relay_leads_is_cut_is_silent_and_leads_again() -> None:
    """As a broker's line: given each manner in turn, what is sent arrives or does not."""
    with socket.create_server(("127.0.0.1", 0)) as far:
        far.settimeout(60)
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
                    near.settimeout(60)
                    manner[0] = "cut"
                    assert (near.recv(9), end.recv(9)) == (b"", b"")
            with socket.create_connection(("127.0.0.1", port)) as turned_away:
                turned_away.settimeout(60)
                assert turned_away.recv(9) == b""
            manner[0] = "whole"
            with socket.create_connection(("127.0.0.1", port)) as near:
                end, _ = far.accept()
                with end:
                    near.sendall(b"three")
                    assert end.recv(9) == b"three"
