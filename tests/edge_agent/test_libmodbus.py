"""The agent before a slave that is not ours at all: libmodbus, as many small devices have it."""

from __future__ import annotations

import ctypes
import os
import select
import struct
import threading
import time
import tty
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from ctypes.util import find_library

import pytest
from msgspec.structs import replace

from config.catalogue.shapes import Instrument, Placement, Register
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Measured
from edge_agent.modbus.polling import Device, Line
from tests.conftest import free_port, need
from tests.edge_agent.conftest import PATIENT_MS
from tests.edge_agent.test_modbus import CALM

TENTH_S = 100_000
"""In microseconds."""
MAKE = Instrument(
    "probe",
    "Make",
    "Model",
    "holding",
    0,
    "ABCD",
    [
        Register("w01001", 10, "float32"),
        Register("w01014", 12, "float64"),
        Register("w01010", 3, "int16", scale=0.1, function="input"),
        Register("w01003", 5, "bit", function="coil"),
        Register("w01009", 6, "bit", function="discrete"),
    ],
)
HELD = {"w01001": 7.42, "w01014": 512.25, "w01010": -1.5, "w01003": 1.0, "w01009": 1.0}


class Tables(ctypes.Structure):
    """modbus_mapping_t of modbus.h."""

    _fields_ = [
        *((f"size_{n}", ctypes.c_int) for n in range(8)),
        ("coils", ctypes.POINTER(ctypes.c_uint8)),
        ("discretes", ctypes.POINTER(ctypes.c_uint8)),
        ("inputs", ctypes.POINTER(ctypes.c_uint16)),
        ("holdings", ctypes.POINTER(ctypes.c_uint16)),
    ]


def library() -> ctypes.CDLL:
    """It comes with mbpoll."""
    need("mbpoll")
    found = ctypes.CDLL(find_library("modbus"))
    found.modbus_new_tcp.restype = found.modbus_new_rtu.restype = ctypes.c_void_p
    found.modbus_mapping_new.restype = ctypes.POINTER(Tables)
    return found


def filled(modbus: ctypes.CDLL) -> ctypes._Pointer[Tables]:
    """Twenty of each, with the values that the make's registers shall hold."""
    found: ctypes._Pointer[Tables] = modbus.modbus_mapping_new(20, 20, 20, 20)
    tables = found.contents
    tables.coils[5] = tables.discretes[6] = 1
    tables.inputs[3] = -15 & 0xFFFF
    for at, word in enumerate(struct.unpack(">6H", struct.pack(">fd", 7.42, 512.25)), 10):
        tables.holdings[at] = word
    return found


@contextmanager
def ptys_joined() -> Iterator[tuple[str, str]]:
    """The names of the two ends of a serial line."""
    masters, ends = zip(*(os.openpty() for _ in range(2)), strict=True)
    stop, stopped = os.pipe()
    for end in ends:
        tty.setraw(end)

    def carry() -> None:
        while stop not in (ready := select.select([*masters, stop], [], [])[0]):
            for master in ready:
                os.write(masters[master == masters[0]], os.read(master, 256))

    thread = threading.Thread(target=carry)
    thread.start()
    try:
        yield os.ttyname(ends[0]), os.ttyname(ends[1])
    finally:
        os.write(stopped, b".")
        thread.join()
        for descriptor in (*masters, *ends, stop, stopped):
            os.close(descriptor)


@contextmanager
def answering(modbus: ctypes.CDLL, context: ctypes.c_void_p, door: int) -> Iterator[None]:
    """The slave answers at unit 7, on a connection of ``door`` or on its serial device."""
    tables, stop = filled(modbus), threading.Event()
    request = (ctypes.c_uint8 * 260)()
    modbus.modbus_set_slave(context, 7)
    modbus.modbus_set_indication_timeout(context, 0, TENTH_S)

    def answer() -> None:
        if door:
            modbus.modbus_tcp_accept(context, ctypes.byref(ctypes.c_int(door)))
        while not stop.is_set():
            length = modbus.modbus_receive(context, request)
            if length > 0:
                modbus.modbus_reply(context, request, length, tables)

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        modbus.modbus_close(context)
        modbus.modbus_free(context)
        modbus.modbus_mapping_free(tables)


@pytest.fixture(params=["tcp", "serial"])
def there(request: pytest.FixtureRequest) -> Iterator[Placement]:
    """Where a slave of libmodbus' answers."""
    modbus = library()
    with ExitStack() as stack:
        if request.param == "tcp":
            placement = Placement("probe", 7, "127.0.0.1", free_port(), PATIENT_MS)
            context = ctypes.c_void_p(modbus.modbus_new_tcp(b"127.0.0.1", placement.port))
            door = modbus.modbus_tcp_listen(context, 1)
            stack.callback(os.close, door)
        else:
            ours, its = stack.enter_context(ptys_joined())
            placement = Placement("probe", 7, serial=ours, timeout_ms=PATIENT_MS)
            context = ctypes.c_void_p(
                modbus.modbus_new_rtu(its.encode(), placement.baud, ctypes.c_char(b"N"), 8, 1)
            )
            assert modbus.modbus_connect(context) == 0
            door = 0
        stack.enter_context(answering(modbus, context, door))
        yield placement


def test_a_slave_that_is_not_ours_is_read_by_all_four_functions(there: Placement) -> None:
    """Long and short floats, a negative tenth, a coil and a discrete input."""
    line = Line(there)
    found = Device(line, there, MAKE, time.monotonic).poll(CALM)
    line.close()
    assert found == {code: Measured(value, Cause.NORMAL) for code, value in HELD.items()}


def test_it_refuses_what_it_does_not_have(there: Placement) -> None:
    """And goes on answering."""
    line = Line(there)
    beyond = replace(MAKE, registers=[Register("w01001", 30, "float32")])
    refused = Device(line, there, beyond, time.monotonic).poll(CALM)
    found = Device(line, there, MAKE, time.monotonic).poll(CALM)
    line.close()
    assert refused == {"w01001": Measured(None, Cause.DEVICE_REFUSED)}
    assert found["w01001"].value == 7.42
