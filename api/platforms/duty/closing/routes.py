"""Ratings over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.platforms.duty.closing import actions
from api.platforms.duty.closing.schemas import Given, RatingsState, round_state
from api.platforms.duty.handling import actions as handling
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.ratings import actions as rating_actions
from api.services import Services, ServicesOf
from api.web.forms import NotAccepted

Reader = Annotated[Account, require(DutyPermission.SEE)]
Signer = Annotated[Account, require(DutyPermission.WRITE)]
router = APIRouter(tags=["duty"], dependencies=[SameOrigin])


@router.get("/suggestions/{item_id}/ratings")
def ratings(item_id: str, services: ServicesOf, account: Reader) -> RatingsState:
    """The ratings of each reply: those of others only when the window is closed."""
    return _state(services, account, item_id)


@router.post("/suggestions/{item_id}/ratings")
def rate(item_id: str, given: Given, services: ServicesOf, account: Signer) -> RatingsState:
    """Rate the last reply, or change one's rating, until the window closes."""
    try:
        actions.rate(services, account, item_id, given.model_dump())
    except NotAccepted as refused:
        raise HTTPException(422, str(refused)) from refused
    return _state(services, account, item_id)


def _state(services: Services, account: Account, item_id: str) -> RatingsState:
    row = handling.seen(services, account, item_id)
    if row is None:
        raise HTTPException(404, f"unknown suggestion {item_id[:40]}")
    found = rating_actions.parts(services, account, row)
    rounds = [round_state(of) for of in found["ratings"]]
    return RatingsState(rounds=rounds, may_rate=found["may_rate"])


API = (router,)
