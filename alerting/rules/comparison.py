"""A value beside the limits of its level, in figures that lie as the numbers do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from alerting.alert import Alert, State
from alerting.rules.conditions.limit import Limit
from alerting.rules.language import Language
from alerting.rules.rule import Rule
from config.catalogue.shapes import Catalogue, Station
from config.catalogue.words import Words

Zone = Literal["beyond", "between", "within"]
"""Beyond the limit; not beyond it and not within the clear limit; within that one."""
ClauseForm = Literal["beyond", "back", "worst", "only"]
"""Of one that stands: beyond its limit, or back within it; of one that is over the worst value,
and one that was never beyond the limit.
"""
_MOST_DECIMALS = 17


def zone(value: float, limit: Limit) -> Zone:
    """Where a value lies; ``limit`` is not that of an absence."""
    assert limit.limit is not None
    assert limit.clear_limit is not None
    if limit.sign * value > limit.sign * limit.limit:
        return "beyond"
    return "between" if limit.sign * value > limit.sign * limit.clear_limit else "within"


@dataclass(frozen=True, slots=True)
class Seen:
    """The signal of a rule: its name, unit and decimals; ``code`` where it is a concentration."""

    name: str
    unit: str
    decimals: int
    code: str = ""

    def figure(self, value: float, *bounds: float) -> str:
        """A value with its decimals, and with more only where it would otherwise seem to lie on
        another side of a bound.
        """
        for decimals in range(self.decimals, _MOST_DECIMALS):
            text = f"{value:z.{decimals}f}"
            if all(_order(float(text), bound) == _order(value, bound) for bound in bounds):
                return text
        return repr(value)

    def bound(self, limit: float) -> str:
        """A limit with its decimals, or with as many more as it has."""
        return self.figure(limit, limit)

    @property
    def tail(self) -> str:
        """The unit as it stands behind a figure."""
        return f" {self.unit}" if self.unit else ""


@dataclass(frozen=True, slots=True)
class Case:
    """An alert with the rule and the level that it is of, and the language that it is told in."""

    alert: Alert
    rule: Rule
    limit: Limit
    catalogue: Catalogue
    language: Language

    @property
    def words(self) -> Words:
        """The texts of its language."""
        return self.language.words

    @property
    def station(self) -> Station:
        """Its station."""
        return self.catalogue.stations[self.alert.station]

    @property
    def stands(self) -> bool:
        """Whether it fires."""
        return self.alert.state is State.FIRING

    @property
    def value(self) -> float | None:
        """Its subject: the last value, or of one that is over the worst."""
        alert = self.alert
        return alert.last_value if self.stands and alert.last_value is not None else alert.peak

    @property
    def side(self) -> str:
        """The side of the limit that is beyond it."""
        return "above" if self.limit.sign > 0 else "below"

    @property
    def form(self) -> ClauseForm:
        """The form of a clause about ``value``."""
        assert self.value is not None
        beyond = zone(self.value, self.limit) == "beyond"
        if self.stands:
            return "beyond" if beyond else "back"
        return "worst" if beyond else "only"


def detection_limit(alert: Alert, value: float, language: Language) -> float | None:
    """The detection limit behind a value of an alert whose reading lies below it; None of every
    other. To rules such a reading is 0 (``ingest.journal.columns.compared``), so only of a 0 the
    readings are asked.
    """
    if value or not alert.indicator:
        return None
    of = {alert.last_ms: alert.last_value, alert.peak_ms: alert.peak}
    of[alert.fired_ms] = alert.fired_value
    limits = (
        language.below(f"{alert.station}/{alert.indicator}", at_ms)
        for at_ms, found in of.items()
        if at_ms is not None and found == value
    )
    return next((limit for limit in limits if limit is not None), None)


def _order(one: float, other: float) -> int:
    return (one > other) - (one < other)
