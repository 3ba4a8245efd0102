"""The password over the API."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.authentication.requests import SameOrigin, let_in
from api.own_account.owner import OwnerOf, refusal
from api.own_account.password import actions
from api.own_account.password.records import Chosen
from api.web.forms import NotAccepted

router = APIRouter(prefix="/password", tags=["account"], dependencies=[SameOrigin])


@router.put("", status_code=204)
def change(chosen: Chosen, request: Request, response: Response, owner: OwnerOf) -> None:
    """Change it; other sessions end, and the answer sets the cookie of this one anew."""
    try:
        token = actions.change(owner, chosen.password, chosen.new, chosen.new)
    except NotAccepted as error:
        raise refusal(error) from error
    let_in(request, response, token)
