"""One rule at one evaluation target: its signal, its levels, and the readings that the lookback
needs.

A plain threshold sees the readings of its series, a kind that judges silence those of the whole
station, every other kind its signal. The memory is made of readings alone: it is filled from the
history at a start and never kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from alerting.evaluation.binding import Binding
from alerting.rules.conditions.signal import (
    ANY,
    DIGITS,
    NOTHING,
    EvaluationTarget,
    Instants,
    Readings,
    Values,
)
from alerting.rules.kind import Kind
from alerting.rules.registry import kind_of
from alerting.rules.rule import Rule, series_at
from config.catalogue.shapes import Catalogue
from config.vocabulary.time import HOUR_MS
from ingest.standards.aggregates import covered_ms, enough, minutes_ms
from ingest.standards.cadences import Cadences, cadences_of
from ingest.store.protocol import bucket_ms

ALL = -1
"""Before every reading."""


@dataclass(slots=True)
class RuleInstance:
    """Mutable on purpose: ``memory`` holds, by member, what later signals reach back to; of an
    hour grain the means of closed hours, and in ``open`` the readings of those that are not.
    """

    kind: Kind[Any, Any]
    rule: Rule
    target: EvaluationTarget
    members: tuple[str, ...]
    bindings: tuple[Binding, ...]
    cadences: tuple[Cadences, ...]
    """Of each member."""
    primed: bool = False
    memory: list[Readings] = field(default_factory=list)
    open: list[Readings] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.memory = [NOTHING for _ in self.members]
        self.open = [NOTHING for _ in self.members]

    @property
    def series(self) -> str:
        """Its name, which instances of other rules at the target share."""
        return series_at(self.target)

    @property
    def key(self) -> str:
        """Its own name."""
        return f"{self.rule.id}@{self.rule.version}/{self.series}"

    @property
    def hours(self) -> int:
        """Of how many hours each of its instants closes one span; 0 where they are readings."""
        return 0 if self.rule.signal is None else self.rule.signal.span_ms // HOUR_MS

    @property
    def waits(self) -> bool:
        """Whether an instant may have to wait for other readings than its own."""
        return self.hours > 0 or len(self.members) > 1

    def reach_ms(self, from_ms: int) -> int:
        """How far back from an instant, or a later one, what is seen then may reach."""
        if self.rule.signal is None:
            return 0
        return self.rule.signal.reach_ms(max(of.slowest(from_ms) for of in self.cadences))

    def settled(self, until_ms: int) -> int:
        """The last instant up to a time at which something could be seen."""
        return bucket_ms(until_ms, self.hours) if self.hours and until_ms > 0 else until_ms

    def ahead(self, t: Instants, seen_ms: int) -> int:
        """The place of the first reading that does not belong to what was seen up to ``seen_ms``;
        an hour ends before its end.
        """
        return int(np.searchsorted(t, seen_ms, "left" if self.hours else "right"))

    def of_history(self, members: Sequence[Readings], after_ms: int, until_ms: int) -> Readings:
        """The signal at ``after_ms < t <= until_ms``; nothing is remembered."""
        signal = self.rule.signal
        if signal is None:
            return _between(_together(members), after_ms, until_ms)
        if self.hours:
            until_ms = self.settled(until_ms)
            members = [
                self._closed(rows, until_ms, cadences)
                for rows, cadences in zip(members, self.cadences, strict=True)
            ]
        return signal.compute(self.target, members, after_ms, until_ms)

    def fill(self, members: Sequence[Readings], seen_ms: int) -> None:
        """Remember a history in the place of what was remembered; seen is what lies before."""
        self.primed = True
        self.open = list(members)
        self.memory = [NOTHING for _ in members]
        self._forget(seen_ms)

    def add(self, member: int, t: Instants, value: Values) -> None:
        """Remember more readings of a member, in any order; of one instant the first stands."""
        known_t, known = self.open[member]
        if not len(known_t) or t[0] > known_t[-1]:
            self.open[member] = np.concatenate([known_t, t]), np.concatenate([known, value])
            return
        both = np.concatenate([known_t, t])
        both, first = np.unique(both, return_index=True)
        self.open[member] = both, np.concatenate([known, value])[first]

    def advance(self, seen_ms: int, until_ms: int) -> Readings:
        """The signal at ``seen_ms < t <= until_ms``, from the memory."""
        signal = self.rule.signal
        assert signal is not None
        self._close(until_ms)
        found = signal.compute(self.target, self.memory, seen_ms, until_ms)
        self._forget(until_ms)
        return found

    def _close(self, until_ms: int) -> None:
        """Move what lies before an instant from ``open`` into ``memory``."""
        for target, (t, value) in enumerate(self.open):
            end = int(np.searchsorted(t, until_ms, "left" if self.hours else "right"))
            if not end:
                continue
            part = (t[:end], value[:end])
            if self.hours:
                part = self._closed(part, until_ms, self.cadences[target])
            old_t, old = self.memory[target]
            self.memory[target] = np.concatenate([old_t, part[0]]), np.concatenate([old, part[1]])
            self.open[target] = t[end:], value[end:]

    def _forget(self, seen_ms: int) -> None:
        self._close(seen_ms)
        for target, (t, value) in enumerate(self.memory):
            first = int(np.searchsorted(t, seen_ms - self.reach_ms(seen_ms)))
            if first:
                self.memory[target] = t[first:].copy(), value[first:].copy()

    @staticmethod
    def _closed(readings: Readings, until_ms: int, cadences: Cadences) -> Readings:
        """Means of the valid hours that end by ``until_ms``, by their beginnings."""
        t, value = readings
        end = int(np.searchsorted(t, until_ms))
        if not end:
            return NOTHING
        begin, first, count = np.unique(
            bucket_ms(t[:end], 1), return_index=True, return_counts=True
        )
        mean = np.round(np.add.reduceat(value[:end], first) / count, DIGITS)
        covered = covered_ms(count, cadences.at(begin))
        if not (valid := enough(covered)).all():
            valid = enough(np.maximum(covered, minutes_ms(t[:end], begin)))
        return begin[valid], mean[valid]


def rule_instances(rule: Rule, catalogue: Catalogue) -> list[RuleInstance]:
    """A rule at each of its places."""
    found, kind = [], kind_of(rule)
    for target in rule.targets(catalogue):
        name = series_at(target)
        members: tuple[str, ...] = (name,)
        cadences = target.cadences
        if kind.by_silence:
            members = tuple(target.series(code) for code in catalogue.plans[target.station.id])
        elif rule.signal is not None:
            members, cadences = rule.signal.members(target), rule.signal.cadences(target)
        levels = tuple(Binding(kind, rule, limit, name, cadences) for limit in rule.limits)
        each = tuple(_cadences(catalogue, member) for member in members)
        found.append(RuleInstance(kind, rule, target, members, levels, each))
    return found


def _cadences(catalogue: Catalogue, series: str) -> Cadences:
    station, _, code = series.removesuffix(ANY).partition("/")
    return cadences_of(catalogue, station, code)


def _together(members: Sequence[Readings]) -> Readings:
    if len(members) == 1:
        return members[0]
    t = np.concatenate([at for at, _ in members])
    t, first = np.unique(t, return_index=True)
    return t, np.concatenate([of for _, of in members])[first]


def _between(readings: Readings, after_ms: int, until_ms: int) -> Readings:
    t, value = readings
    first, end = np.searchsorted(t, (after_ms, until_ms), "right")
    return t[first:end], value[first:end]
