"""Contacts and contributions over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.platforms.duty.handling import actions
from api.platforms.duty.handling.procedure import PROCEDURE
from api.platforms.duty.handling.schemas import (
    HandlingState,
    Logged,
    Word,
    contact_state,
    contribution_state,
)
from api.platforms.duty.permission import DutyPermission
from api.procedures.procedure import Row
from api.procedures.routes import routes
from api.services import Services, ServicesOf
from api.web.forms import MOST_ID, NotAccepted

ContactId = Annotated[int, Path(ge=1, le=MOST_ID)]
Reader = Annotated[Account, require(DutyPermission.SEE)]
Handler = Annotated[Account, require(DutyPermission.HANDLE)]
Signer = Annotated[Account, require(DutyPermission.WRITE)]
router = APIRouter(tags=["duty"], dependencies=[SameOrigin])


@router.get("/suggestions/{item_id}/handling")
def handling(item_id: str, services: ServicesOf, account: Reader) -> HandlingState:
    """The contacts of the unit in charge, and the parts of further units."""
    row = actions.seen(services, account, item_id)
    return _state(services, account, row, f"unknown suggestion {item_id[:40]}")


@router.post("/suggestions/{item_id}/contacts")
def log_contact(
    item_id: str, given: Logged, services: ServicesOf, account: Handler
) -> HandlingState:
    """Log that the unit spoke with the deputies."""
    written = {"way": given.way, "day": given.day.isoformat(), "text": given.text}
    try:
        row = actions.log_contact(services, account, item_id, written)
    except NotAccepted as refused:
        raise HTTPException(422, str(refused)) from refused
    return _state(services, account, row, f"unknown suggestion {item_id[:40]}")


@router.post("/contacts/{contact_id}/word")
def say(
    contact_id: ContactId, given: Word, services: ServicesOf, account: Signer
) -> HandlingState:
    """Confirm or deny a contact, once."""
    row = actions.say(services, account, contact_id, confirmed=given.confirmed, note=given.note)
    return _state(services, account, row, f"unknown contact {contact_id}")


def _state(services: Services, account: Account, row: Row | None, missing: str) -> HandlingState:
    if row is None:
        raise HTTPException(404, missing)
    found = actions.parts(services, account, row)
    return HandlingState(
        contacts=[contact_state(of) for of in found["contacts"]],
        contributions=[contribution_state(of) for of in found["contributions"]],
    )


API = (router, routes(PROCEDURE, "/contributions/{item_id}"))
