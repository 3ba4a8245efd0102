"""Motions over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.platforms.duty.motions import actions
from api.platforms.duty.motions.procedure import PROCEDURE
from api.platforms.duty.motions.schemas import (
    Converted,
    Decided,
    Invited,
    MotionGiven,
    MotionMade,
    MotionsState,
    Signing,
    motion_state,
)
from api.platforms.duty.permission import DutyPermission
from api.procedures.routes import routes
from api.services import ServicesOf

Reader = Annotated[Account, require(DutyPermission.SEE)]
Writer = Annotated[Account, require(DutyPermission.WRITE)]
Office = Annotated[Account, require(DutyPermission.CHECK)]
router = APIRouter(tags=["duty"], dependencies=[SameOrigin])


@router.get("/motions")
def motions(services: ServicesOf, account: Reader, *, mine: bool = False) -> MotionsState:
    """Motions that the caller may see."""
    found = actions.listed(services, account, mine=mine)
    return MotionsState(motions=[motion_state(of) for of in found])


@router.post("/motions", status_code=201)
def begin(given: MotionGiven, services: ServicesOf, account: Writer) -> MotionMade:
    """Begin a motion."""
    return MotionMade(id=actions.begin(services, account, given.model_dump()))


@router.post("/motions/{item_id}/invitations")
def invite(item_id: str, given: Invited, services: ServicesOf, account: Writer) -> Invited:
    """Ask deputies to sign; those who had not been asked before."""
    found = actions.invite(services, account, item_id, given.usernames)
    return Invited(usernames=list(found))


@router.post("/motions/{item_id}/signature", status_code=204)
def sign(item_id: str, given: Signing, services: ServicesOf, account: Writer) -> None:
    """Sign, or decline."""
    if given.signs:
        actions.sign(services, account, item_id, given.text_hash)
    else:
        actions.decline(services, account, item_id)


@router.post("/motions/{item_id}/convert")
def convert(item_id: str, given: Decided, services: ServicesOf, account: Office) -> Converted:
    """Make a suggestion of a motion, as the presidium decided."""
    said = {"meeting": given.meeting, "day": given.day}
    made = actions.convert(services, account, item_id, said, given.version)
    return Converted(suggestion=made)


API = (router, routes(PROCEDURE, "/motions/{item_id}"))
