"""A rule in force, as the engine reads it: whom it names, what it looks at, its levels."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec import Struct

from alerting.alert import About
from alerting.rules.conditions.limit import Limit
from alerting.rules.conditions.signal import EvaluationTarget, Signal
from config.catalogue.shapes import Catalogue, Station
from config.vocabulary.indicators import Kind
from config.vocabulary.time import FOR_EVER_MS

WHOLE_STATION = "*"
"""Stands for the indicator in the series of a rule about a whole station."""


class Scope(Struct, frozen=True, forbid_unknown_fields=True):
    """Which stations a rule names; what is left out does not restrict."""

    kind: Kind | None = None
    river: str | None = None
    area: str | None = None
    id: str | None = None
    lake: bool | None = None
    """Of water: only lakes and reservoirs, or only rivers; their limits differ (GB 3838)."""

    def names(self, station: Station) -> bool:
        """Whether the station lies in scope."""
        pairs = (
            (self.kind, station.kind),
            (self.river, station.river),
            (self.area, station.area),
            (self.id, station.id),
            (self.lake, station.lake),
        )
        return all(want is None or want == have for want, have in pairs)


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of a rule."""

    id: str
    version: int
    name: str
    kind: str
    """The name of its kind in the registry."""
    about: About
    indicator: str
    """Empty where it speaks of several, or of the whole station."""
    scope: Scope
    reason: str
    limits: tuple[Limit, ...]
    signal: Signal | None = None
    """Its signal; None: the readings themselves."""
    valid_from_ms: int = 0
    """Readings from then on are judged by it, UTC epoch ms."""
    valid_until_ms: int = FOR_EVER_MS
    """And before then."""

    def targets(self, catalogue: Catalogue) -> list[EvaluationTarget]:
        """Where it looks: each is judged by itself."""
        found = []
        for station in catalogue.stations.values():
            if not self.scope.names(station):
                continue
            plan = catalogue.plans[station.id]
            if self.signal and self.signal.of_each_indicator and not self.indicator:
                found += [EvaluationTarget(catalogue, station, code) for code in plan]
            elif self.indicator in plan or not self.indicator:
                target = EvaluationTarget(catalogue, station, self.indicator)
                if self.signal is None or self.signal.members(target):
                    found.append(target)
        return found

    def series(self, catalogue: Catalogue) -> list[str]:
        """Names of its places: station and indicator."""
        return [series_at(target) for target in self.targets(catalogue)]


def series_at(target: EvaluationTarget) -> str:
    """The name under which what is judged at a place is kept."""
    return target.series(target.indicator or WHOLE_STATION)
