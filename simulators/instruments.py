"""Pretended instruments with the makes' own register maps, encoded by code of their own."""

from __future__ import annotations

import asyncio
import logging
import math
import struct
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from pymodbus.constants import ExcCodes
from pymodbus.simulator import DataType, SimData, SimDevice

from config.catalogue.shapes import (
    SINGLE_BITS,
    Function,
    Instrument,
    MeasuredAt,
    Placement,
    Register,
    Validity,
    WordOrder,
    WordOrder64,
)
from config.vocabulary.quality import Cause
from config.vocabulary.time import ZONE

for _name in ("pymodbus.logging", "pymodbus"):
    logging.getLogger(_name).addHandler(logging.NullHandler())
    logging.getLogger(_name).propagate = False

Truth = Callable[[str], float]
"""Indicator code -> what nature holds now."""
State = Callable[[], Cause]
"""The instrument's state now: an operation state, or SENTINEL while it has no values."""

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


def encoded(value: float | None, register: Register, order: WordOrder | WordOrder64) -> list[int]:
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
    """Big-endian. Integers stop at their ends, as real ones do."""
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
    least, most = (
        (-(1 << bits - 1), (1 << bits - 1) - 1) if kind.islower() else (0, (1 << bits) - 1)
    )
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
    late_s: Callable[[], float] = lambda: 0.0,
) -> SimDevice:
    """One instrument at its unit address; its registers are filled at the time of the read, and it
    answers ``late_s`` after.

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
                    _write(registers, function, at - make.first_address, start, word)
        if (wait_s := late_s()) > 0:
            await asyncio.sleep(wait_s)
        return refusal

    tables = (
        _table(make, "coil"),
        _table(make, "discrete"),
        _table(make, "holding"),
        _table(make, "input"),
    )
    return SimDevice(placement.unit, simdata=tables, action=answer)


def _write(registers: list[int], function: Function, address: int, start: int, word: int) -> None:
    """A coil too lies in a register of pymodbus', with fifteen others."""
    if function in SINGLE_BITS:
        place, bit = address // 16 - start, 1 << address % 16
        registers[place] = registers[place] | bit if word else registers[place] & ~bit
    else:
        registers[address - start] = word


def _table(make: Instrument, function: Function) -> list[SimData]:
    """From the first to the last address of the map; a zero where it has none."""
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
    """Every word, by function and by address as the manual counts; values may share one."""
    silent = state is Cause.SENTINEL
    held: Counter[tuple[Function, int]] = Counter()
    for row in make.registers:
        value = None if silent else truth(row.indicator)
        function = make.function_of(row)
        order = "ABCD" if function in SINGLE_BITS else make.order_of(row)
        for at, word in enumerate(encoded(value, row, order), row.address):
            held[function, at] |= word
        if row.valid:
            function = make.function_of(row.valid)
            order = "ABCD" if function in SINGLE_BITS else make.word_order
            held[function, row.valid.address] |= _validity(row.valid, order, silent=silent)
    if make.state:
        name = "normal" if silent else state.name.lower()
        raw = next((int(raw) for raw, word in make.state.words.items() if word == name), _UNLISTED)
        held[make.function_of(make.state), make.state.address] |= _word(raw, make.word_order)
    if make.measured:
        function, first = make.function_of(make.measured), make.measured.address
        for at, word in enumerate(_now(make.measured, make.word_order), first):
            held[function, at] |= word
    return held


def _now(at: MeasuredAt, order: WordOrder) -> list[int]:
    """The time of the read, as an instrument without cycles measures."""
    now_s = int(time.time())
    if at.type == "epoch":
        return encoded(now_s, Register("", at.address, "uint32"), order)
    now = datetime.fromtimestamp(now_s, ZONE)
    parts = (now.year, now.month, now.day, now.hour, now.minute, now.second)
    return [_word(part, order) for part in parts]


def _validity(valid: Validity, order: WordOrder, *, silent: bool) -> int:
    """The word that says whether a value holds."""
    if valid.bit is not None:
        return 0 if silent else _word(1 << valid.bit, order)
    word = valid.equals or 0
    return _word(int(word == 0) if silent else word, order)


def _word(value: int, order: WordOrder | WordOrder64) -> int:
    return int.from_bytes(value.to_bytes(2, "little" if order[0] in "BDFH" else "big"), "big")
