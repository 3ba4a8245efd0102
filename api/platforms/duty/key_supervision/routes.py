"""Key supervisions over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.platforms.duty.key_supervision import actions
from api.platforms.duty.key_supervision.procedure import PROCEDURE
from api.platforms.duty.key_supervision.records import Show
from api.platforms.duty.key_supervision.schemas import (
    ProposalGiven,
    SupervisionsState,
    supervision_state,
)
from api.platforms.duty.permission import DutyPermission
from api.procedures.routes import routes
from api.services import ServicesOf

Reader = Annotated[Account, require(DutyPermission.SEE)]
Committee = Annotated[Account, require(DutyPermission.DECIDE)]
router = APIRouter(tags=["duty"], dependencies=[SameOrigin])


@router.get("/key-supervision")
def supervisions(
    services: ServicesOf, account: Reader, show: Show = "running"
) -> SupervisionsState:
    """Suggestions under key supervision."""
    found = actions.listed(services, account, show)
    return SupervisionsState(supervisions=[supervision_state(of) for of in found])


@router.post("/suggestions/{item_id}/key-supervision")
def propose(
    item_id: str, given: ProposalGiven, services: ServicesOf, account: Committee
) -> SupervisionsState:
    """Propose a suggestion for key supervision."""
    made = actions.propose(services, account, item_id, given.model_dump())
    if made is None:
        raise HTTPException(404, f"unknown suggestion {item_id[:40]}")
    found = actions.listed(services, account, "running")
    mine = [supervision_state(of) for of in found if str(of.row["id"]) == made]
    return SupervisionsState(supervisions=mine)


API = (router, routes(PROCEDURE, "/key-supervision/{item_id}"))
