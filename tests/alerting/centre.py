"""An engine with a record and a memory of readings, as the rule worker keeps them, driven by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import msgspec
import numpy as np

from alerting.alert import Alert, State, Transition
from alerting.evaluation.engine import Engine
from alerting.evaluation.history import series_of
from alerting.evaluation.rule_instance import RuleInstance
from alerting.evaluation.snapshot import Snapshot
from alerting.rules.conditions.signal import ANY, Readings
from alerting.rules.rule import Rule
from config.catalogue.shapes import Catalogue
from config.vocabulary.quality import Cause, Quality, quality_of
from ingest.journal.columns import Columns, compared


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a series; ``t_ms`` UTC epoch ms."""

    series: str
    t_ms: int
    value: float
    cause: Cause = Cause.NORMAL


def columns(readings: Sequence[Reading]) -> Columns:
    """A batch."""
    names = sorted({row.series for row in readings})
    count = len(readings)
    return Columns(
        names=tuple(names),
        series=np.array([names.index(row.series) for row in readings], np.uint32),
        t=np.array([row.t_ms for row in readings], np.int64),
        value=np.array([row.value for row in readings], np.float64),
        quality=np.array([quality_of(row.cause) for row in readings], np.uint8),
        cause=np.array([row.cause for row in readings], np.uint8),
        received=np.zeros(count, np.int64),
        boots=("aa" * 16,),
        boot=np.zeros(count, np.uint16),
        seq=np.arange(count),
    )


def history(known: Iterable[Reading], series: str, end_ms: int = 1 << 62) -> Readings:
    """What is known of a series before an instant; of one instant the first stands."""
    name = series.removesuffix(ANY)
    rows: dict[int, Reading] = {}
    for row in known:
        if row.series == name and row.t_ms < end_ms:
            rows.setdefault(row.t_ms, row)
    kept = [rows[t] for t in sorted(rows)]
    if series != name:
        return np.array([r.t_ms for r in kept], np.int64), np.array([float(r.cause) for r in kept])
    kept = [row for row in kept if quality_of(row.cause) is Quality.GOOD]
    value = np.array([row.value for row in kept], np.float64)
    cause = np.array([row.cause for row in kept], np.uint8)
    return np.array([row.t_ms for row in kept], np.int64), compared(value, cause)


@dataclass(slots=True)
class Centre:
    """Hears batches, mends what came late, and may be restarted at any time."""

    rules: Sequence[Rule]
    catalogue: Catalogue
    known: list[Reading] = field(default_factory=list)
    record: dict[str, Alert] = field(default_factory=dict)
    changes: list[Transition] = field(default_factory=list)
    engine: Engine = field(init=False)

    def __post_init__(self) -> None:
        self.engine = Engine(self.rules, self.catalogue)

    def hear(self, readings: Sequence[Reading], upto_ms: int | None = None) -> None:
        """Feed a batch, and mend."""
        self.known += readings
        self._note(self.engine.feed(columns(readings), upto_ms))
        for target in list(self.engine.state.late):
            for instance in self.engine.rule_instances[target]:
                records = [(self.of(instance, at), None) for at in range(len(instance.bindings))]
                self._note(self.engine.amend(instance, self._members(instance, 0), records))
        self.engine.state.late, self.engine.state.reach = {}, {}

    def restart(self) -> None:
        """An engine that knows only what the one before it kept, and may read the history."""
        kept = msgspec.msgpack.decode(msgspec.msgpack.encode(self.engine.state), type=Snapshot)
        self.engine = Engine(self.rules, self.catalogue, kept)
        for instance in self.engine.unprimed():
            self.engine.prime(instance, self._members(instance, self.engine.since(instance)))

    def _members(self, instance: RuleInstance, from_ms: int) -> list[Readings]:
        found = []
        for name in instance.members:
            t, value = history(self.known, name, self.engine.end(name))
            found.append((t[t >= from_ms], value[t >= from_ms]))
        return found

    def of(self, instance: RuleInstance, level: int) -> list[Alert]:
        """Alerts on record of a level at a place, by beginning."""
        binding = instance.bindings[level]
        known = [
            alert
            for alert in self.standing()
            if (alert.rule_id, alert.rule_version) == (binding.rule.id, binding.rule.version)
            and (alert.level, series_of(alert)) == (binding.limit.level, instance.series)
        ]
        return sorted(known, key=lambda alert: alert.began_ms)

    def standing(self) -> list[Alert]:
        """What is on record and was not withdrawn."""
        return [a for a in self.record.values() if a.state is not State.WITHDRAWN]

    def _note(self, changes: Sequence[Transition]) -> None:
        self.changes += changes
        self.record.update({change.alert.id: change.alert for change in changes})

    def episodes(self) -> set[tuple[object, ...]]:
        """What the record says, without its history."""
        return {episode(alert) for alert in self.standing()}


def episode(a: Alert) -> tuple[object, ...]:
    """An alert without its history and its progress; a peak only where it is over."""
    peak = a.peak if a.state is State.RESOLVED else None
    where = (a.rule_id, a.level.name, series_of(a))
    return (*where, a.began_ms, a.fired_ms, a.fired_value, a.resolved_ms, peak)
