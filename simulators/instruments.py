"""Modbus TCP servers with the makes' own register maps, encoded by code of their own."""

from __future__ import annotations

import logging
import socket
import struct
from collections.abc import Callable, Sequence

from pymodbus.constants import ExcCodes
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from config.catalogue.shapes import Instrument, Placement, Register, WordOrder
from config.vocabulary.errors import Refused

for _name in ("pymodbus.logging", "pymodbus"):
    logging.getLogger(_name).addHandler(logging.NullHandler())
    logging.getLogger(_name).propagate = False

Truth = Callable[[str], float]
"""Indicator code -> what nature holds now."""

_PACK = {"uint16": "H", "int16": "h", "uint32": "I", "int32": "i", "float32": "f"}
_PLACES: dict[WordOrder, tuple[int, int, int, int]] = {
    "ABCD": (0, 1, 2, 3),
    "BADC": (1, 0, 3, 2),
    "CDAB": (2, 3, 0, 1),
    "DCBA": (3, 2, 1, 0),
}


def encoded(value: float, register: Register, order: WordOrder) -> list[int]:
    """A physical value as the instrument's registers hold it."""
    raw = (value - register.offset) / register.scale
    kind = _PACK[register.type]
    data = struct.pack(f">{kind}", raw if kind == "f" else round(raw))
    if len(data) == 2:
        swapped = _PLACES[order][0] in (1, 3)
        return [int.from_bytes(data[::-1] if swapped else data, "big")]
    mixed = bytes(data[place] for place in _PLACES[order])
    return [int.from_bytes(mixed[:2], "big"), int.from_bytes(mixed[2:], "big")]


def device(placement: Placement, make: Instrument, truth: Truth) -> SimDevice:
    """One instrument at its unit address; its registers are filled at the time of the read."""
    low, high = _extent(make)

    async def answer(
        _function: int,
        start: int,
        _address: int,
        _count: int,
        registers: list[int],
        _values: list[int] | list[bool] | None,
    ) -> ExcCodes | None:
        for row in make.registers:
            at = row.address - make.first_address - start
            registers[at : at + row.words] = encoded(truth(row.indicator), row, make.word_order)
        if make.state:
            normal = next(int(word) for word, name in make.state.words.items() if name == "normal")
            at = make.state.address - make.first_address - start
            registers[at] = _word(normal, make.word_order)
        return None

    block = [SimData(low, count=high - low + 1, values=0, datatype=DataType.REGISTERS)]
    nothing = [SimData(0, values=False, datatype=DataType.BITS)]
    other = [SimData(0, values=0, datatype=DataType.REGISTERS)]
    holding, inputs = (block, other) if make.function == "holding" else (other, block)
    return SimDevice(placement.unit, simdata=(nothing, nothing, holding, inputs), action=answer)


async def serve(host: str, port: int, devices: Sequence[SimDevice]) -> ModbusTcpServer:
    """Listen with these devices; the caller shuts the server down.

    Raises:
        Refused: the port is in use.
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
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            remedy = "stop what uses it or give the station another port in stations.toml"
            raise Refused(f"port {port} (Modbus)", "is in use", remedy) from error
