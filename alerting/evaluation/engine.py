"""The rule engine: columns and ``upto`` in, transitions out; the same for now and for history.

Pure: no clock, no store. The record of alerts is a function of the rules and the set of readings.
Readings behind what was seen of their series are not fed; their places are named in ``late``, and
``amend`` re-evaluates such a place from its history. So it does with a place of which readings
were corrected or reviewed. The rules' memory of readings is not kept: after a start ``prime``
fills it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy

import numpy as np
from msgspec import structs
from numpy.typing import NDArray

from alerting.alert import Alert, Transition
from alerting.evaluation.binding import Binding
from alerting.evaluation.history import transition
from alerting.evaluation.instance_index import InstanceIndex
from alerting.evaluation.rule_instance import ALL, RuleInstance
from alerting.evaluation.series import by_series, by_station
from alerting.evaluation.snapshot import Snapshot
from alerting.evaluation.threshold_index import Waiting
from alerting.evaluation.whole_history import amended
from alerting.rules.conditions.run import Run, Step
from alerting.rules.conditions.signal import ANY, Instants, Readings, Values
from alerting.rules.rule import Rule
from config.catalogue.shapes import Catalogue
from config.vocabulary.quality import Quality
from config.vocabulary.time import DAY_MS, FOR_EVER_MS
from ingest.journal.columns import Columns, compared

HEARD_MS = DAY_MS
"""Within so long of its measurement a reading comes from a station that speaks."""


class Engine:
    """Rules at their places. ``snapshot`` is what a process before this one left."""

    def __init__(
        self, rules: Sequence[Rule], catalogue: Catalogue, snapshot: Snapshot | None = None
    ) -> None:
        self.state = snapshot or Snapshot()
        index = InstanceIndex(rules, catalogue)
        self.rule_instances = index.by_target
        self._watching, self._places = index.watching, index.fed
        self._absences, self._looking = index.of_silence, index.of_signals
        self._waiting = index.of_readings(self.state.runs)
        for instance in self._looking:
            instance.primed = not any(name in self.state.positions for name in instance.members)

    def feed(self, columns: Columns, upto_ms: int | None = None) -> list[Transition]:
        """Evaluate a batch, in any order of rows, and then silence up to ``upto_ms``."""
        changes: list[Transition] = []
        concerned: dict[str, RuleInstance] = {}
        self._hear(columns)
        self._pass_over(columns, concerned)
        good = columns.quality == Quality.GOOD
        values = compared(columns.value, columns.cause)
        for series, t, value in by_series(columns, values, good):
            self._feed_series(series, t, value, concerned, changes)
        if any(name.endswith(ANY) for name in self._watching):
            for series, t, cause in by_series(columns, columns.cause, np.ones_like(good)):
                self._feed_series(series + ANY, t, cause.astype(np.float64), concerned, changes)
        self._feed_stations(columns, good, changes)
        for instance in concerned.values():
            self._see(instance, changes)
        if upto_ms is not None and upto_ms > self.state.upto_ms:
            self.state.upto_ms = upto_ms
            self._elapse(upto_ms, changes)
        return changes

    def checkpoint(self) -> Callable[[], None]:
        """A function that takes back all that is fed from now on."""
        runs = {key: copy(run) for key, run in self.state.runs.items()}
        tables = {name: copy(table) for name, table in structs.asdict(self.state).items()}
        state = Snapshot(**tables | {"runs": runs})
        memories = [(list(instance.memory), list(instance.open)) for instance in self._looking]

        def undo() -> None:
            self.state = state
            for instance, memory in zip(self._looking, memories, strict=True):
                instance.memory, instance.open = memory
            for waiting in self._waiting.values():
                waiting.index_of_limit(state.runs)

        return undo

    def rebind(self, series: str, from_ms: int) -> None:
        """Mark a place as late: another version holds there from an instant on, and must know
        what came before.
        """
        if series in self.rule_instances:
            self._mark(series, from_ms)

    def doubt(self, series: str, from_ms: int, to_ms: int) -> None:
        """Mark the places that a stored series feeds as late: somebody decided on its readings of
        a span.
        """
        reach = self.state.reach
        for target in self._places.get(series, ()):
            self._mark(target, from_ms)
            reach[series] = max(to_ms, reach.get(series, to_ms))

    def doubt_fed(self, series: str, from_ms: int, to_ms: int) -> None:
        """Mark the fed readings of a stored series within a span as late: their flags have
        changed. Readings not fed yet will be fed with the new ones.
        """
        known = self._known(series)
        if from_ms <= known:
            self.doubt(series, from_ms, min(to_ms, known + 1))

    def end(self, series: str) -> int:
        """Where a history of a stored series ends that a place is evaluated from, ms: behind the
        position and all that was decided on.
        """
        position = self.state.positions.get(series, ALL)
        return max(position + 1, self.state.reach.get(series.removesuffix(ANY), 0))

    def unprimed(self) -> list[RuleInstance]:
        """Instances that see nothing before they have been primed."""
        return [instance for instance in self._looking if not instance.primed]

    def since(self, instance: RuleInstance) -> int:
        """The instant from which on an instance must know the readings of its members."""
        seen = self.state.seen.get(instance.key, instance.settled(self._frontier(instance)))
        return seen - instance.reach_ms(seen)

    def prime(self, instance: RuleInstance, members: Sequence[Readings]) -> None:
        """Give an instance the readings ``since`` when it must know them, up to each member's
        ``end``. One that has never seen begins now.
        """
        seen = self.state.seen.setdefault(instance.key, instance.settled(self._frontier(instance)))
        instance.fill(members, seen)

    def amend(
        self,
        instance: RuleInstance,
        members: Sequence[Readings],
        records: Sequence[tuple[Sequence[Alert], int | None]],
    ) -> list[Transition]:
        """Re-evaluate a place over the good history of its members, each up to its ``end``.

        ``records`` gives, level by level, the alerts on record that began at or after the reading
        at which its last one before the late readings resolved, and that reading (None: there is
        none, and ``members`` hold everything). Before the earliest of these ``members`` hold what
        the rule's lookback reaches. The runs are replaced, and positions follow.
        """
        positions = self.state.positions
        for name, (t, _) in zip(instance.members, members, strict=True):
            if len(t):
                positions[name] = max(positions.get(name, ALL), int(t[-1]))
        if instance.kind.by_silence:
            newest = max((int(t[-1]) for t, _ in members if len(t)), default=ALL)
            positions[instance.series] = max(positions.get(instance.series, ALL), newest)
        until = self._until(instance)
        idle = [ALL if idle_ms is None else idle_ms for _, idle_ms in records]
        t, value = instance.of_history(members, self._judged_after(instance, min(idle)), until)
        if instance.rule.signal is not None:
            self.state.seen[instance.key] = until
            instance.fill(members, until)
        upto_ms = self.state.upto_ms if self._tells_by_silence(instance) else ALL
        changes: list[Transition] = []
        for binding, (known, idle_ms) in zip(instance.bindings, records, strict=True):
            run, mended, standing = amended(binding, (t, value), known, idle_ms, upto_ms)
            self._keep(binding, run)
            changes += mended
            self.state.standing.pop(binding.key, None)
            if standing:
                self.state.standing[binding.key] = standing
        if instance.series in self._waiting:
            self._waiting[instance.series].index_of_limit(self.state.runs)
        return changes

    def standing(self) -> list[tuple[str, Run]]:
        """Firing alerts by id, with their runs."""
        return [(alert, self.state.runs[key]) for key, alert in self.state.standing.items()]

    def _judged_after(self, instance: RuleInstance, after_ms: int) -> int:
        """The instant behind which readings count; of an absence since its station is heard."""
        if not instance.kind.by_silence:
            return after_ms
        heard = self.state.heard_from.get(instance.target.station.id, FOR_EVER_MS)
        return max(after_ms, heard - 1)

    def _mark(self, target: str, from_ms: int) -> None:
        self.state.late[target] = min(from_ms, self.state.late.get(target, from_ms))

    def _known(self, series: str) -> int:
        """The last reading of a stored series, good or not."""
        state = self.state
        return max(state.positions.get(series, ALL), state.passed.get(series, ALL))

    def _frontier(self, instance: RuleInstance) -> int:
        """Up to where all is known that an instance could see."""
        if not instance.waits:
            return self.state.positions.get(instance.members[0], ALL)
        return max(self.state.upto_ms, min(self._known(name) for name in instance.members))

    def _until(self, instance: RuleInstance) -> int:
        """Up to where a place is evaluated: as far as it was, or farther."""
        if instance.rule.signal is None:
            return self.state.positions.get(instance.series, ALL)
        frontier = instance.settled(self._frontier(instance))
        return max(frontier, self.state.seen.get(instance.key, ALL))

    def _hear(self, columns: Columns) -> None:
        live = columns.received - columns.t <= HEARD_MS
        for name, t, _ in by_series(by_station(columns), columns.value, live):
            station, first = name.partition("/")[0], int(t[0])
            known = self.state.heard_from.get(station)
            if known is None or first < known:
                self.state.heard_from[station] = first
                if known is not None and name in self.rule_instances:
                    self._mark(name, first)

    def _tells_by_silence(self, instance: RuleInstance) -> bool:
        """Whether silence counts: not at a station that never sent but by imports."""
        of_station = instance.target.station.id
        return not instance.kind.by_silence or of_station in self.state.heard_from

    def _pass_over(self, columns: Columns, concerned: dict[str, RuleInstance]) -> None:
        """Remember how far readings were seen that are not good: they may become so, and what
        waits for them need not wait any more.
        """
        doubtful = columns.quality != Quality.GOOD
        for name, t, _ in by_series(columns, columns.value, doubtful):
            if name in self._places:
                self.state.passed[name] = max(int(t[-1]), self.state.passed.get(name, ALL))
            concerned |= {instance.key: instance for instance, _ in self._watching.get(name, ())}

    def _feed_series(
        self,
        series: str,
        t: Instants,
        value: Values,
        concerned: dict[str, RuleInstance],
        changes: list[Transition],
    ) -> None:
        """Readings of a stored series to what looks at them, and to thresholds on themselves."""
        if series.removesuffix(ANY) not in self._places:
            return
        position = self.state.positions.get(series, ALL)
        for instance, target in self._watching.get(series, ()):
            first = instance.ahead(t, self.state.seen.get(instance.key, ALL))
            if first:
                self._mark(instance.series, int(t[0]))
            if instance.primed and first < len(t):
                instance.add(target, t[first:], value[first:])
            concerned[instance.key] = instance
        if position > ALL and t[0] < position and series in self._waiting:
            self._mark(series, int(t[0]))
        if t[0] <= position:
            ahead = t > position
            t, value = t[ahead], value[ahead]
        if len(t):
            self.state.positions[series] = int(t[-1])
            if series in self._waiting:
                self._wake(self._waiting[series], t, value, changes)

    def _wake(
        self, waiting: Waiting, t: Instants, value: Values, changes: list[Transition]
    ) -> None:
        for target in waiting.concerned(float(value.min()), float(value.max())):
            binding = waiting.bindings[target]
            run = self._advance(binding, t, value, changes)
            waiting.awake.discard(target) if run.is_idle else waiting.awake.add(target)

    def _feed_stations(
        self, columns: Columns, good: NDArray[np.bool_], changes: list[Transition]
    ) -> None:
        """Instants of good readings to the absences of their stations."""
        if not self._absences:
            return
        for series, t, _ in by_series(by_station(columns), columns.value, good):
            if any(instance.kind.by_silence for instance in self.rule_instances.get(series, ())):
                self._feed_station(series, t, changes)

    def _feed_station(self, series: str, t: Instants, changes: list[Transition]) -> None:
        position = self.state.positions.get(series, ALL)
        if position > ALL and t[0] < position:
            self._mark(series, int(t[0]))
        t = t[t > position]
        if not len(t):
            return
        self.state.positions[series] = int(t[-1])
        heard = self.state.heard_from.get(series.partition("/")[0], FOR_EVER_MS)
        t = t[t >= heard]
        if not len(t):
            return
        for instance in self.rule_instances[series]:
            for binding in instance.bindings if instance.kind.by_silence else ():
                run = self.state.runs.setdefault(binding.key, Run())
                if run.fired is not None and int(t[0]) <= run.fired:
                    # Silence was known too early: a backlog shows that it was none.
                    self._mark(series, int(t[0]))
                    continue
                self._note(binding, binding.advance(run, t, np.zeros(len(t))), changes)

    def _see(self, instance: RuleInstance, changes: list[Transition]) -> None:
        """Feed the new part of a signal to the levels; nothing while its memory is not there."""
        until, seen = self._until(instance), self.state.seen.get(instance.key, ALL)
        if not instance.primed or until <= seen:
            return
        t, value = instance.advance(seen, until)
        self.state.seen[instance.key] = until
        for binding in instance.bindings if len(t) else ():
            self._advance(binding, t, value, changes)

    def _advance(
        self, binding: Binding, t: Instants, value: Values, changes: list[Transition]
    ) -> Run:
        """Feed a level, and end at once what silence that is known has ended already."""
        run = self.state.runs.get(binding.key) or Run()
        if run.expired is not None and int(t[0]) <= run.expired:
            # Silence was known too early: a backlog shows that there was none.
            self._mark(binding.series, int(t[0]))
        steps = binding.advance(run, t, value)
        self._note(binding, steps + binding.expire(run, self.state.upto_ms), changes)
        self._keep(binding, run)
        return run

    def _elapse(self, upto_ms: int, changes: list[Transition]) -> None:
        """Silence to all that may change by it: what waits, what has begun, and absences."""
        for instance in self._looking:
            if instance.waits:
                self._see(instance, changes)
            for binding in instance.bindings if instance.primed else ():
                self._elapse_one(binding, upto_ms, changes)
        for waiting in self._waiting.values():
            for target in sorted(waiting.awake):
                self._elapse_one(waiting.bindings[target], upto_ms, changes)
                if waiting.bindings[target].key not in self.state.runs:
                    waiting.awake.discard(target)
        for instance in filter(self._tells_by_silence, self._absences):
            for binding in instance.bindings:
                self.state.runs.setdefault(binding.key, Run())
                self._elapse_one(binding, upto_ms, changes)

    def _elapse_one(self, binding: Binding, upto_ms: int, changes: list[Transition]) -> None:
        run = self.state.runs.get(binding.key)
        if run is not None:
            self._note(binding, binding.elapse(run, upto_ms), changes)
            self._keep(binding, run)

    def _keep(self, binding: Binding, run: Run) -> None:
        if run.is_idle and not binding.kind.by_silence:
            self.state.runs.pop(binding.key, None)
        else:
            self.state.runs[binding.key] = run

    def _note(self, binding: Binding, steps: list[Step], changes: list[Transition]) -> None:
        for step in steps:
            change = transition(binding, step, self.state.standing.get(binding.key))
            if step.kind == "fired":
                self.state.standing[binding.key] = change.alert.id
            if step.kind in ("resolved", "expired"):
                self.state.standing.pop(binding.key, None)
            changes.append(change)
