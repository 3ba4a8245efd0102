"""What tests of looks share: readings of a table, random ones, and a signal that is made in parts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise

import numpy as np
from hypothesis import strategies as st

from alerting.backtest.test_series import district
from alerting.rules.conditions.signal import EvaluationTarget, Readings, Signal
from config.vocabulary.time import EAST_MS, HOUR_MS
from tests.alerting import interpreter

STEP = 10
"""Between two readings of a table, and the cadence of stations; ms."""
EVER = 10**15
"""Silence that is known up to every instant."""
Given = Sequence[float | None] | dict[int, float]
"""Readings a step apart from 0 on, None where one is missing; or by their instants."""
Rows = list[tuple[int, float]]


def at_lower(*codes: str, upper: Sequence[str] = (), cadence_ms: int = STEP) -> EvaluationTarget:
    """A water station that measures these, for the first one, below one that measures ``upper``."""
    catalogue = district({"lower": list(codes), "upper": list(upper)}, "water", cadence_ms)
    return EvaluationTarget(catalogue, catalogue.stations["lower"], codes[0])


def readings(given: Given, step: int = STEP) -> Readings:
    """As a look takes them."""
    if not isinstance(given, dict):
        given = {n * step: value for n, value in enumerate(given) if value is not None}
    return np.array(list(given), np.int64), np.array(list(given.values()), np.float64)


def plain(series: Readings) -> list[interpreter.Reading]:
    """As the interpreter takes them."""
    return interpreter.fed((t, value) for t, value in rows(series))


def rows(signal: Readings) -> Rows:
    """Instants with their values."""
    return list(zip(*(column.tolist() for column in signal), strict=True))


def whole(signal: Signal, target: EvaluationTarget, members: Sequence[Readings]) -> Rows:
    """The signal of a history."""
    return rows(signal.compute(target, members, -1, EVER))


def histories(values: Sequence[float], unit_ms: int = 1) -> st.SearchStrategy[Readings]:
    """With jitter and holes, also such as are a whole cadence of ten units, two and a half of them
    or just more.
    """
    gaps = st.sampled_from([1, 5, 10, 10, 10, 11, 20, 25, 26, 40])
    return st.lists(st.tuples(gaps, st.sampled_from(values)), max_size=30).map(
        lambda of: readings(
            dict(zip(accumulate(gap * unit_ms for gap, _ in of), (v for _, v in of), strict=True))
        )
    )


cuts = st.one_of(st.just(range(400)), st.lists(st.integers(0, 400), max_size=6))
"""Which of the instants of readings, and of those just before them, a signal is cut at: all, or a
few.
"""


def in_parts(
    signal: Signal, target: EvaluationTarget, members: Sequence[Readings], at: Iterable[int]
) -> Rows:
    """The signal of a history between ``cuts``, each part out of what the lookback of its instants
    reaches; what is remembered beyond that changes nothing.
    """
    edges = sorted({instant for t, _ in members for row in (t - 1, t) for instant in row.tolist()})
    instants = {edges[cut % len(edges)] for cut in at} if edges else set()
    span = signal.span_ms or 1
    found: Rows = []
    for after, until in pairwise(sorted({-1, EVER, *instants})):
        first = after - (after + EAST_MS) % span + span
        reached, all_before = (
            [_between(signal, member, begin, until) for member in members]
            for begin in (first - signal.reach_ms(target.cadences.slowest()), -1)
        )
        part = signal.compute(target, reached, after, until)
        assert rows(part) == rows(signal.compute(target, all_before, after, until))
        found += rows(part)
    return found


def _between(signal: Signal, member: Readings, begin: int, until: int) -> Readings:
    """From an instant on; of an hour grain the hours that are over."""
    t, value = member
    seen = (t >= begin) & (t + (HOUR_MS if signal.grain == "hour" else 0) <= until)
    return t[seen], value[seen]
