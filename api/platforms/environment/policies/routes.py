"""Escalation policies over the API."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from alerting.escalation.policy import Policy
from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.platforms.environment.escalation_wording import named, policy_said
from api.platforms.environment.permission import EnvironmentPermission
from api.platforms.environment.policies import actions
from api.platforms.environment.policies.actions import Kept
from api.services import Services, ServicesOf
from api.web.forms import MOST_ID, NotAccepted

router = APIRouter(prefix="/policies", tags=["policies"], dependencies=[SameOrigin])
Viewer = Annotated[Account, require(EnvironmentPermission.SEE_ALERTS)]
Manager = Annotated[Account, require(EnvironmentPermission.MANAGE_POLICIES)]


class VersionState(BaseModel):
    """Who saved a version, and when; ``account`` is the username of ``author``."""

    revision: int
    author: str
    account: str
    saved_ms: int


class PolicyState(BaseModel):
    """A policy in force, in fields and in a sentence. Steps are taken one after the other, each
    ``wait_minutes`` after the one before. Usernames are there for those who manage policies.
    """

    id: str
    revision: int
    document: dict[str, Any]
    said: str
    versions: list[VersionState]


class NewVersion(BaseModel):
    """A policy as ``document`` of the answer has it, without its id. ``revision`` is the one that
    it changes; left out: whichever there is.
    """

    model_config = ConfigDict(strict=True, extra="forbid")
    document: dict[str, Any]
    revision: Annotated[int | None, Field(ge=0, le=MOST_ID)] = None


@router.get("")
def policies(services: ServicesOf, who: Viewer) -> list[PolicyState]:
    """All of them in the order in which they are taken."""
    return [_state(services, who, kept) for kept in actions.every(services)]


@router.get("/{policy_id}")
def policy(policy_id: str, services: ServicesOf, who: Viewer) -> PolicyState:
    """One of them."""
    return _state(services, who, _find(services, policy_id))


@router.put("/{policy_id}")
def save(policy_id: str, body: NewVersion, services: ServicesOf, who: Manager) -> PolicyState:
    """Keep a new version, in force from now on, of this policy or of a new one."""
    try:
        found = msgspec.convert(body.document | {"id": policy_id}, Policy)
        actions.save(services, who, found, body.revision, new=False)
    except (msgspec.ValidationError, NotAccepted) as fault:
        raise HTTPException(422, str(fault)) from fault
    return _state(services, who, _find(services, policy_id))


def _find(services: Services, policy_id: str) -> Kept:
    kept = actions.find(services, policy_id)
    if kept is None:
        raise HTTPException(404, f"unknown policy {policy_id!r}; see /api/v1/policies")
    return kept


def _state(services: Services, who: Account, kept: Kept) -> PolicyState:
    manages = who.may(EnvironmentPermission.MANAGE_POLICIES)
    document: dict[str, Any] = msgspec.to_builtins(kept.policy)
    for target in (of for step in document["steps"] for of in step["targets"] if not manages):
        target["name"] = "" if target["kind"] == "person" else target["name"]
    return PolicyState(
        id=kept.policy.id,
        revision=kept.revision,
        document=document,
        said=policy_said(services, kept.policy, named(services, people=manages)),
        versions=[
            VersionState(
                revision=of.revision,
                author=of.author,
                account=of.account,
                saved_ms=of.saved_ms,
            )
            for of in kept.versions
        ],
    )
