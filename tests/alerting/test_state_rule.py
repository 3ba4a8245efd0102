"""The state of a sensor: sentence by sentence, against the interpreter, and over any cut."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.rules.conditions.signal import Readings
from alerting.rules.kinds.state import State
from config.vocabulary.quality import Cause
from tests.alerting import interpreter
from tests.alerting.signals import at_lower, cuts, histories, in_parts, readings, rows, whole

TARGET = at_lower("w21003", "w01009")
STATES = State(states=(Cause.CALIBRATION, Cause.MAINTENANCE, Cause.STOPPED, Cause.FAULT))
FAULTY = State(states=(Cause.FAULT,))


@pytest.mark.parametrize(
    ("why", "signal", "causes", "expected"),
    [
        ("the number of the cause", STATES,
         [Cause.CALIBRATION, Cause.MAINTENANCE, Cause.STOPPED, Cause.FAULT], [1, 2, 3, 4]),
        ("where it is one of those that are asked for", FAULTY,
         [Cause.CALIBRATION, Cause.FAULT], [0, 4]),
        ("0 for a good reading", STATES, [Cause.NORMAL, Cause.BY_HAND, Cause.CORRECTED], [0] * 3),
        ("and for one that is doubted", STATES, [Cause.RANGE, Cause.SPIKE, Cause.REVIEWED], [0] * 3),
        ("a failed read tells of no state", STATES,
         [Cause.FAULT, Cause.TIMEOUT, Cause.LINE_DOWN, Cause.NOT_A_NUMBER, Cause.FAULT], [4, None, None, None, 4]),
        ("nor does one at an instant that is doubted", STATES,
         [Cause.FAULT, Cause.CLOCK, Cause.FAULT], [4, None, 4]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_state_is_reported_by_every_reading(
    why: str, signal: State, causes: list[Cause], expected: list[float | None]
) -> None:
    """One sentence of the definition a row."""
    assert whole(signal, TARGET, [readings(causes)]) == rows(readings(expected))


def test_its_member_is_all_that_was_read_of_the_indicator_good_or_not() -> None:
    assert STATES.members(TARGET) == ("lower/w21003!",)


histories_of_causes = histories([float(cause) for cause in Cause])
looks = st.lists(st.sampled_from(range(1, 12)), min_size=1, max_size=4).map(
    lambda states: State(states=tuple(states))
)


@given(histories_of_causes, looks)
def test_the_interpreter_finds_the_same(history: Readings, signal: State) -> None:
    series = [interpreter.Reading(t, None, good=False, cause=int(c)) for t, c in rows(history)]
    assert whole(signal, TARGET, [history]) == list(interpreter.state(series, signal.states))


@given(histories_of_causes, looks, cuts)
def test_any_cut_gives_the_same_rows_from_each_reading_alone(
    history: Readings, signal: State, at: Iterable[int]
) -> None:
    assert signal.lookback_ms == 0
    assert in_parts(signal, TARGET, [history], at) == whole(signal, TARGET, [history])
