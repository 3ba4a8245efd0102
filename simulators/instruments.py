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

_PACK = {
    "uint16": "H",
    "int16": "h",
    "uint32": "I",
    "int32": "i",
    "uint64": "Q",
    "int64": "q",
    "float32": "f",
    "float64": "d",
}
_DIGITS = {"bcd16": 4, "bcd32": 8}
_TABLES: tuple[Function, ...] = ("coil", "discrete", "holding", "input")
"""By function code, from 1 on."""
_UNLISTED = 0xEEEE
"""A state word that no manual lists; who reads it must take it for a fault."""
_ORDERS_64: dict[str, WordOrder64] = {
    "ABCD": "ABCDEFGH",
    "BADC": "BADCFEHG",
    "CDAB": "GHEFCDAB",
    "DCBA": "HGFEDCBA",
}


def encoded(
    value: float | None, register: Register, order: WordOrder | WordOrder64
) -> list[int]:
    """A physical value as the instrument's registers hold it, in its bits and none beside them;
    None as the make says "no value".
    """
    raw = _none_of(register) if value is None else (value - register.offset) / register.scale
    data = _data(raw, register)
    if len(data) == 2:
        return [_word(int.from_bytes(data, "big"), order)]
    letters = _ORDERS_64.get(order, order) if len(data) == 8 else order
    mixed = bytes(data["ABCDEFGH".index(letter)] for letter in letters)
    return list(struct.unpack(f">{len(mixed) // 2}H", mixed))


def _data(raw: float, register: Register) -> bytes:
    """Big-endian. What is no float stops at its ends, as a real one does."""
    if register.type in ("float32", "float64"):
        return struct.pack(f">{_PACK[register.type]}", raw)
    if register.type in _DIGITS:
        digits = _DIGITS[register.type]
        return bytes.fromhex(f"{min(max(round(raw), 0), 10**digits - 1):0{digits}d}")
    if register.part or register.type == "bit":
        low, high = register.part or (0, 0)
        held = min(max(round(raw), 0), (1 << high + 1 - low) - 1)
        return (held << low).to_bytes(2, "big")
    kind = _PACK[register.type]
    bits = 8 * struct.calcsize(f">{kind}")
    least, most = (-(1 << bits - 1), (1 << bits - 1) - 1) if kind.islower() else (0, (1 << bits) - 1)
    return struct.pack(f">{kind}", min(max(round(raw), least), most))


def _none_of(register: Register) -> float:
    if register.sentinels:
        return register.sentinels[0]
    return math.nan if register.type.startswith("float") else 0.0


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
        code: int,
        start: int,
        address: int,
        count: int,
        registers: list[int],
        _values: list[int] | list[bool] | None,
    ) -> ExcCodes | None:
        refusal = _refusal(make, code, address, count)
        if refusal is None:
            for (function, at), word in _filled(make, truth, state()).items():
                if function == _TABLES[code - 1]:
                    _write(function in SINGLE_BITS, registers, at - make.first_address, start, word)
        return refusal

    return SimDevice(
        placement.unit, simdata=tuple(_table(make, name) for name in _TABLES), action=answer
    )


def _write(single: bool, registers: list[int], address: int, start: int, word: int) -> None:
    """pymodbus keeps coils sixteen a register."""
    if single:
        place, bit = address // 16 - start, 1 << address % 16
        registers[place] = registers[place] | bit if word else registers[place] & ~bit
    else:
        registers[address - start] = word


def _table(make: Instrument, function: Function) -> list[SimData]:
    """Everything from the first to the last address of the map; one of nothing where it has none."""
    spans = [span for span in make.spans if span.function == function]
    first = min((span.first - make.first_address for span in spans), default=0)
    end = max((span.first - make.first_address + span.words for span in spans), default=1)
    if function in SINGLE_BITS:
        return [SimData(first, values=[False] * (end - first), datatype=DataType.BITS)]
    return [SimData(first, count=end - first, values=0, datatype=DataType.REGISTERS)]


def _refusal(make: Instrument, code: int, address: int, count: int) -> ExcCodes | None:
    # pymodbus calls the action for every table, so the wrong function would be answered.
    function = _TABLES[code - 1] if code <= len(_TABLES) else None
    if function not in {span.function for span in make.spans}:
        return ExcCodes.ILLEGAL_FUNCTION
    if function in SINGLE_BITS:
        count = 1  # pymodbus counts them by sixteen here
    if count > make.oddities.most_registers:
        return ExcCodes.ILLEGAL_VALUE
    first = address + make.first_address
    last = first + count - 1
    if any(first <= high and last >= low for low, high in make.oddities.forbidden):
        return ExcCodes.ILLEGAL_ADDRESS
    return None


def _filled(make: Instrument, truth: Truth, state: Cause) -> dict[tuple[Function, int], int]:
    """Every word, by function and by address as the manual counts."""
    silent = state is Cause.SENTINEL
    held: dict[tuple[Function, int], int] = {}
    for row in make.registers:
        value = None if silent else truth(row.indicator)
        where = make.function_of(row)
        words = [round(value or 0)] if where in SINGLE_BITS else encoded(value, row, make.order_of(row))
        for at, word in enumerate(words, row.address):
            held[where, at] = held.get((where, at), 0) | word
    if make.state:
        name = "normal" if silent else state.name.lower()
        raw = next((int(raw) for raw, word in make.state.words.items() if word == name), _UNLISTED)
        held[make.function_of(make.state), make.state.address] = _word(raw, make.word_order)
    for row in make.registers:
        if row.valid:
            at = make.function_of(row.valid), row.valid.address
            held[at] = held.get(at, 0) | _validity(row.valid, make, silent)
    return held


def _validity(valid: Validity, make: Instrument, silent: bool) -> int:
    """The word that says whether a value holds; of several values the last one speaks."""
    if valid.bit is not None:
        return 0 if silent else _word(1 << valid.bit, make.word_order)
    word = valid.equals or 0
    word = (not word) if silent else word
    return word if ... else ...


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
