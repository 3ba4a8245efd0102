"""Block reads: everything wanted, nothing forbidden, never too much at once."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from config.catalogue.oddities import Oddities
from config.catalogue.shapes import SINGLE_BITS, Function, Instrument, Register, Validity
from edge_agent.modbus.blocks import MOST_COILS, MOST_HOLE, Block, plan, wanted

FUNCTIONS: list[Function] = ["coil", "discrete", "holding", "input"]
SPANS = st.lists(
    st.builds(Block, st.sampled_from(FUNCTIONS), st.integers(0, 150), st.integers(1, 4)),
    min_size=1,
    max_size=25,
).map(sorted)


def read(blocks: list[Block]) -> list[tuple[str, int]]:
    """Everything that requests ask for, by function and address."""
    return [(b.function, at) for b in blocks for at in range(b.first, b.first + b.words)]


def test_small_holes_are_read_over_and_large_ones_are_not() -> None:
    """A request costs about as much as sixteen registers."""
    spans = [(0, 2), (4, 2), (6 + MOST_HOLE, 1), (60, 1)]
    found = plan([Block("holding", *span) for span in spans], Oddities())
    assert found == [Block("holding", 0, 7 + MOST_HOLE), Block("holding", 60, 1)]


def test_coils_are_many_in_one_request_whatever_the_device_says_of_registers() -> None:
    """A register weighs as much as sixteen of them; 2000 are the protocol's end."""
    spans = [Block("coil", at, 1) for at in range(0, 2400, 200)]
    assert plan(spans, Oddities(most_registers=8)) == [
        Block("coil", 0, 1801),
        Block("coil", 2000, 201),
    ]


def test_a_status_is_read_with_its_value_and_by_its_own_function() -> None:
    """Values, the states that go with them, and nothing twice."""
    valid = Validity(40, equals=1, function="discrete")
    rows = [
        Register("w01010", 11, "float64", valid=valid),
        Register("w01001", 20, "uint16", bits=(0, 7), function="input"),
        Register("w01009", 20, "uint16", bits=(8, 15), function="input", valid=valid),
    ]
    make = Instrument("probe", "Make", "Model", "holding", 1, "ABCD", rows)
    assert plan(wanted(make), make.oddities) == [
        Block("discrete", 40, 1),
        Block("holding", 11, 4),
        Block("input", 20, 1),
    ]


@given(SPANS, st.integers(4, 40), st.lists(st.integers(0, 155), max_size=3))
def test_any_plan_covers_what_is_wanted_within_the_devices_limits(
    spans: list[Block], most: int, barred: list[int]
) -> None:
    """Up to three forbidden addresses. A value is never torn apart, so what two values share may be
    read with each; nothing else is read twice.
    """
    allowed = [span for span in spans if not {at for _, at in read([span])} & set(barred)]
    blocks = plan(allowed, Oddities(most_registers=most, forbidden=[(at, at) for at in barred]))

    asked = read(blocks)
    shared = Counter(placement for span in set(allowed) for placement in read([span]))
    assert all(
        shared[placement] >= times for placement, times in Counter(asked).items() if times > 1
    )
    assert not {at for _, at in asked} & set(barred)
    for span in allowed:
        assert any(set(read([span])) <= set(read([block])) for block in blocks)
    for block in blocks:
        assert block.words <= (MOST_COILS if block.function in SINGLE_BITS else most)
