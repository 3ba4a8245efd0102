"""The story of an event: all that is on record of it, and how people read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from alerting.alert import Alert, Change, Level, State
from alerting.escalation.policy import Policy
from alerting.events.event import AlertEvent, EventState
from alerting.events.repository import Act, Marks, Wanted
from alerting.formats import instant
from alerting.notify.readers import Role
from alerting.record.repository import Review
from alerting.wording.sentences import Sentences
from api.kinds.reports import Means
from api.platforms.environment import timeline
from api.platforms.environment.escalation_wording import Ahead, ahead, named
from api.platforms.environment.timeline import Moment, Notices, notices_of
from api.services import Services

Stand = Literal["standing", "quiet", "over", "withdrawn"]
_TONES = {Change.FIRED: "red", Change.RESOLVED: "green", Change.DATA_LOST: "orange"}
MOST_STATIONS = 5
"""Stations that are named in one line."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An event with everything on record of it; ``changes`` are transitions of its alerts:
    alert, change, and instant; ``reviews`` are by alert.
    """

    event: AlertEvent
    marks: Marks
    alerts: Sequence[Alert]
    reviews: Mapping[str, Review]
    changes: Sequence[tuple[str, Change, int]]
    acts: Sequence[Act]
    notices: Notices
    policies: Mapping[str, Policy]

    @property
    def unreviewed(self) -> list[Alert]:
        """Alerts of which nobody has said what they were found to be."""
        return unreviewed(self.alerts, self.reviews)


def unreviewed(alerts: Iterable[Alert], reviews: Mapping[str, Review]) -> list[Alert]:
    """Those of some alerts that wait for their review; one that was withdrawn needs none."""
    return [of for of in alerts if of.id not in reviews and of.state is not State.WITHDRAWN]


@dataclass(frozen=True, slots=True)
class Row:
    """An event of a list, with its alerts and, by alert, their reviews."""

    event: AlertEvent
    marks: Marks
    alerts: Sequence[Alert]
    reviews: Mapping[str, Review]

    @property
    def stations(self) -> list[tuple[str, Level]]:
        """Its first stations, each with the gravest level there; withdrawn alerts are left out."""
        found: dict[str, Level] = {}
        for of in self.alerts:
            if of.state is not State.WITHDRAWN:
                found[of.station] = max(of.level, found.get(of.station, of.level))
        return list(found.items())[:MOST_STATIONS]

    @property
    def unreviewed(self) -> int:
        """How many of its alerts wait for their review."""
        return len(unreviewed(self.alerts, self.reviews))


def listed(
    services: Services, wanted: Wanted, *, first: int = 0, most: int, worst_first: bool = False
) -> tuple[list[Row], int]:
    """Events that are wanted, from number ``first`` on, and how many there are."""
    with services.state.read() as connection:
        found, total = services.events.listing(
            connection, wanted, first=first, most=most, worst_first=worst_first
        )
        ids = [of.event.id for of in found]
        alerts = services.events.members(connection, ids)
        reviews = services.events.reviews(connection, ids)
    return [Row(of.event, of.marks, alerts.get(of.event.id, ()), reviews) for of in found], total


def find(services: Services, event_id: str) -> Seen | None:
    """One event."""
    events = services.events
    with services.state.read() as connection:
        event = events.one(connection, event_id)
        if event is None:
            return None
        marks = events.marks(connection, event_id)
        alerts = events.members(connection, [event_id]).get(event_id, [])
        reviews = events.reviews(connection, [event_id])
        acts = events.acts(connection, [event_id]).get(event_id, [])
        changes = services.alerts.changes(connection, [alert.id for alert in alerts])
        policies = services.policies.in_force(connection)
    notices = notices_of(services, event_id)
    return Seen(event, marks, alerts, reviews, changes, acts, notices, policies)


def shown(alerts: Sequence[Alert]) -> Alert | None:
    """The alert that stands for an event: the gravest that stands, else of those that were."""
    standing = [alert for alert in alerts if alert.state is State.FIRING]
    were = [alert for alert in alerts if alert.state is not State.WITHDRAWN]
    among = standing or were or alerts
    return max(among, key=lambda of: (of.level, -of.fired_ms, of.id), default=None)


@dataclass(frozen=True, slots=True)
class Story:
    """An event at a glance. ``state`` is a key of the words, ``level`` that of the alert that
    stands for it; ``lasted`` counts until its end, ``reach`` are its stations.
    """

    id: str
    name: str
    location: str
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
        location=location_of(services, event, stations),
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
    """Of the kind of pollution of which several rules tell, or of its rule."""
    kind = services.grouping.names.get(event.kind)
    if kind or said is None:
        return services.words.name(kind or event.kind)
    return said.rule_name


def location_of(services: Means, event: AlertEvent, stations: Sequence[str]) -> str:
    """The station, or the river or area where there are several; the district where even these
    are.
    """
    catalogue = services.catalogue
    if len(stations) == 1:
        return catalogue.subjects[stations[0]].name
    kind, _, river = event.area.partition(" ")
    if kind == "river" and river in catalogue.rivers:
        return catalogue.rivers[river].name
    areas = {catalogue.subjects[of].area for of in stations} - {""}
    return services.words.name(areas.pop()) if len(areas) == 1 else catalogue.site.name


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
    names = [services.catalogue.subjects[of].name for of in stations[:MOST_STATIONS]]
    if len(stations) > MOST_STATIONS:
        names.append(t("events.more-places", n=len(stations) - MOST_STATIONS))
    return t.listed(names)


def next_of(services: Services, seen: Seen, role: Role) -> str:
    """The next step of a person by role; what it was found to be, once all of it is reviewed."""
    alert = shown(seen.alerts)
    if alert is None:
        return ""
    found = [] if seen.unreviewed else seen.reviews.values()
    return concluded(services, found, alert) or services.wording.next(alert, role)


def concluded(services: Services, reviews: Collection[Review], alert: Alert) -> str:
    """The end of what was reviewed: what it was found to be, by whom last and when; empty where
    nobody has said so. ``alert`` stands for all of it.
    """
    if not reviews or alert.state is State.WITHDRAWN:
        return ""
    t, last = services.words, max(reviews, key=lambda of: of.at_ms)
    verdicts = t.listed(t(f"verdict.{of}") for of in dict.fromkeys(of.verdict for of in reviews))
    at = instant(t, last.at_ms, services.now_ms())
    return t(f"review.{alert.state}", verdict=verdicts, who=last.by, time=at)


@dataclass(frozen=True, slots=True)
class Said:
    """A review that somebody gave of so many alerts at once."""

    review: Review
    alerts: int


def said_of(reviews: Mapping[str, Review]) -> list[Said]:
    """Reviews of an event, those alike in one, the newest first."""
    found = [Said(*of) for of in Counter(reviews.values()).items()]
    return sorted(found, key=lambda of: -of.review.at_ms)


def ahead_of(services: Services, seen: Seen, role: Role) -> Ahead | None:
    """The future of an event if nobody says anything; officers read names."""
    names = named(services, people=role == "officer")
    return ahead(services, seen.event, seen.marks, seen.policies, names)


def history(services: Services, seen: Seen, role: Role) -> list[Moment]:
    """Everything that happened, by time."""
    found = [
        *_changes(services, seen),
        *timeline.of_notices(services, seen.notices, named=role == "officer"),
        *timeline.of_acts(services, seen.acts, seen.notices),
        *_reviewed(services, seen),
    ]
    return sorted(found, key=lambda moment: moment.at_ms)


def _reviewed(services: Services, seen: Seen) -> Iterator[Moment]:
    t = services.words
    for of in said_of(seen.reviews):
        verdict = t(f"verdict.{of.review.verdict}")
        title = t("review.of-event", who=of.review.by, verdict=verdict, n=of.alerts)
        yield Moment(of.review.at_ms, title, of.review.note, tone="blue")


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
