"""Scripted events with their true labels. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from config.catalogue.shapes import Placement, Station
from config.vocabulary.quality import Cause

_ADDED = {
    "w21003": 4.6,
    "w21001": 6.5,
    "w01019": 5.5,
    "w01018": 18.0,
    "w01017": 9.0,
    "w21011": 0.45,
    "w01014": 260.0,
    "w01003": 60.0,
}
"""The rise at a spill's height, in the indicator's unit."""


@dataclass(frozen=True, slots=True)
class Spill:
    """Untreated sewage into a river above its first station, carried downstream.

    ``began_ms`` is the arrival at the first station of ``path``; each further one sees it
    ``travel_ms`` later and diluted by ``dilution``.
    """

    path: tuple[str, ...]
    began_ms: int
    travel_ms: int = 20_000
    rise_ms: int = 8_000
    hold_ms: int = 45_000
    fall_ms: int = 15_000
    dilution: float = 0.65

    @property
    def ended_ms(self) -> int:
        """When less than a hundredth of its height is left at the last station."""
        last_ms = self.began_at(self.path[-1]) + self.rise_ms + self.hold_ms
        return last_ms + math.ceil(math.log(100) * self.fall_ms)

    @property
    def label(self) -> dict[str, Any]:
        """The truth, for those who judge the alerts."""
        return {
            "station": self.path[0],
            "stations": list(self.path),
            "kind": "spill",
            "began": self.began_ms,
            "ended": self.ended_ms,
        }

    def began_at(self, station_id: str) -> int:
        """When it arrives at a station of its path."""
        return self.began_ms + self.path.index(station_id) * self.travel_ms

    def strength(self, station_id: str, t_ms: int) -> float:
        """Share of the spill at a station: 0 before, 1 at the height at the first one."""
        if station_id not in self.path:
            return 0.0
        since = t_ms - self.began_at(station_id)
        if since < 0:
            return 0.0
        # The front is steep: the first sample behind it is well beyond the limit.
        rise = min(0.4 + 0.6 * since / self.rise_ms, 1.0)
        falling = max(since - self.rise_ms - self.hold_ms, 0)
        return float(
            rise * math.exp(-falling / self.fall_ms) * self.dilution ** self.path.index(station_id)
        )

    def effect(self, code: str, undisturbed: float, strength: float) -> float:
        """A value with the spill in it."""
        if code == "w01009":
            return undisturbed * (1 - 0.55 * strength)
        return undisturbed + _ADDED.get(code, 0.0) * strength


@dataclass(frozen=True, slots=True)
class Episode:
    """Something that comes over stations, holds, and goes: an algal bloom, a dust storm. At its
    height an indicator is multiplied and added to as ``effects`` say, in its unit.
    """

    kind: str
    stations: tuple[str, ...]
    began_ms: int
    ended_ms: int
    effects: Mapping[str, tuple[float, float]]

    @property
    def label(self) -> dict[str, Any]:
        """The truth, for those who judge the alerts."""
        return {
            "station": self.stations[0],
            "stations": list(self.stations),
            "kind": self.kind,
            "began": self.began_ms,
            "ended": self.ended_ms,
        }

    def strength(self, station_id: str, t_ms: int) -> float:
        """0 before and after, 1 in the middle; it comes and goes as a bell does."""
        if station_id not in self.stations or not self.began_ms <= t_ms < self.ended_ms:
            return 0.0
        share = (t_ms - self.began_ms) / (self.ended_ms - self.began_ms)
        return math.sin(math.pi * share) ** 2

    def effect(self, code: str, undisturbed: float, strength: float) -> float:
        """A value with the episode in it."""
        times, more = self.effects.get(code, (1.0, 0.0))
        return undisturbed * (1 + (times - 1) * strength) + more * strength


BLOOM = {"w01001": (1.0, 1.3), "w01009": (1.7, 0.0), "w01003": (1.0, 25.0), "w01019": (1.0, 2.5)}
"""Algae take carbon dioxide and give oxygen."""
DUST = {"a34002": (1.0, 700.0), "a34004": (1.0, 130.0), "a01002": (0.6, 0.0)}
"""A dry wind full of coarse particles."""
Incident = Spill | Episode


def disturbed(
    incidents: Sequence[Incident], station: Station, code: str, undisturbed: float, t_ms: int
) -> float:
    """A value after every incident that reaches the station."""
    for incident in incidents:
        strength = incident.strength(station.id, t_ms)
        if strength > 0:
            undisturbed = incident.effect(code, undisturbed, strength)
    return undisturbed


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One instrument of a station is not at work, and says so.

    ``cause`` is an operation state, which its state register shows while it goes on measuring, or
    ``SENTINEL``: no values at all.
    """

    station: str
    instrument: str
    began_ms: int
    ended_ms: int
    cause: Cause = Cause.SENTINEL

    @property
    def label(self) -> dict[str, str | int]:
        """The truth, for those who judge the alerts."""
        silent = self.cause is Cause.SENTINEL
        return {
            "station": self.station,
            "instrument": self.instrument,
            "kind": "no-values" if silent else self.cause.name.lower(),
            "began": self.began_ms,
            "ended": self.ended_ms,
        }

    def strikes(self, station: Station, placement: Placement, t_ms: int) -> bool:
        """Whether this instrument is not at work at an instant."""
        here = self.station == station.id and self.instrument == placement.instrument
        return here and self.began_ms <= t_ms < self.ended_ms


def state_of(
    breakdowns: Sequence[Breakdown], station: Station, placement: Placement, t_ms: int
) -> Cause:
    """An instrument's state at an instant; the first breakdown that strikes it counts."""
    struck = (row.cause for row in breakdowns if row.strikes(station, placement, t_ms))
    return next(struck, Cause.NORMAL)
