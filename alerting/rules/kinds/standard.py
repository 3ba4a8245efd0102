"""Standard: the AQI of a station, or how much worse its water is than it should be. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar, Literal, get_args

import numpy as np

from alerting.formats import water_class
from alerting.rules.clauses import after
from alerting.rules.comparison import Case, Seen
from alerting.rules.conditions.signal import (
    NOTHING,
    EvaluationTarget,
    Grain,
    Instants,
    Readings,
    Signal,
    Values,
)
from alerting.rules.fields import Fields
from alerting.rules.kind import Kind, Shape
from alerting.rules.language import Language
from alerting.rules.levels import ABOVE, BY, Form, by
from alerting.rules.rule import Rule, Scope
from alerting.rules.texts import RuleText
from config.catalogue.shapes import WaterClass
from config.catalogue.words import Words
from config.vocabulary.errors import Fault
from config.vocabulary.time import DAY_MS, HOUR_MS
from ingest.standards.aggregates import (
    Hours,
    Means,
    daily,
    daily_8h_max,
    daily_hour_max,
    stands_ms,
)
from ingest.standards.air import OZONE, air_items, air_level
from ingest.standards.columns import NONE, air_indices, water_classes
from ingest.standards.tables import possible
from ingest.standards.water import water_class_names, water_items
from ingest.store.protocol import bucket_ms

GOOD_INDEX = 100.0
"""Up to it air meets the limits of class 2 areas (HJ 633)."""


class Standard(Signal, frozen=True, tag="standard"):
    """AQI of the items that an air station measures (HJ 633), or the class of its water less the
    class to be held (GB 3838, single factor), of each hour or day.
    """

    grain: ClassVar[Grain] = "hour"

    averaging: Literal["hour", "day"] = "hour"
    target: Literal["station"] | WaterClass = "station"

    least: float = 0.0
    """The lowest limit of the rule's levels. Where an item has no valid mean, the signal is what
    it is at least, and is known only above this one.
    """

    @property
    def span_ms(self) -> int:
        """An hour or a day."""
        return HOUR_MS if self.averaging == "hour" else DAY_MS

    @property
    def lookback_ms(self) -> int:
        """The hour or the day."""
        return self.span_ms

    def members(self, target: EvaluationTarget) -> tuple[str, ...]:
        """The indicators of the station's plan that the standard judges; nothing where no class is
        to be held.
        """
        air = target.station.kind == "air"
        if not air and self.target == "station" and target.station.target is None:
            return ()
        known = air_items() if air else water_items()
        plan = target.catalogue.plans[target.station.id]
        return tuple(target.series(code) for code in plan if code in known)

    def compute(
        self, target: EvaluationTarget, members: Sequence[Readings], after_ms: int, until_ms: int
    ) -> Readings:
        """At ends of hours or days."""
        codes = [series.partition("/")[2] for series in self.members(target)]
        spans = [
            self._averaged(target, code, *readings)
            for code, readings in zip(codes, members, strict=True)
        ]
        length = self.span_ms
        begin = np.unique(np.concatenate([at for at, _ in spans]))
        begin = begin[(begin + length > after_ms) & (begin + length <= until_ms)]
        if not len(begin):
            return NOTHING
        values = {code: _on(begin, of) for code, of in zip(codes, spans, strict=True)}
        hour = None
        if self.averaging == "day" and OZONE in codes:
            hour = _on(begin, self._largest_hours(target, *members[codes.index(OZONE)]))
        judged = self._judged(target, values, begin, hour)
        whole = ~np.any([np.isnan(of) for of in values.values()], axis=0)
        known = whole & ~np.isnan(judged) | (judged > self.least)
        return begin[known] + length, judged[known]

    def _averaged(
        self, target: EvaluationTarget, code: str, begin: Instants, mean: Values
    ) -> Readings:
        """Valid means of the hours or days, by their beginning; without those of a noisy zero that
        no standard judges. An hour of an instrument slower than that stands for more.
        """
        begin, mean = _fit(code, begin, mean)
        if self.averaging == "hour" or not len(begin):
            return begin, mean
        hours = _hours(target, code, begin, mean)
        if code == OZONE:
            # Windows that reach into the next day are judged with that day, whose end is known.
            found = daily_8h_max(hours, int(bucket_ms(begin[-1:], 24)[0]) + DAY_MS)
        else:
            found = daily(hours)
        return _valid(found)

    def _largest_hours(self, target: EvaluationTarget, begin: Instants, mean: Values) -> Readings:
        """Ozone's largest hourly means of the days, by their beginning."""
        return _valid(daily_hour_max(_hours(target, OZONE, *_fit(OZONE, begin, mean))))

    def _judged(
        self,
        target: EvaluationTarget,
        values: dict[str, Values],
        begin: Instants,
        ozone_hour: Values | None,
    ) -> Values:
        if target.station.kind == "air":
            averaging: Literal["hourly", "daily"] = (
                "hourly" if self.averaging == "hour" else "daily"
            )
            found = air_indices(
                values, begin, averaging=averaging, plan=values, ozone_hour=ozone_hour
            ).aqi
            return np.where(found == NONE, np.nan, found)
        held = target.station.target if self.target == "station" else self.target
        assert held is not None
        classes = water_classes(values, begin, lake=target.station.lake).class_index
        less = water_class_names().index(held)
        return np.where(classes == NONE, np.nan, classes - less)


