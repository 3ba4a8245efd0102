"""State: a sensor is in an operation state for longer than it should be. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from alerting.rules.conditions.signal import ANY, EvaluationTarget, Readings, Signal, Values
from config.vocabulary.quality import Cause


class State(Signal, frozen=True, tag="state"):
    """The number of a reading's cause where it is one of ``states``, and 0 elsewhere. Neither a
    failed read tells of a state, nor a reading at an instant that is doubted.
    """

    states: tuple[int, ...]

    @property
    def lookback_ms(self) -> int:
        """Its own reading alone."""
        return 0

    def members(self, target: EvaluationTarget) -> tuple[str, ...]:
        """All readings of the indicator, good or not."""
        return (target.series(target.indicator) + ANY,)

    def compute(
        self,
        target: EvaluationTarget,  # noqa: ARG002 - the same everywhere
        members: Sequence[Readings],
        after_ms: int,
        until_ms: int,
    ) -> Readings:
        """At readings."""
        t, cause = members[0]
        first, end = np.searchsorted(t, (after_ms, until_ms), "right")
        signal = _signals(self.states)[cause[first:end].astype(np.intp)]
        told = ~np.isnan(signal)
        return t[first:end][told], signal[told]


@cache
def _signals(states: tuple[int, ...]) -> Values:
    """By the number of a cause what a reading with it shows; NaN where it tells of no state."""
    cause = np.arange(256)
    told = (cause < Cause.TIMEOUT) | (cause >= Cause.RANGE) & (cause != Cause.CLOCK)
    return np.where(told, np.where(np.isin(cause, states), cause, 0.0), np.nan)
