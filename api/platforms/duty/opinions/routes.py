"""Opinions over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.platforms.duty.opinions import actions
from api.platforms.duty.opinions.procedure import PROCEDURE
from api.platforms.duty.opinions.records import Asked
from api.platforms.duty.opinions.schemas import (
    IdentityState,
    OpinionGiven,
    OpinionMade,
    OpinionsState,
    identity_state,
    opinion_state,
)
from api.platforms.duty.permission import DutyPermission
from api.procedures.routes import routes
from api.services import ServicesOf

Reader = Annotated[Account, require(DutyPermission.SEE_OPINIONS)]
Office = Annotated[Account, require(DutyPermission.FORWARD_OPINIONS)]
router = APIRouter(tags=["duty"], dependencies=[SameOrigin])


@router.get("/opinions")
def opinions(
    services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> OpinionsState:
    """Of a deputy the own ones, of the office all; nothing of the voters."""
    lines, count, following = actions.listed(services, account, asked)
    return OpinionsState(
        opinions=[opinion_state(of) for of in lines], count=count, following=following
    )


@router.post("/opinions", status_code=201)
def record(given: OpinionGiven, services: ServicesOf, account: Office) -> OpinionMade:
    """Enter an opinion that came on paper, by phone or at a station of deputies."""
    item_id, receipt = actions.record(services, account, given.deputy, given.written)
    return OpinionMade(id=item_id, receipt=receipt)


@router.post("/opinions/{item_id}/identity")
def identify(item_id: str, services: ServicesOf, account: Reader) -> IdentityState:
    """The voter who wrote an opinion; it is recorded that the caller asked."""
    return identity_state(actions.identify(services, account, item_id))


API = (router, routes(PROCEDURE, "/opinions/{item_id}"))
