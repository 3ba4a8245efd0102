"""Kinds of which the values are changes: a rise, or a fall, beyond a limit."""

from __future__ import annotations

from abc import abstractmethod

from alerting.rules.clauses import figure
from alerting.rules.comparison import Case, Seen
from alerting.rules.conditions.signal import EvaluationTarget
from alerting.rules.kind import Kind, S, T
from alerting.rules.language import Language
from alerting.rules.rule import Rule
from config.catalogue.words import Words


class Moving(Kind[T, S]):
    """Where the limits lie on both sides of zero, values are spoken of as figures."""

    @abstractmethod
    def window_ms(self, signal: S) -> int:
        """Over which the change is taken."""

    def remark(self, rule: Rule, target: EvaluationTarget) -> str:
        """Where readings are further apart than the window."""
        short = self.window_ms(self.of(rule)) < target.station.cadence_ms
        return "follows" if short else ""

    @abstractmethod
    def moving(self, words: Words, indicator: str, window: str) -> str:
        """The indicator that moves within the window."""

    @abstractmethod
    def moved(self, case: Case, value: float) -> str:
        """A change beside its limit."""

    def seen(self, rule: Rule, language: Language) -> Seen:
        """The change of an indicator."""
        row, window = language.words.indicators[rule.indicator], self.window_ms(self.of(rule))
        name = language.words("alert.change", indicator=row.name, window=language.duration(window))
        return Seen(name, row.unit, row.decimals)

    @staticmethod
    def directed(case: Case) -> bool:
        """Whether its limits take it to be a rise, or a fall."""
        limits = (case.limit.limit or 0.0, case.limit.clear_limit or 0.0)
        return all(case.limit.sign * bound >= 0 for bound in limits)

    def compared(self, case: Case, value: float) -> str:
        """A change beside its limit."""
        return self.moved(case, value) if self.directed(case) else self.beside(case, value)

    def asked(self, case: Case) -> str:
        """How far it should not move."""
        if not self.directed(case):
            return super().asked(case)
        return case.words("alert.asks-moved", **self._moves(case, case.limit.limit or 0.0))

    def shown(self, case: Case, value: float) -> str:
        """How far it had moved at firing."""
        if not self.directed(case):
            return super().shown(case, value)
        seen = self.seen(case.rule, case.language)
        shown = f"{figure(case, seen, value)}{seen.tail}"
        return case.words(
            "alert.at-firing-moved",
            least=self.least(case.words),
            way=self.way(case),
            value=shown.removeprefix("-"),
        )

    def least(self, words: Words) -> str:
        """The word for a change of which only the least extent is known."""
        return ""

    def aim(self, case: Case, *, named: bool = False) -> str:
        """How little it must move."""
        if not self.directed(case):
            return super().aim(case, named=named)
        bound = case.limit.clear_limit or 0.0
        values = self._moves(case, bound)
        if not named:
            values["indicator"] = case.words("alert.it")
        return case.words("alert.aim-moved" if bound else "alert.aim-still", **values)

    def _moves(self, case: Case, bound: float) -> dict[str, str]:
        seen = self.seen_over(case)
        return {
            "indicator": seen.name,
            "way": self.way(case),
            "limit": seen.bound(abs(bound)),
            "unit": seen.tail,
        }

    def seen_over(self, case: Case) -> Seen:
        """The indicator, named with the window in which it moves."""
        seen = self.seen(case.rule, case.language)
        row = case.words.indicators[case.rule.indicator]
        # Where readings are further apart than the window, it is as long as their cadence.
        window_ms = max(self.window_ms(self.of(case.rule)), case.station.cadence_ms)
        window = case.language.duration(window_ms)
        return Seen(self.moving(case.words, row.name, window), seen.unit, seen.decimals)

    @staticmethod
    def way(case: Case) -> str:
        """The word for a move to the side of the limit."""
        return case.words("alert.rise" if case.limit.sign > 0 else "alert.fall")

    def figures(self, case: Case, value: float) -> dict[str, str]:
        """A change and its limit in figures without sign."""
        seen, limits = self.seen_over(case), (case.limit.limit, case.limit.clear_limit)
        return {
            "indicator": seen.name,
            "value": seen.figure(abs(value), *(abs(of) for of in limits if of is not None)),
            "limit": seen.bound(abs(case.limit.limit or 0.0)),
            "unit": seen.tail,
        }
