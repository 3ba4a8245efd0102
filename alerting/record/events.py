"""Grouping of alerts that belong together: one event, one message to an audience. Pure.

An alert belongs to an event of the same river, or of the same air, when one of the same rule fired
there shortly before it; for deputies, who hear of the matter and not of every reading, also when
one of another rule did so just before. People are notified of an event's first alert, of each rise
above the level that they know, and once of its end, when none of its alerts stands any more. Until
they hear of its end, people take an event to stand; one that they take to be over is always
announced anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from alerting.alert import About, Alert, State
from config.catalogue.shapes import Station
from config.vocabulary.time import HOUR_MS

TOGETHER_MS = 24 * HOUR_MS
"""Firings of one rule closer than this follow each other: smog takes a day to fill a district, a
plume to pass its river.
"""
BESIDE_MS = HOUR_MS
"""And firings of several rules, for deputies."""
AGAIN_MS = 6 * HOUR_MS
"""People hear only of the first of several ends closer than this."""
_DEPUTY = "deputy"


@dataclass(frozen=True, slots=True)
class NotifiedAlert:
    """A row of the outbox by which an audience knows an alert of an event; ``alert`` is as it
    stands on record, ``muted`` empty where it was told by itself.
    """

    audience: str
    event: str
    alert_event: str
    alert: Alert
    muted: str


@dataclass(slots=True)
class AlertEvent:
    """Mutable on purpose: it grows as its alerts fire and end. ``id`` is that of its first alert,
    ``fired_ms`` its latest firing by rule, ``ended_ms`` the end that was told.
    """

    id: str
    stations: dict[str, str] = field(default_factory=dict)
    """One of every alert."""
    standing: set[str] = field(default_factory=set)
    notified: dict[str, int] = field(default_factory=dict)
    """Levels of those that were told by themselves."""
    fired_ms: dict[str, int] = field(default_factory=dict)
    ended_ms: int | None = None

    @property
    def level(self) -> int:
        """The gravest that was told; 0 where nothing was."""
        return max(self.notified.values(), default=0)

    @property
    def latest_ms(self) -> int:
        """Its latest firing."""
        return max(self.fired_ms.values())

    def add(self, alert: Alert, *, notified: bool) -> None:
        """One more alert; of one that never was only its time counts."""
        latest = self.fired_ms.get(alert.rule_id, alert.fired_ms)
        self.fired_ms[alert.rule_id] = max(latest, alert.fired_ms)
        if alert.state is State.WITHDRAWN:
            return
        self.stations[alert.id] = alert.station
        if alert.state is State.FIRING:
            self.standing.add(alert.id)
        if notified:
            self.notified[alert.id] = alert.level

    def forget(self, alert: Alert) -> None:
        """It never was."""
        self.standing.discard(alert.id)
        self.stations.pop(alert.id, None)
        self.notified.pop(alert.id, None)

    def others(self, alert: Alert, *, standing: bool) -> tuple[str, ...]:
        """Stations of its other alerts, or of those that stand."""
        ids = self.standing if standing else self.stations.keys()
        found = {self.stations[one] for one in ids} - {alert.station}
        return tuple(sorted(found))

    def near(self, alert: Alert, audience: str) -> bool:
        """Whether an alert that fires belongs to it."""
        if self.ended_ms is not None:
            return False
        apart = {rule: abs(alert.fired_ms - at) for rule, at in self.fired_ms.items()}
        if apart.get(alert.rule_id, TOGETHER_MS) < TOGETHER_MS:
            return True
        return audience == _DEPUTY and min(apart.values()) < BESIDE_MS

    def is_over(self, at_ms: int) -> bool:
        """Whether nothing more can come of it."""
        if self.ended_ms is not None:
            return at_ms - self.ended_ms >= AGAIN_MS
        return not self.standing and at_ms - self.latest_ms >= TOGETHER_MS


class AlertEvents:
    """Those of a place or of several; ``rows`` is what of them is on record, firings first."""

    def __init__(self, stations: dict[str, Station], rows: Iterable[NotifiedAlert] = ()) -> None:
        self._stations = stations
        self._by_place: dict[tuple[str, str], list[AlertEvent]] = {}
        self._by_alert: dict[tuple[str, str], AlertEvent] = {}
        for row in rows:
            if row.event == "fired":
                alert_event = self._named(row)
                alert_event.add(row.alert, notified=not row.muted)
                self._by_alert[row.audience, row.alert.id] = alert_event
            elif not row.muted:
                # One that stands again, as late readings showed, was still told to be over.
                ended_ms = row.alert.resolved_ms or row.alert.fired_ms
                self._by_alert[row.audience, row.alert.id].ended_ms = ended_ms

    def _named(self, row: NotifiedAlert) -> AlertEvent:
        alert_events = self._at(row.audience, row.alert)
        found = next(
            (alert_event for alert_event in alert_events if alert_event.id == row.alert_event),
            None,
        )
        if found is None:
            found = AlertEvent(row.alert_event)
            alert_events.append(found)
        return found

    def _at(self, audience: str, alert: Alert) -> list[AlertEvent]:
        area = area_of(alert.about, self._stations[alert.station])
        return self._by_place.setdefault((audience, area), [])

    def of(self, audience: str, alert: Alert) -> AlertEvent | None:
        """That of an alert which an audience knows."""
        return self._by_alert.get((audience, alert.id))

    def joined(self, audience: str, alert: Alert) -> AlertEvent:
        """The event to which an alert that fires belongs, a new one where there is none."""
        alert_events = self._at(audience, alert)
        alert_events[:] = [
            alert_event for alert_event in alert_events if not alert_event.is_over(alert.fired_ms)
        ]
        near = [alert_event for alert_event in alert_events if alert_event.near(alert, audience)]
        if near:
            alert_event = max(
                near, key=lambda alert_event: (alert_event.latest_ms, alert_event.id)
            )
        else:
            alert_event = AlertEvent(alert.id)
            alert_events.append(alert_event)
        self._by_alert[audience, alert.id] = alert_event
        return alert_event

    def ended_lately(self, audience: str, alert: Alert) -> bool:
        """Whether the end of an event with the same rule was told shortly before an alert's."""
        return any(
            alert_event.ended_ms is not None
            and alert.rule_id in alert_event.fired_ms
            and abs((alert.resolved_ms or 0) - alert_event.ended_ms) < AGAIN_MS
            for alert_event in self._at(audience, alert)
        )


def area_of(about: About, station: Station) -> str:
    """The subject of an alert: a river, the air, or where it is a fault of sensor or link, or of
    water of its own, the station alone.
    """
    if about == "maintenance":
        return f"station {station.id}"
    if station.kind == "air":
        return "air"
    return f"river {station.river}" if station.river else f"station {station.id}"
