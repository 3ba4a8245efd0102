"""A rule in force, as the engine reads it: whom it names, what it looks at, its levels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from msgspec import Struct

from alerting.alert import About
from alerting.conditions.baseline import Departure
from alerting.conditions.combined import Combined
from alerting.conditions.looking import Place
from alerting.conditions.propagation import Arrival
from alerting.conditions.signal import Change, Mean
from alerting.conditions.standard import Standard
from alerting.conditions.state import State
from alerting.conditions.trend import Trend
from alerting.limit import Limit
from config.catalogue.shapes import Catalogue, Station
from config.vocabulary.indicators import Kind

Kinds = Literal[
    "threshold", "rate", "standard", "trend", "baseline", "propagation", "combined", "state",
    "absence",
]  # fmt: skip
KINDS: tuple[str, ...] = get_args(Kinds)
Looks = Mean | Change | Standard | Trend | Departure | Arrival | Combined | State
WHOLE_STATION = "*"
"""Stands for the indicator in the series of a rule about a whole station."""

FOR_EVER_MS = 1 << 62


class Scope(Struct, frozen=True, forbid_unknown_fields=True):
    """Which stations a rule names; what is left out does not restrict."""

    kind: Kind | None = None
    river: str | None = None
    area: str | None = None
    id: str | None = None

    def names(self, station: Station) -> bool:
        """Whether the station lies in scope."""
        pairs = (
            (self.kind, station.kind),
            (self.river, station.river),
            (self.area, station.area),
            (self.id, station.id),
        )
        return all(want is None or want == have for want, have in pairs)


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of a rule."""

    id: str
    version: int
    name: str
    kind: Kinds
    about: About
    indicator: str
    """Empty where it speaks of several, or of the whole station."""
    scope: Scope
    reason: str
    limits: tuple[Limit, ...]
    look: Looks | None = None
    """What it looks at; None: at the readings themselves."""
    valid_from_ms: int = 0
    """Readings from then on are judged by it, UTC epoch ms."""
    valid_until_ms: int = FOR_EVER_MS
    """And before then."""

    @property
    def window_ms(self) -> int:
        """Over which a mean or a change is taken; 0 where there is none."""
        return self.look.window_ms if isinstance(self.look, Mean | Change) else 0

    @property
    def of_values(self) -> bool:
        """Whether its limits are values of the indicator, to be drawn beside its readings."""
        return self.kind == "threshold"

    def places(self, catalogue: Catalogue) -> list[Place]:
        """Where it looks: each is judged by itself."""
        found = []
        for station in catalogue.stations.values():
            if not self.scope.names(station):
                continue
            plan = catalogue.plans[station.id]
            if self.kind == "state" and not self.indicator:
                found += [Place(catalogue, station, code) for code in plan]
            elif self.indicator in plan or not self.indicator:
                place = Place(catalogue, station, self.indicator)
                if self.look is None or self.look.members(place):
                    found.append(place)
        return found

    def series(self, catalogue: Catalogue) -> list[str]:
        """Names of its places: station and indicator."""
        return [series_at(place) for place in self.places(catalogue)]


def series_at(place: Place) -> str:
    """The name under which what is judged at a place is kept."""
    return place.series(place.indicator or WHOLE_STATION)
