"""What a rule looks at, in words for lay people."""

from __future__ import annotations

from collections.abc import Callable

from alerting.rules.conditions.baseline import Departure
from alerting.rules.conditions.combined import Combined, Condition
from alerting.rules.conditions.propagation import Arrival
from alerting.rules.conditions.standard import Standard
from alerting.rules.conditions.trend import Trend
from alerting.rules.conditions.window import Change, Mean
from alerting.rules.rule import Rule
from alerting.wording.comparison import Seen
from config.catalogue.words import Words
from config.vocabulary.indicators import Indicator

NOTHING = Seen("", "", 0)


class Phrases:
    """Words for the kinds of rules; ``duration`` says a span."""

    def __init__(self, words: Words, duration: Callable[[int], str]) -> None:
        self._words = words
        self._duration = duration

    def seen(self, rule: Rule) -> Seen:
        """What a rule looks at."""
        words, signal = self._words, rule.signal
        if isinstance(signal, Standard):
            water = rule.scope.kind == "water"
            key = f"seen.{'class' if water else 'aqi'}-{signal.averaging}"
            return Seen(words(key), words("unit.class") if water else "", 0)
        if isinstance(signal, Combined):
            return Seen(words("seen.combined"), words("unit.conditions"), 0)
        row = words.indicators.get(rule.indicator)
        return self._seen_of(rule, row) if row else NOTHING

    def _seen_of(self, rule: Rule, row: Indicator) -> Seen:
        """Of an indicator: it, or what is made of it."""
        words, signal = self._words, rule.signal
        if isinstance(signal, Trend):
            name = words("seen.trend", indicator=row.name, window=self._duration(signal.window_ms))
            if signal.limit is not None:
                return Seen(name, words("unit.days"), 0)
            return Seen(name, words("unit.per-day", unit=row.unit), row.decimals + 2)
        if isinstance(signal, Departure):
            key = "seen.drift" if signal.cusum else "seen.departure"
            return Seen(words(key, indicator=row.name), words("unit.deviations"), 1)
        if isinstance(signal, Mean):
            name = words("alert.mean", indicator=row.name, window=self._duration(signal.window_ms))
            return Seen(name, row.unit, row.decimals, row.code)
        if isinstance(signal, Change | Arrival):
            name = words(
                "alert.change", indicator=row.name, window=self._duration(signal.window_ms)
            )
            return Seen(name, row.unit, row.decimals)
        return Seen(row.name, row.unit, row.decimals, row.code)

    def condition(self, row: Condition) -> str:
        """A member of a combined rule, in a clause."""
        indicator = self._words.indicators[row.indicator]
        name, limit = indicator.name, row.limit
        side = "above" if row.sign > 0 else "below"
        if row.window_ms:
            key = "change" if row.change else "mean"
            if row.change and row.sign * limit >= 0:
                key, side, limit = "over", "rise" if row.sign > 0 else "fall", abs(limit)
            window = self._duration(row.window_ms)
            name = self._words(f"alert.{key}", indicator=name, window=window)
        seen = Seen(name, indicator.unit, 0)
        return self._words(
            f"alert.condition-{side}", name=seen.name, limit=seen.bound(limit), unit=seen.tail
        )
