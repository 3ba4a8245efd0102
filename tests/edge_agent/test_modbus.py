"""A Modbus device over real sockets: what it says, and every way in which it says nothing."""

from __future__ import annotations

import struct
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from unittest.mock import Mock, patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from config.catalogue.oddities import Oddities
from config.catalogue.shapes import Catalogue, Instrument, Placement, Register
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Measured
from edge_agent.modbus import line as line_module
from edge_agent.modbus.polling import Device, Line
from simulators.instruments import device as simulated
from tests.conftest import examples, free_port, wait_until
from tests.edge_agent.conftest import (
    PATIENT_MS,
    SHORT_MS,
    Answer,
    be_patient,
    modbus_server,
    peer,
    reply,
)

CALM = threading.Event()


class Clock:
    """A monotonic clock that the test moves."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def polled(
    placement: Placement, make: Instrument, port: int, clock: Callable[[], float] | None = None
) -> tuple[Device, Line]:
    """The agent's device at a port."""
    here = replace(placement, port=port)
    line = Line(here)
    return Device(line, here, make, clock or Clock()), line


def reads() -> AbstractContextManager[Mock]:
    """Every time that a line is asked to read; a silent peer may hear of it only later."""
    return patch.object(Line, "read", autospec=True, side_effect=Line.read)


def test_every_make_of_the_catalogue_is_read_from_a_server_that_obeys_its_manual(
    catalogue: Catalogue,
) -> None:
    """The server refuses another function, too many registers and forbidden addresses."""
    for make in catalogue.instruments.values():
        placement = Placement(make.id, 3, "127.0.0.1", free_port(), PATIENT_MS)
        with modbus_server(placement, [simulated(placement, make, lambda _: 8.0)]):
            reader, line = polled(placement, make, placement.port)
            found = reader.poll(CALM)
            line.close()
        assert found == {
            code: Measured(pytest.approx(8.0), Cause.NORMAL) for code in make.codes
        }, make.id


def test_a_read_that_the_device_refuses_says_so(make: Instrument, placement: Placement) -> None:
    """The agent asks for holding registers, the device has input registers."""
    other = replace(make, function="input")
    with modbus_server(placement, [simulated(placement, other, lambda _: 8.0)]):
        reader, line = polled(placement, make, placement.port)
        assert reader.poll(CALM) == {"w01010": Measured(None, Cause.DEVICE_REFUSED)}
        line.close()


def test_the_register_is_asked_for_by_its_address_on_the_wire(
    make: Instrument, placement: Placement
) -> None:
    """11 in a manual that counts from 1 is 10 on the wire, at the placement's unit."""
    asked = []

    def answer(request: bytes) -> bytes:
        asked.append(struct.unpack(">BBHH", request[6:12]))
        return reply(request, 215)

    with peer(answer) as found:
        reader, line = polled(placement, make, found.port)
        assert reader.poll(CALM) == {"w01010": Measured(21.5, Cause.NORMAL)}
        line.close()
    assert asked == [(7, 3, 10, 1)]


ILLEGAL = bytes((0x83, 2))


def foreign(request: bytes) -> bytes:
    """Under a number that nobody asked with."""
    return b"\xff\xff" + reply(request, 1)[2:]


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        pytest.param(lambda _: b"", Cause.TIMEOUT, id="silent"),
        pytest.param(lambda _: None, Cause.LINE_DOWN, id="hangs up"),
        pytest.param(lambda r: reply(r, 1)[:-1], Cause.TIMEOUT, id="cut short"),
        pytest.param(lambda r: reply(r, 1, 2), Cause.DEVICE_REFUSED, id="too many registers"),
        pytest.param(foreign, Cause.DEVICE_REFUSED, id="of another"),
        pytest.param(
            lambda r: r[:4] + b"\0\3" + r[6:7] + ILLEGAL, Cause.DEVICE_REFUSED, id="exception"
        ),
    ],
)
def test_each_way_to_say_nothing_has_its_cause(
    answer: Answer, cause: Cause, make: Instrument, placement: Placement
) -> None:
    """The value is missing, and missing is data too."""
    short = cause is Cause.TIMEOUT or answer is foreign
    patience_ms = SHORT_MS if short else PATIENT_MS
    with peer(answer) as found:
        reader, line = polled(replace(placement, timeout_ms=patience_ms), make, found.port)
        assert reader.poll(CALM) == {"w01010": Measured(None, cause)}
        line.close()


def test_nobody_at_the_port_is_a_line_down(make: Instrument, placement: Placement) -> None:
    """The connection is refused."""
    reader, _ = polled(placement, make, placement.port)
    assert reader.poll(CALM) == {"w01010": Measured(None, Cause.LINE_DOWN)}


