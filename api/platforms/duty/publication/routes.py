"""Releases over the API."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.publication import actions
from api.platforms.duty.publication.procedure import PROCEDURE
from api.platforms.duty.publication.schemas import (
    ReleaseGiven,
    ReleaseMade,
    ReleasesState,
    releases_state,
)
from api.procedures.routes import routes
from api.services import ServicesOf

Checker = Annotated[Account, require(DutyPermission.CHECK)]
Preparer = Annotated[Account, require(DutyPermission.RELEASE)]
router = APIRouter(tags=["duty"], dependencies=[SameOrigin])


@router.get("/releases")
def releases(
    services: ServicesOf,
    account: Checker,
    show: Literal["prepared", "released", "over"] = "prepared",
) -> ReleasesState:
    """Releases that are prepared, that stand, or that are over."""
    return releases_state(list(actions.listed(services, account, show)))


@router.post("/suggestions/{item_id}/releases", status_code=201)
def prepare(
    item_id: str, given: ReleaseGiven, services: ServicesOf, account: Preparer
) -> ReleaseMade:
    """Prepare what the public shall read of a suggestion."""
    return ReleaseMade(id=actions.prepare(services, account, item_id, given.written))


API = (router, routes(PROCEDURE, "/releases/{item_id}"))
