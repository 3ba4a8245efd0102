"""An event in words: what, where, how bad against which standard, and all that came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from alerting.alert import Alert, Change, Level, State
from alerting.events.event import AlertEvent, EventState
from alerting.notify.readers import Role
from alerting.wording.sentences import Sentences
from api.platforms.environment import timeline
from api.platforms.environment.escalation_wording import Ahead, ahead
from api.platforms.environment.events.records import Seen, shown
from api.platforms.environment.timeline import Moment
from api.services import Services

Stand = Literal["standing", "quiet", "over", "withdrawn"]
Filter = tuple[str, str, list[tuple[str, str]]]
_TONES = {Change.FIRED: "red", Change.RESOLVED: "green", Change.DATA_LOST: "orange"}
MOST_PLACES = 5
"""Stations that are named in one line."""


@dataclass(frozen=True, slots=True)
class Story:
    """An event at a glance. ``state`` is a key of the words, ``level`` that of the alert that
    stands for it; ``lasted`` counts until its end, ``reach`` are its stations.
    """

    id: str
    name: str
    place: str
    level: Level
    state: Stand
    stands: bool
    said: Sentences | None
    alert: Alert | None
    began_ms: int
    lasted: str
    reach: str
    stations: int
    times: int


def story(services: Services, event: AlertEvent, alerts: Sequence[Alert]) -> Story:
    """An event with its alerts, at a glance."""
    now, alert = services.now_ms(), shown(alerts)
    said = services.wording.sentences(alert, now) if alert else None
    valid = [of for of in alerts if of.state is not State.WITHDRAWN] or alerts
    stations = list(dict.fromkeys(of.station for of in valid))
    began_ms = min((of.began_ms for of in valid), default=event.began_ms)
    ended_ms = event.ended_ms if event.state is not EventState.STANDING else None
    return Story(
        id=event.id,
        name=_name(services, event, said),
        place=place_of(services, event, stations),
        level=alert.level if alert else Level(max(event.gravest, 1)),
        state=_state(event, alerts),
        stands=event.state is EventState.STANDING,
        said=said,
        alert=alert,
        began_ms=began_ms,
        lasted=services.wording.duration(max((ended_ms or now) - began_ms, 0)),
        reach=_listed(services, stations),
        stations=len(stations),
        times=event.times,
    )


def _name(services: Services, event: AlertEvent, said: Sentences | None) -> str:
    """Of its rule, or of the kind of pollution to which several rules belong."""
    if said and event.kind not in services.grouping.kinds.values():
        return said.rule_name
    return services.words.name(event.kind)


def place_of(services: Services, event: AlertEvent, stations: Sequence[str]) -> str:
    """The station, or the river or area where there are several."""
    catalogue = services.catalogue
    if len(stations) == 1:
        return catalogue.subjects[stations[0]].name
    kind, _, name = event.place.partition(" ")
    if kind == "river" and name in catalogue.rivers:
        return catalogue.rivers[name].name
    return services.words.name(name) if kind == "area" else catalogue.site.name


def _state(event: AlertEvent, alerts: Sequence[Alert]) -> Stand:
    if alerts and all(of.state is State.WITHDRAWN for of in alerts):
        return "withdrawn"
    states: dict[EventState, Stand] = {
        EventState.STANDING: "standing",
        EventState.QUIET: "quiet",
        EventState.OVER: "over",
    }
    return states[event.state]


def _listed(services: Services, stations: Sequence[str]) -> str:
    t = services.words
    names = [services.catalogue.subjects[of].name for of in stations[:MOST_PLACES]]
    if len(stations) > MOST_PLACES:
        names.append(t("events.more-places", n=len(stations) - MOST_PLACES))
    return t.listed(names)


def filters(services: Services) -> list[Filter]:
    """Of the list: name, label, and each value with its words."""
    t = services.words
    levels = [(of.name.lower(), t(f"level.{of.name.lower()}")) for of in reversed(Level)]
    abouts = [(of, t(f"policies.about-{of}")) for of in ("pollution", "maintenance")]
    return [
        ("level", t("events.level-at-least"), [("", t("alerts.any-level")), *levels]),
        ("about", t("events.about"), [("", t("events.any-about")), *abouts]),
    ]


def next_of(services: Services, seen: Seen, role: Role) -> str:
    """The next step of a person by role."""
    alert = shown(seen.alerts)
    return services.wording.next(alert, role) if alert else ""


def ahead_of(services: Services, seen: Seen, role: Role) -> Ahead | None:
    """What comes if nobody says anything; officers read names."""
    names = timeline.readership(services, seen.told).names if role == "officer" else {}
    return ahead(services, seen.event, seen.marks, seen.policies, names)


def history(services: Services, seen: Seen, role: Role) -> list[Moment]:
    """Everything that happened, by time."""
    found = [
        *_changes(services, seen),
        *timeline.of_notices(services, seen.told, named=role == "officer"),
        *timeline.of_acts(services, seen.acts, seen.told),
    ]
    return sorted(found, key=lambda moment: moment.at_ms)


def _changes(services: Services, seen: Seen) -> Iterator[Moment]:
    t = services.words
    alerts = {alert.id: alert for alert in seen.alerts}
    for alert_id, change, at_ms in seen.changes:
        alert = alerts[alert_id]
        title = t(
            f"events.change-{change}",
            station=services.catalogue.subjects[alert.station].name,
            level=t(f"level.{alert.level.name.lower()}"),
        )
        yield Moment(at_ms, title, tone=_TONES.get(change, "gray"))
