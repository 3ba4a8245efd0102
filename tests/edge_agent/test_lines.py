"""The three kinds of lines over real sockets and ptys, and what must not become a value there."""

from __future__ import annotations

import contextlib
import os
import select
import struct
import threading
import time
import tty
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from config.catalogue.shapes import Instrument, Placement, Register, StateRegister, Validity
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Measured
from edge_agent.modbus import line as line_module
from edge_agent.modbus.polling import Device, Line
from simulators.instruments import device as simulated
from tests.conftest import examples, free_port
from tests.edge_agent.conftest import PATIENT_MS, SHORT_MS, be_patient, modbus_server, peer

CALM = threading.Event()
Script = Callable[[bytes], Iterable[bytes]]
"""From a request to what is written, piece by piece."""


@pytest.fixture(params=["tcp", "rtu-over-tcp", "serial"])
def here(request: pytest.FixtureRequest, tmp_path: Path) -> Placement:
    """The make at unit 7 of each kind of line, with patience for its answers."""
    if request.param == "serial":
        return Placement("probe", 7, serial=str(tmp_path / "ttyS1"), timeout_ms=PATIENT_MS)
    return Placement("probe", 7, "127.0.0.1", free_port(), PATIENT_MS, line=request.param)


def crc(data: bytes) -> bytes:
    """Of RTU (MODBUS over Serial Line V1.02, 6.2.2), bit by bit; the low byte goes first."""
    found = 0xFFFF
    for byte in data:
        found ^= byte
        for _ in range(8):
            found = found >> 1 ^ (0xA001 if found & 1 else 0)
    return struct.pack("<H", found)


def frame(*body: int) -> bytes:
    return bytes(body) + crc(bytes(body))


def answer(request: bytes, *words: int) -> bytes:
    """The well-formed RTU answer of a device to a read."""
    data = struct.pack(f">{len(words)}H", *words)
    return frame(request[0], request[1], len(data), *data)


@contextmanager
def pty_peer(script: Script, rest_s: float = 0.0) -> Iterator[str]:
    """A serial device whose other end answers each request by a script."""
    master, slave = os.openpty()
    tty.setraw(slave)
    ending, end = os.pipe()

    def talk() -> None:
        while master in select.select([master, ending], [], [])[0]:
            for piece in script(os.read(master, 256)):
                with contextlib.suppress(OSError):
                    os.write(master, piece)
                threading.Event().wait(rest_s)

    thread = threading.Thread(target=talk)
    thread.start()
    try:
        yield os.ttyname(slave)
    finally:
        os.write(end, b".")
        thread.join()
        for descriptor in (master, slave, ending, end):
            os.close(descriptor)


def without_end(data: bytes, over: threading.Event) -> Script:
    """A device that writes the same again and again, once it was asked."""

    def script(_: bytes) -> Iterator[bytes]:
        while not over.is_set():
            yield data

    return script


def polled(placement: Placement, make: Instrument) -> tuple[Device, Line]:
    """The agent's device; to its clock no rest is left at any poll."""
    line = Line(placement)
    return Device(line, placement, make, iter(range(0, 100_000, 100)).__next__), line


def of_every_table() -> Instrument:
    """A device with a value in each of its four tables, a status and a state."""
    rows = [
        Register("w01010", 11, "bcd32", scale=0.1),
        Register("w01001", 101, "bit", function="coil"),
        Register("w01009", 2, "bit", function="discrete", valid=Validity(40, equals=1)),
        Register("w01014", 11, "uint64", function="input", valid=Validity(30, bit=3)),
    ]
    states = StateRegister(29, {"0": "normal"}, function="input")
    return Instrument("probe", "Make", "Model", "holding", 1, "CDAB", rows, state=states)


def test_every_table_of_a_device_is_read_on_every_line(here: Placement) -> None:
    """Registers and coils, decimal digits and bits, through the agent's own way."""
    make = of_every_table()
    with modbus_server(here, [simulated(here, make, lambda _: 1.0)]):
        reader, line = polled(here, make)
        found = reader.poll(CALM)
        line.close()
    assert found == dict.fromkeys(make.codes, Measured(1.0, Cause.NORMAL))


