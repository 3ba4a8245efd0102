"""Decides which audiences are notified of a transition of an alert, and why others are not. Pure.

Stages in order: what is not for people, what no longer stands, what a higher level of the same
rule hides, what its event has notified already (``record/events.py``); the rest becomes messages.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from alerting.alert import Alert, Change, State, Transition
from alerting.notify.routing import audiences
from alerting.record.events import AlertEvent, AlertEvents

_EVENTS = {
    Change.FIRED: "fired",
    Change.ADDED: "fired",
    Change.RESOLVED: "resolved",
    Change.EXPIRED: "resolved",
    Change.WITHDRAWN: "withdrawn",
    Change.MOVED: "",
    Change.DATA_LOST: "data-lost",
    Change.DATA_BACK: "",
}


@dataclass(frozen=True, slots=True)
class Notification:
    """One message to be: who hears what of which alert, or why nobody does (``muted``).
    ``alert_event``
    is that of the alert, empty where the audience knows nothing of it; ``others`` are the stations
    of which the message speaks as well.
    """

    alert: Alert
    event: str
    audience: str
    at_ms: int
    muted: str = ""
    alert_event: str = ""
    others: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Idempotency key: an alert fires and ends once; its data may be lost several times."""
        when = str(self.at_ms) if self.event == "data-lost" else ""
        text = f"{self.alert.id}|{self.event}|{self.audience}|{when}"
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def plan(
    transitions: Sequence[Transition], standing: Collection[Alert], alert_events: AlertEvents
) -> list[Notification]:
    """Tellings of a batch of transitions.

    ``standing`` are the alerts that fire after the batch, ``alert_events`` those of the areas
    concerned
    as they were before it; they are brought forward.
    """
    firing = {alert.id for alert in standing}
    notifications = []
    for transition in transitions:
        alert, event = transition.alert, _event(transition)
        if not event:
            continue
        hidden = event == "fired" and any(_hides(other, alert) for other in standing)
        for audience in audiences(alert):
            if event == "fired" and alert.id not in firing:
                reason = "no longer stands"
            elif event == "fired":
                reason = _fired(alert_events, audience, alert, hidden=hidden)
            else:
                reason = _changed(alert_events, audience, alert, event)
            if event == "withdrawn" and any(_continues(other, alert) for other in standing):
                reason = reason or "not over yet"
            alert_event = alert_events.of(audience, alert)
            others = _others(alert_event, alert, event) if alert_event and not reason else ()
            name = alert_event.id if alert_event else ""
            at_ms = transition.at_ms
            notifications.append(Notification(alert, event, audience, at_ms, reason, name, others))
    return notifications


def _event(transition: Transition) -> str:
    if transition.change is Change.MOVED and transition.alert.state is State.RESOLVED:
        return "resolved"
    return _EVENTS[transition.change]


def _fired(alert_events: AlertEvents, audience: str, alert: Alert, *, hidden: bool) -> str:
    """Why an alert that fires is not told; nothing where it is."""
    known = alert_events.of(audience, alert)
    if known and alert.id in known.notified:
        return "told already"
    alert_event = alert_events.joined(audience, alert)
    graver, alone = alert.level > alert_event.level, not alert_event.standing
    alert_event.add(alert, notified=graver and not hidden)
    if hidden:
        return "hidden by a higher level"
    if graver:
        return ""
    return "told lately" if alone else "told with others"


def _changed(alert_events: AlertEvents, audience: str, alert: Alert, event: str) -> str:
    """Why what becomes of an alert is not told; nothing where it is."""
    alert_event = alert_events.of(audience, alert)
    if alert_event is None:
        return "nobody heard of it"
    if event == "resolved":
        return _ended(alert_events, alert_event, audience, alert)
    heard = alert.id in alert_event.notified
    if event == "withdrawn":
        alert_event.forget(alert)
    return "" if heard else "nobody heard of it"


def _ended(alert_events: AlertEvents, alert_event: AlertEvent, audience: str, alert: Alert) -> str:
    alert_event.standing.discard(alert.id)
    if alert_event.ended_ms is not None:
        return "told already"
    if alert_event.standing:
        return "not over yet"
    if not alert_event.notified:
        return "nobody heard of it"
    if alert_events.ended_lately(audience, alert):
        return "told lately"
    alert_event.ended_ms = alert.resolved_ms
    return ""


def _others(alert_event: AlertEvent, alert: Alert, event: str) -> tuple[str, ...]:
    return alert_event.others(alert, standing=event != "resolved")


def _continues(other: Alert, alert: Alert) -> bool:
    """Whether one that stands is what another one was taken for."""
    same = (other.rule_id, other.station, other.indicator, other.level)
    mine = (alert.rule_id, alert.station, alert.indicator, alert.level)
    return same == mine and other.began_ms <= alert.began_ms


def _hides(other: Alert, alert: Alert) -> bool:
    same = (other.rule_id, other.station, other.indicator)
    return same == (alert.rule_id, alert.station, alert.indicator) and other.level > alert.level
