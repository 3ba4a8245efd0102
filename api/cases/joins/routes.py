"""Proposals for a case over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.cases.joins import actions, wording
from api.cases.joins.schemas import Dismissing, ProposalState, proposal_state
from api.cases.permission import CasePermission
from api.ports import Reference
from api.services import ServicesOf

Reader = Annotated[Account, require(CasePermission.SEE)]
Keeper = Annotated[Account, require(CasePermission.KEEP)]
router = APIRouter(tags=["cases"], dependencies=[SameOrigin])


@router.get("/{item_id}/proposals")
def proposals(
    item_id: str, request: Request, services: ServicesOf, account: Reader
) -> list[ProposalState]:
    """Things of other platforms that may belong to a case, the strongest first."""
    found = actions.listed(services, request.app.state.roster, account, item_id)
    lines = wording.lines(services, found)
    return [proposal_state(of, line) for of, line in zip(found, lines, strict=True)]


@router.post("/{item_id}/proposals/dismiss", status_code=204)
def dismiss(
    item_id: str, body: Dismissing, request: Request, services: ServicesOf, account: Keeper
) -> None:
    """A proposal is set aside, and not made for the case again."""
    of = body.item
    reference = Reference(of.platform, of.kind, of.id)
    roster = request.app.state.roster
    actions.set_aside(roster, services, account, item_id, reference, body.why)


API = (router,)
