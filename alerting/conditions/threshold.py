"""Threshold: a value beyond a limit for a duration, with its own clear limit and duration.

Exactly: a run begins at the first good reading beyond the limit and fires at the first reading
beyond it that lies ``for`` or more later; a reading not beyond ends a run that has not fired.
Firing, it resolves at the first reading at or within the clear limit that lies ``clear.for`` or
more after the first of an unbroken row of such readings. A gap between good readings longer than
the greater of that duration and 2.5 cadences ends the run or the row.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from alerting.conditions.run import Run, Step, episode
from alerting.rules import Limit

CADENCES_OF_A_GAP = 2.5


def advance(
    limit: Limit, run: Run, t: NDArray[np.int64], value: NDArray[np.float64], cadence_ms: int
) -> list[Step]:
    """Feed good readings, ascending in ``t`` and all later than those fed before."""
    assert limit.limit is not None
    assert limit.clear_limit is not None
    if run.began is None and not np.any(limit.sign * value > limit.sign * limit.limit):
        run.last, run.last_value = int(t[-1]), float(value[-1])
        return []
    steps: list[Step] = []
    for at, reading in zip(t.tolist(), value.tolist(), strict=True):
        _take(limit, run, at, reading, cadence_ms, steps)
    return steps


def elapse(limit: Limit, run: Run, upto_ms: int, cadence_ms: int) -> list[Step]:
    """Silence never resolves; a firing run whose data stay away says so once."""
    if run.fired is None or run.lost or run.last is None:
        return []
    if upto_ms - run.last <= _patience(max(limit.for_ms, limit.clear_for_ms), cadence_ms):
        return []
    run.lost = True
    return [Step("lost", run.last, episode(run), run.last_value)]


def _patience(duration_ms: int, cadence_ms: int) -> float:
    return max(duration_ms, CADENCES_OF_A_GAP * cadence_ms)


def _take(
    limit: Limit, run: Run, at: int, value: float, cadence_ms: int, steps: list[Step]
) -> None:
    assert limit.limit is not None
    gap = 0 if run.last is None else at - run.last
    run.last, run.last_value = at, value
    if run.fired is not None:
        if run.lost:
            run.lost = False
            steps.append(Step("back", at, episode(run), value))
        if gap > _patience(limit.clear_for_ms, cadence_ms):
            run.clear_since = None
        _take_firing(limit, run, at, value, steps)
        return
    if run.began is not None and gap > _patience(limit.for_ms, cadence_ms):
        run.idle()
    if limit.sign * value <= limit.sign * limit.limit:
        run.idle()
        return
    if run.began is None:
        run.began = at
    _note_peak(limit, run, at, value)
    if at - run.began >= limit.for_ms:
        run.fired = at
        steps.append(Step("fired", at, episode(run), value))


def _take_firing(limit: Limit, run: Run, at: int, value: float, steps: list[Step]) -> None:
    assert limit.clear_limit is not None
    _note_peak(limit, run, at, value)
    if limit.sign * value > limit.sign * limit.clear_limit:
        run.clear_since = None
        return
    if run.clear_since is None:
        run.clear_since = at
    if at - run.clear_since >= limit.clear_for_ms:
        steps.append(Step("resolved", at, episode(run, at), value))
        run.idle()


def _note_peak(limit: Limit, run: Run, at: int, value: float) -> None:
    if run.peak is None or limit.sign * value > limit.sign * run.peak:
        run.peak, run.peak_at = value, at
