"""A clock that is set, by a script: what was measured keeps its order and its own instant."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.catalogue.shapes import Catalogue
from config.settings import BrokerSettings
from config.vocabulary.health import ClockHealth
from config.vocabulary.reading import Clock
from config.vocabulary.time import HOUR_MS
from edge_agent.agent import Agent
from edge_agent.clock import STEP_MS, StationClock, kernel_is_synchronised
from tests.conftest import free_port, wait_until

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


def test_the_system_is_asked_and_answers() -> None:
    """Either way."""
    assert kernel_is_synchronised() in (True, False)


def test_an_agent_whose_clock_steps_back_overwrites_and_reorders_nothing(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    """An hour back, so that instants come twice: each sample keeps its number and its instant."""
    placement = msgspec.structs.replace(catalogue.stations["tonglv-jinsha"], cadence_ms=100)
    ours = msgspec.structs.replace(catalogue, stations={placement.id: placement})
    back_ms, stop = [0], threading.Event()

    def now_ms() -> int:
        return time.time_ns() // 1_000_000 - back_ms[0]

    broker = BrokerSettings(port=free_port())
    agent = Agent(ours, placement.id, tmp_path / "s.sqlite", broker, now_ms=now_ms)
    running = threading.Thread(target=agent.run, args=(stop,))
    running.start()
    wait_until(lambda: agent.spool.last >= 5)
    back_ms[0] = HOUR_MS
    step = agent.spool.last
    wait_until(lambda: agent.spool.last >= step + 5)
    rows = agent.spool.fresh(0, step + 5)
    stop.set()
    running.join()

    [stepped] = [i for i, row in enumerate(rows) if row.sample.clock == Clock.STEPPED]
    instants = [row.sample.taken_ms for row in rows]
    assert [row.seq for row in rows] == list(range(1, step + 6))
    assert instants[stepped] - instants[stepped - 1] == pytest.approx(-HOUR_MS, abs=5000)
    assert instants[:stepped] == sorted(instants[:stepped])
    assert instants[stepped:] == sorted(instants[stepped:])
