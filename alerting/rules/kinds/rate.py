"""Rate: the change of an indicator over a window."""

from __future__ import annotations

from typing import Any

from alerting.rules.comparison import Case
from alerting.rules.conditions.window import Change
from alerting.rules.durations import duration, span
from alerting.rules.fields import Fields
from alerting.rules.moving import Moving
from alerting.rules.rule import Rule
from alerting.rules.texts import RuleText
from config.catalogue.words import Words
from config.vocabulary.errors import Fault


class RateText(RuleText, frozen=True, kw_only=True):
    """As written."""

    indicator: str
    window: str


class Rate(Moving[RateText, Change]):
    """A rise or a fall."""

    name = "rate"
    sees = "the change over `window`"
    instants = "readings"
    text = RateText
    signal = Change

    def parse(self, text: RateText, where: str, faults: list[Fault]) -> Change:
        """A change over the window."""
        return Change(window_ms=span(text.window, f"{where}.window", faults))

    def written(self, signal: Change, rule: Rule) -> dict[str, Any]:
        """Its window."""
        return {"window": duration(signal.window_ms)}

    def gather(self, fields: Fields, rule: Rule, words: Words) -> None:
        """Its window."""
        fields.add("window", "span", words("tuning.look-window-rate"))

    def window_ms(self, signal: Change) -> int:
        """Its window."""
        return signal.window_ms

    def moving(self, words: Words, indicator: str, window: str) -> str:
        """Of readings at one station."""
        return words("alert.over", indicator=indicator, window=window)

    def moved(self, case: Case, value: float) -> str:
        """What is back within its limit may move to the other side."""
        sign, way = case.limit.sign, "rise" if case.limit.sign > 0 else "fall"
        if case.form in ("back", "only"):
            seen, way = self.seen_over(case), "rise" if value > 0 else "fall"
            still = f"{abs(value):.{seen.decimals}f}"
            if not float(still):
                return case.words("alert.unmoved", indicator=seen.name)
            if sign * value < 0:
                return case.words(
                    f"alert.{way}-instead", indicator=seen.name, value=still, unit=seen.tail
                )
        return case.words(f"alert.{way}-{case.form}", **self.figures(case, value))


KIND = Rate()
