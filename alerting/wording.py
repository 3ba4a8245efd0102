"""Alerts in plain words, for lay people: what, where, since when, how far above which standard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from alerting.alert import Alert, State
from alerting.conditions.looking import Place
from alerting.limit import Limit
from alerting.phrases import ZONE, Extreme, Phrases
from alerting.rules import Rule
from config.catalogue.shapes import Catalogue
from config.catalogue.words import Words
from config.vocabulary.indicators import INDICATORS, Indicator

TWO_AGENTS, CLOCK_OFF = "two-agents", "clock-off"
NOTICES = (TWO_AGENTS, CLOCK_OFF)
"""Stand for the rule in an alert that the centre raises by itself."""


@dataclass(frozen=True, slots=True)
class Sentences:
    """One alert for a page: each a whole sentence."""

    rule_name: str
    level: str
    summary: str
    trend: str
    why: str
    ends: str
    limit: float | None
    unit: str
    basis: str
    extreme: Extreme | None = None


class Wording:
    """Turns alerts into words with the rules that caused them; ``rules`` gives every version."""

    def __init__(
        self, words: Words, catalogue: Catalogue, rules: Callable[[], Sequence[Rule]]
    ) -> None:
        self._words = words
        self.catalogue = catalogue
        self._rules = rules
        self.phrases = Phrases(words, catalogue, self.duration)

    def sentences(self, alert: Alert) -> Sentences:
        """Everything a page says of an alert in words."""
        if alert.rule_id in NOTICES:
            return self._of_a_notice(alert)
        rule = self._rule(alert)
        limits = rule.limits if rule else ()
        limit = next((limit for limit in limits if limit.level == alert.level), None)
        if rule is None or limit is None:
            return self._of_a_rule_that_is_gone(alert, INDICATORS.get(alert.indicator))
        what, seen = self.phrases.what(alert, rule, limit), self.phrases.seen(rule)
        return Sentences(
            rule_name=rule.name,
            level=self._words(f"level.{alert.level.name.lower()}"),
            summary=self._summary(alert, limit, what, self.phrases.meaning(alert, rule, limit)),
            trend=self._trend(alert),
            why=self._why(alert, rule, limit, what),
            ends=self.phrases.ends(rule, limit),
            limit=limit.limit,
            unit=seen.unit,
            basis=limit.basis,
            extreme=self.phrases.extreme(alert, rule, limit),
        )

    def concerned(self, alert: Alert) -> tuple[Indicator, ...]:
        """What of the station shows what happened: what the rule looks at there, or all."""
        every = self.catalogue.indicators(alert.station)
        rule, station = self._rule(alert), self.catalogue.stations[alert.station]
        codes = [alert.indicator]
        if not alert.indicator and rule and rule.look:
            members = rule.look.members(Place(self.catalogue, station, ""))
            codes = [name.partition("/")[2] for name in members]
        found = tuple(row for code in codes for row in every if row.code == code)
        return found or every

    def _rule(self, alert: Alert) -> Rule | None:
        """The version that caused it, or another one of the rule where that is gone."""
        of = [rule for rule in self._rules() if rule.id == alert.rule_id]
        exact = (rule for rule in of if rule.version == alert.rule_version)
        return next(exact, of[-1] if of else None)

    def _of_a_notice(self, alert: Alert) -> Sentences:
        name = self.catalogue.stations[alert.station].name
        what = self._words(f"alert.{alert.rule_id}")
        return Sentences(
            rule_name=self._words(f"alert.{alert.rule_id}-name"),
            level=self._words(f"level.{alert.level.name.lower()}"),
            summary=self._words("alert.place", station=name, what=what) + "。",
            trend="",
            why=self._words(f"alert.why-{alert.rule_id}"),
            ends=self._words(f"alert.ends-{alert.rule_id}"),
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
        name = self.catalogue.stations[alert.station].name
        return Sentences(
            rule_name=alert.rule_id,
            level=self._words(f"level.{alert.level.name.lower()}"),
            summary=self._words("alert.place", station=name, what=what) + "。",
            trend="",
            why=gone + "。",
            ends=gone + "。",
            limit=None,
            unit=indicator.unit if indicator else "",
            basis="",
        )

    def next(self, alert: Alert, reader: str) -> str:
        """What somebody of a role may do now."""
        if alert.rule_id in NOTICES:
            return self._words(f"message.next-{alert.rule_id}")
        if alert.about == "pollution":
            return self._words(f"message.next-pollution-{reader}")
        return self._words("message.next-maintenance")

    def message(self, alert: Alert, event: str, reader: str, others: Sequence[str] = ()) -> str:
        """The text that a role is sent; ``others`` are stations of which it is told as well."""
        said = self.sentences(alert)
        ended_without_data = event == "resolved" and alert.data_lost
        text = self._words(
            "message.expired" if ended_without_data else f"message.{event}",
            level=said.level,
            summary=said.summary,
            trend=said.trend,
            lost=said.trend,
            began=clock(alert.began_ms),
            next=self.next(alert, reader),
            resolved=clock(alert.resolved_ms or alert.fired_ms),
            duration=self.duration((alert.resolved_ms or alert.fired_ms) - alert.began_ms),
        )
        if not others:
            return text
        stations = "、".join(self.catalogue.stations[name].name for name in others)
        key = "message.others-over" if event == "resolved" else "message.others-stand"
        return f"{text} {self._words(key, stations=stations)}"

    def duration(self, span_ms: int) -> str:
        """A span in the largest whole unit that does it justice."""
        for unit, ms in (("days", 86_400_000), ("hours", 3_600_000), ("minutes", 60_000)):
            if span_ms >= 2 * ms:
                return self._words(f"duration.{unit}", n=round(span_ms / ms))
        return self._words("duration.seconds", n=round(span_ms / 1000))

    def _summary(self, alert: Alert, limit: Limit, what: str, meaning: str) -> str:
        if limit.basis:
            what += self._words("alert.basis", basis=limit.basis)
        name = self.catalogue.stations[alert.station].name
        return self._words("alert.place", station=name, what=what + meaning) + "。"

    def _trend(self, alert: Alert) -> str:
        if alert.data_lost and alert.last_ms is not None:
            key = "alert.expired" if alert.state is State.RESOLVED else "alert.lost"
            return self._words(key, time=clock(alert.last_ms))
        if alert.state is not State.FIRING or alert.peak is None or alert.last_value is None:
            return ""
        rising = alert.last_ms == alert.peak_ms
        return self._words("alert.rising" if rising else "alert.falling")

    def _why(self, alert: Alert, rule: Rule, limit: Limit, what: str) -> str:
        level = self._words(f"level.{alert.level.name.lower()}")
        began, duration = clock(alert.began_ms), self.duration(limit.for_ms)
        if rule.kind == "absence":
            return self._words("alert.why-absent", began=began, duration=duration, level=level)
        if not limit.for_ms:
            return self._words("alert.why-at-once", began=began, what=what, level=level)
        return self._words("alert.why", began=began, what=what, duration=duration, level=level)


def figure(value: float, indicator: Indicator) -> str:
    """A value with the indicator's decimals."""
    return f"{value:.{indicator.decimals}f}"


def clock(at_ms: int) -> str:
    """An instant as people in the district read it."""
    local = datetime.fromtimestamp(at_ms / 1000, ZONE)
    return f"{local.month}月{local.day}日 {local:%H:%M:%S}"
