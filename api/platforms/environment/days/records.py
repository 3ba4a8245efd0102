"""Measured days of a station, by the calendar of the district. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from config.catalogue.shapes import Station

Medium = Literal["water", "air"]


@dataclass(frozen=True, slots=True)
class Measured:
    """Valid means of a station's days by indicator (ozone: the largest 8 h mean), in its unit.
    ``ozone_hour`` is the largest hour of ozone of each day; ``covered`` is how much of each day
    that has a reading was validly measured, ``shares`` of all days asked for, 0 to 1.
    """

    station: Station
    days: Mapping[date, Mapping[str, float]]
    ozone_hour: Mapping[date, float]
    covered: Mapping[date, Mapping[str, float]]
    shares: Mapping[str, float]

    @property
    def share(self) -> float | None:
        """Of all its indicators together."""
        return sum(self.shares.values()) / len(self.shares) if self.shares else None

    def within(self, first: date, last: date) -> Mapping[date, Mapping[str, float]]:
        """Days of a span that have a valid mean."""
        return {day: of for day, of in self.days.items() if first <= day <= last}
