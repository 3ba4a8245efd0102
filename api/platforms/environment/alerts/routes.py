"""Alerts over the API. Instants are UTC epoch ms, values in the indicator's unit."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel

from alerting.alert import State
from alerting.repository import Kept
from api.accounts.door import OnApi, SameOrigin
from api.parts import Parts, PartsOf
from api.platforms.environment.alerts import actions

router = APIRouter(prefix="/api/v1/alerts", tags=["alerts"], dependencies=[SameOrigin])


class AlertState(BaseModel):
    """One alert, in figures and in words."""

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
    limit: float | None
    unit: str
    data_lost: bool
    retrospective: bool
    acknowledged_by: str | None
    acknowledged_ms: int | None
    summary: str
    why: str
    ends: str


@router.get("")
def alerts(
    parts: PartsOf,
    _who: OnApi,
    station: str | None = None,
    state: State | None = None,
    most: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> list[AlertState]:
    """Alerts, firing ones first, then the newest."""
    found = parts.alerts.listing(station=station, state=state, most=most)
    return [_state(parts, kept) for kept in found]


@router.get("/{alert_id}")
def alert(alert_id: str, parts: PartsOf, _who: OnApi) -> AlertState:
    """One alert."""
    return _state(parts, _find(parts, alert_id))


@router.post("/{alert_id}/acknowledge")
def acknowledge(alert_id: str, parts: PartsOf, account: OnApi) -> AlertState:
    """Acknowledge an alert; 409 with the name of the person who was first."""
    _find(parts, alert_id)
    actions.acknowledge(parts, alert_id, account)
    return _state(parts, _find(parts, alert_id))


def _find(parts: Parts, alert_id: str) -> Kept:
    found = actions.find(parts, alert_id)
    if found is None:
        raise HTTPException(404, f"unknown alert {alert_id!r}; see /api/v1/alerts")
    return found


def _state(parts: Parts, kept: Kept) -> AlertState:
    said = parts.wording.sentences(kept.alert)
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
        limit=said.limit,
        unit=said.unit,
        data_lost=alert.data_lost,
        retrospective=alert.retrospective,
        acknowledged_by=kept.acknowledged_by,
        acknowledged_ms=kept.acknowledged_ms,
        summary=said.summary,
        why=said.why,
        ends=said.ends,
    )
