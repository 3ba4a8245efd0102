"""Rules of terms over the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.deadlines.kept.rulebook import Held
from api.deadlines.permission import DeadlinePermission
from api.deadlines.rules import actions
from api.deadlines.rules.records import Adding, Asked, Changing, Confirming
from api.deadlines.rules.schemas import RuleState, rule_state
from api.services import Services, ServicesOf
from api.web.forms import NotAccepted

router = APIRouter(prefix="/rules", tags=["deadlines"], dependencies=[SameOrigin])
Viewer = Annotated[Account, require(DeadlinePermission.SEE_RULES)]
Officer = Annotated[Account, require(DeadlinePermission.CONFIRM_RULES)]


@router.get("")
def rules(services: ServicesOf, _who: Viewer, asked: Annotated[Asked, Query()]) -> list[RuleState]:
    """Every rule that is asked for."""
    return [rule_state(held) for held in actions.listed(services, asked)]


@router.post("", status_code=201)
def add(given: Adding, services: ServicesOf, who: Officer) -> RuleState:
    """A rule of the office's own, which it confirms thereby."""
    return _decided(lambda: actions.add(services, who, given))


@router.get("/{rule_id}")
def rule(rule_id: str, services: ServicesOf, _who: Viewer) -> RuleState:
    """A rule as it holds."""
    return rule_state(_find(services, rule_id))


@router.get("/{rule_id}/versions")
def versions(rule_id: str, services: ServicesOf, _who: Viewer) -> list[RuleState]:
    """Every version, the newest first."""
    _find(services, rule_id)
    return [rule_state(held) for held in actions.versions(services, rule_id)]


@router.post("/{rule_id}/confirm")
def confirm(rule_id: str, given: Confirming, services: ServicesOf, who: Officer) -> RuleState:
    """The office stands for a rule, or takes another region's over."""
    held = _find(services, rule_id)
    return _decided(lambda: actions.confirm(services, who, held, given))


@router.post("/{rule_id}/change")
def change(rule_id: str, given: Changing, services: ServicesOf, who: Officer) -> RuleState:
    """Another amount, from now on; running deadlines keep theirs until they are recomputed."""
    held = _find(services, rule_id)
    return _decided(lambda: actions.change(services, who, held, given))


@router.post("/{rule_id}/recompute")
def recompute(rule_id: str, services: ServicesOf, who: Officer) -> dict[str, int]:
    """Reckon running deadlines anew with the newest version; how many."""
    return {"recomputed": actions.recompute(services, who, _find(services, rule_id))}


def _decided(act: Callable[[], Held]) -> RuleState:
    try:
        return rule_state(act())
    except NotAccepted as refused:
        raise HTTPException(422, str(refused)) from refused


def _find(services: Services, rule_id: str) -> Held:
    found = actions.find(services, rule_id)
    if found is None:
        raise HTTPException(404, f"there is no rule {rule_id!r}; see /api/v1/deadlines/rules")
    return found
