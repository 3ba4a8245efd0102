"""Alerts in plain words, for lay people: what, where, since when, how far above which standard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from alerting.alert import Alert, State
from alerting.rules import Limit, Rule
from config.catalogue.shapes import Catalogue
from config.catalogue.words import Words
from config.vocabulary.indicators import INDICATORS, Indicator

ZONE = ZoneInfo("Asia/Shanghai")
TWO_AGENTS = "two-agents"
"""Stands for the rule in an alert that the centre raises by itself."""
_CHANGE = "change"
"""Stands for the indicator where its change is looked at."""
_NO_MULTIPLE = {"w01001", "w01009", "w01010", _CHANGE}
"""GB 3838-2002 evaluation gives no multiple for pH, dissolved oxygen and water temperature."""


@dataclass(frozen=True, slots=True)
class Sentences:
    """One alert for a page: each a whole sentence."""

    rule_name: str
    level: str
    summary: str
    trend: str
    why: str
    ends: str
    next: str
    limit: float | None
    unit: str
    basis: str


class Wording:
    """Turns alerts into words with the rules that caused them; ``rules`` gives every version."""

    def __init__(
        self, words: Words, catalogue: Catalogue, rules: Callable[[], Sequence[Rule]]
    ) -> None:
        self._words = words
        self._catalogue = catalogue
        self._rules = rules

    def sentences(self, alert: Alert) -> Sentences:
        """Everything a page says of an alert in words."""
        if alert.rule_id == TWO_AGENTS:
            return self._of_two_agents(alert)
        rule = self._rule(alert)
        limits = rule.limits if rule else ()
        limit = next((limit for limit in limits if limit.level == alert.level), None)
        indicator = INDICATORS.get(alert.indicator)
        if rule is None or limit is None:
            return self._of_a_rule_that_is_gone(alert, indicator)
        if indicator and rule.window_ms:
            indicator = self._looked_at(rule, indicator)
        return Sentences(
            rule_name=rule.name,
            level=self._words(f"level.{alert.level.name.lower()}"),
            summary=self._summary(alert, limit, indicator),
            trend=self._trend(alert),
            why=self._why(alert, limit, indicator),
            ends=self._ends(limit, indicator),
            next=self._words(f"message.next-{alert.about}"),
            limit=limit.limit,
            unit=indicator.unit if indicator else "",
            basis=limit.basis,
        )

    def _rule(self, alert: Alert) -> Rule | None:
        """The version that caused it, or another one of the rule where that is gone."""
        of = [rule for rule in self._rules() if rule.id == alert.rule_id]
        exact = (rule for rule in of if rule.version == alert.rule_version)
        return next(exact, of[-1] if of else None)

    def _looked_at(self, rule: Rule, indicator: Indicator) -> Indicator:
        """A mean or a change, to be spoken of as an indicator is."""
        key = "alert.change" if rule.kind == "rate" else "alert.mean"
        window = self.duration(rule.window_ms)
        name = self._words(key, indicator=indicator.name, window=window)
        code = _CHANGE if rule.kind == "rate" else indicator.code
        return indicator._replace(name=name, code=code, decimals=indicator.decimals + 1)

    def _of_two_agents(self, alert: Alert) -> Sentences:
        name = self._catalogue.stations[alert.station].name
        what = self._words("alert.two-agents")
        return Sentences(
            rule_name=self._words("alert.two-agents-name"),
            level=self._words(f"level.{alert.level.name.lower()}"),
            summary=self._words("alert.place", station=name, what=what) + "。",
            trend="",
            why=self._words("alert.why-two-agents"),
            ends=self._words("alert.ends-two-agents"),
            next=self._words("message.next-two-agents"),
            limit=None,
            unit="",
            basis="",
        )

    def _of_a_rule_that_is_gone(self, alert: Alert, indicator: Indicator | None) -> Sentences:
        """The record outlives its rules; their limits are then not at hand."""
        gone = self._words("alert.rule-gone", rule=alert.rule_id)
        what = gone
        if indicator and alert.peak is not None:
            what = self._words(
                "alert.value-gone",
                indicator=indicator.name,
                value=figure(alert.peak, indicator),
                unit=f" {indicator.unit}",
            )
        name = self._catalogue.stations[alert.station].name
        return Sentences(
            rule_name=alert.rule_id,
            level=self._words(f"level.{alert.level.name.lower()}"),
            summary=self._words("alert.place", station=name, what=what) + "。",
            trend="",
            why=gone + "。",
            ends=gone + "。",
            next=self._words(f"message.next-{alert.about}"),
            limit=None,
            unit=indicator.unit if indicator else "",
            basis="",
        )

    def message(self, alert: Alert, event: str) -> str:
        """The text that somebody is sent."""
        said = self.sentences(alert)
        return self._words(
            f"message.{event}",
            level=said.level,
            summary=said.summary,
            trend=said.trend,
            lost=said.trend,
            began=clock(alert.began_ms),
            next=said.next,
            resolved=clock(alert.resolved_ms or alert.fired_ms),
            duration=self.duration((alert.resolved_ms or alert.fired_ms) - alert.began_ms),
        )

    def duration(self, span_ms: int) -> str:
        """A span in the largest whole unit that does it justice."""
        for unit, ms in (("days", 86_400_000), ("hours", 3_600_000), ("minutes", 60_000)):
            if span_ms >= 2 * ms:
                return self._words(f"duration.{unit}", n=round(span_ms / ms))
        return self._words("duration.seconds", n=round(span_ms / 1000))

    def _summary(self, alert: Alert, limit: Limit, indicator: Indicator | None) -> str:
        what = self._what(alert, limit, indicator)
        if limit.basis:
            what += self._words("alert.basis", basis=limit.basis)
        name = self._catalogue.stations[alert.station].name
        return self._words("alert.place", station=name, what=what) + "。"

    def _what(self, alert: Alert, limit: Limit, indicator: Indicator | None) -> str:
        if indicator is None or limit.limit is None:
            return self._words("alert.absent", duration=self.duration(limit.for_ms))
        ended = alert.state is not State.FIRING
        value = alert.peak if ended or alert.last_value is None else alert.last_value
        assert value is not None
        side = "above" if limit.sign > 0 else "below"
        return self._words(
            f"alert.{side}{'-peak' if ended else ''}",
            indicator=indicator.name,
            value=figure(value, indicator),
            limit=figure(limit.limit, indicator),
            unit=f" {indicator.unit}" if indicator.unit else "",
            multiple=self._multiple(value, limit, indicator),
        )

    def _multiple(self, value: float, limit: Limit, indicator: Indicator) -> str:
        if limit.sign < 0 or not limit.limit or indicator.code in _NO_MULTIPLE:
            return ""
        times = (value - limit.limit) / limit.limit
        return self._words("alert.multiple", times=f"{times:.1f}") if times >= 0.05 else ""

    def _trend(self, alert: Alert) -> str:
        if alert.data_lost and alert.last_ms is not None:
            return self._words("alert.lost", time=clock(alert.last_ms))
        if alert.state is not State.FIRING or alert.peak is None or alert.last_value is None:
            return ""
        rising = alert.last_ms == alert.peak_ms
        return self._words("alert.rising" if rising else "alert.falling")

    def _why(self, alert: Alert, limit: Limit, indicator: Indicator | None) -> str:
        level = self._words(f"level.{alert.level.name.lower()}")
        began, duration = clock(alert.began_ms), self.duration(limit.for_ms)
        if indicator is None:
            return self._words("alert.why-absent", began=began, duration=duration, level=level)
        what = self._what(alert, limit, indicator)
        return self._words("alert.why", began=began, what=what, duration=duration, level=level)

    def _ends(self, limit: Limit, indicator: Indicator | None) -> str:
        if indicator is None or limit.clear_limit is None:
            return self._words("alert.ends-absent")
        lasting = self._words("alert.lasting", duration=self.duration(limit.clear_for_ms))
        return self._words(
            "alert.ends",
            indicator=indicator.name,
            side=self._words(f"alert.side-{'above' if limit.sign > 0 else 'below'}"),
            limit=figure(limit.clear_limit, indicator),
            unit=f" {indicator.unit}" if indicator.unit else "",
            duration=lasting if limit.clear_for_ms else self._words("alert.at-once"),
        )


def figure(value: float, indicator: Indicator) -> str:
    """A value with the indicator's decimals."""
    return f"{value:.{indicator.decimals}f}"


def clock(at_ms: int) -> str:
    """An instant as people in the district read it."""
    local = datetime.fromtimestamp(at_ms / 1000, ZONE)
    return f"{local.month}月{local.day}日 {local:%H:%M:%S}"
