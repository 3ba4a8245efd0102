"""Alerts over the API. Instants are UTC epoch ms, values in the indicator's unit."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel

from alerting.alert import State, Verdict
from alerting.record.repository import AlreadyAcknowledged, Kept
from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.platforms.environment import acts, timeline
from api.platforms.environment.acts import NewReview
from api.platforms.environment.alerts import actions
from api.platforms.environment.permission import EnvironmentPermission
from api.services import Services, ServicesOf
from api.web.declared import SomebodyWasFirst

router = APIRouter(prefix="/alerts", tags=["alerts"], dependencies=[SameOrigin])


class ReviewState(BaseModel):
    """The verdict on an alert, by whom and when; ``note`` may be empty. ``account`` is the
    username of ``by``, who was called so then.
    """

    verdict: Verdict
    by: str
    account: str | None
    at_ms: int
    note: str


class AlertState(BaseModel):
    """One alert, in figures and in words. ``peak``, ``last_value`` and ``fired_value`` are as the
    rule compared them: 0 of a reading below detection, of which ``summary`` says the limit.
    """

    id: str
    rule: str
    rule_version: int
    level: str
    about: str
    station: str
    indicator: str
    state: str
    began_ms: int
    fired_ms: int
    resolved_ms: int | None
    peak: float | None
    peak_ms: int | None
    last_value: float | None
    last_ms: int | None
    fired_value: float | None
    limit: float | None
    unit: str
    data_lost: bool
    retrospective: bool
    event: str | None
    taken_by: str | None
    acknowledged_by: str | None
    acknowledged_account: str | None
    acknowledged_ms: int | None
    review: ReviewState | None
    summary: str
    why: str
    ends: str


class MessageState(BaseModel):
    """Something told of the alert's event to a reader, or ``why`` it was not, or not yet. A
    ``reader`` is a username, or a group chat behind an @, and null for those who are no officers:
    they are told the ``role``, null where the reader has none any more.
    """

    reader: str | None
    role: str | None
    kind: str
    state: Literal["told", "held", "muted"]
    why: str
    at_ms: int
    message: str | None


Viewer = Annotated[Account, require(EnvironmentPermission.SEE_ALERTS)]
Acknowledger = Annotated[Account, require(EnvironmentPermission.ACKNOWLEDGE_ALERTS)]
Reviewer = Annotated[Account, require(EnvironmentPermission.REVIEW_ALERTS)]


@router.get("")
def alerts(
    services: ServicesOf,
    _who: Viewer,
    station: str | None = None,
    state: State | None = None,
    most: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> list[AlertState]:
    """Alerts, firing ones first, then the newest."""
    found = services.alerts.listing(station=station, state=state, most=most)
    return [_state(services, kept) for kept in found]


@router.get("/{alert_id}")
def alert(alert_id: str, services: ServicesOf, _who: Viewer) -> AlertState:
    """One alert."""
    return _state(services, _find(services, alert_id))


@router.get("/{alert_id}/messages")
def messages(alert_id: str, services: ServicesOf, who: Viewer) -> list[MessageState]:
    """Everything told of the event of an alert, the oldest first."""
    notices = timeline.notices_of(services, _find(services, alert_id).event)
    readers, named = timeline.readership(services, notices), acts.role_of(who) == "officer"
    return [
        MessageState(
            reader=telling.reader if named else None,
            role=readers.roles.get(telling.reader),
            kind=entry.kind,
            state=telling.state,
            why=telling.why,
            at_ms=entry.at_ms,
            message=telling.message_id,
        )
        for entry, tellings in notices.entries
        for telling in tellings
    ]


@router.post("/{alert_id}/acknowledge")
def acknowledge(alert_id: str, services: ServicesOf, account: Acknowledger) -> AlertState:
    """Acknowledge the event of an alert, each person once; 409 where one has done so."""
    kept = _find(services, alert_id)
    try:
        acts.acknowledge_alert(services, kept.alert, account)
    except AlreadyAcknowledged as first:
        raise SomebodyWasFirst(str(first), by=first.by, at_ms=first.at_ms) from first
    return _state(services, _find(services, alert_id))


@router.post("/{alert_id}/review")
def review(alert_id: str, body: NewReview, services: ServicesOf, who: Reviewer) -> AlertState:
    """Say what an alert was found to be; a later review takes the place of an earlier one."""
    _find(services, alert_id)
    actions.review(services, alert_id, who, body.verdict, body.note)
    return _state(services, _find(services, alert_id))


def _find(services: Services, alert_id: str) -> Kept:
    found = actions.find(services, alert_id)
    if found is None:
        raise HTTPException(404, f"unknown alert {alert_id!r}; see /api/v1/alerts")
    return found


def _state(services: Services, kept: Kept) -> AlertState:
    said = services.wording.sentences(kept.alert, services.now_ms())
    alert = kept.alert
    return AlertState(
        id=alert.id,
        rule=alert.rule_id,
        rule_version=alert.rule_version,
        level=alert.level.name.lower(),
        about=alert.about,
        station=alert.station,
        indicator=alert.indicator,
        state=str(alert.state),
        began_ms=alert.began_ms,
        fired_ms=alert.fired_ms,
        resolved_ms=alert.resolved_ms,
        peak=alert.peak,
        peak_ms=alert.peak_ms,
        last_value=alert.last_value,
        last_ms=alert.last_ms,
        fired_value=alert.fired_value,
        limit=said.limit,
        unit=said.unit,
        data_lost=alert.data_lost,
        retrospective=alert.retrospective,
        event=kept.event,
        taken_by=kept.taken_by,
        acknowledged_by=kept.acknowledged_by,
        acknowledged_account=kept.acknowledged_account,
        acknowledged_ms=kept.acknowledged_ms,
        review=ReviewState(**asdict(kept.review)) if kept.review else None,
        summary=said.summary,
        why=said.why,
        ends=said.ends,
    )
