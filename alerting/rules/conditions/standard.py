"""Standard: the AQI of a station, or how much worse its water is than it should be. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

import numpy as np

from alerting.rules.conditions.signal import (
    NOTHING,
    EvaluationTarget,
    Grain,
    Instants,
    Readings,
    Signal,
    Values,
)
from config.catalogue.shapes import WaterClass
from config.vocabulary.time import DAY_MS, HOUR_MS
from ingest.standards.aggregates import Hours, daily, daily_8h_max
from ingest.standards.air import air_items
from ingest.standards.columns import NONE, air_indices, water_classes
from ingest.standards.tables import possible
from ingest.standards.water import water_class_names, water_items
from ingest.store.protocol import bucket_ms

OZONE = "a05024"


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
        """What the standard judges of the station's plan; nothing where no class is to be held."""
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
        values = {}
        for code, (at, value) in zip(codes, spans, strict=True):
            values[code] = np.full(len(begin), np.nan)
            rows = np.searchsorted(begin, at)
            inside = (rows < len(begin)) & (begin[np.minimum(rows, len(begin) - 1)] == at)
            values[code][rows[inside]] = value[inside]
        judged = self._judged(target, values, begin)
        whole = ~np.any([np.isnan(of) for of in values.values()], axis=0)
        known = whole & ~np.isnan(judged) | (judged > self.least)
        return begin[known] + length, judged[known]

    def _averaged(
        self, target: EvaluationTarget, code: str, begin: Instants, mean: Values
    ) -> Readings:
        """Valid means of the hours or days, by their beginning; without those of a noisy zero that
        no standard judges. An hour of an instrument slower than that stands for more.
        """
        fit = np.fromiter((possible(code, one) for one in mean.tolist()), np.bool_, len(mean))
        begin, mean = begin[fit], mean[fit]
        if self.averaging == "hour" or not len(begin):
            return begin, mean
        whole = np.full(len(begin), HOUR_MS)
        hours = Hours(begin, mean, whole, max(HOUR_MS, target.station.cadence_ms))
        if code == OZONE:
            # Windows that reach into the next day are judged with that day, whose end is known.
            found = daily_8h_max(hours, int(bucket_ms(begin[-1:], 24)[0]) + DAY_MS)
        else:
            found = daily(hours)
        return found.begin_ms[found.valid], found.value[found.valid]

    def _judged(
        self, target: EvaluationTarget, values: dict[str, Values], begin: Instants
    ) -> Values:
        if target.station.kind == "air":
            averaging: Literal["hourly", "daily"] = (
                "hourly" if self.averaging == "hour" else "daily"
            )
            found = air_indices(values, begin, averaging=averaging, plan=values).aqi
            return np.where(found == NONE, np.nan, found)
        held = target.station.target if self.target == "station" else self.target
        assert held is not None
        classes = water_classes(values, begin).class_index
        less = water_class_names().index(held)
        return np.where(classes == NONE, np.nan, classes - less)
