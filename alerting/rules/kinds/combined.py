"""Combined: so many of several conditions on one station hold at once. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, Any, Literal

import numpy as np
from msgspec import Meta, Struct
from numpy.typing import NDArray

from alerting.rules.comparison import Case, Seen
from alerting.rules.conditions.signal import EvaluationTarget, Instants, Readings, Signal
from alerting.rules.conditions.threshold import CADENCES_OF_A_GAP
from alerting.rules.conditions.window import Change, Mean
from alerting.rules.durations import duration, span
from alerting.rules.fields import Fields
from alerting.rules.kind import Kind, Shape
from alerting.rules.language import Language
from alerting.rules.levels import AT_LEAST, Form, need
from alerting.rules.rule import Rule, Scope
from alerting.rules.texts import RuleText
from config.catalogue.words import Words
from config.vocabulary.errors import Fault
from config.vocabulary.indicators import INDICATORS
from config.vocabulary.time import DAY_MS


class Condition(Struct, frozen=True, forbid_unknown_fields=True):
    """One of them: a value, or its mean or change over a window, beyond a limit in the
    indicator's unit.
    """

    indicator: str
    sign: Literal[1, -1]
    limit: float
    window_ms: int = 0
    change: bool = False

    @property
    def lookback_ms(self) -> int:
        """How far back from a reading it may reach."""
        return self.window_ms * (2 if self.change else 1)

    def reach_ms(self, cadence_ms: int) -> int:
        """The same where no reading is slower."""
        return self.signal.reach_ms(cadence_ms) if self.window_ms else 0

    @property
    def signal(self) -> Change | Mean:
        """The figure over its window."""
        return (Change if self.change else Mean)(window_ms=self.window_ms)

    def holds(
        self, target: EvaluationTarget, readings: Readings, after_ms: int, until_ms: int
    ) -> tuple[Instants, Holds]:
        """At which instants it is known, at least those of ``after_ms < t <= until_ms``, and
        whether it holds there.
        """
        t, value = readings
        if self.window_ms:
            at = target.of(self.indicator)
            t, value = self.signal.compute(at, [readings], after_ms, until_ms)
        return t, self.sign * value > self.sign * self.limit


Holds = NDArray[np.bool_]
NEVER = -(1 << 62)
"""An instant before all others."""


class Combined(Signal, frozen=True, tag="combined"):
    """How many of the conditions hold. ``at_least`` are the numbers that the levels need: where
    unknown conditions could decide one of them, there is no signal.
    """

    conditions: tuple[Condition, ...]
    at_least: tuple[int, ...]

    @property
    def lookback_ms(self) -> int:
        """The longest window."""
        return max(row.lookback_ms for row in self.conditions)

    def reach_ms(self, cadence_ms: int) -> int:
        """The longest window, and how old a value may be that still counts."""
        longest_ms = max(row.reach_ms(cadence_ms) for row in self.conditions)
        return longest_ms + int(CADENCES_OF_A_GAP * cadence_ms)

    def members(self, target: EvaluationTarget) -> tuple[str, ...]:
        """The indicators of the conditions, each once."""
        codes = dict.fromkeys(row.indicator for row in self.conditions)
        plan = target.catalogue.plans[target.station.id]
        return tuple(map(target.series, codes)) if all(code in plan for code in codes) else ()

    def compute(
        self, target: EvaluationTarget, members: Sequence[Readings], after_ms: int, until_ms: int
    ) -> Readings:
        """At readings of any member."""
        by_series = dict(zip(self.members(target), members, strict=True))
        told = [at[(at > after_ms) & (at <= until_ms)] for at, _ in members]
        # Rows of instants that grow are merged by a stable sort in a hundredth of the time that
        # np.unique takes to hash them.
        t = np.sort(np.concatenate(told), kind="stable")
        t = t[np.diff(t, prepend=after_ms) > 0]
        slowest_ms = max(target.of(row.indicator).cadences.slowest() for row in self.conditions)
        earliest = int(after_ms - CADENCES_OF_A_GAP * slowest_ms) - 1
        surely, perhaps = np.zeros(len(t), np.int64), np.zeros(len(t), np.int64)
        for row in self.conditions:
            readings = by_series[target.series(row.indicator)]
            at, holds = row.holds(target, readings, earliest, until_ms)
            before = np.searchsorted(at, t, "right")
            last = np.append(NEVER, at)[before]
            stale_ms = CADENCES_OF_A_GAP * target.of(row.indicator).cadences.at(t)
            known = t - last <= stale_ms
            surely += known & np.append(False, holds)[before]
            perhaps += ~known
        decided = np.ones(len(t), np.bool_)
        for asked in self.at_least:
            decided &= (surely >= asked) | (surely + perhaps < asked)
        return t[decided], surely[decided].astype(np.float64)


class ConditionText(Struct, frozen=True, forbid_unknown_fields=True):
    """One of them as written."""

    indicator: str
    above: float | None = None
    below: float | None = None
    window: str | None = None
    change: bool = False


class CombinedText(RuleText, frozen=True, kw_only=True):
    """As written."""

    conditions: Annotated[list[ConditionText], Meta(min_length=1, max_length=8)]


class CombinedKind(Kind[CombinedText, Combined]):
    """Of one station."""

    name = "combined"
    sees = "how many of the conditions hold"
    instants = "readings of any member"
    text = CombinedText
    signal = Combined
    by_levels = True

    def parse(self, text: CombinedText, where: str, faults: list[Fault]) -> Combined:
        """The conditions, and how many of them the levels ask for."""
        members = [
            _condition(row, f"{where}.condition[{at}]", faults)
            for at, row in enumerate(text.conditions, 1)
        ]
        needs = tuple(need(level, len(members)) for level in text.levels)
        return Combined(conditions=tuple(members), at_least=needs)

    def written(self, signal: Combined, rule: Rule) -> dict[str, Any]:
        """The conditions."""
        return {"condition": list(map(_written, signal.conditions))}

    def remark(self, rule: Rule, target: EvaluationTarget) -> str:
        """Where readings are further apart than the window of a change."""
        changes = [row.window_ms for row in self.of(rule).conditions if row.change]
        return "follows" if min(changes, default=DAY_MS) < target.station.cadence_ms else ""

    def form_of(self, scope: Scope, signal: Combined) -> Form:
        """Its levels say how many."""
        return AT_LEAST

    def most(self, signal: Combined) -> int:
        """All of them."""
        return len(signal.conditions)

    def indicators(self, rule: Rule) -> list[str]:
        """Those of the conditions."""
        return sorted({row.indicator for row in self.of(rule).conditions})

    def measure(self, signal: Combined) -> object:
        """The limits of the conditions."""
        return tuple((row.indicator, row.sign, row.limit) for row in signal.conditions)

    def mean_windows_ms(self, signal: Combined) -> Sequence[int]:
        """Those of conditions on means."""
        return [row.window_ms for row in signal.conditions if not row.change]

    def gather(self, fields: Fields, rule: Rule, words: Words) -> None:
        """Limit and window of each condition."""
        group = words("tuning.look-condition"), ""
        for at, row in enumerate(self.of(rule).conditions):
            indicator, path = words.indicators[row.indicator], f"condition.{at}"
            side, name = "above" if row.sign > 0 else "below", indicator.name
            if row.window_ms:
                name = words("tuning.changing" if row.change else "tuning.averaged", name=name)
            label = words(f"tuning.look-condition-{side}", name=name)
            fields.add(f"{path}.{side}", "number", label, unit=indicator.unit, group=group)
            key = "tuning.look-condition-change" if row.change else "tuning.look-condition-mean"
            label = words(key, name=indicator.name)
            fields.add(f"{path}.window", "span", label, group=group)

    def shape(self, rule: Rule) -> Shape:
        """A number of conditions stands until it is another one."""
        return "steps"

    def seen(self, rule: Rule, language: Language) -> Seen:
        """A number of conditions."""
        return Seen(language.words("seen.combined"), language.words("unit.conditions"), 0)

    def subject(self, rule: Rule, language: Language) -> str:
        """The conditions."""
        said = language.words.clauses(clause(row, language) for row in self.of(rule).conditions)
        name = self.seen(rule, language).name
        return language.words("tuning.conditions", name=name, conditions=said)

    def compared(self, case: Case, value: float) -> str:
        """How many conditions hold; they are named as what holds where all do."""
        n, of = int(value), self.most(self.of(case.rule))
        if case.form in ("back", "only"):
            return case.words(f"alert.combined-{case.form}", n=n, need=_need(case))
        key = "all" if n >= of else "some"
        said = case.words(f"alert.combined-{key}", n=n, of=of, conditions=self._clauses(case))
        if case.form == "beyond":
            return said
        return case.words("alert.combined-worst", what=said)

    def reason(self, case: Case) -> tuple[str, str]:
        """How many must hold."""
        asked, of = _need(case), self.most(self.of(case.rule))
        key = "all" if asked >= of else "least"
        said = self._clauses(case)
        return case.words(f"alert.combined-{key}", n=asked, of=of, conditions=said), ""

    def aim(self, case: Case, *, named: bool = False) -> str:
        """How few may hold."""
        return case.words("alert.aim-combined", n=math.floor(case.limit.clear_limit or 0.0) + 1)

    def _clauses(self, case: Case) -> str:
        return case.words.listed(
            clause(row, case.language) for row in self.of(case.rule).conditions
        )


def _need(case: Case) -> int:
    return math.floor(case.limit.limit or 0.0) + 1


def _condition(text: ConditionText, where: str, faults: list[Fault]) -> Condition:
    if text.indicator not in INDICATORS:
        what = f"unknown indicator {text.indicator!r}"
        faults.append(Fault(f"{where}.indicator", what, "use an HJ 524/525 code, e.g. w21003"))
    if (text.above is None) == (text.below is None):
        faults.append(Fault(where, "needs a limit", "give exactly one of above and below"))
    if text.change and text.window is None:
        faults.append(Fault(f"{where}.window", "is missing", "a change is over a window"))
    limit = text.above if text.above is not None else text.below
    return Condition(
        indicator=text.indicator,
        sign=1 if text.above is not None else -1,
        limit=0.0 if limit is None else limit,
        window_ms=0 if text.window is None else span(text.window, f"{where}.window", faults),
        change=text.change,
    )


def _written(row: Condition) -> dict[str, Any]:
    return {
        "indicator": row.indicator,
        "above": row.limit if row.sign > 0 else None,
        "below": row.limit if row.sign < 0 else None,
        "window": duration(row.window_ms) if row.window_ms else None,
        "change": row.change,
    }


def clause(row: Condition, language: Language) -> str:
    """A condition in words."""
    indicator = language.words.indicators[row.indicator]
    name, limit = indicator.name, row.limit
    side = "above" if row.sign > 0 else "below"
    if row.window_ms:
        key = "change" if row.change else "mean"
        if row.change and row.sign * limit >= 0:
            key, side, limit = "over", "rise" if row.sign > 0 else "fall", abs(limit)
        window = language.duration(row.window_ms)
        name = language.words(f"alert.{key}", indicator=name, window=window)
    seen = Seen(name, indicator.unit, 0)
    return language.words(
        f"alert.condition-{side}", name=seen.name, limit=seen.bound(limit), unit=seen.tail
    )


KIND = CombinedKind()
