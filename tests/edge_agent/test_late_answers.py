"""Time on RTU lines: an answer bears no number there, so only its time says whose it is."""

from __future__ import annotations

import struct
import threading
import time
from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from config.catalogue.shapes import Instrument, Placement, Register
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Measured
from edge_agent.modbus.polling import Device, Line
from tests.edge_agent.conftest import PATIENT_MS, SHORT_MS, be_patient, peer
from tests.edge_agent.test_lines import answer, pty_peer, without_end
from tests.edge_agent.test_modbus import CALM, Clock, reads

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
    clock, asked = Clock(), 0
    given_up, answered = threading.Event(), threading.Event()

    def script(request: bytes) -> Iterator[bytes]:
        nonlocal asked
        asked += 1
        assert given_up.wait(20)
        yield its_own(request)
        answered.set()

    with pty_peer(script) as device:
        placement = Placement("probe", 7, serial=device, timeout_ms=SHORT_MS)
        line = Line(placement)
        reader = Device(line, placement, TWO, clock)
        nothing = dict.fromkeys(TWO.codes, Measured(None, Cause.TIMEOUT))
        assert reader.poll(CALM) == nothing
        given_up.set()
        assert answered.wait(20)
        assert reader.poll(CALM) == nothing, "it rests until no late answer can come any more"
        clock.now_s += 1.0
        be_patient(reader)
        found = reader.poll(CALM)
        assert {code: one.value for code, one in found.items()} == {"w01010": 1, "w01001": 101}
        line.close()
    assert asked == 3


@pytest.mark.parametrize(("kind", "asked"), [("tcp", [1, 2]), ("rtu-over-tcp", [1, 1, 2])])
def test_a_device_is_asked_again_when_a_late_answer_can_no_longer_come(
    kind: str, asked: list[int], make: Instrument, hasty: Placement
) -> None:
    """After two more time-outs of 100 ms; on TCP, where answers bear a number, at once."""
    clock = Clock()
    with peer(lambda _: b"") as found, reads() as read:
        there = replace(hasty, port=found.port, line=kind)
        line = Line(there)
        reader = Device(line, there, make, clock)
        for requests in asked:
            assert reader.poll(CALM)["w01010"] == Measured(None, Cause.TIMEOUT)
            assert read.call_count == requests
            clock.now_s += 0.15
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
    assert time.monotonic() - began_s < 30


def test_a_device_that_goes_on_writing_is_given_up_in_its_own_time(make: Instrument) -> None:
    """A byte every 50 ms, and 100 ms of patience for the whole of it."""
    with pty_peer(without_end(b"\7", over := threading.Event()), 0.05) as device:
        placement = Placement("probe", 7, serial=device, timeout_ms=SHORT_MS)
        line = Line(placement)
        reader = Device(line, placement, make, time.monotonic)
        assert reader.poll(CALM)["w01010"] == Measured(None, Cause.TIMEOUT)
        over.set()
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
        placement = Placement("probe", 7, serial=device, timeout_ms=PATIENT_MS, baud=1200)
        line = Line(placement)
        assert Device(line, placement, TWO, time.monotonic).poll(CALM)["w01001"].value == 101
        line.close()
    assert asked_s[1] - answered_s[0] > 0.032
