"""Words to physical values: every type and order of the catalogue, sentinels, operation state."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping, Sequence
from ctypes import c_float
from functools import cache

from config.catalogue.shapes import (
    SINGLE_BITS,
    Function,
    Instrument,
    Register,
    RegisterType,
    StateRegister,
    Validity,
    WordOrder,
    WordOrder64,
)
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Measured

Words = Mapping[tuple[Function, int], int]
"""What was read, by function and by address as the manual numbers it."""

_FORMATS: dict[RegisterType, struct.Struct] = {
    "uint16": struct.Struct(">H"),
    "int16": struct.Struct(">h"),
    "uint32": struct.Struct(">I"),
    "int32": struct.Struct(">i"),
    "uint64": struct.Struct(">Q"),
    "int64": struct.Struct(">q"),
    "float32": struct.Struct(">f"),
    "float64": struct.Struct(">d"),
}
_LONG: frozenset[RegisterType] = frozenset({"uint64", "int64", "float64"})
"""Types that can hold more than twelve digits."""
_SWAPS_BYTES: frozenset[WordOrder | WordOrder64] = frozenset(
    {"BADC", "DCBA", "BADCFEHG", "HGFEDCBA"}
)
_SWAPS_WORDS: frozenset[WordOrder | WordOrder64] = frozenset(
    {"CDAB", "DCBA", "GHEFCDAB", "HGFEDCBA"}
)


def raw_value(words: Sequence[int], kind: RegisterType, order: WordOrder | WordOrder64) -> float:
    """The number that whole registers hold; ``order`` says how a big-endian value's bytes arrived.

    NaN where a half byte of a decimal type is no digit.
    """
    arranged = reversed(words) if order in _SWAPS_WORDS else words
    data = _words_as_bytes(len(words), order in _SWAPS_BYTES).pack(*arranged)
    if kind in ("bcd16", "bcd32"):
        digits = data.hex()
        return int(digits) if digits.isdecimal() else math.nan
    value: float = _FORMATS[kind].unpack(data)[0]
    return value


@cache
def _words_as_bytes(count: int, swapped: bool) -> struct.Struct:  # noqa: FBT001
    return struct.Struct(f"{'<' if swapped else '>'}{count}H")


def _as_held(sentinel: float, kind: RegisterType) -> float:
    """A float register holds the nearest number of its own to what the manual prints."""
    return c_float(sentinel).value if kind == "float32" else sentinel


def _as_printed(raw: float) -> float:
    """The shortest decimal that a float register holds as this number: 7.63, not 7.63000011."""
    for digits in range(6, 9):
        decimal = float(f"{raw:.{digits}g}")
        if c_float(decimal).value == raw:
            return decimal
    return raw


def measured(raw: float, register: Register, state: Cause) -> Measured:
    """The physical value in the indicator's unit, or None and why there is none."""
    if register.sentinels and any(
        raw == _as_held(sentinel, register.type) for sentinel in register.sentinels
    ):
        return Measured(None, Cause.SENTINEL)
    value = _as_printed(raw) if register.type == "float32" else float(raw)
    if register.scale != 1 or register.offset or register.type in _LONG:
        # Twelve digits are far beyond any instrument, and more than the centre keeps.
        value = float(f"{value * register.scale + register.offset:.12g}")
    if not math.isfinite(value):
        return Measured(None, Cause.NOT_A_NUMBER)
    return Measured(round(value, 9), state)


def readings(instrument: Instrument, words: Words) -> dict[str, Measured]:
    """All values of an instrument."""
    state = Cause.NORMAL
    if instrument.state:
        state = instrument.state.cause(_word(instrument, instrument.state, words))
    found = {}
    for register in instrument.registers:
        if register.valid and not _holds(instrument, register.valid, words):
            cause = Cause.FAULT if state is Cause.NORMAL else state
            found[register.indicator] = Measured(None, cause)
        else:
            raw = _raw(instrument, register, words)
            found[register.indicator] = measured(raw, register, state)
    return found


def _holds(instrument: Instrument, valid: Validity, words: Words) -> bool:
    word = _word(instrument, valid, words)
    return word == valid.equals if valid.bit is None else bool(word >> valid.bit & 1)


def _raw(instrument: Instrument, register: Register, words: Words) -> float:
    if register.type == "bit" or register.part:
        low, high = register.part or (0, 0)
        return _word(instrument, register, words) >> low & (1 << high - low + 1) - 1
    function, first = instrument.function_of(register), register.address
    span = [words[function, address] for address in range(first, first + register.words)]
    return raw_value(span, register.type, instrument.order_of(register))


def _word(instrument: Instrument, row: Register | StateRegister | Validity, words: Words) -> int:
    """One word as a number; a coil is 0 or 1."""
    function = instrument.function_of(row)
    word = words[function, row.address]
    if function in SINGLE_BITS:
        return word
    return int(raw_value([word], "uint16", instrument.word_order))
