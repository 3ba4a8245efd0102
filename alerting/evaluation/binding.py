"""A level of a rule at a place: what its run makes of what is seen, within the rule's validity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alerting.rules.conditions.limit import Limit
from alerting.rules.conditions.run import Run, Step, episode
from alerting.rules.kind import Kind
from alerting.rules.rule import Rule


@dataclass(frozen=True, slots=True)
class Binding:
    """A level of a rule of a kind at one place, ``series``; the cadence is that of what is seen
    there.
    """

    kind: Kind[Any, Any]
    rule: Rule
    limit: Limit
    series: str
    cadence_ms: int

    @property
    def key(self) -> str:
        """Name under which its run is kept; a new version starts a new run."""
        return f"{self.rule.id}@{self.rule.version}/{self.limit.level.name}/{self.series}"

    @property
    def _never_held(self) -> bool:
        """Whether the next version took the rule's place at the instant from which it should hold.
        What was judged by it until then is only taken back.
        """
        return self.rule.valid_from_ms >= self.rule.valid_until_ms

    def advance(self, run: Run, t: NDArray[np.int64], value: NDArray[np.float64]) -> list[Step]:
        """Feed what is seen to the run; what lies outside of the rule's validity only ends it."""
        if self._never_held:
            return []
        first, end = np.searchsorted(t, (self.rule.valid_from_ms, self.rule.valid_until_ms))
        steps: list[Step] = []
        if first and self.kind.by_silence:
            run.last = int(t[first - 1])
        if end > first:
            steps += self._overdue(run, int(t[first]))
            steps += self.kind.advance(
                self.limit, run, t[first:end], value[first:end], self.cadence_ms
            )
        if end < len(t):
            steps += self.elapse(run, self.rule.valid_until_ms)
        return steps

    def elapse(self, run: Run, upto_ms: int) -> list[Step]:
        """Tell the run how far silence is known."""
        upto = min(upto_ms, self.rule.valid_until_ms)
        if upto < self.rule.valid_from_ms or self._never_held:
            return []
        steps = self._overdue(run, upto)
        steps += self.kind.elapse(self.limit, run, upto, self.cadence_ms)
        if upto_ms >= self.rule.valid_until_ms:
            steps += self._close(run)
        return steps

    def expire(self, run: Run, upto_ms: int) -> list[Step]:
        """End the run where silence is known for too long; nothing else becomes of it."""
        if self._never_held:
            return []
        upto = min(upto_ms, self.rule.valid_until_ms)
        return self.kind.expire(self.limit, run, upto, self.cadence_ms)

    def _overdue(self, run: Run, known_ms: int) -> list[Step]:
        """A silence that lasts already when the rule begins to hold fires at that instant."""
        if not self.kind.by_silence:
            return []
        begins, last = self.rule.valid_from_ms, run.last
        if last is None or run.fired is not None or known_ms < begins:
            return []
        if last + self.limit.for_ms >= begins:
            return []
        run.began, run.fired = last, begins
        return [Step("fired", begins, episode(run), None)]

    def _close(self, run: Run) -> list[Step]:
        """The rule holds no more: what stands ends at that instant, what is pending never was."""
        steps = []
        if run.fired is not None:
            until = self.rule.valid_until_ms
            steps.append(Step("resolved", until, episode(run, until), None))
        run.idle()
        run.last = run.last_value = None
        return steps
