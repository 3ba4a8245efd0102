"""The threshold, sentence by sentence of its definition, and against a plain interpreter of it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.alert import Level
from alerting.rules.conditions import threshold
from alerting.rules.conditions.limit import Limit
from alerting.rules.conditions.run import Run, Step
from alerting.rules.kinds.absence import KIND as ABSENCE
from config.vocabulary.time import DAY_MS

CADENCE = 10
ABOVE = Limit(Level.ALARM, 10.0, 1, 30, 8.0, 20)
"""Above 10 for 30; clears at or below 8 for 20; a gap is longer than 30 while clearing or not."""


def fed(limit: Limit, *readings: tuple[int, float]) -> list[tuple[str, int]]:
    """Steps of a run over readings in one batch."""
    t = np.array([at for at, _ in readings], np.int64)
    value = np.array([v for _, v in readings])
    steps = threshold.advance(limit, Run(), t, value, CADENCE)
    return [(step.kind, step.at) for step in steps]


def row(*values: float, start: int = 0) -> list[tuple[int, float]]:
    """Readings a cadence apart."""
    return [(start + i * CADENCE, value) for i, value in enumerate(values)]


@pytest.mark.parametrize(
    ("why", "readings", "steps"),
    [
        ("fires at the first reading that lies `for` after the beginning",
         row(11, 11, 11, 11, 11), [("fired", 30)]),
        ("a value equal to the limit is not beyond it", row(10, 10, 10, 10, 10), []),
        ("a reading not beyond ends a run that has not fired", row(11, 11, 9, 11, 11, 11), []),
        ("a gap longer than `for` ends a run; the next reading begins one",
         [*row(11, 11), *row(11, 11, 11, 11, start=41)], [("fired", 71)]),
        ("a gap of exactly `for` does not", [(0, 11), (30, 11)], [("fired", 30)]),
        ("resolves at the first reading that lies `clear.for` after the first at or within",
         row(11, 11, 11, 11, 8, 8, 8), [("fired", 30), ("resolved", 60)]),
        ("between the limits nothing clears", row(11, 11, 11, 11, 9, 9, 9, 9), [("fired", 30)]),
        ("a reading beyond the clear limit breaks the row",
         row(11, 11, 11, 11, 8, 9, 8, 8, 8), [("fired", 30), ("resolved", 80)]),
        ("a gap breaks the clearing row; the reading after it begins one",
         [*row(11, 11, 11, 11, 8), *row(8, 8, 8, start=80)], [("fired", 30), ("resolved", 100)]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_given_readings_the_run_does_what_the_definition_says(
    why: str, readings: list[tuple[int, float]], steps: list[tuple[str, int]]
) -> None:
    """One sentence of the definition a row."""
    assert fed(ABOVE, *readings) == steps


def test_without_durations_it_fires_and_resolves_at_once() -> None:
    """`for` 0, clear limit the limit itself."""
    limit = Limit(Level.NOTICE, 10.0, 1, 0, 10.0, 0)
    assert fed(limit, *row(11, 10)) == [("fired", 0), ("resolved", 10)]


def test_below_is_above_turned_over() -> None:
    """Dissolved oxygen."""
    limit = Limit(Level.ALARM, 2.0, -1, 10, 3.0, 0)
    assert fed(limit, *row(1.9, 1.9, 2.5, 3.0)) == [("fired", 10), ("resolved", 30)]


def test_for_shorter_than_the_cadence_fires_at_the_second_reading_beyond() -> None:
    """The gap allowed is then 2.5 cadences."""
    limit = Limit(Level.ALARM, 10.0, 1, 3, 10.0, 0)
    assert fed(limit, (0, 11), (25, 11)) == [("fired", 25)]
    assert fed(limit, (0, 11), (26, 11)) == []


def test_the_peak_is_the_worst_reading_since_the_beginning() -> None:
    """Readings while it clears count as long as it fires."""
    t = np.arange(7, dtype=np.int64) * CADENCE
    steps = threshold.advance(ABOVE, Run(), t, np.array([11, 15, 12, 11, 8, 8, 8.0]), CADENCE)
    assert (steps[-1].episode.peak, steps[-1].episode.peak_at) == (15, 10)


def test_silence_never_resolves_and_is_said_once() -> None:
    """The data are lost, the alert stands; the next reading brings them back."""
    run = Run()
    t = np.arange(4, dtype=np.int64) * CADENCE
    threshold.advance(ABOVE, run, t, np.full(4, 11.0), CADENCE)

    said = [threshold.elapse(ABOVE, run, upto, CADENCE) for upto in (60, 61, 1000)]

    assert [len(steps) for steps in said] == [0, 1, 0]
    assert said[1][0].kind == "lost"
    back = threshold.advance(ABOVE, run, np.array([2000]), np.array([12.0]), CADENCE)
    assert [step.kind for step in back] == ["back"]


@dataclass
class Plain:
    """DESIGN 3.4 read aloud: no arrays, no shortcuts, the whole history at hand."""

    readings: list[tuple[int, float]]

    def episodes(self) -> list[tuple[int, int, int | None]]:
        """Beginning, firing and end of every episode."""
        found = []
        index = 0
        while index < len(self.readings):
            begun = self._fires(index)
            if begun is None:
                index += 1
                continue
            fired, at = begun
            end = self._resolves(at)
            found.append((self.readings[index][0], fired, end[0] if end else None))
            if end is None:
                break
            index = end[1] + 1
        return found

    def _fires(self, first: int) -> tuple[int, int] | None:
        for i in range(first, len(self.readings)):
            t, value = self.readings[i]
            if value <= 10 or (i > first and t - self.readings[i - 1][0] > 30):
                return None
            if t - self.readings[first][0] >= 30:
                return t, i
        return None

    def _resolves(self, fired: int) -> tuple[int, int] | None:
        since: int | None = None
        for i in range(fired + 1, len(self.readings)):
            t, value = self.readings[i]
            before = self.readings[i - 1][0]
            if t - before > DAY_MS:
                return before + DAY_MS, i - 1
            if value > 8:
                since = None
                continue
            if since is None or t - before > 25:
                since = t
            if t - since >= 20:
                return t, i
        return None


GAPS = st.one_of(*[st.integers(1, 40)] * 4, st.sampled_from([DAY_MS, DAY_MS + 1]))
HISTORIES = st.lists(
    st.tuples(GAPS, st.sampled_from([7.0, 8.0, 9.0, 10.0, 10.5, 12.0])), max_size=60
).map(lambda rows: [(sum(gap for gap, _ in rows[: i + 1]), v) for i, (_, v) in enumerate(rows)])


def episodes(steps: list[Step]) -> list[tuple[int, int, int | None]]:
    """Steps as episodes."""
    found: list[tuple[int, int, int | None]] = []
    for step in steps:
        if step.kind in ("resolved", "expired"):
            found.pop()
        if step.kind in ("fired", "resolved", "expired"):
            found.append((step.episode.began, step.episode.fired, step.episode.resolved))
    return found


@given(HISTORIES, st.lists(st.integers(0, 60), max_size=5))
def test_any_cutting_of_any_history_gives_what_the_plain_interpreter_gives(
    history: list[tuple[int, float]], cuts: list[int]
) -> None:
    """Batches of one and of many."""
    run, steps = Run(), list[Step]()
    targets = sorted({0, len(history), *(cut for cut in cuts if cut < len(history))})
    for first, last in pairwise(targets):
        batch = history[first:last]
        t = np.array([at for at, _ in batch], np.int64)
        steps += threshold.advance(ABOVE, run, t, np.array([v for _, v in batch]), CADENCE)

    assert episodes(steps) == Plain(history).episodes()


@given(HISTORIES, st.lists(st.integers(0, 60), max_size=3))
def test_many_readings_at_once_leave_what_one_by_one_leaves(
    history: list[tuple[int, float]], cuts: list[int]
) -> None:
    """Steps with their peaks, and the run with all that it remembers."""
    targets = sorted({0, len(history), *(cut for cut in cuts if cut < len(history))})
    left = []
    for few in (1, 1000):
        run, steps = Run(), list[Step]()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(threshold, "FEW", few)
            for first, last in pairwise(targets):
                t = np.array([at for at, _ in history[first:last]], np.int64)
                value = np.array([v for _, v in history[first:last]])
                steps += threshold.advance(ABOVE, run, t, value, CADENCE)
        left.append((steps, run))

    assert left[0] == left[1]


SILENCE = Limit(Level.WARNING, None, 1, 50, None, 0)


def heard(run: Run, *at: int) -> list[Step]:
    """Instants of good readings."""
    return ABSENCE.advance(SILENCE, run, np.array(at), np.zeros(len(at)), CADENCE)


def test_absence_begins_at_the_last_good_reading_and_ends_with_the_next() -> None:
    """Known silence fires it; a reading that comes later shows the same."""
    live, later = Run(), Run()
    heard(live, 0, 10)

    assert ABSENCE.elapse(SILENCE, live, 60, CADENCE) == []
    steps = ABSENCE.elapse(SILENCE, live, 61, CADENCE) + heard(live, 99)
    late = heard(later, 0, 10, 99)

    assert [(s.kind, s.at, s.episode.began) for s in steps] == [
        ("fired", 60, 10), ("resolved", 99, 10),
    ]  # fmt: skip
    assert [(s.kind, s.at) for s in late] == [(s.kind, s.at) for s in steps]


def test_a_station_that_never_spoke_is_not_absent() -> None:
    """It has no beginning."""
    assert ABSENCE.elapse(SILENCE, Run(), 10_000, CADENCE) == []
