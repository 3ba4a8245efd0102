"""The rule engine: columns and ``upto`` in, transitions out; the same for now and for history.

Pure: no clock, no store. The record of alerts is a function of the rules and the set of readings.
Readings behind the engine's position in their series are not fed; their series are named in the
outcome, and ``amend`` re-evaluates such a series from its history. So it does with a series of
which readings were corrected or reviewed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from alerting.alert import Alert, Change, State, Transition, alert_id
from alerting.binding import Binding
from alerting.conditions.run import Run, Step
from alerting.rules import WHOLE_STATION, Rule
from config.catalogue.shapes import Catalogue
from config.vocabulary.quality import Quality
from ingest.journal import Columns

_CHANGES = {
    "fired": Change.FIRED,
    "resolved": Change.RESOLVED,
    "lost": Change.DATA_LOST,
    "back": Change.DATA_BACK,
}
_WHY_AMENDED = "readings came late or were decided on"


class Snapshot(Struct):
    """All that the engine must remember between two processes."""

    upto_ms: int = 0
    positions: dict[str, int] = {}
    """Series -> its last good reading that was fed, ms."""
    passed: dict[str, int] = {}
    """Series -> its last reading that was fed or passed over, ms; where that is a later one."""
    runs: dict[str, Run] = {}
    standing: dict[str, str] = {}
    """Binding -> id of its firing alert; a moved alert keeps the id it was first given."""
    late: dict[str, int] = {}
    """Series to be re-evaluated -> the earliest reading that came late or was decided on, ms."""
    reach: dict[str, int] = {}
    """Of these, where people decided -> the end of what they decided on, ms. It may lie beyond
    the position: readings that were passed over may have become good.
    """
    rules: int = 0
    """Revision of the rules by which the runs were judged."""
    revision: int = 0
    """Revision of the corrections that are in the runs, or marked as late."""


class Engine:
    """Bindings with their runs. ``snapshot`` is what a process before this one left."""

    def __init__(
        self, rules: Sequence[Rule], catalogue: Catalogue, snapshot: Snapshot | None = None
    ) -> None:
        self.catalogue = catalogue
        self.state = snapshot or Snapshot()
        self.bindings: dict[str, list[Binding]] = {}
        for rule in rules:
            if rule.valid_from_ms >= rule.valid_until_ms:
                continue  # the next version took its place before it held
            for series in rule.series(catalogue):
                cadence = catalogue.stations[series.partition("/")[0]].cadence_ms
                for limit in rule.limits:
                    binding = Binding(rule, limit, series, cadence)
                    self.bindings.setdefault(series, []).append(binding)

    def feed(self, columns: Columns, upto_ms: int | None = None) -> list[Transition]:
        """Evaluate a batch, in any order of rows, and then silence up to ``upto_ms``."""
        changes: list[Transition] = []
        self._pass_over(columns)
        for series, (t, value) in self._good_by_series(columns).items():
            self._feed_series(series, t, value, changes)
        if upto_ms is not None and upto_ms > self.state.upto_ms:
            self.state.upto_ms = upto_ms
            for bindings in self.bindings.values():
                for binding in bindings:
                    run = self._run(binding)
                    self._note(binding, binding.elapse(run, upto_ms), changes)
        return changes

    def rebind(self, series: str, from_ms: int) -> None:
        """Mark a series of the engine as late: another version holds for it from an instant on,
        and must know what came before.
        """
        if series in self.bindings:
            self.state.late[series] = min(from_ms, self.state.late.get(series, from_ms))

    def doubt(self, series: str, from_ms: int, to_ms: int) -> None:
        """Mark what a stored series feeds as late: somebody decided on its readings of a span."""
        late, reach = self.state.late, self.state.reach
        station = series.partition("/")[0]
        for name in (series, f"{station}/{WHOLE_STATION}"):
            if name in self.bindings:
                late[name] = min(from_ms, late.get(name, from_ms))
                reach[name] = max(to_ms, reach.get(name, to_ms))

    def doubt_fed(self, series: str, from_ms: int, to_ms: int) -> None:
        """Mark as late what was fed of a stored series within a span: the checks say otherwise of
        it than they did. What was not fed yet will be fed as they say.
        """
        station = series.partition("/")[0]
        for name in (series, f"{station}/{WHOLE_STATION}"):
            state = self.state
            seen = max(state.positions.get(name, -1), state.passed.get(name, -1))
            if name in self.bindings and from_ms <= seen:
                state.late[name] = min(from_ms, state.late.get(name, from_ms))
                state.reach[name] = max(min(to_ms, seen + 1), state.reach.get(name, 0))

    def end(self, series: str) -> int:
        """Where a re-evaluation ends, ms: behind the position and all that was decided on."""
        position = self.state.positions.get(series, -1)
        return max(position + 1, self.state.reach.get(series, 0))

    def members(self, series: str) -> list[str]:
        """Stored series whose readings feed a series of the engine."""
        station, _, indicator = series.partition("/")
        if indicator != WHOLE_STATION:
            return [series]
        return [f"{station}/{code}" for code in self.catalogue.plans[station]]

    def amend(
        self,
        binding: Binding,
        t: NDArray[np.int64],
        value: NDArray[np.float64],
        known: Sequence[Alert],
        *,
        idle_ms: int | None,
    ) -> list[Transition]:
        """Re-evaluate a binding over its good history up to its ``end``.

        ``idle_ms`` is the reading at which its last alert before the late readings resolved (None:
        from the first reading on); ``t`` and ``value`` hold what came after it and, before it,
        what the rule's window reaches back to; ``known`` the alerts on record that began then or
        later. The run is replaced, and the position follows.
        """
        run = Run(last=idle_ms)
        if idle_ms is not None:
            ahead = int(np.searchsorted(t, idle_ms, "right"))
            before = zip(t[:ahead].tolist(), value[:ahead].tolist(), strict=True)
            run.tail = list(before) if binding.rule.window_ms else []
            t, value = t[ahead:], value[ahead:]
        steps = binding.advance(run, t, value) if len(t) else []
        steps += binding.elapse(run, self.state.upto_ms)
        self.state.runs[binding.key] = run
        if len(t):
            position = self.state.positions.get(binding.series, 0)
            self.state.positions[binding.series] = max(position, int(t[-1]))
        found = [replace(alert, retrospective=True) for alert in _alerts_of(binding, steps)]
        transitions, standing = _difference(known, found)
        self.state.standing.pop(binding.key, None)
        if standing:
            self.state.standing[binding.key] = standing
        return transitions

    def replayed(
        self, binding: Binding, t: NDArray[np.int64], value: NDArray[np.float64], upto_ms: int
    ) -> list[Alert]:
        """What the record of a binding would hold of a whole good history; nothing is kept."""
        run = Run()
        steps = binding.advance(run, t, value) if len(t) else []
        alerts = _alerts_of(binding, steps + binding.elapse(run, upto_ms))
        if run.fired is not None:
            alert = replace(alerts[-1], peak=run.peak, peak_ms=run.peak_at)
            alerts[-1] = replace(alert, last_value=run.last_value, last_ms=run.last)
        return alerts

    def standing(self) -> list[tuple[str, Run]]:
        """Firing alerts by id, with their runs."""
        return [(alert, self.state.runs[key]) for key, alert in self.state.standing.items()]

    def _pass_over(self, columns: Columns) -> None:
        """Remember how far readings were seen that are not good: they may become so."""
        doubtful = columns.quality != Quality.GOOD
        for index in np.unique(columns.series[doubtful]).tolist():
            name = columns.names[index]
            newest = int(columns.t[doubtful & (columns.series == index)].max())
            for fed in (name, f"{name.partition('/')[0]}/{WHOLE_STATION}"):
                if fed in self.bindings:
                    self.state.passed[fed] = max(newest, self.state.passed.get(fed, -1))

    def _good_by_series(
        self, columns: Columns
    ) -> dict[str, tuple[NDArray[np.int64], NDArray[np.float64]]]:
        good = columns.quality == Quality.GOOD
        found: dict[str, tuple[NDArray[np.int64], NDArray[np.float64]]] = {}
        by_station: dict[str, list[NDArray[np.int64]]] = {}
        for index, name in enumerate(columns.names):
            rows = good & (columns.series == index)
            if not rows.any():
                continue
            t, first = np.unique(columns.t[rows], return_index=True)
            by_station.setdefault(name.partition("/")[0], []).append(t)
            if name in self.bindings:
                found[name] = (t, columns.value[rows][first])
        for station, instants in by_station.items():
            series = f"{station}/{WHOLE_STATION}"
            if series in self.bindings:
                t = np.unique(np.concatenate(instants))
                found[series] = (t, np.zeros(len(t)))
        return found

    def _feed_series(
        self,
        series: str,
        t: NDArray[np.int64],
        value: NDArray[np.float64],
        changes: list[Transition],
    ) -> None:
        position = self.state.positions.get(series)
        if position is not None:
            late = t < position
            if late.any():
                earliest = min(int(t[0]), self.state.late.get(series, int(t[0])))
                self.state.late[series] = earliest
            ahead = t > position
            t, value = t[ahead], value[ahead]
        if not len(t):
            return
        self.state.positions[series] = int(t[-1])
        for binding in self.bindings[series]:
            run = self._run(binding)
            if run.fired is not None and int(t[0]) < run.fired:
                # Silence was known too early: a backlog shows that it was none.
                self.state.late[series] = min(int(t[0]), self.state.late.get(series, int(t[0])))
                continue
            self._note(binding, binding.advance(run, t, value), changes)

    def _run(self, binding: Binding) -> Run:
        return self.state.runs.setdefault(binding.key, Run())

    def _note(self, binding: Binding, steps: list[Step], changes: list[Transition]) -> None:
        for step in steps:
            alert = _alert(binding, step)
            if step.kind == "fired":
                self.state.standing[binding.key] = alert.id
            else:
                alert = replace(alert, id=self.state.standing.get(binding.key, alert.id))
            if step.kind == "resolved":
                self.state.standing.pop(binding.key, None)
            reason = _reason(binding, step)
            changes.append(Transition(_CHANGES[step.kind], alert, step.at, reason))


def _alert(binding: Binding, step: Step) -> Alert:
    station, _, indicator = binding.series.partition("/")
    began = step.episode.began
    rule = binding.rule
    return Alert(
        id=alert_id(rule.id, rule.version, binding.limit.level, binding.series, began),
        rule_id=rule.id,
        rule_version=rule.version,
        level=binding.limit.level,
        about=rule.about,
        station=station,
        indicator="" if indicator == WHOLE_STATION else indicator,
        state=State.FIRING if step.episode.resolved is None else State.RESOLVED,
        began_ms=began,
        fired_ms=step.episode.fired,
        resolved_ms=step.episode.resolved,
        peak=step.episode.peak,
        peak_ms=step.episode.peak_at,
        last_value=step.value,
        last_ms=step.at,
        data_lost=step.kind == "lost",
    )


def _reason(binding: Binding, step: Step) -> str:
    limit = binding.limit
    if step.kind == "resolved" and step.at == binding.rule.valid_until_ms:
        return f"resolved: version {binding.rule.version} of the rule holds no more"
    if binding.rule.kind == "absence":
        return f"{step.kind}: no good reading for {limit.for_ms} ms"
    side = "above" if limit.sign > 0 else "below"
    return f"{step.kind}: {step.value} against {side} {limit.limit} for {limit.for_ms} ms"


def _alerts_of(binding: Binding, steps: Iterable[Step]) -> list[Alert]:
    """Steps of a whole history as alerts, one each episode, the last one perhaps standing."""
    found: list[Alert] = []
    for step in steps:
        alert = _alert(binding, step)
        if step.kind == "fired":
            found.append(alert)
        else:
            found[-1] = alert
    return found


def _difference(
    old: Sequence[Alert], fresh: Sequence[Alert]
) -> tuple[list[Transition], str | None]:
    """Amendments that lead from one record to another, and the id that stands at the end.

    An old and a fresh alert that overlap are the same one, which keeps its first id.
    """
    transitions: list[Transition] = []
    standing: str | None = None
    left = list(old)
    for alert in fresh:
        match = next((o for o in left if _overlap(o, alert)), None)
        if match is None:
            mended, change = alert, Change.ADDED
        else:
            left.remove(match)
            mended = replace(alert, id=match.id, retrospective=match.retrospective)
            change = Change.MOVED
        if mended.state is State.FIRING:
            standing = mended.id
        if match is None or _span(match) != _span(mended):
            transitions.append(
                Transition(change, mended, mended.fired_ms, f"{change}: {_WHY_AMENDED}")
            )
    for alert in left:
        reason = f"withdrawn: {_WHY_AMENDED}"
        transitions.append(Transition(Change.WITHDRAWN, alert.withdraw(), alert.fired_ms, reason))
    return transitions, standing


def _span(alert: Alert) -> tuple[object, ...]:
    return (alert.began_ms, alert.fired_ms, alert.resolved_ms, alert.state, alert.peak)


def _overlap(one: Alert, other: Alert) -> bool:
    ends = [a.resolved_ms if a.resolved_ms is not None else 1 << 62 for a in (one, other)]
    return one.began_ms <= ends[1] and other.began_ms <= ends[0]
