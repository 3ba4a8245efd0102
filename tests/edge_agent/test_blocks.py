"""Block reads: everything wanted, nothing forbidden, never too much at once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from edge_agent.blocks import MOST_HOLE, Block, plan


def test_small_holes_are_read_over_and_large_ones_are_not() -> None:
    """A request costs about as much as sixteen registers."""
    spans = [Block(0, 2), Block(4, 2), Block(6 + MOST_HOLE, 1), Block(60, 1)]
    assert plan(spans, 125, []) == [Block(0, 7 + MOST_HOLE), Block(60, 1)]


@given(
    st.lists(st.integers(0, 150), unique=True, min_size=1, max_size=25).map(sorted),
    st.integers(1, 40),
    st.integers(0, 150),
)
def test_any_plan_covers_what_is_wanted_within_the_devices_limits(
    addresses: list[int], most: int, barred: int
) -> None:
    """One forbidden register."""
    spans = [Block(address, 1) for address in addresses if address != barred]
    blocks = plan(spans, most, [(barred, barred)])

    read = [address for first, words in blocks for address in range(first, first + words)]
    assert {span.first for span in spans} <= set(read)
    assert len(read) == len(set(read))
    assert barred not in read
    assert all(block.words <= most for block in blocks)
