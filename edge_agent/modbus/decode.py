"""Words to physical values: every type and order of the catalogue, sentinels, operation state."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from ctypes import c_float
from datetime import datetime
from functools import cache
from operator import itemgetter
from typing import TypeVar

from config.catalogue.shapes import (
    SINGLE_BITS,
    Function,
    Instrument,
    MeasuredAt,
    Register,
    RegisterType,
    StateRegister,
    Validity,
    WordOrder,
    WordOrder64,
)
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Measured
from config.vocabulary.time import ZONE

Place = tuple[Function, int]
"""Of a word: function, and address as the manual numbers it."""
Words = Mapping[Place, int]
"""The value."""

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


_CENTURY = 2000
"""Of a year of two digits."""
_SHORTEST_FIRST = ("%.6g", "%.7g", "%.8g")
T = TypeVar("T")


def raw_value(words: Sequence[int], kind: RegisterType, order: WordOrder | WordOrder64) -> float:
    """The number that whole registers hold; ``order`` says how a big-endian value's bytes arrived.

    NaN where a half byte of a decimal type is no digit.
    """
    return _number(kind, order, len(words))(*_arranged(words, order))


def _arranged(row: Sequence[T], order: WordOrder | WordOrder64) -> Sequence[T]:
    """A value's words, the highest first."""
    return row[::-1] if order in _SWAPS_WORDS else row


@cache
def _number(
    kind: RegisterType, order: WordOrder | WordOrder64, count: int
) -> Callable[..., float]:
    """From words, the highest first, to the number they hold."""
    pack = struct.Struct(f"{'<' if order in _SWAPS_BYTES else '>'}{count}H").pack
    if kind in ("bcd16", "bcd32"):
        return lambda *words: _decimal(pack(*words).hex())
    unpack = _FORMATS[kind].unpack
    return lambda *words: unpack(pack(*words))[0]


def _decimal(digits: str) -> float:
    return int(digits) if digits.isdecimal() else math.nan


def _as_held(sentinel: float, kind: RegisterType) -> float:
    """A float register holds the nearest number of its own to what the manual prints."""
    return c_float(sentinel).value if kind == "float32" else sentinel


def _as_printed(raw: float) -> float:
    """The shortest decimal that a float register holds as this number: 7.63, not 7.63000011."""
    for form in _SHORTEST_FIRST:
        decimal = float(form % raw)
        if c_float(decimal).value == raw:
            return decimal
    return raw


def measuring(register: Register) -> Callable[[float, Cause], Measured]:
    """From raw value and state to the physical value in the indicator's unit, or None and why
    there is none.
    """
    sentinels = frozenset(_as_held(sentinel, register.type) for sentinel in register.sentinels)
    scale, offset, float32 = register.scale, register.offset, register.type == "float32"
    plain = scale == 1 and not offset and register.type not in _LONG

    def measured(raw: float, state: Cause) -> Measured:
        if raw in sentinels:
            return Measured(None, Cause.SENTINEL)
        value = _as_printed(raw) if float32 else float(raw)
        if not plain:
            # Twelve digits are far beyond any instrument, and more than the centre keeps.
            value = float(f"{value * scale + offset:.12g}")
        if not math.isfinite(value):
            return Measured(None, Cause.NOT_A_NUMBER)
        return Measured(round(value, 9), state)

    return measured


Row = tuple[
    str,
    Callable[[Words], bool] | None,
    Callable[[Words], float],
    Callable[[float, Cause], Measured],
]
"""Of a value: its code, whether it holds, its raw number, and what that measures."""


