"""The rule engine: columns and ``upto`` in, transitions out; the same for now and for history.

Pure: no clock, no store. The record of alerts is a function of the rules and the set of readings.
Readings behind what was seen of their series are not fed; their places are named in ``late``, and
``amend`` re-evaluates such a place from its history. So it does with a place of which readings
were corrected or reviewed. What rules remember of readings is not kept: after a start ``prime``
is given it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import replace

import numpy as np
from msgspec import structs
from numpy.typing import NDArray

from alerting.alert import Alert, Transition
from alerting.binding import Binding
from alerting.conditions.looking import ANY, DAY_MS, Instants, Readings, Values
from alerting.conditions.run import Run, Step
from alerting.record import alerts_of, difference, so_far, transition
from alerting.rows import by_series, by_station
from alerting.rules import Rule
from alerting.sight import ALL, Sight, sights
from alerting.snapshot import Snapshot
from alerting.waiting import Waiting
from config.catalogue.shapes import Catalogue
from config.vocabulary.quality import Quality
from ingest.journal import Columns

HEARD_MS = DAY_MS
"""Within so long of its measurement a reading comes from a station that speaks."""


class Engine:
    """Rules at their places. ``snapshot`` is what a process before this one left."""

    def __init__(
        self, rules: Sequence[Rule], catalogue: Catalogue, snapshot: Snapshot | None = None
    ) -> None:
        self.state = snapshot or Snapshot()
        self.sights: dict[str, list[Sight]] = {}
        """By the name of their place."""
        self._watching: dict[str, list[tuple[Sight, int]]] = {}
        """Series -> sights with a look that it is a member of, and as which one."""
        self._places: dict[str, set[str]] = {}
        """Series -> places that its readings concern."""
        for rule in rules:
            for sight in sights(rule, catalogue):
                self._take(sight)
        self._waiting = {
            series: waiting for series, of in self.sights.items() if (waiting := self._idle(of))
        }
        self._absences = [sight for sight in self._all() if sight.rule.kind == "absence"]
        self._looking = [sight for sight in self._all() if sight.rule.look is not None]
        for sight in self._looking:
            sight.primed = not any(name in self.state.positions for name in sight.members)

    def _take(self, sight: Sight) -> None:
        self.sights.setdefault(sight.series, []).append(sight)
        for place, name in enumerate(sight.members):
            self._places.setdefault(name.removesuffix(ANY), set()).add(sight.series)
            if sight.rule.look is not None:
                self._watching.setdefault(name, []).append((sight, place))

    def _idle(self, of: Sequence[Sight]) -> Waiting | None:
        plain = [sight for sight in of if sight.rule.look is None and sight.rule.kind != "absence"]
        waiting = Waiting([binding for sight in plain for binding in sight.bindings])
        waiting.look_up(self.state.runs)
        return waiting if plain else None

    def _all(self) -> Iterator[Sight]:
        return (sight for of in self.sights.values() for sight in of)

    def feed(self, columns: Columns, upto_ms: int | None = None) -> list[Transition]:
        """Evaluate a batch, in any order of rows, and then silence up to ``upto_ms``."""
        changes: list[Transition] = []
        concerned: dict[str, Sight] = {}
        self._hear(columns)
        self._pass_over(columns, concerned)
        good = columns.quality == Quality.GOOD
        for series, t, value in by_series(columns, columns.value, good):
            self._feed_series(series, t, value, concerned, changes)
        if any(name.endswith(ANY) for name in self._watching):
            for series, t, cause in by_series(columns, columns.cause, np.ones_like(good)):
                self._feed_series(series + ANY, t, cause.astype(np.float64), concerned, changes)
        self._feed_stations(columns, good, changes)
        for sight in concerned.values():
            self._see(sight, changes)
        if upto_ms is not None and upto_ms > self.state.upto_ms:
            self.state.upto_ms = upto_ms
            self._elapse(upto_ms, changes)
        return changes

    def checkpoint(self) -> Callable[[], None]:
        """What takes back all that is fed from now on."""
        runs = {key: copy(run) for key, run in self.state.runs.items()}
        tables = {name: copy(table) for name, table in structs.asdict(self.state).items()}
        state = Snapshot(**tables | {"runs": runs})
        memories = [(list(sight.memory), list(sight.open)) for sight in self._looking]

        def undo() -> None:
            self.state = state
            for sight, memory in zip(self._looking, memories, strict=True):
                sight.memory, sight.open = memory
            for waiting in self._waiting.values():
                waiting.look_up(state.runs)

        return undo

    def rebind(self, series: str, from_ms: int) -> None:
        """Mark a place as late: another version holds there from an instant on, and must know
        what came before.
        """
        if series in self.sights:
            self._mark(series, from_ms)

    def doubt(self, series: str, from_ms: int, to_ms: int) -> None:
        """Mark the places that a stored series feeds as late: somebody decided on its readings of
        a span.
        """
        reach = self.state.reach
        for place in self._places.get(series, ()):
            self._mark(place, from_ms)
            reach[series] = max(to_ms, reach.get(series, to_ms))

    def doubt_fed(self, series: str, from_ms: int, to_ms: int) -> None:
        """Mark as late what was fed of a stored series within a span: the checks say otherwise of
        it than they did. What was not fed yet will be fed as they say.
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

    def unprimed(self) -> list[Sight]:
        """Sights that do not see before they have been primed."""
        return [sight for sight in self._looking if not sight.primed]

    def since(self, sight: Sight) -> int:
        """The instant from which on a sight must know the readings of its members to go on."""
        seen = self.state.seen.get(sight.key, sight.settled(self._frontier(sight)))
        return seen - sight.lookback_ms

    def prime(self, sight: Sight, members: Sequence[Readings]) -> None:
        """Give a sight the readings ``since`` when it must know them, up to each member's
        ``end``. One that has never seen begins now.
        """
        seen = self.state.seen.setdefault(sight.key, sight.settled(self._frontier(sight)))
        sight.fill(members, seen)

    def amend(
        self,
        sight: Sight,
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
        for name, (t, _) in zip(sight.members, members, strict=True):
            if len(t):
                positions[name] = max(positions.get(name, ALL), int(t[-1]))
        if sight.rule.kind == "absence":
            newest = max((int(t[-1]) for t, _ in members if len(t)), default=ALL)
            positions[sight.series] = max(positions.get(sight.series, ALL), newest)
        until = self._until(sight)
        idle = [ALL if idle_ms is None else idle_ms for _, idle_ms in records]
        t, value = sight.of_history(members, min(idle), until)
        if sight.rule.look is not None:
            self.state.seen[sight.key] = until
            sight.fill(members, until)
        upto_ms = self.state.upto_ms if self._tells_by_silence(sight) else ALL
        changes: list[Transition] = []
        for binding, (known, idle_ms) in zip(sight.bindings, records, strict=True):
            first = 0 if idle_ms is None else int(np.searchsorted(t, idle_ms, "right"))
            run = Run(last=idle_ms)
            steps = self._evaluated(binding, run, t[first:], value[first:], upto_ms)
            self._keep(binding, run)
            alerts = so_far(run, alerts_of(binding, steps))
            found = [replace(alert, retrospective=True) for alert in alerts]
            mended, standing = difference(known, found)
            changes += mended
            self.state.standing.pop(binding.key, None)
            if standing:
                self.state.standing[binding.key] = standing
        if sight.series in self._waiting:
            self._waiting[sight.series].look_up(self.state.runs)
        return changes

    def replayed(self, sight: Sight, members: Sequence[Readings], upto_ms: int) -> list[Alert]:
        """What the record of a place would hold of a whole good history; nothing is kept."""
        until_ms = max(upto_ms, _newest(members))
        return self.judged(sight, sight.of_history(members, ALL, until_ms), upto_ms)

    def judged(self, sight: Sight, seen: Readings, upto_ms: int) -> list[Alert]:
        """What the record of a place would hold of what is seen there; nothing is kept."""
        t, value = seen
        found: list[Alert] = []
        for binding in sight.bindings:
            run = Run()
            alerts = alerts_of(binding, self._evaluated(binding, run, t, value, upto_ms))
            found += so_far(run, alerts)
        return found

    def standing(self) -> list[tuple[str, Run]]:
        """Firing alerts by id, with their runs."""
        return [(alert, self.state.runs[key]) for key, alert in self.state.standing.items()]

    def _evaluated(
        self, binding: Binding, run: Run, t: Instants, value: Values, upto_ms: int
    ) -> list[Step]:
        steps = binding.advance(run, t, value) if len(t) else []
        return steps + binding.elapse(run, upto_ms)

    def _mark(self, place: str, from_ms: int) -> None:
        self.state.late[place] = min(from_ms, self.state.late.get(place, from_ms))

    def _known(self, series: str) -> int:
        """The last reading of a stored series, good or not."""
        state = self.state
        return max(state.positions.get(series, ALL), state.passed.get(series, ALL))

    def _frontier(self, sight: Sight) -> int:
        """Up to where all is known that a sight could see."""
        if not sight.waits:
            return self.state.positions.get(sight.members[0], ALL)
        return max(self.state.upto_ms, min(self._known(name) for name in sight.members))

    def _until(self, sight: Sight) -> int:
        """Up to where a place is evaluated: as far as it was, or farther."""
        if sight.rule.look is None:
            return self.state.positions.get(sight.series, ALL)
        frontier = sight.settled(self._frontier(sight))
        return max(frontier, self.state.seen.get(sight.key, ALL))

    def _hear(self, columns: Columns) -> None:
        live = columns.series[columns.received - columns.t <= HEARD_MS]
        for at in np.flatnonzero(np.bincount(live)).tolist():
            self.state.stations_heard.add(columns.names[at].partition("/")[0])

    def _tells_by_silence(self, sight: Sight) -> bool:
        """Whether what is not heard counts: not at a station that never spoke but by its past."""
        return sight.rule.kind != "absence" or sight.place.station.id in self.state.stations_heard

    def _pass_over(self, columns: Columns, concerned: dict[str, Sight]) -> None:
        """Remember how far readings were seen that are not good: they may become so, and what
        waits for them need not wait any more.
        """
        doubtful = columns.quality != Quality.GOOD
        for name, t, _ in by_series(columns, columns.value, doubtful):
            if name in self._places:
                self.state.passed[name] = max(int(t[-1]), self.state.passed.get(name, ALL))
            concerned |= {sight.key: sight for sight, _ in self._watching.get(name, ())}

    def _feed_series(
        self,
        series: str,
        t: Instants,
        value: Values,
        concerned: dict[str, Sight],
        changes: list[Transition],
    ) -> None:
        """Readings of a stored series to what looks at them, and to thresholds on themselves."""
        if series.removesuffix(ANY) not in self._places:
            return
        position = self.state.positions.get(series, ALL)
        for sight, place in self._watching.get(series, ()):
            first = sight.ahead(t, self.state.seen.get(sight.key, ALL))
            if first:
                self._mark(sight.series, int(t[0]))
            if sight.primed and first < len(t):
                sight.add(place, t[first:], value[first:])
            concerned[sight.key] = sight
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
        for place in waiting.concerned(float(value.min()), float(value.max())):
            binding = waiting.bindings[place]
            run = self._advance(binding, t, value, changes)
            waiting.awake.discard(place) if run.is_idle else waiting.awake.add(place)

    def _feed_stations(
        self, columns: Columns, good: NDArray[np.bool_], changes: list[Transition]
    ) -> None:
        """Instants of good readings to the absences of their stations."""
        if not self._absences:
            return
        for series, t, _ in by_series(by_station(columns), columns.value, good):
            if any(sight.rule.kind == "absence" for sight in self.sights.get(series, ())):
                self._feed_station(series, t, changes)

    def _feed_station(self, series: str, t: Instants, changes: list[Transition]) -> None:
        position = self.state.positions.get(series, ALL)
        if position > ALL and t[0] < position:
            self._mark(series, int(t[0]))
        t = t[t > position]
        if not len(t):
            return
        self.state.positions[series] = int(t[-1])
        for sight in self.sights[series]:
            for binding in sight.bindings if sight.rule.kind == "absence" else ():
                run = self.state.runs.setdefault(binding.key, Run())
                if run.fired is not None and int(t[0]) <= run.fired:
                    # Silence was known too early: a backlog shows that it was none.
                    self._mark(series, int(t[0]))
                    continue
                self._note(binding, binding.advance(run, t, np.zeros(len(t))), changes)

    def _see(self, sight: Sight, changes: list[Transition]) -> None:
        """What has come into sight to the levels; nothing while its memory is not there."""
        until, seen = self._until(sight), self.state.seen.get(sight.key, ALL)
        if not sight.primed or until <= seen:
            return
        t, value = sight.advance(seen, until)
        self.state.seen[sight.key] = until
        for binding in sight.bindings if len(t) else ():
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
        for sight in self._looking:
            if sight.waits:
                self._see(sight, changes)
            for binding in sight.bindings if sight.primed else ():
                self._elapse_one(binding, upto_ms, changes)
        for waiting in self._waiting.values():
            for place in sorted(waiting.awake):
                self._elapse_one(waiting.bindings[place], upto_ms, changes)
                if waiting.bindings[place].key not in self.state.runs:
                    waiting.awake.discard(place)
        for sight in filter(self._tells_by_silence, self._absences):
            for binding in sight.bindings:
                self.state.runs.setdefault(binding.key, Run())
                self._elapse_one(binding, upto_ms, changes)

    def _elapse_one(self, binding: Binding, upto_ms: int, changes: list[Transition]) -> None:
        run = self.state.runs.get(binding.key)
        if run is not None:
            self._note(binding, binding.elapse(run, upto_ms), changes)
            self._keep(binding, run)

    def _keep(self, binding: Binding, run: Run) -> None:
        if run.is_idle and binding.rule.kind != "absence":
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


def _newest(members: Sequence[Readings]) -> int:
    return max((int(t[-1]) for t, _ in members if len(t)), default=ALL)
