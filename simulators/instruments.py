"""Modbus TCP servers with the makes' own register maps, encoded by code of their own."""

from __future__ import annotations

import errno
import logging
import math
import socket
import struct
from collections.abc import Callable, Iterator, Sequence

from pymodbus.constants import ExcCodes
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from config.catalogue.shapes import Instrument, Placement, Register, WordOrder
from config.vocabulary.errors import Refused
from config.vocabulary.quality import Cause

for _name in ("pymodbus.logging", "pymodbus"):
    logging.getLogger(_name).addHandler(logging.NullHandler())
    logging.getLogger(_name).propagate = False

Truth = Callable[[str], float]
"""Indicator code -> what nature holds now."""
State = Callable[[], Cause]
"""What the instrument is doing now: an operation state, or SENTINEL while it has no values."""

_PACK = {"uint16": "H", "int16": "h", "uint32": "I", "int32": "i", "float32": "f"}
_FUNCTIONS = {"holding": 3, "input": 4}
_UNLISTED = 0xEEEE
"""A state word that no manual lists; who reads it must take it for a fault."""
_PLACES: dict[WordOrder, tuple[int, int, int, int]] = {
    "ABCD": (0, 1, 2, 3),
    "BADC": (1, 0, 3, 2),
    "CDAB": (2, 3, 0, 1),
    "DCBA": (3, 2, 1, 0),
}


def encoded(value: float | None, register: Register, order: WordOrder) -> list[int]:
    """A physical value as the instrument's registers hold it; None as the make says "no value"."""
    kind = _PACK[register.type]
    raw = _none_of(register) if value is None else (value - register.offset) / register.scale
    data = struct.pack(f">{kind}", raw if kind == "f" else _held(raw, kind))
    if len(data) == 2:
        return [_word(int.from_bytes(data, "big"), order)]
    mixed = bytes(data[place] for place in _PLACES[order])
    return [int.from_bytes(mixed[:2], "big"), int.from_bytes(mixed[2:], "big")]


def _none_of(register: Register) -> float:
    if register.sentinels:
        return register.sentinels[0]
    return math.nan if register.type == "float32" else 0.0


def _held(raw: float, kind: str) -> int:
    """An integer register stops at its ends, as a real one does."""
    bits = 8 * struct.calcsize(f">{kind}")
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if kind.islower() else (0, (1 << bits) - 1)
    return min(max(round(raw), low), high)


def device(
    placement: Placement,
    make: Instrument,
    truth: Truth,
    state: State = lambda: Cause.NORMAL,
) -> SimDevice:
    """One instrument at its unit address; its registers are filled at the time of the read.

    It refuses what the make refuses: another function, too many registers, forbidden addresses.
    """

    async def answer(
        function: int,
        start: int,
        address: int,
        count: int,
        registers: list[int],
        _values: list[int] | list[bool] | None,
    ) -> ExcCodes | None:
        refusal = _refusal(make, function, address, count)
        if refusal is None:
            for at, words in _filled(make, truth, state()):
                place = at - make.first_address - start
                registers[place : place + len(words)] = words
        return refusal

    low, high = _extent(make)
    block = [SimData(low, count=high - low + 1, values=0, datatype=DataType.REGISTERS)]
    nothing = [SimData(0, values=False, datatype=DataType.BITS)]
    other = [SimData(0, values=0, datatype=DataType.REGISTERS)]
    holding, inputs = (block, other) if make.function == "holding" else (other, block)
    return SimDevice(placement.unit, simdata=(nothing, nothing, holding, inputs), action=answer)


def _refusal(make: Instrument, function: int, address: int, count: int) -> ExcCodes | None:
    # pymodbus calls the action for every table, so the wrong function would be answered.
    if function != _FUNCTIONS[make.function]:
        return ExcCodes.ILLEGAL_FUNCTION
    if count > make.oddities.most_registers:
        return ExcCodes.ILLEGAL_VALUE
    first = address + make.first_address
    last = first + count - 1
    if any(first <= high and last >= low for low, high in make.oddities.forbidden):
        return ExcCodes.ILLEGAL_ADDRESS
    return None


def _filled(make: Instrument, truth: Truth, state: Cause) -> Iterator[tuple[int, list[int]]]:
    """Address, as the manual counts, and words of every value."""
    silent = state is Cause.SENTINEL
    for row in make.registers:
        value = None if silent else truth(row.indicator)
        yield row.address, encoded(value, row, make.word_order)
    if make.state:
        name = "normal" if silent else state.name.lower()
        raw = next((int(raw) for raw, word in make.state.words.items() if word == name), _UNLISTED)
        yield make.state.address, [_word(raw, make.word_order)]


async def serve(host: str, port: int, devices: Sequence[SimDevice]) -> ModbusTcpServer:
    """Listen with these devices; the caller shuts the server down.

    Raises:
        Refused: the port is in use, or the host is not this machine's.
    """
    _must_be_free(host, port)
    server = ModbusTcpServer(list(devices), address=(host, port))
    await server.serve_forever(background=True)
    return server


def _extent(make: Instrument) -> tuple[int, int]:
    """First and last wire address of the map."""
    spans = [(row.address, row.address + row.words - 1) for row in make.registers]
    if make.state:
        spans.append((make.state.address, make.state.address))
    return (
        min(first for first, _ in spans) - make.first_address,
        max(last for _, last in spans) - make.first_address,
    )


def _word(value: int, order: WordOrder) -> int:
    swapped = _PLACES[order][0] in (1, 3)
    return int.from_bytes(value.to_bytes(2, "little" if swapped else "big"), "big")


def _must_be_free(host: str, port: int) -> None:
    where = f"port {port} (Modbus)"
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                remedy = "stop what uses it or give the station another port in stations.toml"
                raise Refused(where, "is in use", remedy) from error
            what = f"cannot be opened on {host} ({error.strerror})"
            raise Refused(where, what, "mend host or port in stations.toml") from error
