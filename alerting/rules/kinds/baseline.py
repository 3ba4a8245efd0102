"""Baseline: how far an hour departs from what is usual at this hour of the day. Pure.

Usual is the median of the same hour of the days before, and the measure is their median absolute
deviation, scaled to the standard deviation of normal values. Slow drift is what a CUSUM sees: the
largest sum of departures beyond a slack that ends now, which is Page's recursion (1954) started
anew at the beginning of each window.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from msgspec import Meta, Struct
from numpy.typing import NDArray

from alerting.rules.comparison import Seen
from alerting.rules.conditions.medians import medians
from alerting.rules.conditions.signal import (
    NOTHING,
    EvaluationTarget,
    Grain,
    Readings,
    Signal,
    Values,
)
from alerting.rules.durations import LONG_MS, duration, span, whole_days
from alerting.rules.fields import Fields
from alerting.rules.kind import Kind
from alerting.rules.language import Language
from alerting.rules.levels import side_of
from alerting.rules.rule import Rule
from alerting.rules.texts import RuleText
from config.catalogue.words import Words
from config.vocabulary.errors import Fault
from config.vocabulary.time import DAY_MS, HOUR_MS

LEAST = 7
"""Valid hours that say what is usual."""
NORMAL = 1.4826
"""Standard deviations of normal values in their median absolute deviation."""

Rows = NDArray[np.int64]
"""Hours by their number from the first one that is given."""


class Cusum(Struct, frozen=True, forbid_unknown_fields=True):
    """``slack`` in robust standard deviations: a departure below it takes from the sum."""

    slack: float = 0.5
    over_ms: int = 7 * DAY_MS


class Departure(Signal, frozen=True, tag="baseline"):
    """The departure of an hour in robust standard deviations, or the CUSUM of it. Both spans are
    whole hours. ``sign`` is the side on which a CUSUM looks for drift: +1 up, -1 down.
    """

    grain: ClassVar[Grain] = "hour"

    window_ms: int = 28 * DAY_MS
    cusum: Cusum | None = None
    sign: Literal[1, -1] = 1

    @property
    def lookback_ms(self) -> int:
        """The window before the earliest hour that counts, and an hour so that its first one is
        whole.
        """
        return self.window_ms + self._over_ms + HOUR_MS

    @property
    def _over_ms(self) -> int:
        return self.cusum.over_ms if self.cusum else HOUR_MS

    def compute(
        self, target: EvaluationTarget, members: Sequence[Readings], after_ms: int, until_ms: int
    ) -> Readings:
        """At ends of valid hours before which enough is known."""
        begin, mean = members[0]
        ends = begin + HOUR_MS
        asked, first, end = np.searchsorted(
            ends, (after_ms, after_ms - self._over_ms, until_ms), "right"
        )
        if asked == end:
            return NOTHING
        rows = (begin - begin[0]) // HOUR_MS
        departure = departures(rows, mean, first, end, self.window_ms // DAY_MS, target.decimals)
        found = departure[asked - first :]
        if self.cusum:
            found = self._cusum(self.cusum, rows[first:end], departure, asked - first)
        known = ~np.isnan(found)
        # A zero has no sign.
        return ends[asked:end][known], np.round(found[known], 2) + 0.0

    def _cusum(self, cusum: Cusum, rows: Rows, departure: Values, asked: int) -> Values:
        """Of each hour from ``asked`` on the sum over its own window, always from its beginning:
        a running one would depend on where it began to run.
        """
        hours = cusum.over_ms // HOUR_MS
        rows = rows - rows[0] + hours
        gain = np.zeros(rows[-1] + 1)
        known = ~np.isnan(departure)
        gain[rows[known]] = self.sign * departure[known] - cusum.slack
        total = np.zeros(len(rows) - asked)
        for back in reversed(range(hours)):
            total = np.maximum(total + gain[rows[asked:] - back], 0)
        return np.where(known[asked:], self.sign * total, np.nan)


def departures(rows: Rows, mean: Values, first: int, end: int, days: int, decimals: int) -> Values:
    """Of the hours at places ``first`` to ``end`` of ``rows`` the departure from the same hour of
    so many days before, NaN where fewer than seven of these are known.
    """
    before = 24 * np.arange(days, 0, -1)
    dense = np.full(rows[-1] + 1 + 24 * days, np.nan)
    dense[rows + 24 * days] = mean
    same_hour = dense[rows[first:end, None] + (24 * days - before)]
    usual = medians(same_hour)
    spread = medians(np.abs(same_hour - usual[:, None]))
    found = (mean[first:end] - usual) / np.maximum(NORMAL * spread, 10.0**-decimals)
    found[np.count_nonzero(~np.isnan(same_hour), axis=1) < LEAST] = np.nan
    return found


class CusumText(Struct, frozen=True, forbid_unknown_fields=True):
    """As written."""

    slack: Annotated[float, Meta(ge=0)] = 0.5
    over: str = "7d"


class BaselineText(RuleText, frozen=True, kw_only=True):
    """As written."""

    indicator: str
    window: str | None = None
    cusum: CusumText | None = None


class BaselineKind(Kind[BaselineText, Departure]):
    """Against the same hour of the days before."""

    name = "baseline"
    sees = "departure from the usual at this hour, or the CUSUM of it"
    instants = "ends of hours"
    text = BaselineText
    signal = Departure

    def parse(self, text: BaselineText, where: str, faults: list[Fault]) -> Departure:
        """The departure, and its sum where there is a CUSUM."""
        cusum = None
        if text.cusum is not None:
            over_ms = span(text.cusum.over, f"{where}.cusum.over", faults, LONG_MS)
            if over_ms % HOUR_MS:
                faults.append(Fault(f"{where}.cusum.over", "is no whole hours", 'write e.g. "7d"'))
            cusum = Cusum(slack=text.cusum.slack, over_ms=over_ms)
        window_ms = whole_days(
            text.window or "28d", f"{where}.window", faults, least=LEAST, kind=self.name
        )
        side = side_of(text.levels, where, faults)
        return Departure(window_ms=window_ms, cusum=cusum, sign=side)

    def written(self, signal: Departure, rule: Rule) -> dict[str, Any]:
        """The days before, and the sum."""
        cusum = signal.cusum
        summed = {"slack": cusum.slack, "over": duration(cusum.over_ms)} if cusum else None
        return {"window": duration(signal.window_ms), "cusum": summed}

    def remark(self, rule: Rule, target: EvaluationTarget) -> str:
        """Where too few days of the window have a reading at the same hour."""
        cadence_ms = max(HOUR_MS, target.station.cadence_ms)
        days = self.of(rule).window_ms / math.lcm(cadence_ms, DAY_MS)
        return "same-hour" if days < LEAST else ""

    def gather(self, fields: Fields, rule: Rule, words: Words) -> None:
        """The days before, and the sum."""
        fields.add(
            "window",
            "span",
            words("tuning.look-window-baseline"),
            hint=words("tuning.hint-window-baseline"),
        )
        group = words("tuning.look-cusum"), ""
        fields.add(
            "cusum.slack",
            "number",
            words("tuning.look-slack"),
            hint=words("tuning.hint-slack"),
            unit=words("unit.deviations"),
            group=group,
        )
        fields.add(
            "cusum.over",
            "span",
            words("tuning.look-over"),
            hint=words("tuning.hint-over"),
            group=group,
        )

    def seen(self, rule: Rule, language: Language) -> Seen:
        """Standard deviations, robust ones."""
        key = "seen.drift" if self.of(rule).cusum else "seen.departure"
        name = language.words.indicators[rule.indicator].name
        return Seen(language.words(key, indicator=name), language.words("unit.deviations"), 1)


KIND = BaselineKind()
