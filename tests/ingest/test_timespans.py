"""Spans of time against a plain set of instants."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.arrival.time_spans import TimeSpans

SPANS = st.lists(st.tuples(st.integers(0, 120), st.integers(-2, 9)), max_size=40)


def instants(drawn: list[tuple[int, int]]) -> set[int]:
    """All that the spans hold."""
    return {t for low, length in drawn for t in range(low, low + length + 1)}


def made(drawn: list[tuple[int, int]], most: int) -> TimeSpans:
    """The same, added one by one."""
    found = TimeSpans(most=most)
    for low, length in drawn:
        found.add(low, low + length)
    return found


@given(SPANS, st.integers(0, 130))
def test_given_any_spans_they_hold_exactly_their_instants(
    drawn: list[tuple[int, int]], t: int
) -> None:
    """Ascending and apart."""
    found = made(drawn, 4096)
    assert found.holds(t) == (t in instants(drawn)) == bool(found.meeting(t, t))
    ends = [ms for span in found.spans for ms in span]
    assert ends == sorted(ends)


@given(SPANS, st.integers(2, 6))
def test_given_more_than_it_may_keep_it_keeps_few_and_lacks_no_instant(
    drawn: list[tuple[int, int]], most: int
) -> None:
    """Nor does it reach beyond the first and the last."""
    found, all_ = made(drawn, most), instants(drawn)
    assert len(found.spans) <= most
    assert all(found.holds(t) for t in all_)
    assert not found.holds(min(all_, default=0) - 1)
    assert not found.holds(max(all_, default=0) + 1)


def test_what_lies_nearest_is_joined_first() -> None:
    """A wide gap stays open."""
    found = TimeSpans(most=4)
    for t in (0, 2, 4, 1000, 1003):
        found.add(t, t)
    assert found.holds(1)
    assert not found.holds(500)
