"""Silences and maintenance windows: which alerts nobody is told of, and until when. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from msgspec import Struct

from alerting.alert import Alert, Level
from config.catalogue.shapes import Station
from config.vocabulary.time import DAY_MS

SilenceKind = Literal["silence", "maintenance"]
LONGEST_MS = 7 * DAY_MS
"""A silence that is needed for longer is renewed."""


class Scope(Struct, frozen=True, forbid_unknown_fields=True):
    """Which alerts: those that have one of the values of each field that is not empty."""

    stations: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    rivers: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether it names nothing, and so means everything."""
        return self == Scope()

    def covers(self, alert: Alert, station: Station) -> bool:
        """Whether an alert of a station belongs to it."""
        asked = (
            (self.stations, alert.station),
            (self.indicators, alert.indicator),
            (self.rules, alert.rule_id),
            (self.rivers, station.river),
            (self.areas, station.area),
        )
        return all(not given or value in given for given, value in asked)


@dataclass(frozen=True, slots=True)
class Silence:
    """One of them. ``level`` is the gravest that it covers: what is graver breaks through.

    ``from_ms`` to ``until_ms`` it holds, unless somebody ended it at ``ended_ms``; ``author`` is a
    name as it was then, ``author_account`` the username; ``crew`` are those who work there.
    """

    id: int
    kind: SilenceKind
    scope: Scope
    level: Level
    reason: str
    author: str
    author_account: str
    saved_ms: int
    from_ms: int
    until_ms: int
    ended_by: str | None = None
    ended_ms: int | None = None
    crew: str = ""

    @property
    def end_ms(self) -> int:
        """When it ends or ended."""
        return self.until_ms if self.ended_ms is None else min(self.ended_ms, self.until_ms)

    def holds(self, at_ms: int) -> bool:
        """Whether it is in force."""
        return self.from_ms <= at_ms < self.end_ms

    def covers(self, alert: Alert, station: Station) -> bool:
        """Whether an alert is one that it silences."""
        return alert.level <= self.level and self.scope.covers(alert, station)


def silencing(
    silences: Iterable[Silence], alert: Alert, station: Station, at_ms: int
) -> Silence | None:
    """Of those that silence an alert at an instant the one that ends last."""
    found = [of for of in silences if of.holds(at_ms) and of.covers(alert, station)]
    return max(found, key=lambda of: of.end_ms, default=None)


def is_silenced(silences: Iterable[Silence], alert: Alert, station: Station, at_ms: int) -> bool:
    """Whether nobody is told of an alert at an instant."""
    return silencing(silences, alert, station, at_ms) is not None
