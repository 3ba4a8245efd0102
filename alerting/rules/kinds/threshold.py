"""Threshold: the value of an indicator, or its mean over a window."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

from alerting.rules.clauses import multiple
from alerting.rules.comparison import Case, Seen, detection_limit, zone
from alerting.rules.conditions.signal import EvaluationTarget
from alerting.rules.conditions.window import Mean
from alerting.rules.durations import duration, span
from alerting.rules.fields import Fields
from alerting.rules.kind import Kind
from alerting.rules.language import Language
from alerting.rules.rule import Rule
from alerting.rules.texts import RuleText
from config.catalogue.shapes import Station
from config.catalogue.words import Words
from config.vocabulary.detection import below
from config.vocabulary.errors import Fault
from config.vocabulary.time import DAY_MS
from ingest.standards.limits import AirLimits, WaterLimits, limits_of

Movement = Literal["", "worsening", "steady", "easing"]
_NO_ZERO = {"w01001", "w01010", "a01001"}
"""pH and temperatures: a share of them says nothing."""
_SHARE = 0.05
"""Of the worst value, and of its distance from what ends the alert: less is no movement."""


class ThresholdText(RuleText, frozen=True, kw_only=True):
    """As written."""

    indicator: str
    window: str | None = None


class ThresholdKind(Kind[ThresholdText, Mean | None]):
    """Without a window the levels judge the readings themselves."""

    name = "threshold"
    sees = "the value, or its mean over `window`"
    instants = "readings"
    text = ThresholdText
    signal = Mean
    of_values = True

    def parse(self, text: ThresholdText, where: str, faults: list[Fault]) -> Mean | None:
        """A mean where there is a window."""
        if text.window is None:
            return None
        return Mean(window_ms=span(text.window, f"{where}.window", faults))

    def written(self, signal: Mean | None, rule: Rule) -> dict[str, Any]:
        """Its window."""
        return {"window": duration(signal.window_ms) if signal else None}

    def gather(self, fields: Fields, rule: Rule, words: Words) -> None:
        """Its window."""
        fields.add("window", "span", words("tuning.look-window-threshold"))

    def mean_windows_ms(self, signal: Mean | None) -> Sequence[int]:
        """Its window."""
        return (signal.window_ms,) if signal else ()

    def standard_limit(self, rule: Rule, target: EvaluationTarget, on: date) -> float | None:
        """That of the class that a station must hold, or of air by the mean that is judged."""
        found, sign = limits_of(rule.indicator, on), rule.limits[0].sign
        if isinstance(found, AirLimits):
            signal = self.of(rule)
            daily = signal is not None and signal.window_ms >= DAY_MS
            return _of_air(found, daily=daily) if sign > 0 else None
        return _of_water(found, target.station, sign) if found else None

    def seen(self, rule: Rule, language: Language) -> Seen:
        """The indicator, or its mean."""
        signal, row = self.of(rule), language.words.indicators[rule.indicator]
        name = row.name
        if signal:
            window = language.duration(signal.window_ms)
            name = language.words("alert.mean", indicator=row.name, window=window)
        return Seen(name, row.unit, row.decimals, row.code)

    def figure(self, case: Case, value: float) -> str:
        """A value, or ``<0.02`` of one below detection."""
        limit = detection_limit(case.alert, value, case.language)
        seen = self.seen(case.rule, case.language)
        return super().figure(case, value) if limit is None else below(limit, seen.decimals)

    def over(self, case: Case) -> str:
        """The indicator that was beyond a limit."""
        row = case.words.indicators.get(case.alert.indicator)
        return case.words("message.over-threshold", indicator=row.name if row else "")

    def worst(self, case: Case) -> str:
        """The worst value, and by how many times it was beyond the limit."""
        extreme, peak = self.extreme(case), case.alert.peak
        if extreme is None or peak is None:
            return ""
        times = multiple(case, self.seen(case.rule, case.language), peak)
        return case.words(
            f"message.worst-{case.side}",
            value=extreme.value,
            times=case.words("alert.basis", basis=times) if times else "",
        )

    def trend(self, case: Case) -> str:
        """Where the value goes."""
        moves = movement(case, self.seen(case.rule, case.language))
        if not moves or moves == "steady":
            return case.words("alert.steady") if moves else ""
        return case.words(f"alert.{moves}-{case.side}")


def _of_water(found: WaterLimits, station: Station, sign: int) -> float | None:
    """The limit of the class that the station must hold, on this side."""
    if found.within:
        return found.within[sign > 0]
    limits = found.limits_in(lake=station.lake)
    if not limits or station.target is None or found.lower is (sign > 0):
        return None
    return limits[found.classes.index(station.target)]


def _of_air(found: AirLimits, *, daily: bool) -> float | None:
    """The limit of class 2 areas of the nearest averaging time."""
    columns = ("day", "h1") if daily else ("h1", "h8", "day")
    return next((found.limits[name][1] for name in columns if name in found.limits), None)


def movement(case: Case, seen: Seen) -> Movement:
    """Where a value beyond its limit goes since it fired; nothing where no later one than that of
    the firing is known.
    """
    alert, limit = case.alert, case.limit
    last, peak, clear = alert.last_value, alert.peak, limit.clear_limit
    if last is None or peak is None or clear is None:
        return ""
    later = alert.last_ms is not None and alert.last_ms > alert.fired_ms
    if not later or zone(last, limit) != "beyond":
        return ""
    scale = abs(peak - clear) if seen.code in _NO_ZERO else max(abs(peak), abs(peak - clear))
    band = max(10.0**-seen.decimals, _SHARE * scale)
    if limit.sign * (peak - last) > band:
        return "easing"
    fired = alert.fired_value
    newest = alert.peak_ms == alert.last_ms and last == peak and fired is not None
    return "worsening" if newest and limit.sign * (last - (fired or 0.0)) > band else "steady"


KIND = ThresholdKind()
