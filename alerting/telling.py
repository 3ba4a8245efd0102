"""Changes of the record with what is told of them: one transaction for both."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import msgspec
from sqlalchemy.engine import Connection

from alerting.alert import Alert, Change, State, Transition
from alerting.conditions.looking import DAY_MS
from alerting.delivery import plan
from alerting.repository import SHOWN, Message, Repository
from alerting.storms import Storms, place_of
from alerting.wording import Wording
from config.catalogue.shapes import Catalogue

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
    told = [of for of in transitions if known_ms is None or not _long_past(of, now_ms, known_ms)]
    storms = _storms(connection, repository, wording.catalogue, transitions)
    repository.record(connection, n, transitions)
    messages = _messages(connection, repository, wording, told, storms, now_ms)
    messages += [
        _shown(wording, f"{n}|{place}", transition, now_ms)
        for place, transition in enumerate(transitions)
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
        storms = _storms(connection, repository, wording.catalogue, found)
        messages = _messages(connection, repository, wording, found, storms, now_ms)
        repository.post(connection, messages)
    return bool(found)


def _long_past(transition: Transition, now_ms: int, known_ms: int) -> bool:
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
    storms: Storms,
    now_ms: int,
) -> list[Message]:
    standing = _standing(connection, repository, transitions)
    return [
        Message(
            key=telling.key,
            alert_id=telling.alert.id,
            event=telling.event,
            audience=telling.audience,
            text=wording.message(
                telling.alert, telling.event, telling.audience, now_ms, telling.others
            ),
            muted=telling.muted,
            created_ms=now_ms,
            next_ms=None if telling.muted else now_ms,
            storm=telling.storm,
        )
        for telling in plan(transitions, standing, storms)
    ]


def _storms(
    connection: Connection,
    repository: Repository,
    catalogue: Catalogue,
    transitions: Sequence[Transition],
) -> Storms:
    """What people know, before what changed, of the places where it did."""
    stations = catalogue.stations
    places = {place_of(of.alert.about, stations[of.alert.station]) for of in transitions}
    abouts = {of.alert.about for of in transitions}
    near = [
        name
        for name, station in stations.items()
        if any(place_of(about, station) in places for about in abouts)
    ]
    return Storms(stations, repository.storms(connection, transitions, near))


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


def _shown(wording: Wording, place: str, transition: Transition, now_ms: int) -> Message:
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
    key = hashlib.sha256(f"{alert.id}|{place}|{transition.change}".encode()).hexdigest()[:32]
    return Message(key, alert.id, SHOWN, BROWSERS, text, "", now_ms, next_ms=now_ms)
