"""Decoding against an encoder that shares nothing with it."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.catalogue.shapes import Catalogue, Register, RegisterType, WordOrder
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Measured
from edge_agent import decode

ORDERS: list[WordOrder] = ["ABCD", "BADC", "CDAB", "DCBA"]


def arrived(data: bytes, order: WordOrder) -> list[int]:
    """A big-endian value as registers, by the letters of its order."""
    letters = order if len(data) == 4 else ("AB" if order in ("ABCD", "CDAB") else "BA")
    mixed = bytes(data["ABCD".index(letter)] for letter in letters)
    return list(struct.unpack(f">{len(data) // 2}H", mixed))


@given(st.integers(-(2**31), 2**31 - 1), st.sampled_from(ORDERS))
def test_any_integer_in_any_order_is_read_back(value: int, order: WordOrder) -> None:
    """Signed and unsigned, of one and of two words."""
    cases: list[tuple[RegisterType, str, int]] = [
        ("int32", ">i", value),
        ("uint32", ">I", value & 0xFFFFFFFF),
        ("int16", ">h", value >> 16),
        ("uint16", ">H", value & 0xFFFF),
    ]
    for kind, form, number in cases:
        words = arrived(struct.pack(form, number), order)
        assert decode.raw_value(words, kind, order) == number


@given(st.floats(width=32, allow_nan=False, allow_infinity=False), st.sampled_from(ORDERS))
def test_any_float_in_any_order_is_read_back(value: float, order: WordOrder) -> None:
    """To the bit."""
    assert decode.raw_value(arrived(struct.pack(">f", value), order), "float32", order) == value


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (615, Measured(11.5, Cause.NORMAL)),
        (65535, Measured(None, Cause.SENTINEL)),
        (float("nan"), Measured(None, Cause.NOT_A_NUMBER)),
    ],
)
def test_scale_offset_sentinel_and_no_number(raw: float, expected: Measured) -> None:
    """Tenths with an offset of -50."""
    register = Register("a01001", 0, "uint16", scale=0.1, offset=-50.0, sentinels=[65535])
    assert decode.measured(raw, register, Cause.NORMAL) == expected


@given(st.decimals(-9999, 9999, places=2).map(float))
def test_a_float_register_gives_the_figure_that_the_instrument_shows(figure: float) -> None:
    """7.63, not 7.63000011: what is nearest in a float has no more digits of its own."""
    raw = struct.unpack(">f", struct.pack(">f", figure))[0]
    register = Register("w01009", 0, "float32")
    assert decode.measured(raw, register, Cause.NORMAL) == Measured(figure, Cause.NORMAL)


def test_the_operation_state_travels_with_each_value_and_an_unknown_word_is_a_fault(
    catalogue: Catalogue,
) -> None:
    """Word 2 means calibration for this make, 77 nothing."""
    make = catalogue.instruments["hengtai-nh4"]
    for word, cause in ((1, Cause.NORMAL), (2, Cause.CALIBRATION), (77, Cause.FAULT)):
        words = {0: word, 16: 0x01F4, 17: 0, 18: 0x0064, 19: 0}
        found = decode.readings(make, words)
        assert found == {"w21003": Measured(0.5, cause), "w21011": Measured(0.1, cause)}