class Decoder:
    """Words to all values of an instrument; its description is interpreted once."""

    def __init__(self, instrument: Instrument) -> None:
        state = instrument.state
        self._state = (state, _word(instrument, state)) if state else None
        at = instrument.measured
        self._measured = _instant(instrument, at) if at else None
        self._rows: list[Row] = [
            (row.indicator, _holding(instrument, row), _raw(instrument, row), measuring(row))
            for row in instrument.registers
        ]

    def readings(self, words: Words) -> dict[str, Measured]:
        """Every value, or None and why there is none."""
        state = self._state[0].cause(self._state[1](words)) if self._state else Cause.NORMAL
        cause = Cause.FAULT if state is Cause.NORMAL else state
        return {
            code: measured(raw(words), state)
            if holds is None or holds(words)
            else Measured(None, cause)
            for code, holds, raw, measured in self._rows
        }

    def measured_ms(self, words: Words) -> int | None:
        """When the values were measured by the instrument's own word; None where it says nothing.

        Raises:
            ValueError: it says no instant.
        """
        if self._measured is None:
            return None
        try:
            return self._measured(words)
        except KeyError as error:
            raise ValueError from error

    def readings_in_part(
        self, words: Words, missing: Mapping[Place, Cause]
    ) -> dict[str, Measured]:
        """The same where words are ``missing``, each for a cause. A value stands by itself; one
        whose status or state could not be read is not known to be normal.
        """
        state = Cause.UNKNOWN_STATE if self._state else Cause.NORMAL
        with suppress(KeyError):
            state = self._state[0].cause(self._state[1](words)) if self._state else state
        return {row[0]: self._in_part(row, words, missing, state) for row in self._rows}

    @staticmethod
    def _in_part(row: Row, words: Words, missing: Mapping[Place, Cause], state: Cause) -> Measured:
        _, holds, raw, measured = row
        try:
            number = raw(words)
        except KeyError as error:
            return Measured(None, missing.get(error.args[0], Cause.DEVICE_REFUSED))
        try:
            held = holds is None or holds(words)
        except KeyError:
            return measured(number, Cause.UNKNOWN_STATE)
        cause = Cause.FAULT if state is Cause.NORMAL else state
        return measured(number, state) if held else Measured(None, cause)


def _holding(instrument: Instrument, register: Register) -> Callable[[Words], bool] | None:
    """Whether a value holds; None where nothing says so."""
    if (valid := register.valid) is None:
        return None
    word, bit = _word(instrument, valid), valid.bit
    if bit is None:
        return lambda words: word(words) == valid.equals
    return lambda words: bool(word(words) >> bit & 1)


def _raw(instrument: Instrument, register: Register) -> Callable[[Words], float]:
    if register.type == "bit" or register.part:
        (low, high), word = register.part or (0, 0), _word(instrument, register)
        return lambda words: word(words) >> low & (1 << high - low + 1) - 1
    function, first = instrument.function_of(register), register.address
    places = [(function, first + n) for n in range(register.words)]
    order = instrument.order_of(register)
    number = _number(register.type, order, register.words)
    if len(places) == 1:
        return lambda words: number(words[places[0]])
    held = itemgetter(*_arranged(places, order))
    return lambda words: number(*held(words))


def _word(
    instrument: Instrument, row: Register | StateRegister | Validity
) -> Callable[[Words], int]:
    """One word as a number; a coil is 0 or 1."""
    place = (instrument.function_of(row), row.address)
    if place[0] in SINGLE_BITS:
        return lambda words: words[place]
    order = instrument.word_order
    return lambda words: int(raw_value([words[place]], "uint16", order))


def _instant(instrument: Instrument, at: MeasuredAt) -> Callable[[Words], int]:
    """UTC epoch ms of a time in registers; ValueError where it is no date."""
    function, order = instrument.function_of(at), instrument.word_order
    places = [(function, at.address + n) for n in range(at.words)]
    if at.type == "epoch":
        held = itemgetter(*_arranged(places, order))
        number = _number("uint32", order, at.words)
        return lambda words: 1000 * int(number(*held(words)))

    def calendar(words: Words) -> int:
        parts = [int(raw_value([words[place]], "uint16", order)) for place in places]
        year, month, day, hour, minute, second = parts
        year += _CENTURY if year < 100 else 0
        return 1000 * int(datetime(year, month, day, hour, minute, second, 0, ZONE).timestamp())

    return calendar
