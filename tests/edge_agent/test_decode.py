"""Decoding against an encoder that shares nothing with it."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.catalogue.shapes import (
    Catalogue,
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
from edge_agent.modbus import decode
from simulators.instruments import encoded

ORDERS: list[WordOrder] = ["ABCD", "BADC", "CDAB", "DCBA"]
ORDERS_64: list[WordOrder64] = ["ABCDEFGH", "BADCFEHG", "GHEFCDAB", "HGFEDCBA"]
ENDS: dict[RegisterType, tuple[int, int]] = {
    "uint16": (0, 2**16 - 1),
    "int16": (-(2**15), 2**15 - 1),
    "uint32": (0, 2**32 - 1),
    "int32": (-(2**31), 2**31 - 1),
    "uint64": (0, 2**64 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "bcd16": (0, 9_999),
    "bcd32": (0, 99_999_999),
}
INTEGERS = st.sampled_from(sorted(ENDS)).flatmap(
    lambda kind: st.tuples(st.just(kind), st.integers(*ENDS[kind]))
)


def arrived(data: bytes, order: WordOrder | WordOrder64) -> list[int]:
    """A big-endian value as registers, by the letters of its order."""
    letters: str = order
    if len(data) == 2:
        letters = "AB" if order[0] in "AC" else "BA"
    mixed = bytes(data["ABCDEFGH".index(letter)] for letter in letters)
    return list(struct.unpack(f">{len(data) // 2}H", mixed))


def written(kind: RegisterType, number: int) -> bytes:
    """An integer in its type, highest byte first."""
    if kind.startswith("bcd"):
        return bytes.fromhex(str(number).rjust(4 if kind == "bcd16" else 8, "0"))
    size = int(kind.lstrip("uint")) // 8
    return number.to_bytes(size, "big", signed=kind.startswith("i"))


@given(INTEGERS, st.sampled_from(ORDERS), st.sampled_from(ORDERS_64))
def test_any_integer_in_any_order_is_read_back(
    case: tuple[RegisterType, int], order: WordOrder, order64: WordOrder64
) -> None:
    """Signed, unsigned and decimal, of one, two and four words, to the last digit."""
    kind, number = case
    data = written(kind, number)
    used = order64 if len(data) == 8 else order
    assert decode.raw_value(arrived(data, used), kind, used) == number


@given(st.floats(width=32, allow_nan=False, allow_infinity=False), st.sampled_from(ORDERS))
def test_any_float_in_any_order_is_read_back(value: float, order: WordOrder) -> None:
    """To the bit."""
    assert decode.raw_value(arrived(struct.pack(">f", value), order), "float32", order) == value


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(ORDERS_64))
def test_any_long_float_in_any_order_is_read_back(value: float, order: WordOrder64) -> None:
    """To the bit."""
    assert decode.raw_value(arrived(struct.pack(">d", value), order), "float64", order) == value


@given(
    st.sampled_from([*sorted(ENDS), "float32", "float64"]),
    st.integers(0, 9_999),
    st.sampled_from(ORDERS),
    st.none() | st.sampled_from(ORDERS_64),
)
def test_what_the_simulator_encodes_is_decoded(
    kind: RegisterType, tenths: int, order: WordOrder, order64: WordOrder64 | None
) -> None:
    """Every type and order, by an encoder that shares nothing with the decoder."""
    row = Register("w01010", 5, kind, scale=0.1)
    make = Instrument("probe", "Make", "Model", "holding", 0, order, [row], order64)
    value = round(tenths / 10, 1)
    words = encoded(value, row, make.order_of(row))
    found = decode.Decoder(make).readings(
        {("holding", 5 + n): word for n, word in enumerate(words)}
    )
    assert found == {"w01010": Measured(pytest.approx(value), Cause.NORMAL)}


@given(st.binary(min_size=4, max_size=4), st.sampled_from(ORDERS))
def test_a_half_byte_above_nine_is_no_decimal_number(data: bytes, order: WordOrder) -> None:
    """0x1A42 is not 2042 and not 1042."""
    row = Register("w01010", 0, "bcd32")
    found = decode.measuring(row)(
        decode.raw_value(arrived(data, order), "bcd32", order), Cause.NORMAL
    )
    digits = data.hex()
    if digits.isdecimal():
        assert found == Measured(int(digits), Cause.NORMAL)
    else:
        assert found == Measured(None, Cause.NOT_A_NUMBER)


@given(st.integers(0, 0xFFFF), st.sampled_from(ORDERS))
def test_bits_of_a_word_are_values_of_their_own(word: int, order: WordOrder) -> None:
    """Bit 3, the field of bits 4 to 7 and the whole upper byte of one word."""
    rows = [
        Register("w01010", 0, "bit", bit=3),
        Register("w01001", 0, "uint16", bits=(4, 7), scale=0.5),
        Register("w01009", 0, "uint16", bits=(8, 15)),
    ]
    make = Instrument("probe", "Make", "Model", "input", 0, order, rows)
    (held,) = arrived(word.to_bytes(2, "big"), order)
    found = decode.Decoder(make).readings({("input", 0): held})
    text = f"{word:016b}"
    assert [found[row.indicator].value for row in rows] == [
        int(text[-4]),
        int(text[8:12], 2) / 2,
        int(text[:8], 2),
    ]


def test_a_coil_is_one_or_nothing_whatever_the_order_of_bytes() -> None:
    """A bit has no bytes."""
    row = Register("w01010", 4, "bit", function="coil")
    make = Instrument("probe", "Make", "Model", "holding", 0, "DCBA", [row])
    for bit in (0, 1):
        assert decode.Decoder(make).readings({("coil", 4): bit})["w01010"].value == bit


@pytest.mark.parametrize(
    ("valid", "word", "state", "expected"),
    [
        pytest.param(Validity(40, equals=1), 1, 0, Measured(8.0, Cause.NORMAL), id="equal"),
        pytest.param(Validity(40, equals=1), 2, 0, Measured(None, Cause.FAULT), id="unequal"),
        pytest.param(Validity(40, bit=2), 4, 0, Measured(8.0, Cause.NORMAL), id="bit set"),
        pytest.param(Validity(40, bit=2), 3, 0, Measured(None, Cause.FAULT), id="bit not set"),
        pytest.param(
            Validity(40, equals=1),
            2,
            1,
            Measured(None, Cause.CALIBRATION),
            id="the state says why",
        ),
        pytest.param(
            Validity(40, equals=1, function="discrete"),
            1,
            0,
            Measured(8.0, Cause.NORMAL),
            id="coil",
        ),
    ],
)
def test_a_value_holds_only_while_its_status_says_so(
    valid: Validity, word: int, state: int, expected: Measured
) -> None:
    """Otherwise it is missing, for the reason that the operation state gives, or a fault."""
    rows = [Register("w01010", 1, "uint16", valid=valid)]
    states = StateRegister(2, {"0": "normal", "1": "calibration"})
    make = Instrument("probe", "Make", "Model", "holding", 0, "ABCD", rows, state=states)
    words: dict[tuple[Function, int], int] = {
        ("holding", 1): 8,
        ("holding", 2): state,
        (valid.function or "holding", 40): word,
    }
    assert decode.Decoder(make).readings(words) == {"w01010": expected}


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
    assert decode.measuring(register)(raw, Cause.NORMAL) == expected


@given(st.decimals(-9999, 9999, places=2).map(float))
def test_a_float_register_gives_the_figure_that_the_instrument_shows(figure: float) -> None:
    """7.63, not 7.63000011: what is nearest in a float has no more digits of its own."""
    raw = struct.unpack(">f", struct.pack(">f", figure))[0]
    register = Register("w01009", 0, "float32")
    assert decode.measuring(register)(raw, Cause.NORMAL) == Measured(figure, Cause.NORMAL)


def test_the_operation_state_travels_with_each_value_and_an_unknown_word_is_a_fault(
    catalogue: Catalogue,
) -> None:
    """Word 2 means calibration for this make, 77 nothing."""
    make = catalogue.instruments["hengtai-nh4"]
    for word, cause in ((1, Cause.NORMAL), (2, Cause.CALIBRATION), (77, Cause.FAULT)):
        held = {0: word, 16: 0x01F4, 17: 0, 18: 0x0064, 19: 0}
        found = decode.Decoder(make).readings({("input", at): held[at] for at in held})
        assert found == {"w21003": Measured(0.5, cause), "w21011": Measured(0.1, cause)}