def test_a_device_is_given_up_in_its_own_time(
    make: Instrument, hasty: Placement, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That of its placement, though bytes trickle in and the line's own patience is longer."""
    monkeypatch.setattr(line_module, "_Tcp", partial(line_module._Tcp, timeout=60))
    with peer(lambda r: reply(r, 1)[:5]) as found:
        reader, line = polled(hasty, make, found.port)
        began_s = time.monotonic()
        reader.poll(CALM)
        assert 0.75 * SHORT_MS / 1000 < time.monotonic() - began_s < 30
        line.close()


def test_a_device_that_hung_up_between_two_polls_is_read_all_the_same(
    make: Instrument, placement: Placement
) -> None:
    """Many close a line that rests for longer than they like."""
    asked = 0

    def answer(request: bytes) -> bytes | None:
        nonlocal asked
        asked += 1
        return None if asked == 2 else reply(request, asked)

    with peer(answer) as found:
        reader, line = polled(placement, make, found.port)
        values = [reader.poll(CALM)["w01010"].value for _ in range(2)]
        line.close()
    assert values == [pytest.approx(0.1), pytest.approx(0.3)]
    assert found.connections == 2


def test_a_late_answer_is_nobodys(make: Instrument, hasty: Placement) -> None:
    """After a time-out the line is new, so the first question's answer meets no second one."""
    given_up, asked = threading.Event(), 0

    def answer(request: bytes) -> bytes:
        nonlocal asked
        asked += 1
        assert given_up.wait(20)
        return reply(request, asked)

    with peer(answer) as found:
        reader, line = polled(hasty, make, found.port)
        first = reader.poll(CALM)["w01010"]
        given_up.set()
        be_patient(reader)
        second = reader.poll(CALM)["w01010"]
        line.close()
    assert first == Measured(None, Cause.TIMEOUT)
    assert second.value == pytest.approx(0.2)


def test_a_dead_device_rests_longer_each_time_and_is_asked_again(
    make: Instrument, hasty: Placement
) -> None:
    """The first failure is tried again at once; while it rests, its cause stands."""
    clock = Clock()
    with peer(lambda _: b"") as found, reads() as read:
        reader, line = polled(hasty, make, found.port, clock)
        asked = []
        for _ in range(12):
            cause = reader.poll(CALM)["w01010"].cause
            assert cause is Cause.TIMEOUT
            asked.append(read.call_count)
            clock.now_s += 1.0
        line.close()
    assert asked == [1, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3]


def test_a_device_long_dead_is_still_asked_once_a_minute(
    make: Instrument, hasty: Placement
) -> None:
    """pymodbus counts its own failures, and that ends nothing of ours."""
    clock = Clock()
    with peer(lambda _: b"") as found:
        reader, line = polled(hasty, make, found.port, clock)
        for _ in range(8):
            assert reader.poll(CALM)["w01010"].cause is Cause.TIMEOUT
            clock.now_s += 60.0
        line.close()
        wait_until(lambda: found.requests == 8)


def test_a_device_that_comes_back_is_read_at_once_from_then_on(
    make: Instrument, hasty: Placement
) -> None:
    """Its failures are forgotten."""
    clock = Clock()
    dead = True
    with peer(lambda r: b"" if dead else reply(r, 9)) as found:
        reader, line = polled(hasty, make, found.port, clock)
        for _ in range(2):
            reader.poll(CALM)
        dead = False
        be_patient(reader)
        clock.now_s += 60.0
        values = [reader.poll(CALM)["w01010"].value for _ in range(3)]
        line.close()
    assert values == [pytest.approx(0.9)] * 3


def test_one_silent_unit_takes_nothing_from_its_neighbour_on_the_line(
    make: Instrument, placement: Placement, hasty: Placement
) -> None:
    """Two units behind one gateway."""
    with peer(lambda r: reply(r, 5) if r[6] == 8 else b"") as found:
        line = Line(replace(placement, port=found.port))
        silent = Device(line, hasty, make, time.monotonic)
        other = Device(line, replace(placement, unit=8), make, time.monotonic)
        for _ in range(8):
            assert silent.poll(CALM)["w01010"].value is None
            assert other.poll(CALM)["w01010"].value == pytest.approx(0.5)
        line.close()


def test_the_device_is_left_alone_between_two_requests_for_as_long_as_it_asks(
    make: Instrument, placement: Placement
) -> None:
    """Two blocks that a forbidden register parts, 60 ms apart; told to stop, nobody waits."""
    at_s: list[float] = []

    def answer(request: bytes) -> bytes:
        at_s.append(time.monotonic())
        return reply(request, 1)

    two = [*make.registers, Register("w01001", 13, "uint16")]
    odd = replace(make, registers=two, oddities=Oddities(pause_ms=60, forbidden=[(12, 12)]))
    with peer(answer) as found:
        reader, line = polled(placement, odd, found.port)
        assert len(reader.poll(CALM)) == 2
        line.close()
    assert at_s[1] - at_s[0] >= 0.06


@settings(max_examples=examples(60))
@given(st.binary(max_size=40), st.booleans())
def test_whatever_a_peer_writes_the_poll_ends_with_an_outcome(data: bytes, head: bool) -> None:
    """Garbage, with and without a header that fits."""
    register = Register("w01010", 0, "float32")
    make = Instrument("probe", "Make", "Model", "holding", 0, "ABCD", [register])
    placement = Placement("probe", 7, "127.0.0.1", 1, timeout_ms=10)

    def answer(request: bytes) -> bytes:
        length = struct.pack(">H", len(data) + 1)
        return request[:4] + length + request[6:7] + data if head else data

    with peer(answer) as found:
        reader, line = polled(placement, make, found.port)
        for _ in range(2):
            outcome = reader.poll(CALM)["w01010"]
            assert (outcome.value is None) == (outcome.cause is not Cause.NORMAL)
        line.close()
