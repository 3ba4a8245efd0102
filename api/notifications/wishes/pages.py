"""The page of one's wishes."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from alerting.escalation.policy import LEVELS
from api.authentication.requests import SameOrigin
from api.frame import frame
from api.notifications.wishes import actions
from api.notifications.wishes.records import Wished
from api.own_account.owner import Owner, OwnerOf
from api.web.forms import NotAccepted
from api.web.rendering import link, page

ADDRESSES = {"push": "/account/push"}
"""Where a person is made reachable; of all other kinds it is the page of addresses."""
router = APIRouter(include_in_schema=False)


@router.get("/wishes", response_class=HTMLResponse)
def wishes(request: Request, owner: OwnerOf, done: Literal["", "saved"] = "") -> HTMLResponse:
    """In words what will be heard, and the form."""
    return _page(request, owner, done=done)


@router.post("/wishes", dependencies=[SameOrigin], response_model=None)
def save(
    wished: Annotated[Wished, Form()], request: Request, owner: OwnerOf
) -> HTMLResponse | RedirectResponse:
    """Keep them; what does not hold comes back with its words and all that was written."""
    try:
        actions.save(owner, wished)
    except NotAccepted as refused:
        answer = _page(request, owner, refused, wished)
        answer.status_code = 422
        return answer
    return RedirectResponse(link(request, "/wishes?done=saved"), 303)


def _page(
    request: Request,
    owner: Owner,
    refused: NotAccepted | None = None,
    wished: Wished | None = None,
    *,
    done: str = "",
) -> HTMLResponse:
    words, standing = owner.services.words, actions.standing(owner)
    wrong = {}
    if refused:
        wrong = {refused.faults[0].where: words(f"notifications.wrong-{refused.key}")}
    return page(
        request,
        words,
        "notifications/wishes.html",
        **frame(request, owner.services, owner.account),
        standing=standing,
        written=wished or (standing and standing.written),
        levels=tuple(LEVELS),
        addresses=ADDRESSES,
        wrong=wrong,
        done=done,
    )
