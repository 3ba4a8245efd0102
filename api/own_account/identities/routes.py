"""Identities over the API. One is bound on the page alone: its provider speaks to browsers."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from api.authentication.requests import SameOrigin, let_in
from api.own_account.identities import actions
from api.own_account.identities.records import Removed
from api.own_account.owner import OwnerOf, refusal
from api.web.forms import NotAccepted

router = APIRouter(prefix="/identities", tags=["account"], dependencies=[SameOrigin])


class Bound(BaseModel):
    """Somebody at a provider."""

    issuer: str
    subject: str


@router.get("")
def identities(owner: OwnerOf) -> list[Bound]:
    """Those that open the account."""
    return [Bound(issuer=of.issuer, subject=of.subject) for of in actions.bound(owner)]


@router.post("/unbind", status_code=204)
def unbind(removed: Removed, request: Request, response: Response, owner: OwnerOf) -> None:
    """Take one away; other sessions end, and the answer sets the cookie of this one anew."""
    try:
        let_in(request, response, actions.unbind(owner, removed))
    except NotAccepted as error:
        raise refusal(error) from error
