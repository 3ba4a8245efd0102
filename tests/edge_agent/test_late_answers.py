"""Time on RTU lines: an answer bears no number there, so only its time says whose it is."""

from __future__ import annotations

import struct
import threading
import time

import pytest
from msgspec.structs import replace

from config.catalogue.shapes import Instrument, Placement, Register
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Measured
from edge_agent.modbus.polling import Device, Line
from tests.edge_agent.conftest import peer
from tests.edge_agent.test_lines import answer, pty_peer
from tests.edge_agent.test_modbus import CALM, Clock

TWO = Instrument(
    "probe",
    "Make",
    "Model",
    "holding",
    0,
    "ABCD",
    [Register("w01010", 0, "uint16"), Register("w01001", 100, "uint16")],
)
"""Too far apart for one request; each answer is one register."""


def its_own(request: bytes) -> bytes:
    """A device whose registers hold their addresses and one more."""
    (address,) = struct.unpack(">H", request[2:4])
    return answer(request, address + 1)


def test_a_device_that_was_busy_for_a_while_never_answers_for_another_indicator() -> None:
    """It works off one request after the other; the first answer comes after its time-out."""
    asked = 0

    def script(request: bytes) -> list[bytes]:
        nonlocal asked
        asked += 1
        threading.Event().wait(0.15 if asked == 1 else 0.02)
        return [its_own(request)]

    with pty_peer(script) as device:
        placement = Placement("probe", 7, serial=device, timeout_ms=100)
        line = Line(placement)
        reader = Device(line, placement, TWO, time.monotonic)
        found = reader.poll(CALM)
        while found["w01001"].value is None:
            assert found["w01010"].value in (None, 1)
            found = reader.poll(CALM)
        assert found["w01001"].value == 101
        line.close()
    assert asked == 3


@pytest.mark.parametrize(("kind", "asked"), [("tcp", [1, 2]), ("rtu-over-tcp", [1, 1, 2])])
def test_a_device_is_asked_again_when_a_late_answer_can_no_longer_come(
    kind: str, asked: list[int], make: Instrument, placement: Placement
) -> None:
    """After two more time-outs of 200 ms; on TCP, where answers bear a number, at once."""
    clock = Clock()
    with peer(lambda _: b"") as found:
        there = replace(placement, port=found.port, line=kind)
        line = Line(there)
        reader = Device(line, there, make, clock)
        for requests in asked:
            assert reader.poll(CALM)["w01010"] == Measured(None, Cause.TIMEOUT)
            assert found.requests == requests
            clock.now_s += 0.3
        line.close()


def test_what_a_converter_sends_unasked_answers_nothing(
    make: Instrument, placement: Placement
) -> None:
    """It lies there when the next request goes out."""
    with peer(lambda request: answer(request, 215)) as found:
        there = replace(placement, port=found.port, line="rtu-over-tcp")
        line = Line(there)
        reader = Device(line, there, make, time.monotonic)
        reader.poll(CALM)
        found.say(answer(bytes((7, 3)), 99))
        assert reader.poll(CALM)["w01010"] == Measured(21.5, Cause.NORMAL)
        line.close()


def test_a_clock_that_is_set_back_keeps_nobody_waiting(
    make: Instrument, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The station's clock is put right while a silent device is waited for."""
    began_s, wall = time.monotonic(), time.time
    monkeypatch.setattr(
        time, "time", lambda: wall() - (60 if time.monotonic() > began_s + 0.1 else 0)
    )
    with pty_peer(lambda _: []) as device:
        placement = Placement("probe", 7, serial=device, timeout_ms=200)
        line = Line(placement)
        assert Device(line, placement, make, time.monotonic).poll(CALM)["w01010"].value is None
        line.close()
    assert time.monotonic() - began_s < 2


def test_a_device_that_goes_on_writing_is_given_up_in_its_own_time(make: Instrument) -> None:
    """A byte every 400 ms, and 500 ms of patience for the whole of it."""
    with pty_peer(lambda _: [b"\7", *[b"\3"] * 3], 0.4) as device:
        placement = Placement("probe", 7, serial=device, timeout_ms=500)
        line = Line(placement)
        reader = Device(line, placement, make, time.monotonic)
        began_s = time.monotonic()
        assert reader.poll(CALM)["w01010"] == Measured(None, Cause.TIMEOUT)
        assert time.monotonic() - began_s < 1.2
        line.close()


def test_frames_on_a_serial_line_keep_their_distance() -> None:
    """3.5 characters of 11 bits at 1200 baud are 32 ms; a device knows the next frame by it."""
    asked_s: list[float] = []
    answered_s: list[float] = []

    def script(request: bytes) -> list[bytes]:
        asked_s.append(time.monotonic())
        answered_s.append(time.monotonic())
        return [its_own(request)]

    with pty_peer(script) as device:
        placement = Placement("probe", 7, serial=device, baud=1200)
        line = Line(placement)
        assert Device(line, placement, TWO, time.monotonic).poll(CALM)["w01001"].value == 101
        line.close()
    assert asked_s[1] - answered_s[0] > 0.032
