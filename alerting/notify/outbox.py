"""Changes of the record with their messages: planned first, then written in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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
MOST_TRANSITIONS = 100
"""Amendments in one transaction: other writers wait for it."""


@dataclass(frozen=True, slots=True)
class Planned:
    """Changes at journal number ``n`` with their messages: rows that wait to be written."""

    n: int
    transitions: Sequence[Transition]
    messages: Sequence[Message]

    def write(self, connection: Connection, repository: Repository) -> None:
        """Record what changed and put the messages into the outbox."""
        repository.record(connection, self.n, self.transitions)
        repository.post(connection, self.messages)


def planned(
    repository: Repository,
    wording: Wording,
    n: int,
    transitions: Sequence[Transition],
    now_ms: int,
    known_ms: int | None = None,
) -> Planned:
    """Changes with their messages, read and worded before a transaction keeps others waiting. One
    thread plans and writes the alerts of a rule. ``known_ms`` is how far silence is known; None:
    up to now.
    """
    if not transitions:
        return Planned(n, (), ())
    reported = [
        of for of in transitions if known_ms is None or not _is_long_ago(of, now_ms, known_ms)
    ]
    messages = _messages(repository, wording, transitions, reported, now_ms)
    messages += [
        _shown(wording, f"{n}|{area}", transition, now_ms)
        for area, transition in enumerate(transitions)
    ]
    return Planned(n, transitions, messages)


def in_slices(amended: Iterable[Sequence[Transition]]) -> list[list[Transition]]:
    """Amendments of rule instances as they are written one transaction after the other; at least
    one, which may be empty. Those of an instance are parted only where they are too many, and then
    the standing ones come first, as the messages of the others depend on them.
    """
    slices: list[list[Transition]] = [[]]
    for transitions in amended:
        if len(slices[-1]) + len(transitions) > MOST_TRANSITIONS:
            slices.append([])
        if len(transitions) > MOST_TRANSITIONS:
            ordered = sorted(transitions, key=lambda of: of.alert.state is not State.FIRING)
        else:
            ordered = list(transitions)
        for transition in ordered:
            if len(slices[-1]) == MOST_TRANSITIONS:
                slices.append([])
            slices[-1].append(transition)
    return [of for of in slices if of] or [[]]


def planned_unannounced(
    repository: Repository, wording: Wording, now_ms: int
) -> Sequence[Message]:
    """Messages of what stands and was kept back as long past, now that silence is known."""
    alerts = repository.unannounced()
    found = [Transition(Change.FIRED, alert, alert.fired_ms, "still stands") for alert in alerts]
    return _messages(repository, wording, found, found, now_ms) if found else ()


def _is_long_ago(transition: Transition, now_ms: int, known_ms: int) -> bool:
    """Whether a beginning is told too early: of what was read more than a day ago nobody knows
    whether it stands before silence is known.
    """
    alert = transition.alert
    begins = transition.change in (Change.FIRED, Change.ADDED) and alert.state is State.FIRING
    read_ms = alert.fired_ms if alert.last_ms is None else alert.last_ms
    return begins and now_ms - max(read_ms, known_ms) > DAY_MS


def _messages(
    repository: Repository,
    wording: Wording,
    transitions: Sequence[Transition],
    reported: Sequence[Transition],
    now_ms: int,
) -> list[Message]:
    """Of the transitions those that are ``reported``; all of them count for what people know."""
    with repository.database.read() as connection:
        alert_events = _alert_events(connection, repository, wording.catalogue, transitions)
        standing = _standing(connection, repository, transitions, reported)
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
        for notification in plan(reported, standing, alert_events)
    ]


def _alert_events(
    connection: Connection,
    repository: Repository,
    catalogue: Catalogue,
    transitions: Sequence[Transition],
) -> AlertEvents:
    """The state that people know, before a change, of the places that it concerns."""
    stations = catalogue.subjects
    areas = {area_of(of.alert.about, stations[of.alert.station]) for of in transitions}
    abouts = {of.alert.about for of in transitions}
    near = [
        name
        for name, station in stations.items()
        if any(area_of(about, station) in areas for about in abouts)
    ]
    return AlertEvents(stations, repository.alert_events(connection, transitions, near))


def _standing(
    connection: Connection,
    repository: Repository,
    transitions: Sequence[Transition],
    reported: Sequence[Transition],
) -> list[Alert]:
    """Alerts that fire when all is written and could hide or be hidden by what is ``reported``."""
    concerned = {(t.alert.rule_id, t.alert.station) for t in reported}
    alerts = {
        alert.id: alert
        for rule_id, station in sorted(concerned)
        for alert in repository.standing_of(connection, rule_id, station)
    }
    alerts |= {
        t.alert.id: t.alert for t in transitions if (t.alert.rule_id, t.alert.station) in concerned
    }
    return [alert for alert in alerts.values() if alert.state is State.FIRING]


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
