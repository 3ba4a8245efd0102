"""Whom a change is told: pure stages over transitions, each verdict with its reason.

Stages in order: what is not for people, what no longer stands, what a higher level of the same
rule hides, what a storm has told already (``storms.py``), and the rest becomes messages. Only the
courier acts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from alerting.alert import Alert, Change, State, Transition
from alerting.routing import audiences
from alerting.storms import Storm, Storms

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
class Telling:
    """One message to be: who hears what of which alert, or why nobody does (``muted``). ``storm``
    is that of the alert, empty where the audience knows nothing of it; ``others`` are the stations
    of which the message speaks as well.
    """

    alert: Alert
    event: str
    audience: str
    at_ms: int
    muted: str = ""
    storm: str = ""
    others: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Idempotency key: an alert fires and ends once; its data may be lost several times."""
        when = str(self.at_ms) if self.event == "data-lost" else ""
        text = f"{self.alert.id}|{self.event}|{self.audience}|{when}"
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def plan(
    transitions: Sequence[Transition], standing: Collection[Alert], storms: Storms
) -> list[Telling]:
    """Tellings of a batch of transitions.

    ``standing`` are the alerts that fire after the batch, ``storms`` those of the places concerned
    as they were before it; they are brought forward.
    """
    firing = {alert.id for alert in standing}
    tellings = []
    for transition in transitions:
        alert, event = transition.alert, _event(transition)
        if not event:
            continue
        hidden = event == "fired" and any(_hides(other, alert) for other in standing)
        for audience in audiences(alert):
            if event == "fired" and alert.id not in firing:
                reason = "no longer stands"
            elif event == "fired":
                reason = _fired(storms, audience, alert, hidden=hidden)
            else:
                reason = _changed(storms, audience, alert, event)
            if event == "withdrawn" and any(_continues(other, alert) for other in standing):
                reason = reason or "not over yet"
            storm = storms.of(audience, alert)
            others = _others(storm, alert, event) if storm and not reason else ()
            name = storm.id if storm else ""
            at_ms = transition.at_ms
            tellings.append(Telling(alert, event, audience, at_ms, reason, name, others))
    return tellings


def _event(transition: Transition) -> str:
    if transition.change is Change.MOVED and transition.alert.state is State.RESOLVED:
        return "resolved"
    return _EVENTS[transition.change]


def _fired(storms: Storms, audience: str, alert: Alert, *, hidden: bool) -> str:
    """Why an alert that fires is not told; nothing where it is."""
    known = storms.of(audience, alert)
    if known and alert.id in known.told:
        return "told already"
    storm = storms.joined(audience, alert)
    graver, alone = alert.level > storm.level, not storm.standing
    storm.add(alert, told=graver and not hidden)
    if hidden:
        return "hidden by a higher level"
    if graver:
        return ""
    return "told lately" if alone else "told with others"


def _changed(storms: Storms, audience: str, alert: Alert, event: str) -> str:
    """Why what becomes of an alert is not told; nothing where it is."""
    storm = storms.of(audience, alert)
    if storm is None:
        return "nobody heard of it"
    if event == "resolved":
        return _ended(storms, storm, audience, alert)
    heard = alert.id in storm.told
    if event == "withdrawn":
        storm.forget(alert)
    return "" if heard else "nobody heard of it"


def _ended(storms: Storms, storm: Storm, audience: str, alert: Alert) -> str:
    storm.standing.discard(alert.id)
    if storm.ended_ms is not None:
        return "told already"
    if storm.standing:
        return "not over yet"
    if not storm.told:
        return "nobody heard of it"
    if storms.ended_lately(audience, alert):
        return "told lately"
    storm.ended_ms = alert.resolved_ms
    return ""


def _others(storm: Storm, alert: Alert, event: str) -> tuple[str, ...]:
    return storm.others(alert, standing=event != "resolved")


def _continues(other: Alert, alert: Alert) -> bool:
    """Whether one that stands is what another one was taken for."""
    same = (other.rule_id, other.station, other.indicator, other.level)
    mine = (alert.rule_id, alert.station, alert.indicator, alert.level)
    return same == mine and other.began_ms <= alert.began_ms


def _hides(other: Alert, alert: Alert) -> bool:
    same = (other.rule_id, other.station, other.indicator)
    return same == (alert.rule_id, alert.station, alert.indicator) and other.level > alert.level
