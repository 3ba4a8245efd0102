"""Trend: where a series is heading, by the tests of Mann and Kendall and of Theil and Sen. Pure.

Everything is computed on rows of daily values, (windows, days), NaN where a day has none: a gap is
a gap in time. Of a ``period`` only days of the same place in it are compared, which makes the test
that of Hirsch, Slack and Smith (1982); of a period of 1 all are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from msgspec import Meta
from numpy.lib.stride_tricks import sliding_window_view
from scipy.special import ndtr

from alerting.rules.comparison import Case, Seen
from alerting.rules.conditions.medians import medians
from alerting.rules.conditions.signal import (
    DIGITS,
    NOTHING,
    EvaluationTarget,
    Grain,
    Instants,
    Readings,
    Signal,
    Values,
)
from alerting.rules.durations import duration, whole_days
from alerting.rules.fields import Fields
from alerting.rules.kind import Kind, Shape
from alerting.rules.language import Language
from alerting.rules.levels import SIDED, WITHIN, Form
from alerting.rules.rule import Rule, Scope
from alerting.rules.texts import RuleText
from config.catalogue.words import Words
from config.vocabulary.errors import Fault
from config.vocabulary.indicators import INDICATORS
from config.vocabulary.time import DAY_MS, HOUR_MS
from ingest.standards.aggregates import Hours, daily, stands_ms
from ingest.store.protocol import bucket_ms

LEAST = 10
"""Valid days; these must be half of the window as well."""
AT_ONCE = 1_000_000
"""So many slopes of pairs are held at a time, for the sake of memory."""


class Trend(Signal, frozen=True, tag="trend"):
    """The slope over the window, in the unit a day, 0 where none is significant; with a limit the
    days until it is passed. ``window_ms`` is whole days, ten at least.
    """

    grain: ClassVar[Grain] = "hour"

    window_ms: int
    significance: float = 0.05
    season: Literal["none", "week"] = "none"
    limit: float | None = None
    towards: Literal["above", "below"] = "above"
    """The side of the limit on which trouble lies."""

    @property
    def lookback_ms(self) -> int:
        """The window, and a day so that its first one is whole."""
        return self.window_ms + DAY_MS

    @property
    def span_ms(self) -> int:
        """A day."""
        return DAY_MS

    def compute(
        self, target: EvaluationTarget, members: Sequence[Readings], after_ms: int, until_ms: int
    ) -> Readings:
        """At ends of valid days whose window holds enough of them."""
        day, mean = _days(target, *members[0])
        if not len(day):
            return NOTHING
        ends, windows = self._windows(day, mean, after_ms, until_ms)
        valid = np.count_nonzero(~np.isnan(windows), axis=1)
        known = (valid >= LEAST) & (2 * valid >= windows.shape[1]) & ~np.isnan(windows[:, -1])
        ends, windows = ends[known], windows[known]
        found = self._slope(windows)
        if self.limit is not None:
            found = self._left(self.limit, windows, found)
        return ends, np.round(found, DIGITS)

    def _windows(
        self, day: Instants, mean: Values, after_ms: int, until_ms: int
    ) -> tuple[Instants, Values]:
        """Ends of days, as far as their windows meet a valid day, and the windows."""
        days = self.window_ms // DAY_MS
        first = bucket_ms(max(after_ms, int(day[0])), 24) + DAY_MS
        last = min(until_ms, int(day[-1]) + days * DAY_MS)
        ends = np.arange(first, last + 1, DAY_MS, dtype=np.int64)
        row = np.full(len(ends) + days, np.nan)  # long enough where there is no end at all
        at = (day - first) // DAY_MS + days
        inside = (at >= 0) & (at < len(row))
        row[at[inside]] = mean[inside]
        return ends, sliding_window_view(row, days)[: len(ends)]

    def _slope(self, windows: Values) -> Values:
        period = 7 if self.season == "week" else 1
        slope = np.zeros(len(windows))
        stands = mann_kendall(windows, period).p < self.significance
        slope[stands] = sen_slope(windows[stands], period)
        return slope

    def _left(self, limit: float, windows: Values, slope: Values) -> Values:
        """Days until the limit is passed: 0 where it has been, infinite where it will not be."""
        level = np.round(sen_level(windows, slope), DIGITS)
        above = self.towards == "above"
        room, pace = (limit - level, slope) if above else (level - limit, -slope)
        left = np.full(len(slope), np.inf)
        np.divide(room, pace, out=left, where=pace > 0)
        return np.where(room < 0, 0.0, left)


@dataclass(frozen=True, slots=True)
class MannKendall:
    """The test of each row: Kendall's score, its variance without a trend, the normal deviate and
    the chance of one as large on either side.
    """

    s: Values
    variance: Values
    z: Values
    p: Values


def mann_kendall(values: Values, period: int = 1) -> MannKendall:
    """The two-sided test with correction for ties and for continuity (Mann 1945, Kendall 1975)."""
    s, same = np.zeros(len(values)), np.ones(values.shape)
    for lag in range(period, values.shape[1], period):
        older, newer = values[:, :-lag], values[:, lag:]
        s += np.count_nonzero(newer > older, axis=1)
        s -= np.count_nonzero(newer < older, axis=1)
        tied = newer == older
        same[:, lag:] += tied
        same[:, :-lag] += tied
    # A value tied with n - 1 others takes its share of the n (n - 1) (2 n + 5) of its group.
    variance = -((same - 1) * (2 * same + 5)).sum(axis=1)
    for season in range(period):
        n = np.count_nonzero(~np.isnan(values[:, season::period]), axis=1)
        variance += n * (n - 1) * (2 * n + 5)
    variance /= 18
    z = np.zeros(len(values))
    np.divide(s - np.sign(s), np.sqrt(variance), out=z, where=variance > 0)
    return MannKendall(s, variance, z, 2 * ndtr(-np.abs(z)))


def sen_slope(values: Values, period: int = 1) -> Values:
    """Of each row the median of the slopes between two of its days, in the unit a day (Theil 1950,
    Sen 1968). A row is longer than the period; one without two days to compare has NaN.
    """
    days = values.shape[1]
    lags = range(period, days, period)
    at_once = max(1, AT_ONCE // sum(days - lag for lag in lags))
    found = np.empty(len(values))
    for first in range(0, len(values), at_once):
        rows = values[first : first + at_once]
        slopes = [(rows[:, lag:] - rows[:, :-lag]) / lag for lag in lags]
        found[first : first + at_once] = medians(np.concatenate(slopes, axis=1))
    return found


def sen_level(values: Values, slope: Values) -> Values:
    """Of each row the value on its last day of the line with a slope, in the unit a day, through
    the medians of values and days (Conover 1980).
    """
    number = np.arange(values.shape[1], dtype=np.float64)
    middle = medians(np.where(np.isnan(values), np.nan, number))
    found: Values = medians(values) + slope * (number[-1] - middle)
    return found


def _days(target: EvaluationTarget, begin: Instants, mean: Values) -> Readings:
    """Valid days and their means; an hour of an instrument slower than that stands for more."""
    stands = stands_ms(target.cadences.at(begin))
    days = daily(Hours(begin, mean, np.full(len(begin), HOUR_MS), stands))
    return days.begin_ms[days.valid], days.value[days.valid]


class TrendText(RuleText, frozen=True, kw_only=True):
    """As written."""

    indicator: str
    window: str
    significance: Annotated[float, Meta(gt=0, lt=1)] | None = None
    season: Literal["none", "week"] | None = None
    limit: float | None = None
    towards: Literal["above", "below"] | None = None


class TrendKind(Kind[TrendText, Trend]):
    """A slope; with a limit the days until it is passed."""

    name = "trend"
    sees = "slope over `window`, or days until `limit` is passed"
    instants = "ends of days"
    text = TrendText
    signal = Trend

    def parse(self, text: TrendText, where: str, faults: list[Fault]) -> Trend:
        """The test and its window."""
        return Trend(
            window_ms=whole_days(
                text.window, f"{where}.window", faults, least=LEAST, kind=self.name
            ),
            significance=text.significance or 0.05,
            season=text.season or "none",
            limit=text.limit,
            towards=text.towards or "above",
        )

    def written(self, signal: Trend, rule: Rule) -> dict[str, Any]:
        """The window and the test."""
        names = ("significance", "season", "limit", "towards")
        return {"window": duration(signal.window_ms)} | {
            name: getattr(signal, name) for name in names
        }

    def form_of(self, scope: Scope, signal: Trend) -> Form:
        """With a limit its levels say how soon."""
        return SIDED if signal.limit is None else WITHIN

    def measure(self, signal: Trend) -> object:
        """The limit that it heads for."""
        return signal.limit

    def gather(self, fields: Fields, rule: Rule, words: Words) -> None:
        """The window and the test."""
        fields.add(
            "window",
            "span",
            words("tuning.look-window-trend"),
            hint=words("tuning.hint-window-trend"),
        )
        fields.add(
            "significance",
            "number",
            words("tuning.look-significance"),
            hint=words("tuning.hint-significance"),
        )
        seasons = {"none": words("tuning.season-none"), "week": words("tuning.season-week")}
        fields.add("season", "choice", words("tuning.look-season"), options=seasons)
        unit = INDICATORS[rule.indicator].unit
        fields.add("limit", "number", words("tuning.look-limit"), unit=unit)
        sides = {"above": words("tuning.towards-above"), "below": words("tuning.towards-below")}
        fields.add("towards", "choice", words("tuning.look-towards"), options=sides)

    def shape(self, rule: Rule) -> Shape:
        """Days on which no trend leads to the limit have none."""
        return "line" if self.of(rule).limit is None else "points"

    def seen(self, rule: Rule, language: Language) -> Seen:
        """A slope in the unit a day, or days."""
        words, signal = language.words, self.of(rule)
        row = words.indicators[rule.indicator]
        window = language.duration(signal.window_ms)
        name = words("seen.trend", indicator=row.name, window=window)
        if signal.limit is not None:
            return Seen(name, words("unit.days"), 0)
        return Seen(name, words("unit.per-day", unit=row.unit), row.decimals + 2)

    def compared(self, case: Case, value: float) -> str:
        """How far ahead a limit lies. Days are rounded to the side on which they lie."""
        signal, form = self.of(case.rule), case.form
        if signal.limit is None:
            return self.beside(case, value)
        values = self._towards(case, signal.limit) | {"within": f"{case.limit.limit:g}"}
        if form in ("back", "only"):
            key = "back" if math.isfinite(value) else "never"
            shown = f"{math.ceil(value)}" if math.isfinite(value) else ""
            return case.words(f"alert.ahead-{key}", days=shown, **values)
        if value <= 0:
            return case.words("alert.ahead-passed", **values)
        shown = f"{math.floor(value)}" if value >= 1 else case.words("alert.under-a-day")
        return case.words(f"alert.ahead-{form}", days=shown, **values)

    def asked(self, case: Case) -> str:
        """How soon the limit would be passed."""
        signal = self.of(case.rule)
        if signal.limit is None:
            return super().asked(case)
        within = f"{case.limit.limit or 0.0:g}"
        return case.words("alert.asks-ahead", within=within, **self._towards(case, signal.limit))

    def shown(self, case: Case, value: float) -> str:
        """A slope."""
        return super().shown(case, value) if self.of(case.rule).limit is None else ""

    def aim(self, case: Case, *, named: bool = False) -> str:
        """How far ahead the limit must lie."""
        signal = self.of(case.rule)
        if signal.limit is None:
            return super().aim(case, named=named)
        within = f"{case.limit.clear_limit or 0.0:g}"
        return case.words("alert.aim-ahead", within=within, **self._towards(case, signal.limit))

    def _towards(self, case: Case, bound: float) -> dict[str, str]:
        row, signal = case.words.indicators[case.rule.indicator], self.of(case.rule)
        limit = Seen(row.name, row.unit, 0)
        return {
            "name": self.seen(case.rule, case.language).name,
            "side": case.words(f"alert.towards-{signal.towards}"),
            "limit": f"{limit.bound(bound)}{limit.tail}",
        }


KIND = TrendKind()
