"""Changes of the record with what is told of them: one transaction for both."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import msgspec
from sqlalchemy.engine import Connection

from alerting.alert import Alert, Change, State, Transition
from alerting.notify.plan import plan
from alerting.record.events import AlertEvents, area_of
from alerting.record.repository import SHOWN, Message, Repository
from alerting.wording.sentences import Wording
from config.catalogue.shapes import Catalogue
from config.vocabulary.time import DAY_MS

BROWSERS = "browsers"


def write(
    connection: Connection,
    repository: Repository,
    wording: Wording,
    n: int,
    transitions: Sequence[Transition],
    now_ms: int,
    known_ms: int | None = None,
) -> None:
    """Record what changed at journal number ``n`` and put messages of it into the outbox.
    ``known_ms`` is how far silence is known; None: up to now.
    """
    if not transitions:
        return
    told = [of for of in transitions if known_ms is None or not _is_long_ago(of, now_ms, known_ms)]
    alert_events = _alert_events(connection, repository, wording.catalogue, transitions)
    repository.record(connection, n, transitions)
    messages = _messages(connection, repository, wording, told, alert_events, now_ms)
    messages += [
        _shown(wording, f"{n}|{area}", transition, now_ms)
        for area, transition in enumerate(transitions)
    ]
    repository.post(connection, messages)


def tell_unannounced(
    connection: Connection, repository: Repository, wording: Wording, now_ms: int
) -> bool:
    """Tell of what stands and was kept back as long past, now that silence is known; whether
    there was any.
    """
    alerts = repository.unannounced(connection)
    found = [Transition(Change.FIRED, alert, alert.fired_ms, "still stands") for alert in alerts]
    if found:
        alert_events = _alert_events(connection, repository, wording.catalogue, found)
        messages = _messages(connection, repository, wording, found, alert_events, now_ms)
        repository.post(connection, messages)
    return bool(found)


def _is_long_ago(transition: Transition, now_ms: int, known_ms: int) -> bool:
    """Whether a beginning is told too early: of what was read more than a day ago nobody knows
    whether it stands before silence is known.
    """
    alert = transition.alert
    begins = transition.change in (Change.FIRED, Change.ADDED) and alert.state is State.FIRING
    read_ms = alert.fired_ms if alert.last_ms is None else alert.last_ms
    return begins and now_ms - max(read_ms, known_ms) > DAY_MS


def _messages(
    connection: Connection,
    repository: Repository,
    wording: Wording,
    transitions: Sequence[Transition],
    alert_events: AlertEvents,
    now_ms: int,
) -> list[Message]:
    standing = _standing(connection, repository, transitions)
    return [
        Message(
            key=notification.key,
            alert_id=notification.alert.id,
            event=notification.event,
            audience=notification.audience,
            text=wording.message(
                notification.alert,
                notification.event,
                notification.audience,
                now_ms,
                notification.others,
            ),
            muted=notification.muted,
            created_ms=now_ms,
            next_ms=None if notification.muted else now_ms,
            alert_event=notification.alert_event,
        )
        for notification in plan(transitions, standing, alert_events)
    ]


def _alert_events(
    connection: Connection,
    repository: Repository,
    catalogue: Catalogue,
    transitions: Sequence[Transition],
) -> AlertEvents:
    """The state that people know, before a change, of the places that it concerns."""
    stations = catalogue.stations
    areas = {area_of(of.alert.about, stations[of.alert.station]) for of in transitions}
    abouts = {of.alert.about for of in transitions}
    near = [
        name
        for name, station in stations.items()
        if any(area_of(about, station) in areas for about in abouts)
    ]
    return AlertEvents(stations, repository.alert_events(connection, transitions, near))


def _standing(
    connection: Connection, repository: Repository, transitions: Sequence[Transition]
) -> list[Alert]:
    """Firing alerts that could hide or be hidden by what changed."""
    concerned = {(t.alert.rule_id, t.alert.station) for t in transitions}
    return [
        alert
        for rule_id, station in sorted(concerned)
        for alert in repository.standing_of(connection, rule_id, station)
    ]


def _shown(wording: Wording, area: str, transition: Transition, now_ms: int) -> Message:
    alert = transition.alert
    said = wording.sentences(alert, now_ms)
    text = msgspec.json.encode(
        {
            "id": alert.id,
            "station": alert.station,
            "indicator": alert.indicator,
            "level": alert.level.name.lower(),
            "state": str(alert.state),
            "kind": alert.about,
            "change": str(transition.change),
            "summary": said.summary,
            "at_ms": transition.at_ms,
        }
    ).decode()
    key = hashlib.sha256(f"{alert.id}|{area}|{transition.change}".encode()).hexdigest()[:32]
    return Message(key, alert.id, SHOWN, BROWSERS, text, "", now_ms, next_ms=now_ms)
