"""A clock that is set, by a script: what the station says of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.vocabulary.health import ClockHealth
from config.vocabulary.reading import Clock
from config.vocabulary.time import HOUR_MS
from edge_agent.clock import STEP_MS, StationClock, kernel_is_synchronised

T0 = 1_790_000_000_000


class Script:
    """A clock on the wall and one that nobody sets; each reading takes the next line."""

    def __init__(self, *lines: tuple[int, float]) -> None:
        self._lines = list(lines)
        self._now, self._synchronised = (0, 0.0), True
        self.clock = StationClock(
            lambda: self._now[0], lambda: self._now[1], lambda: self._synchronised
        )

    def read(self, *, synchronised: bool = True) -> list[tuple[int, Clock]]:
        """Every reading."""
        self._synchronised, found = synchronised, []
        for line in self._lines:
            self._now = line
            found.append(self.clock.read())
        return found


def test_a_clock_that_goes_evenly_is_what_the_system_says_of_it() -> None:
    """Kept right, or left to itself."""
    script = Script((T0, 10.0), (T0 + 1000, 11.0))
    assert [state for _, state in script.read()] == [Clock.SYNCHRONISED] * 2
    assert [state for _, state in script.read(synchronised=False)] == [Clock.FREE_RUNNING] * 2


@pytest.mark.parametrize("step_ms", [-HOUR_MS, HOUR_MS, -STEP_MS - 2, STEP_MS + 3])
def test_the_first_reading_after_a_step_says_so(step_ms: int) -> None:
    """Forward and backward."""
    found = Script((T0, 0.0), (T0 + 1000 + step_ms, 1.0), (T0 + 2000 + step_ms, 2.0)).read()
    assert [state for _, state in found] == [Clock.SYNCHRONISED, Clock.STEPPED, Clock.SYNCHRONISED]


@given(st.floats(-0.0005, 0.0005), st.floats(1.0, 86_400.0))
def test_what_ntp_does_unseen_is_no_step(slew: float, passed_s: float) -> None:
    """At most half a thousandth, over any cadence."""
    found = Script((T0, 0.0), (T0 + round(passed_s * 1000 * (1 + slew)), passed_s)).read()
    assert found[1][1] == Clock.SYNCHRONISED


def test_a_clock_that_shows_a_year_before_there_were_agents_was_never_set() -> None:
    """Until it is set; that is a step."""
    found = Script((1000, 0.0), (2000, 1.0), (T0, 2.0), (T0 + 1000, 3.0)).read()
    assert [state for _, state in found] == [
        Clock.NEVER_SET,
        Clock.NEVER_SET,
        Clock.STEPPED,
        Clock.SYNCHRONISED,
    ]


def test_what_befell_the_clock_in_a_minute_is_reported_once() -> None:
    """Its state, how often it was set, and by how much in all."""
    script = Script(
        (1000, 0.0), (T0, 1.0), (T0 - HOUR_MS, 2.0), (T0 - HOUR_MS + 1000, 3.0)
    )  # fmt: skip
    script.read(synchronised=False)
    moved_ms = T0 - HOUR_MS - 1000 - 2000
    assert script.clock.minute_report() == ClockHealth(Clock.FREE_RUNNING, 2, moved_ms)
    assert script.clock.minute_report() == ClockHealth(Clock.FREE_RUNNING)


def test_a_step_that_is_watched_for_is_said_once_and_by_the_next_reading_too() -> None:
    """Whoever notices it first takes it from nobody."""
    script = Script((T0, 0.0))
    script.read()
    script._now = (T0 + HOUR_MS + 1000, 1.0)
    assert (script.clock.watch(), script.clock.watch()) == (HOUR_MS, 0)
    assert script.clock.read()[1] is Clock.STEPPED
    assert script.clock.read()[1] is Clock.SYNCHRONISED


def test_a_process_that_was_stopped_between_two_clocks_sees_no_step() -> None:
    """They are read again."""
    up_s = iter([10.0, 10.0, 11.0, 15.0, 15.0, 15.0])
    now_ms = iter([T0, T0 + 1000, T0 + 5000])
    clock = StationClock(lambda: next(now_ms), lambda: next(up_s), lambda: True)
    assert [clock.read()[1], clock.read()[1]] == [Clock.SYNCHRONISED] * 2


def test_the_system_is_asked_and_answers() -> None:
    """Either way."""
    assert kernel_is_synchronised() in (True, False)
