"""Whom a change is told: pure stages over transitions, each verdict with its reason.

Stages in order: what is not for people, what no longer stands, what was told already (a higher
level of the same rule), and the rest becomes messages. Only the courier acts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from alerting.alert import Alert, Change, State, Transition
from alerting.routing import audiences

_EVENTS = {
    Change.FIRED: "fired",
    Change.ADDED: "fired",
    Change.RESOLVED: "resolved",
    Change.WITHDRAWN: "withdrawn",
    Change.MOVED: "",
    Change.DATA_LOST: "data-lost",
    Change.DATA_BACK: "",
}


@dataclass(frozen=True, slots=True)
class Telling:
    """One message to be: who hears what of which alert, or why nobody does (``muted``)."""

    key: str
    alert: Alert
    event: str
    audience: str
    muted: str = ""


def plan(
    transitions: Sequence[Transition],
    standing: Collection[Alert],
    told: Collection[str],
) -> list[Telling]:
    """Tellings of a batch of transitions.

    ``standing`` are the alerts that fire after the batch, ``told`` the ids of alerts of which
    people have heard: only of these they hear the end.
    """
    firing = {alert.id for alert in standing}
    heard = set(told)
    tellings = []
    for transition in transitions:
        event = _event(transition)
        if not event:
            continue
        alert = transition.alert
        reason = _muted(alert, event, firing, standing, heard)
        if event == "fired" and not reason:
            heard.add(alert.id)
        for audience in audiences(alert):
            key = _key(alert, event, audience, transition.at_ms)
            tellings.append(Telling(key, alert, event, audience, reason))
    return tellings


def _event(transition: Transition) -> str:
    if transition.change is Change.MOVED and transition.alert.state is State.RESOLVED:
        return "resolved"
    return _EVENTS[transition.change]


def _muted(
    alert: Alert, event: str, firing: set[str], standing: Collection[Alert], heard: set[str]
) -> str:
    if event == "fired":
        if alert.id not in firing:
            return "no longer stands"
        if any(_hides(other, alert) for other in standing):
            return "hidden by a higher level"
        return "told already" if alert.id in heard else ""
    return "" if alert.id in heard else "nobody heard of it"


def _hides(other: Alert, alert: Alert) -> bool:
    same = (other.rule_id, other.station, other.indicator)
    return same == (alert.rule_id, alert.station, alert.indicator) and other.level > alert.level


def _key(alert: Alert, event: str, audience: str, at_ms: int) -> str:
    """Idempotency key: an alert fires and ends once; its data may be lost several times."""
    when = str(at_ms) if event == "data-lost" else ""
    text = f"{alert.id}|{event}|{audience}|{when}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]
