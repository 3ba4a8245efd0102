"""The page of the browsers that are signed in."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.authentication.requests import SameOrigin, let_out
from api.own_account.answers import shown
from api.own_account.devices import actions
from api.own_account.owner import OwnerOf
from api.web.devices import device
from api.web.rendering import link

router = APIRouter(include_in_schema=False)


@router.get("/devices", response_class=HTMLResponse)
def devices(request: Request, owner: OwnerOf, done: Literal["", "ended"] = "") -> HTMLResponse:
    """Each with when and from where."""
    words = owner.services.words
    rows = [(each, device(words, each.session.browser)) for each in actions.listed(owner)]
    return shown(request, owner, "devices.html", done=done, rows=rows)


@router.post("/devices/end", dependencies=[SameOrigin])
def end_all(request: Request, owner: OwnerOf) -> RedirectResponse:
    """Sign out everywhere, here too."""
    actions.end_all(owner)
    answer = RedirectResponse("/sign-in", 303)
    let_out(request, answer)
    return answer


@router.post("/devices/{session_id}/end", dependencies=[SameOrigin])
def end(session_id: str, request: Request, owner: OwnerOf) -> RedirectResponse:
    """Sign one browser out; one that has ended meanwhile is as good."""
    actions.end(owner, session_id)
    return RedirectResponse(link(request, "/devices?done=ended"), 303)
