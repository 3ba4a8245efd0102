"""Aggregates of what a store shows: late data, corrections, reviews and findings in any order."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.vocabulary.quality import Cause, Quality
from config.vocabulary.time import DAY_MS
from ingest.annotations import tables
from ingest.annotations.corrections import Corrections
from ingest.annotations.findings import Finding, Findings, Judgement
from ingest.annotations.overlay import Overlaid
from ingest.journal.columns import Columns
from ingest.standards.aggregates import daily, hours_of
from ingest.standards.cadences import Cadences
from ingest.state.database import State
from ingest.store.duckdb.store import DuckDBStore
from tests.conftest import examples
from tests.databases import fresh_state

STEP_MS = 15 * 60000
T0 = 1_772_323_200_000 - 8 * 3_600_000 + DAY_MS  # midnight in the district
STEPS = 96 * 2
_number = count(1)
Event = tuple[str, int, int, float]
"""What happens to the readings of so many steps from one on."""

events = st.lists(
    st.tuples(
        st.sampled_from(["arrive", "correct", "review", "find"]),
        st.integers(0, STEPS - 1),
        st.integers(1, 60),
        st.sampled_from([0.5, 3.0, 8.25]),
    ),
    max_size=12,
)


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    """A fresh SQLite."""
    opened = fresh_state(tmp_path, [tables.MIGRATIONS])
    yield opened
    opened.close()


def batch(series: str, steps: list[int], value: float) -> Columns:
    """Good readings."""
    rows = len(steps)
    t = T0 + np.array(steps, np.int64) * STEP_MS
    return Columns(
        names=(series,),
        series=np.zeros(rows, np.uint32),
        t=t,
        value=np.full(rows, value),
        quality=np.full(rows, Quality.GOOD, np.uint8),
        cause=np.zeros(rows, np.uint8),
        received=t,
        boots=("ef" * 16,),
        boot=np.zeros(rows, np.uint16),
        seq=np.arange(rows),
    )


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=events)
def test_aggregates_are_those_of_the_final_history_whatever_came_first(
    tmp_path: Path, state: State, events: list[Event]
) -> None:
    """Looked at after every event: none is ever left over from before."""
    number = next(_number)
    series = f"s{number}/a"
    store = DuckDBStore(tmp_path / f"{number}.duckdb")
    shown = Overlaid(store, Corrections(state), Findings(state))
    came: dict[int, float] = {}
    decided: list[Event] = []
    found: Event | None = None
    for n, event in enumerate(events, start=1):
        kind, first, length, value = event
        steps = range(first, min(first + length, STEPS))
        if kind == "arrive":
            fresh = [step for step in steps if step not in came]
            came.update(dict.fromkeys(fresh, value))
            store.append(n, batch(series, fresh, value))
        elif kind == "find":
            found = event
            _find(shown.findings, series, steps)
        else:
            decided.append(event)
            _decide(shown.corrections, series, steps, value if kind == "correct" else None)

        assert repr(_shown(shown, series)) == repr(_plain(came, found, decided))
    store.close()


def _find(findings: Findings, series: str, steps: range) -> None:
    at = (T0 + steps[0] * STEP_MS, T0 + steps[-1] * STEP_MS + 1)
    row = Finding(series, 0, *at, Quality.SUSPECT, Cause.SPIKE, T0)
    findings.say([Judgement(series, 0, 0, 1 << 60, (row,), T0)])


def _decide(corrections: Corrections, series: str, steps: range, value: float | None) -> None:
    span = (T0 + steps[0] * STEP_MS, T0 + steps[-1] * STEP_MS + 1)
    quality = Quality.GOOD if value is not None else Quality.BAD
    with corrections.state.begin() as connection:
        corrections.add(
            connection,
            series,
            *span,
            value=value,
            quality=quality,
            by="李岚",
            account="huanbao",
            why="核对",
            at_ms=T0,
        )


def _shown(store: Overlaid, series: str) -> list[tuple[float, ...]]:
    """Days as the store's means give them."""
    means = store.means([series], T0, T0 + 3 * DAY_MS, 1)
    days = daily(hours_of(means, Cadences.constant(STEP_MS), partial(store.good, series)))
    return [
        (int(t), round(float(v), 9), round(float(s), 9), bool(ok))
        for t, v, s, ok in zip(days.begin_ms, days.value, days.share, days.valid, strict=True)
    ]


def _plain(
    came: dict[int, float], found: Event | None, decided: list[Event]
) -> list[tuple[float, ...]]:
    """Reading by reading: what is good in the end, hours of 45 minutes, days of 20 hours."""
    good = dict(came)
    doubted = set(range(found[1], found[1] + found[2])) if found else set[int]()
    for step in doubted & good.keys():
        del good[step]
    for kind, first, length, value in decided:
        for step in set(range(first, first + length)) & came.keys():
            if kind == "correct":
                good[step] = value
            else:
                good.pop(step, None)
    days = []
    for day in sorted({step // 96 for step in came}):
        hours = []
        for hour in range(24):
            values = [
                good[s] for s in range(day * 96 + hour * 4, day * 96 + hour * 4 + 4) if s in good
            ]
            if len(values) >= 3:
                hours.append(sum(values) / len(values))
        mean = round(sum(hours) / len(hours), 9) if hours else float("nan")
        days.append((T0 + day * DAY_MS, mean, round(len(hours) / 24, 9), len(hours) >= 20))
    return days
