"""Idle levels at a series, ordered by their limits: one comparison passes all that sleep on."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from alerting.evaluation.binding import Binding
from alerting.rules.conditions.run import Run


class Waiting:
    """Thresholds on the readings of one series."""

    def __init__(self, bindings: Sequence[Binding]) -> None:
        self.bindings = tuple(bindings)
        self._above = _ordered(self.bindings, 1)
        self._below = _ordered(self.bindings, -1)
        self.awake: set[int] = set()
        """Places of those that have begun; they are fed whatever comes."""

    def index_of_limit(self, runs: Mapping[str, Run]) -> None:
        """Those have begun that have a run."""
        self.awake = {at for at, binding in enumerate(self.bindings) if binding.key in runs}

    def concerned(self, lowest: float, highest: float) -> list[int]:
        """Places of the bindings that readings between two values may change."""
        targets, limits = self._above
        found = targets[: bisect_left(limits, highest)]
        targets, limits = self._below
        found = found + targets[: bisect_left(limits, -lowest)]
        return sorted(self.awake.union(found)) if self.awake else sorted(found)


def _ordered(bindings: Sequence[Binding], sign: int) -> tuple[list[int], list[float]]:
    """Places of one side, those first that the least excess wakes, with their signed limits."""
    rows = [
        (sign * binding.limit.limit, target)
        for target, binding in enumerate(bindings)
        if binding.limit.sign == sign and binding.limit.limit is not None
    ]
    rows.sort()
    return [target for _, target in rows], [limit for limit, _ in rows]
