"""Alerts in plain words, for lay people: what, where, since when, how far above which standard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from alerting import formats
from alerting.alert import Alert, State
from alerting.rules.clauses import Extreme
from alerting.rules.comparison import Case, detection_limit
from alerting.rules.conditions.signal import EvaluationTarget
from alerting.rules.language import Language, detected
from alerting.rules.registry import kind_of
from alerting.rules.rule import Rule
from alerting.wording.statements import clause
from config.catalogue.shapes import Catalogue
from config.catalogue.words import LanguageTag, Words
from config.vocabulary import detection
from config.vocabulary.indicators import Indicator

TWO_AGENTS, CLOCK_OFF, OVER_BUDGET = "two-agents", "clock-off", "over-budget"
LOOP_FAILING, AUDIT_BROKEN = "loop-failing", "audit-broken"
CHANNEL_FAILING, OUTBOX_OLD = "channel-failing", "outbox-old"
DUTY_GAP, DISK_FULL, CORE_CLOCK_OFF = "duty-gap", "disk-full", "core-clock-off"
OF_THE_CENTRE = (
    LOOP_FAILING, AUDIT_BROKEN, CHANNEL_FAILING, OUTBOX_OLD, DUTY_GAP, DISK_FULL, CORE_CLOCK_OFF,
)  # fmt: skip
"""Concern no station."""
NOTICES = (TWO_AGENTS, CLOCK_OFF, OVER_BUDGET, *OF_THE_CENTRE)
"""Stand for the rule in an alert that the centre raises by itself."""


@dataclass(frozen=True, slots=True)
class Sentences:
    """One alert for a page: each a whole sentence, but for the names and ``clause``, which is the
    summary without the station.
    """

    rule_name: str
    level: str
    clause: str
    summary: str
    trend: str
    why: str
    ends: str
    limit: float | None = None
    unit: str = ""
    basis: str = ""
    extreme: Extreme | None = None


class Wording:
    """Turns alerts into words with the rules that caused them; ``rules`` gives every version, and
    ``below`` what lies below detection, see ``Language``. Of all methods ``now_ms`` is when it is
    read: instants of that day are told without the day.
    """

    def __init__(
        self,
        words: Words,
        catalogue: Catalogue,
        rules: Callable[[], Sequence[Rule]],
        below: Callable[[str, int], float | None] = detected,
    ) -> None:
        self.words = words
        self._given, self.catalogue = catalogue, catalogue.in_words(words)
        self._rules, self._below = rules, below
        self._known: tuple[Sequence[Rule], dict[str, list[Rule]]] = ((), {})
        self._others: dict[LanguageTag, Wording] = {words.language: self}
        self.duration = partial(formats.duration, words)
        self._language = Language(words, self.duration, below)

    def into(self, language: LanguageTag) -> Wording:
        """The same in another language."""
        found = self._others.get(language)
        if found is None:
            found = Wording(self.words.into(language), self._given, self._rules, self._below)
            self._others[language] = found
        return found

    def steady(self) -> Wording:
        """The same with the rules as they are now, read once: for many alerts at a time."""
        rules = self._rules()
        return Wording(self.words, self._given, lambda: rules, self._below)

    def sentences(self, alert: Alert, now_ms: int) -> Sentences:
        """Everything a page says of an alert in words."""
        if alert.rule_id in NOTICES:
            return self._of_a_notice(alert, now_ms)
        case = self._case(alert)
        if case is None:
            return self._of_a_rule_that_is_gone(alert, now_ms)
        limit, kind = case.limit, kind_of(case.rule)
        return Sentences(
            *self._named(alert, self.words.name(case.rule.name), clause(case)),
            trend=self._trend(case, now_ms),
            why=self._why(case, now_ms),
            ends=kind.ends(case) if case.stands else self._ended(alert, case.rule, now_ms),
            limit=limit.limit,
            unit=kind.seen(case.rule, self._language).unit,
            basis=self.words.name(limit.basis),
            extreme=kind.extreme(case),
        )

    def kind(self, kind: str) -> str:
        """The name of a kind of events: of a rule, or a notice of the centre itself."""
        if kind in NOTICES:
            return self.words(f"alert.{kind}-name")
        versions = self._versions(kind)
        return self.words.name(versions[-1].name if versions else kind)

    def concerned(self, alert: Alert) -> tuple[Indicator, ...]:
        """The indicators of the station that show what happened: those of the rule's signal, or
        all; none where the alert is of the centre itself.
        """
        if not alert.station:
            return ()
        every = self.catalogue.indicators(alert.station)
        rule, station = self._rule(alert), self.catalogue.subjects[alert.station]
        codes = [alert.indicator]
        if not alert.indicator and rule and rule.signal:
            members = rule.signal.members(EvaluationTarget(self.catalogue, station, ""))
            codes = [name.partition("/")[2] for name in members]
        found = tuple(row for code in codes for row in every if row.code == code)
        return found or every

    def _versions(self, rule_id: str) -> Sequence[Rule]:
        """Of a rule, the first one first; none where it is gone."""
        rules = self._rules()
        known, versions = self._known
        if known is not rules:
            versions = {}
            for rule in rules:
                versions.setdefault(rule.id, []).append(rule)
            self._known = rules, versions
        return versions.get(rule_id, ())

    def _rule(self, alert: Alert) -> Rule | None:
        """The version that caused it, or another one of the rule where that is gone."""
        of = self._versions(alert.rule_id)
        exact = (rule for rule in of if rule.version == alert.rule_version)
        return next(exact, of[-1] if of else None)

    def _case(self, alert: Alert) -> Case | None:
        """The alert with what caused it; None where that is gone: limits of another version are
        not those that it passed.
        """
        rule = self._rule(alert)
        if rule is None or rule.version != alert.rule_version:
            return None
        of = (limit for limit in rule.limits if limit.level == alert.level)
        found = (Case(alert, rule, limit, self.catalogue, self._language) for limit in of)
        return next(found, None)

    def _named(self, alert: Alert, rule: str, clause: str) -> tuple[str, str, str, str]:
        """The first four of its sentences."""
        name = self.catalogue.subjects[alert.station].name
        key = "alert.withdrawn" if alert.state is State.WITHDRAWN else "alert.place"
        level = self.words(f"level.{alert.level.name.lower()}")
        return rule, level, clause, self.words(key, station=name, what=clause)

    def _of_a_notice(self, alert: Alert, now_ms: int) -> Sentences:
        firing, what = alert.state is State.FIRING, self.words(f"alert.{alert.rule_id}")
        clause = what if firing else self.words("alert.notice-over", what=what)
        ends = self.words(f"alert.ends-{alert.rule_id}")
        return Sentences(
            *self._named(alert, self.words(f"alert.{alert.rule_id}-name"), clause),
            trend="",
            why=self.words(f"alert.why-{alert.rule_id}"),
            ends=ends if firing else self._ended(alert, None, now_ms),
        )

    def _of_a_rule_that_is_gone(self, alert: Alert, now_ms: int) -> Sentences:
        """The record outlives its rules; their limits, and what they look at, are not at hand."""
        other, indicator = self._rule(alert), self.words.indicators.get(alert.indicator)
        name = self.words.name(other.name) if other else alert.rule_id
        gone = clause = self.words("alert.rule-gone", rule=name)
        firing, is_value = alert.state is State.FIRING, other is None or kind_of(other).of_values
        value = alert.last_value if firing and alert.last_value is not None else alert.peak
        if indicator and value is not None and is_value and alert.about == "pollution":
            tail = f" {indicator.unit}" if indicator.unit else ""
            limit, decimals = detection_limit(alert, value, self._language), indicator.decimals
            shown = figure(value, indicator) if limit is None else detection.below(limit, decimals)
            clause = self.words(
                "alert.value-gone" if firing else "alert.value-gone-worst",
                indicator=indicator.name,
                value=shown + tail,
            )
        return Sentences(
            *self._named(alert, name, clause),
            trend=self._lost(alert, now_ms),
            why=self.words("alert.sentence", clause=gone),
            ends=self.words("alert.sentence", clause=gone)
            if firing
            else self._ended(alert, other, now_ms),
            unit=indicator.unit if indicator else "",
        )

    def next(self, alert: Alert, reader: str) -> str:
        """The next step of a person by role."""
        if alert.state is State.WITHDRAWN:
            return self.words("message.next-withdrawn")
        if alert.state is State.RESOLVED:
            return self.words(f"message.next-over-{reader}")
        if alert.rule_id in NOTICES:
            return self.words(f"message.next-{alert.rule_id}")
        if alert.about == "pollution":
            return self.words(f"message.next-pollution-{reader}")
        return self.words("message.next-maintenance")

    def message(
        self, alert: Alert, event: str, reader: str, now_ms: int, others: Sequence[str] = ()
    ) -> str:
        """The text that a role is sent; ``others`` are stations of which it is told as well."""
        said, ended_ms = self.sentences(alert, now_ms), alert.resolved_ms or alert.fired_ms
        rule, case, key = self._rule(alert), self._case(alert), event
        if event == "resolved":
            ending = self._ending(alert, rule)
            key = f"ended-{ending}" if ending else event
        text = self.words(
            f"message.{key}",
            level=said.level,
            station=self.catalogue.subjects[alert.station].name,
            rule=said.rule_name,
            clause=said.clause,
            summary=said.summary,
            trend=said.trend,
            began=formats.instant(self.words, alert.began_ms, now_ms),
            next=self.next(alert, reader),
            over=kind_of(case.rule).over(case)
            if case
            else self.words("message.over", rule=said.rule_name),
            worst=kind_of(case.rule).worst(case) if case else "",
            resolved=formats.instant(self.words, ended_ms, now_ms),
            last=self._last(alert, now_ms),
            duration=self.duration(ended_ms - alert.began_ms),
        )
        if not others:
            return formats.spaced(text)
        stations = self.words.listed(self.catalogue.subjects[name].name for name in others)
        return formats.spaced(text) + self.words(f"message.others-{event}", stations=stations)

    def _ended(self, alert: Alert, rule: Rule | None, now_ms: int) -> str:
        """How an alert that does not stand came to its end, in a sentence."""
        if alert.state is State.WITHDRAWN:
            return self.words("alert.ended-withdrawn")
        ending = self._ending(alert, rule)
        time = formats.instant(self.words, alert.resolved_ms or alert.fired_ms, now_ms)
        if ending:
            last = self._last(alert, now_ms)
            return self.words(f"alert.ended-{ending}", time=time, last=last)
        return self.words("alert.ended", time=time)

    @staticmethod
    def _ending(alert: Alert, rule: Rule | None) -> str:
        """Why an alert ended that its readings did not end: a new version of its rule, or that
        there were none for too long; nothing where they did.
        """
        if rule is None or kind_of(rule).by_silence:
            return ""
        if alert.resolved_ms == rule.valid_until_ms:
            return "rule"
        return "unknown" if alert.data_lost or alert.last_value is None else ""

    def _last(self, alert: Alert, now_ms: int) -> str:
        """When an alert's last reading was taken."""
        return formats.instant(
            self.words, alert.fired_ms if alert.last_ms is None else alert.last_ms, now_ms
        )

    def _lost(self, alert: Alert, now_ms: int) -> str:
        if not alert.data_lost or alert.state is not State.FIRING:
            return ""
        return self.words("alert.lost", time=self._last(alert, now_ms))

    def _trend(self, case: Case, now_ms: int) -> str:
        """Nothing of what is so old that nobody knows how it went on."""
        alert = case.alert
        if not case.stands or alert.data_lost:
            return self._lost(alert, now_ms)
        late = alert.last_ms is None or now_ms - alert.last_ms > case.station.late_after_ms
        return "" if late else kind_of(case.rule).trend(case)

    def _why(self, case: Case, now_ms: int) -> str:
        """The condition from the beginning until it fired, which the last value does not show."""
        return kind_of(case.rule).why(
            case,
            level=self.words(f"level.{case.alert.level.name.lower()}"),
            began=formats.instant(self.words, case.alert.began_ms, now_ms),
            duration=self.duration(kind_of(case.rule).waited_ms(case)),
        )


def figure(value: float, indicator: Indicator) -> str:
    """A value with the indicator's decimals."""
    return f"{value:.{indicator.decimals}f}"
