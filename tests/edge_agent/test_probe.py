"""The decode assistant finds how a value was written, whatever the type, order and scale."""

from __future__ import annotations

import struct
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.catalogue.shapes import Register, RegisterType, WordOrder
from edge_agent.modbus.probe import candidates
from simulators.instruments import encoded

ORDERS: list[WordOrder] = ["ABCD", "CDAB", "BADC", "DCBA"]
KINDS: list[RegisterType] = [
    "uint16", "int16", "uint32", "int32", "uint64", "int64", "float32", "float64", "bcd16", "bcd32",
]  # fmt: skip


def words_of(figure: str, kind: RegisterType, order: WordOrder, scale: float) -> list[int]:
    """Four words that begin with the figure; what follows is another value's."""
    held = encoded(float(figure), Register("w01010", 0, kind, scale=scale), order)
    return [*held, 0x5A5A, 0x1234, 0x0BAD][:4]


@given(
    st.decimals("0.01", "32.76", places=2).map(str),
    st.sampled_from(KINDS),
    st.sampled_from(ORDERS),
    st.sampled_from([0.01, 0.001]),
)
def test_the_way_in_which_a_figure_was_written_is_among_the_candidates(
    figure: str, kind: RegisterType, order: WordOrder, scale: float
) -> None:
    """Floats as they are, the others in hundredths or thousandths."""
    if kind == "bcd16":
        scale = 0.01
    if kind.startswith("float"):
        scale = 1.0
    found = candidates(words_of(figure, kind, order, scale), Decimal(figure), "holding")
    alike = {(one.kind, one.scale) for one in found}
    assert (kind, scale) in alike
    assert all(abs(one.value - float(figure)) <= 0.0051 for one in found)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize(
    ("figure", "kind", "scale"),
    [
        ("7.42", "float32", 1.0),
        ("21.5", "uint16", 0.1),
        ("118", "uint16", 1.0),
        ("-3.97", "int16", 0.01),
    ],
)
def test_the_usual_ways_come_first(
    figure: str, kind: RegisterType, scale: float, order: WordOrder
) -> None:
    """A person may take the first line."""
    best = candidates(words_of(figure, kind, order, scale), Decimal(figure), "holding")[0]
    assert (best.kind, best.scale, best.value) == (kind, scale, float(figure))
    assert len(best.words) == (2 if kind == "float32" else 1)
    if kind == "float32":
        assert best.order == order


def test_a_figure_that_moved_meanwhile_is_found_when_reported_so() -> None:
    """7.42 on the display, 7.45 a moment later; 8.42 is another value."""
    words = list(struct.unpack(">2H", struct.pack(">f", 7.45)))
    assert candidates(words, Decimal("7.42"), "holding") == []
    best = candidates(words, Decimal("7.42"), "holding", moved=True)[0]
    assert (best.kind, best.order, best.value) == ("float32", "ABCD", 7.45)
    assert candidates(words, Decimal("8.42"), "holding", moved=True) == []


def test_the_display_is_believed_to_its_last_digit() -> None:
    """7.4 leaves open what 7.40 does not."""
    assert candidates([7444], Decimal("7.4"), "input")[0].scale == pytest.approx(0.001)
    exact = candidates([740, 0], Decimal("7.40"), "input")
    assert {(one.kind, one.value) for one in exact} >= {("uint16", 7.4), ("int16", 7.4)}


def test_a_coil_is_itself() -> None:
    """One or nothing, without a scale."""
    (found,) = candidates([1, 0, 0, 0], Decimal(1), "coil")
    assert (found.kind, found.value) == ("bit", 1)
    assert candidates([0, 1], Decimal(1), "discrete") == []


@given(st.lists(st.integers(0, 65535), max_size=4), st.decimals("-1e6", "1e6", places=3))
def test_any_words_give_candidates_or_none(words: list[int], figure: Decimal) -> None:
    """Too few for a type, no number, no digit: none of that ends the search."""
    for one in candidates(words, figure, "holding"):
        assert one.words == tuple(words[: len(one.words)])
