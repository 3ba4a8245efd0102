"""Combined: so many of several conditions on one station hold at once. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from alerting.rules.conditions.signal import EvaluationTarget, Instants, Readings, Signal
from alerting.rules.conditions.threshold import CADENCES_OF_A_GAP
from alerting.rules.conditions.window import Change, Mean
from config.vocabulary.time import DAY_MS


class Condition(Struct, frozen=True, forbid_unknown_fields=True):
    """One of them: a value, or its mean or change over a window, beyond a limit in the
    indicator's unit.
    """

    indicator: str
    sign: Literal[1, -1]
    limit: float
    window_ms: int = 0
    change: bool = False

    @property
    def lookback_ms(self) -> int:
        """How far back from a reading it may reach."""
        return self.window_ms * (2 if self.change else 1)

    def holds(
        self, target: EvaluationTarget, readings: Readings, after_ms: int, until_ms: int
    ) -> tuple[Instants, Holds]:
        """At which instants it is known, at least those of ``after_ms < t <= until_ms``, and
        whether it holds there.
        """
        t, value = readings
        if self.window_ms:
            signal = (Change if self.change else Mean)(window_ms=self.window_ms)
            at = EvaluationTarget(target.catalogue, target.station, self.indicator)
            t, value = signal.compute(at, [readings], after_ms, until_ms)
        return t, self.sign * value > self.sign * self.limit


Holds = NDArray[np.bool_]
NEVER = -(1 << 62)
"""An instant before all others."""


class Combined(Signal, frozen=True, tag="combined"):
    """How many of the conditions hold. ``at_least`` are the numbers that the levels need: where
    unknown conditions could decide one of them, there is no signal.
    """

    conditions: tuple[Condition, ...]
    at_least: tuple[int, ...]

    @property
    def lookback_ms(self) -> int:
        """The longest window, and how old a value may be that still counts: 2.5 cadences, which
        are a day at most.
        """
        return max(row.lookback_ms for row in self.conditions) + int(CADENCES_OF_A_GAP * DAY_MS)

    def members(self, target: EvaluationTarget) -> tuple[str, ...]:
        """The indicators of the conditions, each once."""
        codes = dict.fromkeys(row.indicator for row in self.conditions)
        plan = target.catalogue.plans[target.station.id]
        return tuple(map(target.series, codes)) if all(code in plan for code in codes) else ()

    def compute(
        self, target: EvaluationTarget, members: Sequence[Readings], after_ms: int, until_ms: int
    ) -> Readings:
        """At readings of any member."""
        by_series = dict(zip(self.members(target), members, strict=True))
        told = [at[(at > after_ms) & (at <= until_ms)] for at, _ in members]
        # Rows of instants that grow are merged by a stable sort in a hundredth of the time that
        # np.unique takes to hash them.
        t = np.sort(np.concatenate(told), kind="stable")
        t = t[np.diff(t, prepend=after_ms) > 0]
        stale_ms = CADENCES_OF_A_GAP * target.station.cadence_ms
        earliest = int(after_ms - stale_ms) - 1
        surely, perhaps = np.zeros(len(t), np.int64), np.zeros(len(t), np.int64)
        for row in self.conditions:
            readings = by_series[target.series(row.indicator)]
            at, holds = row.holds(target, readings, earliest, until_ms)
            last = np.searchsorted(at, t, "right")
            known = t - np.append(NEVER, at)[last] <= stale_ms
            surely += known & np.append(False, holds)[last]
            perhaps += ~known
        decided = np.ones(len(t), np.bool_)
        for need in self.at_least:
            decided &= (surely >= need) | (surely + perhaps < need)
        return t[decided], surely[decided].astype(np.float64)