def test_an_instrument_without_values_says_so_by_its_status(here: Placement) -> None:
    """Its registers hold a nought, which is no value."""
    make = of_every_table()
    silent = simulated(here, make, lambda _: 1.0, lambda: Cause.SENTINEL)
    with modbus_server(here, [silent]):
        reader, line = polled(here, make)
        found = reader.poll(CALM)
        line.close()
    assert found["w01009"] == found["w01014"] == Measured(None, Cause.FAULT)


def read_beside_nobody(
    here: Placement, make: Instrument, asked: Callable[[], bool] = lambda: True
) -> None:
    """Three rounds of a unit that is not there and of its neighbour."""
    line = Line(here)
    clock = iter(range(0, 100_000, 100)).__next__
    dead = Device(line, replace(here, unit=8, timeout_ms=SHORT_MS), make, clock)
    other = Device(line, here, make, clock)
    began_s = time.monotonic()
    for _ in range(3):
        assert dead.poll(CALM)["w01010"] == Measured(None, Cause.TIMEOUT)
        assert asked()
        assert other.poll(CALM)["w01010"] == Measured(21.5, Cause.NORMAL)
        assert asked()
    assert time.monotonic() - began_s < PATIENT_MS / 1000
    line.close()


@pytest.mark.parametrize("kind", ["tcp", "rtu-over-tcp"])
def test_a_unit_that_is_not_there_costs_its_own_time_out_and_nothing_else(
    make: Instrument, placement: Placement, kind: str
) -> None:
    """Its neighbour on the line is read in every round."""
    here = replace(placement, line=kind)
    with modbus_server(here, [simulated(here, make, lambda _: 21.5)]):
        read_beside_nobody(here, make)


def test_on_a_serial_line_it_costs_no_more(make: Instrument) -> None:
    """A neighbour that has taken each request before the next one comes."""
    asked = threading.Semaphore(0)

    def script(request: bytes) -> Iterator[bytes]:
        asked.release()
        if request[0] == 7:
            yield answer(request, 215)

    with pty_peer(script) as device:
        here = Placement("probe", 7, serial=device, timeout_ms=PATIENT_MS)
        read_beside_nobody(here, make, lambda: asked.acquire(timeout=20))


def test_a_line_that_comes_and_goes_is_down_and_read_again(
    make: Instrument, here: Placement
) -> None:
    """Nobody at the port, or no such device; then somebody; then again nobody."""
    reader, line = polled(here, make)
    assert reader.poll(CALM)["w01010"] == Measured(None, Cause.LINE_DOWN)
    for _ in range(2):
        with modbus_server(here, [simulated(here, make, lambda _: 21.5)]):
            assert reader.poll(CALM)["w01010"] == Measured(21.5, Cause.NORMAL)
        assert reader.poll(CALM)["w01010"] == Measured(None, Cause.LINE_DOWN)
    line.close()


WRONG = [
    pytest.param(lambda r: answer(r, 1)[:-1] + b"\0", Cause.TIMEOUT, id="a wrong CRC"),
    pytest.param(lambda r: answer(bytes((8, r[1])), 1), Cause.TIMEOUT, id="another unit"),
    pytest.param(lambda r: answer(r, 1, 2), Cause.DEVICE_REFUSED, id="too many registers"),
    pytest.param(answer, Cause.DEVICE_REFUSED, id="no register"),
    pytest.param(lambda _: answer(bytes((7, 4)), 1), Cause.DEVICE_REFUSED, id="another function"),
    pytest.param(lambda r: answer(r, 1)[:-2], Cause.TIMEOUT, id="cut short"),
    pytest.param(lambda _: frame(7, 0x83, 2), Cause.DEVICE_REFUSED, id="an exception"),
    pytest.param(lambda _: frame(7, 0x83, 11), Cause.TIMEOUT, id="a gateway's exception"),
    pytest.param(lambda _: b"", Cause.TIMEOUT, id="silence"),
]


