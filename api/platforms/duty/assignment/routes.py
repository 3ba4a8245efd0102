"""Assignment over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.platforms.duty.assignment import actions
from api.platforms.duty.assignment.records import Assigned
from api.platforms.duty.assignment.schemas import AssignedState, AssignmentGiven, FurtherUnit
from api.platforms.duty.permission import DutyPermission
from api.services import Services, ServicesOf
from api.web.forms import NotAccepted

Office = Annotated[Account, require(DutyPermission.CHECK)]
router = APIRouter(tags=["duty"], dependencies=[SameOrigin])


@router.post("/suggestions/{item_id}/assign")
def assign(
    item_id: str, given: AssignmentGiven, services: ServicesOf, account: Office
) -> AssignedState:
    """Assign a suggestion to all its units, all or nothing."""
    fields = {"unit": given.unit, "effort": given.effort, "day": given.day.isoformat()}
    assigned = Assigned(fields, given.co, given.separate, given.version)
    try:
        actions.assign(services, account, item_id, assigned)
    except NotAccepted as refused:
        raise HTTPException(422, str(refused)) from refused
    return _state(services, account, item_id)


@router.post("/suggestions/{item_id}/further-units")
def ask(item_id: str, given: FurtherUnit, services: ServicesOf, account: Office) -> AssignedState:
    """Ask one more unit while a suggestion is being handled."""
    try:
        found = actions.ask(services, account, item_id, given.unit, given.part)
    except NotAccepted as refused:
        raise HTTPException(422, str(refused)) from refused
    if found is None:
        raise HTTPException(404, f"unknown suggestion {item_id[:40]}")
    return _state(services, account, item_id)


def _state(services: Services, account: Account, item_id: str) -> AssignedState:
    found = actions.form(services, account, item_id)
    row = found["row"]
    further = [FurtherUnit(unit=of["unit"], part=of["part"]) for of in found["asked"]]
    return AssignedState(state=row["state"], unit=row["unit"], further=further)


API = (router,)
