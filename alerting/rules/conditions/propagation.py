"""Propagation: a rise upstream that arrives downstream within the travel time. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from alerting.rules.conditions.signal import EvaluationTarget, Instants, Readings, Signal, Values
from alerting.rules.conditions.window import Change
from config.catalogue.shapes import Station


class Arrival(Signal, frozen=True, tag="propagation"):
    """The smaller of the rise here and the largest one upstream ``travel_ms`` (shortest and
    longest) before, in the indicator's unit; with ``sign`` -1 the same of falls, negative.
    """

    window_ms: int
    travel_ms: tuple[int, int]
    sign: Literal[1, -1] = 1

    @property
    def lookback_ms(self) -> int:
        """The longest travel, and the window of the change before it."""
        return self.travel_ms[1] + 2 * self.window_ms

    def upstream(self, target: EvaluationTarget) -> Station | None:
        """The next station up the river that measures the indicator."""
        here, plans = target.station, target.catalogue.plans
        if here.river is None or here.order is None:
            return None
        above = [
            (station.order, station)
            for station in target.catalogue.stations.values()
            if station.river == here.river
            and station.order is not None
            and station.order < here.order
            and target.indicator in plans[station.id]
        ]
        return max(above, key=lambda row: row[0], default=(0, None))[1]

    def members(self, target: EvaluationTarget) -> tuple[str, ...]:
        """The series here and upstream."""
        above = self.upstream(target)
        if above is None:
            return ()
        return target.series(target.indicator), f"{above.id}/{target.indicator}"

    def compute(
        self, target: EvaluationTarget, members: Sequence[Readings], after_ms: int, until_ms: int
    ) -> Readings:
        """At readings here."""
        change = Change(window_ms=self.window_ms)
        t, here = change.compute(target, members[:1], after_ms, until_ms)
        shortest, longest = self.travel_ms
        earliest = int(t[0]) - longest - 1 if len(t) else until_ms
        at, above = change.compute(target, members[1:], earliest, until_ms)
        risen = _largest(at, self.sign * above, t - longest, t - shortest)
        found = np.minimum(self.sign * here, risen)
        known = ~np.isnan(found)
        return t[known], self.sign * found[known]


def _largest(t: Instants, value: Values, begin: Instants, end: Instants) -> Values:
    """The largest value of each span, both ends counted; NaN where there is none."""
    first, last = np.searchsorted(t, begin, "left"), np.searchsorted(t, end, "right")
    edges = np.column_stack([first, last]).ravel()
    found = np.maximum.reduceat(np.append(value, -np.inf), edges)[::2] if len(edges) else value
    return np.where(first < last, found, np.nan)
