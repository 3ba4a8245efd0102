"""A value beside the limits of its level, in figures that lie as the numbers do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from alerting.alert import Alert, State
from alerting.rules.conditions.limit import Limit
from alerting.rules.conditions.propagation import Arrival
from alerting.rules.conditions.window import Change
from alerting.rules.rule import Rule
from config.catalogue.shapes import Station

Zone = Literal["beyond", "between", "within"]
"""Beyond the limit; not beyond it and not within the clear limit; within that one."""
Movement = Literal["", "worsening", "steady", "easing"]
_MOST_DECIMALS = 17
_NO_ZERO = {"w01001", "w01010", "a01001"}
"""pH and temperatures: a share of them says nothing."""
_SHARE = 0.05
"""Of the worst value, and of its distance from what ends the alert: less is no movement."""


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
    """An alert with the rule and the level that it is of, and where it stands."""

    alert: Alert
    rule: Rule
    limit: Limit
    station: Station

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
    def directed(self) -> bool:
        """Whether it is of a change that its limits take to be a rise, or a fall."""
        limits = (self.limit.limit or 0.0, self.limit.clear_limit or 0.0)
        alike = all(self.limit.sign * bound >= 0 for bound in limits)
        return isinstance(self.rule.signal, Change | Arrival) and alike


def movement(case: Case, seen: Seen) -> Movement:
    """Where a value beyond its limit goes since it fired; nothing where no later one than that of
    the firing is known, and of whatever is no value.
    """
    alert, limit = case.alert, case.limit
    last, peak, clear = alert.last_value, alert.peak, limit.clear_limit
    if case.rule.kind != "threshold" or last is None or peak is None or clear is None:
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


def _order(one: float, other: float) -> int:
    return (one > other) - (one < other)
