"""Absence: no good reading of a station for a time.

It begins at the last good reading and fires as soon as silence is known for longer than ``for``;
the next good reading resolves it. A station that never spoke has no beginning and no alert.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from alerting.rules.conditions.limit import Limit
from alerting.rules.conditions.run import Run, Step, episode


def advance(limit: Limit, run: Run, t: NDArray[np.int64]) -> list[Step]:
    """Feed instants of good readings, ascending and later than those fed before."""
    if run.fired is None and run.last is not None:
        gaps = np.diff(t, prepend=run.last)
        if not np.any(gaps > limit.for_ms):
            run.last = int(t[-1])
            return []
    steps: list[Step] = []
    for at in t.tolist():
        steps += elapse(limit, run, at)
        if run.fired is not None:
            steps.append(Step("resolved", at, episode(run, at), None))
            run.idle()
        run.last = at
    return steps


def elapse(limit: Limit, run: Run, upto_ms: int) -> list[Step]:
    """Silence is known up to an instant."""
    if run.fired is not None or run.last is None or upto_ms - run.last <= limit.for_ms:
        return []
    run.began = run.last
    run.fired = run.last + limit.for_ms
    return [Step("fired", run.fired, episode(run), None)]
