"""Propagation: a rise upstream that arrives downstream within the travel time. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from alerting.rules.comparison import Case
from alerting.rules.conditions.signal import EvaluationTarget, Instants, Readings, Signal, Values
from alerting.rules.conditions.window import Change
from alerting.rules.durations import duration, span
from alerting.rules.fields import Fields
from alerting.rules.levels import side_of
from alerting.rules.moving import Moving
from alerting.rules.rule import Rule
from alerting.rules.texts import RuleText
from config.catalogue.shapes import Station
from config.catalogue.words import Words
from config.vocabulary.errors import Fault


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
        return self.travel_ms[1] + self._change.lookback_ms

    def reach_ms(self, cadence_ms: int) -> int:
        """The same where neither station is slower."""
        return self.travel_ms[1] + self._change.reach_ms(cadence_ms)

    @property
    def _change(self) -> Change:
        return Change(window_ms=self.window_ms)

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
        source = self.upstream(target)
        assert source is not None
        from_there = EvaluationTarget(target.catalogue, source, target.indicator)
        t, here = self._change.compute(target, members[:1], after_ms, until_ms)
        shortest, longest = self.travel_ms
        earliest = int(t[0]) - longest - 1 if len(t) else until_ms
        at, above = self._change.compute(from_there, members[1:], earliest, until_ms)
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


class PropagationText(RuleText, frozen=True, kw_only=True):
    """As written."""

    indicator: str
    window: str
    travel: tuple[str, str]


class PropagationKind(Moving[PropagationText, Arrival]):
    """From the next station up the river."""

    name = "propagation"
    sees = "the smaller of the rise here and the rise upstream before it"
    instants = "readings"
    text = PropagationText
    signal = Arrival
    lacks = "looks at a station upstream, and a file is of one station"

    def parse(self, text: PropagationText, where: str, faults: list[Fault]) -> Arrival:
        """A change, and the time that it travels."""
        shortest, longest = (
            span(each, f"{where}.travel[{at}]", faults) for at, each in enumerate(text.travel, 1)
        )
        if shortest > longest:
            faults.append(Fault(f"{where}.travel", "ends before it begins", "shortest time first"))
        window_ms = span(text.window, f"{where}.window", faults)
        side = side_of(text.levels, where, faults)
        return Arrival(window_ms=window_ms, travel_ms=(shortest, longest), sign=side)

    def written(self, signal: Arrival, rule: Rule) -> dict[str, Any]:
        """The window and the time of travel."""
        travel = tuple(map(duration, signal.travel_ms))
        return {"window": duration(signal.window_ms), "travel": travel}

    def gather(self, fields: Fields, rule: Rule, words: Words) -> None:
        """The window and the time of travel."""
        fields.add("window", "span", words("tuning.look-window-propagation"))
        hint = words("tuning.hint-travel")
        group = words("tuning.look-travel"), hint
        fields.add("travel.0", "span", words("tuning.look-travel-0"), group=group)
        fields.add("travel.1", "span", words("tuning.look-travel-1"), hint=hint, group=group)

    def remark(self, rule: Rule, target: EvaluationTarget) -> str:
        """Where no reading upstream need lie within the time of travel."""
        signal = self.of(rule)
        above = signal.upstream(target)
        if above is not None and signal.travel_ms[1] - signal.travel_ms[0] < above.cadence_ms:
            return "travel"
        return super().remark(rule, target)

    def window_ms(self, signal: Arrival) -> int:
        """That of the rise."""
        return signal.window_ms

    def moving(self, words: Words, indicator: str, window: str) -> str:
        """At two stations of a river."""
        return words("alert.over-river", indicator=indicator, window=window)

    def moved(self, case: Case, value: float) -> str:
        """Only the lesser of two changes is known."""
        return case.words(
            f"alert.arrival-{case.form}", way=self.way(case), **self.figures(case, value)
        )

    def least(self, words: Words) -> str:
        """The other change may have been greater."""
        return words("alert.at-least")

    def aside(self, case: Case) -> str:
        """The likely reach of the source: by the station above, or between it and the next."""
        signal = self.of(case.rule)
        target = EvaluationTarget(case.catalogue, case.station, case.rule.indicator)
        above = signal.upstream(target)
        if above is None:
            return ""
        further = signal.upstream(EvaluationTarget(target.catalogue, above, target.indicator))
        key = "alert.source-reach" if further else "alert.source-above"
        return case.words(key, upstream=above.name, further=further.name if further else "")


KIND = PropagationKind()