@pytest.mark.parametrize(("wrong", "cause"), WRONG)
def test_what_is_not_the_answer_is_no_value_on_a_serial_line(
    wrong: Callable[[bytes], bytes], cause: Cause, make: Instrument
) -> None:
    """And the next question is answered as if nothing had been."""
    written = threading.Event()

    def script(request: bytes) -> Iterator[bytes]:
        yield answer(request, 215) if written.is_set() else wrong(request)
        written.set()

    patience_ms = SHORT_MS if cause is Cause.TIMEOUT else PATIENT_MS
    with pty_peer(script) as device:
        reader, line = polled(Placement("probe", 7, serial=device, timeout_ms=patience_ms), make)
        assert reader.poll(CALM)["w01010"] == Measured(None, cause)
        assert written.wait(20)
        be_patient(reader)
        assert reader.poll(CALM)["w01010"] == Measured(21.5, Cause.NORMAL)
        line.close()


@pytest.mark.parametrize(("wrong", "cause"), WRONG)
def test_what_is_not_the_answer_is_no_value_in_rtu_over_tcp(
    wrong: Callable[[bytes], bytes], cause: Cause, make: Instrument
) -> None:
    """The same through a converter."""
    patience_ms = SHORT_MS if cause is Cause.TIMEOUT else PATIENT_MS
    with peer(wrong) as found:
        placement = Placement(
            "probe", 7, "127.0.0.1", found.port, patience_ms, line="rtu-over-tcp"
        )
        reader, line = polled(placement, make)
        assert reader.poll(CALM)["w01010"] == Measured(None, cause)
        line.close()


def test_a_frame_that_comes_in_pieces_is_put_together(make: Instrument) -> None:
    """As a slow line brings it."""
    with pty_peer(lambda r: [bytes((byte,)) for byte in answer(r, 215)], 0.01) as device:
        reader, line = polled(Placement("probe", 7, serial=device, timeout_ms=PATIENT_MS), make)
        assert reader.poll(CALM)["w01010"] == Measured(21.5, Cause.NORMAL)
        line.close()


def test_a_late_answer_is_drained_before_the_next_request(
    make: Instrument, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would look right: an RTU answer bears no number. Its last half comes while we listen."""
    # Here a half may be late by more than 30 ms.
    monkeypatch.setattr(line_module, "QUIET_S", 1.0)
    monkeypatch.setattr(line_module, "LONGEST_DRAIN_S", 20.0)
    given_up, begun = threading.Event(), threading.Event()

    def script(request: bytes) -> Iterator[bytes]:
        if begun.is_set():
            yield answer(request, 215)
            return
        assert given_up.wait(20)
        late = answer(request, 99)
        yield late[:3]
        begun.set()
        yield late[3:]

    with pty_peer(script, 0.01) as device:
        reader, line = polled(Placement("probe", 7, serial=device, timeout_ms=SHORT_MS), make)
        assert reader.poll(CALM)["w01010"] == Measured(None, Cause.TIMEOUT)
        given_up.set()
        assert begun.wait(20)
        be_patient(reader)
        assert reader.poll(CALM)["w01010"] == Measured(21.5, Cause.NORMAL)
        line.close()


def test_a_line_that_never_rests_is_given_up_in_time(make: Instrument) -> None:
    """Somebody else talks on it without end."""
    with pty_peer(without_end(b"\x55" * 20, over := threading.Event()), 0.01) as device:
        reader, line = polled(Placement("probe", 7, serial=device, timeout_ms=SHORT_MS), make)
        for _ in range(2):
            assert reader.poll(CALM)["w01010"] == Measured(None, Cause.TIMEOUT)
        over.set()
        line.close()


@settings(max_examples=examples(60))
@given(st.binary(max_size=40), st.booleans())
def test_whatever_comes_back_the_poll_ends_with_an_outcome(data: bytes, sealed: bool) -> None:
    """Garbage, with and without a CRC that fits."""
    make = Instrument(
        "probe", "Make", "Model", "holding", 0, "ABCD", [Register("w01010", 0, "float32")]
    )
    written = bytes((7, 3)) + data
    with peer(lambda _: written + crc(written) if sealed else data) as found:
        placement = Placement("probe", 7, "127.0.0.1", found.port, 10, line="rtu-over-tcp")
        reader, line = polled(placement, make)
        for _ in range(2):
            outcome = reader.poll(CALM)["w01010"]
            assert (outcome.value is None) == (outcome.cause is not Cause.NORMAL)
        line.close()
