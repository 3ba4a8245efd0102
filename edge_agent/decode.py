"""Words to physical values: every type and order of the catalogue, sentinels, operation state."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping, Sequence
from ctypes import c_float
from typing import Literal

from config.catalogue.shapes import Instrument, Register, RegisterType, WordOrder
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Measured

_FORMATS: dict[RegisterType, str] = {
    "uint16": ">H",
    "int16": ">h",
    "uint32": ">I",
    "int32": ">i",
    "float32": ">f",
}
_SWAPS_BYTES: frozenset[WordOrder] = frozenset({"BADC", "DCBA"})
_SWAPS_WORDS: frozenset[WordOrder] = frozenset({"CDAB", "DCBA"})


def raw_value(words: Sequence[int], kind: RegisterType, order: WordOrder) -> float:
    """The number that registers hold; ``order`` says how a big-endian value's bytes arrived."""
    arranged = reversed(words) if order in _SWAPS_WORDS else words
    byte_order: Literal["little", "big"] = "little" if order in _SWAPS_BYTES else "big"
    data = b"".join(word.to_bytes(2, byte_order) for word in arranged)
    value: float = struct.unpack(_FORMATS[kind], data)[0]
    return value


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
    if any(raw == _as_held(sentinel, register.type) for sentinel in register.sentinels):
        return Measured(None, Cause.SENTINEL)
    if register.type == "float32":
        raw = _as_printed(raw)
    # Twelve digits are far beyond any instrument, and more than the centre keeps.
    value = float(f"{raw * register.scale + register.offset:.12g}")
    if not math.isfinite(value):
        return Measured(None, Cause.NOT_A_NUMBER)
    return Measured(round(value, 9), state)


def readings(instrument: Instrument, words: Mapping[int, int]) -> dict[str, Measured]:
    """All values of an instrument; ``words`` by address as the manual numbers them."""
    state = Cause.NORMAL
    if instrument.state:
        word = [words[instrument.state.address]]
        state = instrument.state.cause(int(raw_value(word, "uint16", instrument.word_order)))
    found = {}
    for register in instrument.registers:
        span = [words[register.address + i] for i in range(register.words)]
        raw = raw_value(span, register.type, instrument.word_order)
        found[register.indicator] = measured(raw, register, state)
    return found
