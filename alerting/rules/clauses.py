"""The clauses by which a kind speaks of its alerts; by default those of a value beside a limit.

Every comparison is true of the figures that stand beside it. While an alert stands its last value
counts, which may be back within the limit and wait to be so for long enough; afterwards its worst.
"""

from __future__ import annotations

from dataclasses import dataclass

from alerting.formats import spaced
from alerting.rules.comparison import Case, Seen, zone
from alerting.rules.language import Language
from alerting.rules.levels import ABOVE, SIDED, Form
from alerting.rules.rule import Rule
from config.catalogue.words import Words

_NO_MULTIPLE = {"w01001", "w01009", "w01010"}
"""GB 3838-2002 evaluation gives no multiple for pH, dissolved oxygen and water temperature."""
NOTHING = Seen("", "", 0)


@dataclass(frozen=True, slots=True)
class Extreme:
    """The worst value of an alert beside its limit, each with its unit."""

    value: str
    limit: str
    above: bool


class Clauses:
    """The clauses of one kind; by default those of the values of an indicator."""

    compares: bool = True
    """Whether its values lie beside limits; otherwise ``compared`` is all that is to be said."""

    def form(self, rule: Rule) -> Form:
        """The keys that say the limit of its levels."""
        raise NotImplementedError

    def seen(self, rule: Rule, language: Language) -> Seen:
        """The name, unit and decimals of what its levels judge."""
        row = language.words.indicators.get(rule.indicator)
        return Seen(row.name, row.unit, row.decimals, row.code) if row else NOTHING

    def subject(self, rule: Rule, language: Language) -> str:
        """A line that says which signal a rule judges."""
        return self.seen(rule, language).name

    def compared(self, case: Case, value: float) -> str:
        """A value beside its limit."""
        return self.beside(case, value)

    def aside(self, case: Case) -> str:
        """More that is known of an alert, behind the comparison."""
        return ""

    def figure(self, case: Case, value: float) -> str:
        """A value of an alert in figures."""
        return figure(case, self.seen(case.rule, case.language), value)

    def asked(self, case: Case) -> str:
        """The condition of a level."""
        seen = self.seen(case.rule, case.language)
        return case.words(
            f"alert.asks-{case.side}",
            indicator=seen.name,
            limit=seen.bound(case.limit.limit or 0.0),
            unit=seen.tail,
        )

    def shown(self, case: Case, value: float) -> str:
        """The value at firing; nothing where the level asks for it already."""
        seen = self.seen(case.rule, case.language)
        return case.words("alert.at-firing", value=f"{self.figure(case, value)}{seen.tail}")

    def aim(self, case: Case, *, named: bool = False) -> str:
        """The condition that ends an alert: a value within the clear limit."""
        seen = self.seen(case.rule, case.language)
        return case.words(
            f"alert.aim-{case.side}",
            indicator=seen.name if named else case.words("alert.it"),
            limit=seen.bound(case.limit.clear_limit or 0.0),
            unit=seen.tail,
        )

    def reason(self, case: Case) -> tuple[str, str]:
        """The condition of a level, and the value when it fired; that is empty where it is not on
        record.
        """
        value = case.alert.fired_value
        if value is None or zone(value, case.limit) != "beyond":
            return spaced(self.asked(case)), ""
        return spaced(self.asked(case)), spaced(self.shown(case, value))

    def why(self, case: Case, **values: str) -> str:
        """Why it fired, in a sentence, with these values of its beginning."""
        asked, shown = self.reason(case)
        key = "alert.why" if case.limit.for_ms else "alert.why-at-once"
        return case.words(key, **values, asked=asked, shown=shown)

    def ends(self, case: Case) -> str:
        """A sentence that says how an alert ends."""
        span_ms = case.limit.clear_for_ms
        lasting = case.words("alert.and-lasting", duration=case.language.duration(span_ms))
        aim = self.aim(case, named=True)
        return spaced(case.words("alert.ends", duration=lasting if span_ms else "", aim=aim))

    def extreme(self, case: Case) -> Extreme | None:
        """The worst value and the limit as figures; None where the clauses count something."""
        limit, peak = case.limit, case.alert.peak
        if self.form(case.rule) not in (SIDED, ABOVE) or peak is None or limit.limit is None:
            return None
        seen = self.seen(case.rule, case.language)
        value, bound = self.figure(case, peak), seen.bound(limit.limit)
        return Extreme(f"{value}{seen.tail}", f"{bound}{seen.tail}", above=limit.sign > 0)

    def over(self, case: Case) -> str:
        """A clause that says which trouble is over."""
        return case.words("message.over", rule=case.words.name(case.rule.name))

    def worst(self, case: Case) -> str:
        """The worst value of one that is over; nothing where that is no value."""
        return ""

    def trend(self, case: Case) -> str:
        """Whether a value beyond its limit goes on to grow worse, in a sentence; nothing where
        that is not known, and of all but values.
        """
        return ""

    def beside(self, case: Case, value: float, *, name: str = "", level: str = "") -> str:
        """A value beside its limit, both in figures."""
        seen, limit = self.seen(case.rule, case.language), case.limit.limit
        assert limit is not None
        return case.words(
            f"alert.{case.side}-{case.form}",
            indicator=name or seen.name,
            value=self.figure(case, value),
            level=level,
            limit=seen.bound(limit),
            unit=seen.tail,
            multiple=after(case.words, multiple(case, seen, value)),
        )


def figure(case: Case, seen: Seen, value: float) -> str:
    """A value in figures that lie to the limits of a level as the numbers do."""
    limits = (case.limit.limit, case.limit.clear_limit)
    return seen.figure(value, *(bound for bound in limits if bound is not None))


def after(words: Words, clause: str) -> str:
    """A clause behind another one; nothing where there is none."""
    return words("alert.after", clause=clause) if clause else ""


def multiple(case: Case, seen: Seen, value: float) -> str:
    """By how many times a value is beyond a limit of a concentration."""
    bound = case.limit.limit
    if case.limit.sign < 0 or not bound or not seen.code or seen.code in _NO_MULTIPLE:
        return ""
    times = (value - bound) / bound
    key = "alert.multiple" if case.limit.basis else "alert.multiple-of-limit"
    return case.words(key, times=f"{times:.1f}") if times >= 0.05 else ""
