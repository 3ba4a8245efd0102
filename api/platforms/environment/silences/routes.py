"""Silences over the API; instants in UTC epoch ms."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, HTTPException, Path, Query
from pydantic import BaseModel, ConfigDict

from alerting.silences.silence import Silence, SilenceKind
from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.platforms.environment.permission import EnvironmentPermission
from api.platforms.environment.silences import actions
from api.platforms.environment.silences.records import Instant, NewSilence
from api.services import Services, ServicesOf
from api.web.declared import Declared
from api.web.forms import MOST_ID, NotAccepted

router = APIRouter(prefix="/silences", tags=["silences"], dependencies=[SameOrigin])
SilenceId = Annotated[int, Path(ge=1, le=MOST_ID)]
Viewer = Annotated[Account, require(EnvironmentPermission.SEE_SILENCES)]
Manager = Annotated[Account, require(EnvironmentPermission.MANAGE_SILENCES)]


class NotASilence(Declared):
    """Something of what was asked for does not hold; the detail names field, fault and remedy."""

    status = 422


class IsOver(Declared):
    """It ended before."""

    status = 409


class ScopeState(BaseModel):
    """Alerts that have one of the values of each list that is not empty."""

    stations: list[str]
    indicators: list[str]
    rules: list[str]
    rivers: list[str]
    areas: list[str]


class SilenceState(BaseModel):
    """One of them. ``level`` is the gravest that it silences, ``crew`` who works there."""

    id: int
    kind: SilenceKind
    scope: ScopeState
    level: str
    reason: str
    crew: str
    author: str
    author_account: str
    saved_ms: int
    from_ms: int
    until_ms: int
    ended_by: str | None
    ended_ms: int | None


class SilencesState(BaseModel):
    """All of them; ``next`` is ``before`` of the next page of ``over``, null on the last one."""

    in_force: list[SilenceState]
    to_come: list[SilenceState]
    over: list[SilenceState]
    next: int | None


class Renewal(BaseModel):
    """The new end."""

    model_config = ConfigDict(extra="forbid")
    until_ms: Instant


@router.get("")
def silences(
    services: ServicesOf,
    _who: Viewer,
    before: Annotated[int, Query(ge=0, le=MOST_ID)] = 0,
    most: Annotated[int, Query(ge=1, le=100)] = 20,
) -> SilencesState:
    """Those in force, those to come, and those that are over, the newest first."""
    found = actions.listed(services, before, most)
    return SilencesState(
        in_force=[_state(of) for of in found.in_force],
        to_come=[_state(of) for of in found.to_come],
        over=[_state(of) for of in found.over],
        next=found.following,
    )


@router.post("", status_code=201)
def create(body: NewSilence, services: ServicesOf, account: Manager) -> SilenceState:
    """Silence alerts, or plan maintenance; a week at most."""
    try:
        draft = body.draft(actions.choices(services), services.now_ms())
    except NotAccepted as refused:
        raise NotASilence(str(refused)) from refused
    return _state(actions.create(services, account, draft))


@router.post("/{silence_id}/end")
def end(silence_id: SilenceId, services: ServicesOf, account: Manager) -> SilenceState:
    """End one early; 409 where it is over."""
    if not actions.end(services, account, _find(services, silence_id)):
        raise IsOver(f"silence {silence_id} is over already")
    return _state(_find(services, silence_id))


@router.post("/{silence_id}/renew", status_code=201)
def renew(
    silence_id: SilenceId, body: Renewal, services: ServicesOf, account: Manager
) -> SilenceState:
    """Let one go on, as a new one in its place."""
    try:
        found = actions.renew(services, account, _find(services, silence_id), body.until_ms)
    except NotAccepted as refused:
        raise NotASilence(str(refused)) from refused
    return _state(found)


def _find(services: Services, silence_id: int) -> Silence:
    found = actions.find(services, silence_id)
    if found is None:
        raise HTTPException(404, f"unknown silence {silence_id}; see /api/v1/silences")
    return found


def _state(silence: Silence) -> SilenceState:
    values = {name: getattr(silence, name) for name in SilenceState.model_fields}
    scope = ScopeState(**msgspec.to_builtins(silence.scope))
    return SilenceState(**values | {"scope": scope, "level": silence.level.name.lower()})
