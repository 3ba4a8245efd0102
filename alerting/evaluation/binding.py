"""A level of a rule at a place: what its run makes of what is seen, within the rule's validity."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alerting.rules.conditions.limit import Limit
from alerting.rules.conditions.run import Run, Step, episode
from alerting.rules.kind import Kind
from alerting.rules.rule import Rule
from ingest.standards.cadences import Cadences


@dataclass(frozen=True, slots=True)
class Binding:
    """A level of a rule of a kind at one place, ``series``; the cadences are those of what is seen
    there. A silence is measured by the cadence of the reading before it.
    """

    kind: Kind[Any, Any]
    rule: Rule
    limit: Limit
    series: str
    cadences: Cadences

    @property
    def key(self) -> str:
        """Name under which its run is kept; a new version starts a new run."""
        return f"{self.rule.id}@{self.rule.version}/{self.limit.level.name}/{self.series}"

    @property
    def _never_held(self) -> bool:
        """True if the next version took over at the very instant from which this one should hold:
        its alerts are then only withdrawn.
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
            for rows, cadence_ms in self._pieces(run, t[first:end]):
                part = slice(first + rows.start, first + rows.stop)
                steps += self.kind.advance(self.limit, run, t[part], value[part], cadence_ms)
        if end < len(t):
            steps += self.elapse(run, self.rule.valid_until_ms)
        return steps

    def elapse(self, run: Run, upto_ms: int) -> list[Step]:
        """Tell the run how far silence is known."""
        upto = min(upto_ms, self.rule.valid_until_ms)
        if upto < self.rule.valid_from_ms or self._never_held:
            return []
        steps = self._overdue(run, upto)
        steps += self.kind.elapse(self.limit, run, upto, self._cadence_ms(run, upto))
        if upto_ms >= self.rule.valid_until_ms:
            steps += self._close(run)
        return steps

    def expire(self, run: Run, upto_ms: int) -> list[Step]:
        """End the run where silence is known for too long; nothing else becomes of it."""
        if self._never_held:
            return []
        upto = min(upto_ms, self.rule.valid_until_ms)
        return self.kind.expire(self.limit, run, upto, self._cadence_ms(run, upto))

    def _cadence_ms(self, run: Run, upto_ms: int) -> int:
        return self.cadences.one(upto_ms if run.last is None else run.last)

    def _pieces(self, run: Run, t: NDArray[np.int64]) -> Iterator[tuple[slice, int]]:
        """Rows of which the readings before them have one cadence."""
        if self.cadences.steady:
            yield slice(0, len(t)), self.cadences.each_ms[0]
            return
        each = self.cadences.at(t)
        before = np.append(self._cadence_ms(run, int(t[0])), each[:-1])
        edges = np.flatnonzero(np.diff(before)) + 1
        for begin, end in pairwise([0, *edges.tolist(), len(t)]):
            yield slice(begin, end), int(before[begin])

    def _overdue(self, run: Run, known_ms: int) -> list[Step]:
        """A silence that lasts already when the rule begins to hold fires at that instant."""
        if not self.kind.by_silence:
            return []
        begins, last = self.rule.valid_from_ms, run.last
        if last is None or run.fired is not None or known_ms < begins:
            return []
        if last + self.kind.waits_ms(self.limit, self.cadences.one(last)) >= begins:
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
