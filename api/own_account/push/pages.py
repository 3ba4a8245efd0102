"""The page of notifications in browsers."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.authentication.requests import SameOrigin
from api.own_account.answers import shown
from api.own_account.owner import OwnerOf
from api.own_account.push import actions
from api.own_account.push.records import MOST
from api.web.devices import device
from api.web.forms import MOST_ID
from api.web.rendering import link

router = APIRouter(include_in_schema=False)


@router.get("/push", response_class=HTMLResponse)
def push(
    request: Request, owner: OwnerOf, done: Literal["", "allowed", "unallowed"] = ""
) -> HTMLResponse:
    """A button for this browser, and those that get them."""
    words = owner.services.words
    rows = [(each, device(words, each.browser)) for each in actions.allowed(owner)]
    key = actions.public_key(owner)
    return shown(request, owner, "push.html", done=done, rows=rows, key=key, most=MOST)


@router.post("/push/{subscription_id}/remove", dependencies=[SameOrigin])
def remove(
    subscription_id: Annotated[int, Path(ge=0, le=MOST_ID)], request: Request, owner: OwnerOf
) -> RedirectResponse:
    """Send a browser no more; one that is gone meanwhile is as good."""
    actions.end(owner, subscription_id)
    return RedirectResponse(link(request, "/push?done=unallowed"), 303)
