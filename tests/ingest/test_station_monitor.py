"""What the centre makes of a station's clock, from when its live messages were sent and came."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.vocabulary.time import HOUR_MS
from ingest.arrival.station_monitor import LEAST_OF_MS, StationMonitor

T0 = 1_800_000_000_000
WAY_MS = 80


def sends(field: StationMonitor, now_ms: int, behind_ms: int, way_ms: int = WAY_MS) -> int | None:
    """A live message comes; how far the clock is behind by now."""
    field.note_took({"s": way_ms + behind_ms}, now_ms)
    return field.behind_ms("s")


def test_of_a_station_that_sent_nothing_nothing_is_known() -> None:
    assert StationMonitor().behind_ms("s") is None


@pytest.mark.parametrize("behind_ms", [0, HOUR_MS, -HOUR_MS])
def test_a_clock_s_error_is_what_the_quickest_message_shows(behind_ms: int) -> None:
    """However long others took, and for however long none came."""
    field = StationMonitor()
    sends(field, T0, behind_ms, way_ms=70_000)
    assert sends(field, T0 + 2000, behind_ms) == behind_ms + WAY_MS
    assert sends(field, T0 + 3000, behind_ms, way_ms=5000) == behind_ms + WAY_MS
    assert field.behind_ms("s") == behind_ms + WAY_MS


@pytest.mark.parametrize(
    ("behind_ms", "off"),
    [(29_999, False), (30_000, None), (60_000, None), (60_001, True), (-60_001, True)],
)
def test_a_clock_is_wrong_from_a_minute_on_and_right_from_half_of_it(
    behind_ms: int, off: bool | None
) -> None:
    """Between them nothing changes, so that nobody is told again and again."""
    field = StationMonitor()
    assert field.clock_off("s") is None
    sends(field, T0, behind_ms, way_ms=0)
    assert field.clock_off("s") is off


@pytest.mark.parametrize(("before_ms", "after_ms"), [(0, HOUR_MS), (-HOUR_MS, 0)])
def test_a_clock_that_is_set_back_shows_after_two_spans_at_most(
    before_ms: int, after_ms: int
) -> None:
    """Until then a message may have been held up."""
    field = StationMonitor()
    sends(field, T0, before_ms)
    for n in range(2):
        sends(field, T0 + (n + 1) * LEAST_OF_MS, after_ms)
    assert sends(field, T0 + 3 * LEAST_OF_MS, after_ms) == after_ms + WAY_MS


@given(
    st.integers(-HOUR_MS, HOUR_MS),
    st.lists(st.tuples(st.integers(1, 90_000), st.integers(0, 600_000)), min_size=1),
)
def test_no_delay_makes_a_clock_seem_ahead_and_each_message_bounds_it(
    behind_ms: int, messages: list[tuple[int, int]]
) -> None:
    """Given any steps between messages and any time on the way."""
    field, now_ms = StationMonitor(), T0
    for step_ms, way_ms in messages:
        now_ms += step_ms
        found = sends(field, now_ms, behind_ms, way_ms)
        assert found is not None
        assert behind_ms <= found <= behind_ms + way_ms