def _fit(code: str, begin: Instants, mean: Values) -> Readings:
    """Those that an instrument could measure."""
    fit = np.fromiter((possible(code, one) for one in mean.tolist()), np.bool_, len(mean))
    return begin[fit], mean[fit]


def _hours(target: EvaluationTarget, code: str, begin: Instants, mean: Values) -> Hours:
    """Valid hourly means; one of an instrument slower than that stands for more."""
    whole = np.full(len(begin), HOUR_MS)
    return Hours(begin, mean, whole, stands_ms(target.of(code).cadences.at(begin)))


def _valid(found: Means) -> Readings:
    return found.begin_ms[found.valid], found.value[found.valid]


def _on(begin: Instants, readings: Readings) -> Values:
    """Values on those instants; NaN where there is none."""
    at, value = readings
    found = np.full(len(begin), np.nan)
    rows = np.searchsorted(begin, at)
    inside = (rows < len(begin)) & (begin[np.minimum(rows, len(begin) - 1)] == at)
    found[rows[inside]] = value[inside]
    return found


class StandardText(RuleText, frozen=True, kw_only=True):
    """As written."""

    averaging: Literal["hour", "day"] | None = None
    target: Literal["station"] | WaterClass | None = None


class StandardKind(Kind[StandardText, Standard]):
    """The AQI of air; of water how many classes it is worse than it should be."""

    name = "standard"
    sees = "the AQI of a station, or how many classes its water is worse than it should be"
    instants = "ends of hours or days"
    text = StandardText
    signal = Standard
    by_levels = True

    def parse(self, text: StandardText, where: str, faults: list[Fault]) -> Standard:
        """The standard's own averaging, and the class to be held."""
        kind = text.stations.kind
        if kind is None:
            what = 'say kind = "air" or "water"'
            faults.append(Fault(f"{where}.stations.kind", "is missing", what))
        if kind == "air" and text.target is not None:
            what = "is a class of water"
            faults.append(Fault(f"{where}.target", what, "leave it out for air"))
        least = min(by(row) - 1.0 if row.above is None else row.above for row in text.levels)
        return Standard(text.averaging or "hour", text.target or "station", least)

    def written(self, signal: Standard, rule: Rule) -> dict[str, Any]:
        """Air has no target."""
        target = signal.target if rule.scope.kind == "water" else None
        return {"averaging": signal.averaging, "target": target}

    def form_of(self, scope: Scope, signal: Standard) -> Form:
        """An AQI, or a number of classes."""
        return ABOVE if scope.kind == "air" else BY

    def measure(self, signal: Standard) -> object:
        """The class to be held."""
        return signal.target

    def remark(self, rule: Rule, target: EvaluationTarget) -> str:
        """Where no class is so much worse than the one to be held."""
        signal = self.of(rule)
        held = target.station.target if signal.target == "station" else signal.target
        if target.station.kind == "air" or held is None:
            return ""
        classes = water_class_names()
        worst = len(classes) - 1 - classes.index(held)
        return "never" if any((of.limit or 0.0) >= worst for of in rule.limits) else ""

    def standard_limit(self, rule: Rule, target: EvaluationTarget, on: date) -> float | None:
        """The index of good air; of water no class worse than the station's own target."""
        if target.station.kind == "air":
            return GOOD_INDEX
        return 0.0 if target.station.target else None

    def first_limit(self, rule: Rule, target: EvaluationTarget) -> float | None:
        """Of water in classes worse than the station's own target."""
        first, own = super().first_limit(rule, target), target.station.target
        held = self.of(rule).target
        if first is None or own is None or held == "station":
            return first
        names = water_class_names()
        return first + names.index(held) - names.index(own)

    def gather(self, fields: Fields, rule: Rule, words: Words) -> None:
        """Averaging and target."""
        spans = {"hour": words("tuning.averaging-hour"), "day": words("tuning.averaging-day")}
        fields.add("averaging", "choice", words("tuning.look-averaging"), options=spans)
        targets = {"station": words("tuning.target-station")} | {
            name: water_class(words, name) for name in get_args(WaterClass)
        }
        fields.add("target", "choice", words("tuning.look-target"), options=targets)

    def shape(self, rule: Rule) -> Shape:
        """A class holds for the span that ends at its instant."""
        return "ends" if self.form(rule) == BY else "line"

    def seen(self, rule: Rule, language: Language) -> Seen:
        """An index, or a number of classes."""
        words, water = language.words, rule.scope.kind == "water"
        key = f"seen.{'class' if water else 'aqi'}-{self.of(rule).averaging}"
        return Seen(words(key), words("unit.class") if water else "", 0)

    def compared(self, case: Case, value: float) -> str:
        """The class beside the one to be held, or the index with its level."""
        words, form = case.words, case.form
        if case.station.kind == "air":
            of, said = air_level(int(value))
            level = after(words, words("air.level", level=words.name(of), name=words.name(said)))
            return self.beside(case, value, name=words("alert.aqi"), level=level)
        found, target = (self._class(case, worse) for worse in (value, 0))
        if value <= 0:
            return words("alert.class-reached", name=found, target=target)
        if form == "back":
            bound = self._class(case, (case.limit.limit or 0.0) + 1)
            return words("alert.class-back", name=found, target=target, bound=bound)
        return words(f"alert.class-{form}", name=found, target=target)

    def asked(self, case: Case) -> str:
        """A class, or an index."""
        if case.station.kind == "air":
            return super().asked(case)
        bound = case.limit.limit or 0.0
        target, worse = (self._class(case, by) for by in (0, bound))
        key = "class-worst" if bound < 1 else "class-worse"
        return case.words(f"alert.asks-{key}", target=target, name=worse)

    def shown(self, case: Case, value: float) -> str:
        """A class, or an index."""
        if case.station.kind == "air":
            return super().shown(case, value)
        return case.words("alert.at-firing", value=self._class(case, value))

    def aim(self, case: Case, *, named: bool = False) -> str:
        """A class, or an index."""
        if case.station.kind == "air":
            return super().aim(case, named=named)
        name = self._class(case, math.floor(case.limit.clear_limit or 0.0))
        return case.words("alert.aim-class", name=name)

    def _class(self, case: Case, worse: float) -> str:
        """The class that is so much worse than the one to be held."""
        signal = self.of(case.rule)
        target = case.station.target if signal.target == "station" else signal.target
        classes = water_class_names()
        assert target is not None
        at = classes.index(target) + int(worse)
        return water_class(case.words, classes[max(0, min(at, len(classes) - 1))])


KIND = StandardKind()
