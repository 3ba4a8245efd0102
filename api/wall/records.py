"""All that the wall shows at an instant. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from alerting.alert import Alert, Level
from api.ports import Figure, Tone
from config.catalogue.shapes import Station

MOST_ALERTS = 4
"""Alerts in words: the gravest, of these the newest."""
Mark = Literal["calm", "unknown", "notice", "warning", "alarm", "critical"]
MARKS: Mapping[Level, Mark] = {
    Level.NOTICE: "notice",
    Level.WARNING: "warning",
    Level.ALARM: "alarm",
    Level.CRITICAL: "critical",
}


@dataclass(frozen=True, slots=True)
class Spot:
    """A station on the map: the gravest of its alerts, or that it has none, or is not heard."""

    station: Station
    mark: Mark


@dataclass(frozen=True, slots=True)
class Standing:
    """An alert that stands, in words; ``path`` is empty for whoever may not open its page."""

    id: str
    mark: Mark
    level: str
    text: str
    began_ms: int
    path: str


@dataclass(frozen=True, slots=True)
class Overdue:
    """Terms of a platform that are over: how many, and the day on which the first was due."""

    platform: str
    count: int
    first_due: date

    def late_days(self, today: date) -> int:
        """Days since the first was due."""
        return (today - self.first_due).days


@dataclass(frozen=True, slots=True)
class NewestCase:
    """A case that everybody who sees the wall may know of."""

    number: str
    title: str
    path: str
    opened_ms: int


@dataclass(frozen=True, slots=True)
class Cases:
    """The newest case, and how many run that not everybody may know of."""

    newest: NewestCase | None
    hidden: int


@dataclass(frozen=True, slots=True)
class Panel:
    """The numbers of a platform by its slug."""

    platform: str
    figures: Sequence[Figure]


@dataclass(frozen=True, slots=True)
class Board:
    """The whole wall. ``silent`` are platforms that failed or did not answer in time; ``cases`` is
    None for whoever sees no cases.
    """

    spots: Sequence[Spot]
    alerts: Sequence[Standing]
    alert_count: int
    polluted: int
    """Stations with an alert of pollution."""
    panels: Sequence[Panel]
    silent: Sequence[str]
    overdue: Sequence[Overdue]
    cases: Cases | None

    @property
    def unknown(self) -> int:
        """Stations that are not heard."""
        return sum(of.mark == "unknown" for of in self.spots)

    @property
    def tone(self) -> Tone:
        """Calm is said only where every station is heard and no alert stands."""
        if self.polluted:
            return "bad"
        if self.alert_count or self.unknown:
            return "unknown"
        return "calm"

    @property
    def overdue_count(self) -> int:
        """Of all platforms."""
        return sum(of.count for of in self.overdue)


def mark_of(alerts: Iterable[Alert], *, heard: bool) -> Mark:
    """How a station is marked."""
    gravest = max((alert.level for alert in alerts), default=None)
    if gravest is not None:
        return MARKS[gravest]
    return "calm" if heard else "unknown"


def gravest_first(alerts: Iterable[Alert]) -> list[Alert]:
    """Of the same level the newest first."""
    return sorted(alerts, key=lambda of: (-of.level, -of.began_ms, of.id))
