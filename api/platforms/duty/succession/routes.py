"""A change of term over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.succession import actions
from api.platforms.duty.succession.schemas import (
    DepartedState,
    SuccessionState,
    SuccessorGiven,
)
from api.services import Services, ServicesOf
from api.web.forms import NotAccepted

Office = Annotated[Account, require(DutyPermission.CHECK)]
router = APIRouter(tags=["duty"], dependencies=[SameOrigin])


@router.get("/succession")
def succession(services: ServicesOf, account: Office) -> SuccessionState:
    """Open suggestions of lead deputies who left."""
    return _state(services, account, 0)


@router.post("/succession")
def name_successor(
    given: SuccessorGiven, services: ServicesOf, account: Office
) -> SuccessionState:
    """Name a successor for all that is open of one deputy."""
    try:
        count = actions.name_successor(services, account, given.lead, given.successor, given.why)
    except NotAccepted as refused:
        raise HTTPException(422, str(refused)) from refused
    return _state(services, account, count)


def _state(services: Services, account: Account, handed_on: int) -> SuccessionState:
    found = [
        DepartedState(
            lead=of.username, name=of.name, suggestions=[row["id"] for row in of.suggestions]
        )
        for of in actions.departed(services, account)
    ]
    return SuccessionState(departed=found, handed_on=handed_on)


API = (router,)
