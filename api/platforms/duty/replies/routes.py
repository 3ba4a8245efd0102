"""A reply with its promises over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Request

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.platforms.duty.handling import actions as handling
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.replies import actions
from api.platforms.duty.replies.records import Written
from api.platforms.duty.replies.schemas import Replied, ReplyGiven, row_of
from api.services import ServicesOf
from api.web.forms import NotAccepted

Handler = Annotated[Account, require(DutyPermission.HANDLE)]
router = APIRouter(tags=["duty"], dependencies=[SameOrigin])


@router.post("/suggestions/{item_id}/reply")
def reply(
    item_id: str, given: ReplyGiven, request: Request, services: ServicesOf, account: Handler
) -> Replied:
    """Answer a suggestion, for the first time or again, with promises, all or nothing."""
    fields = {
        "text": given.text,
        "paper": given.paper,
        "signer": given.signer,
        "result": given.result,
        "day": given.day.isoformat(),
    }
    written = Written(fields, [row_of(of) for of in given.promises], given.version)
    try:
        actions.reply(services, request.app.state.roster, account, item_id, written)
    except NotAccepted as refused:
        raise HTTPException(422, str(refused)) from refused
    row = handling.seen(services, account, item_id)
    if row is None:
        raise HTTPException(404, f"unknown suggestion {item_id[:40]}")
    return Replied(state=row["state"], round=row["round"])


API = (router,)
