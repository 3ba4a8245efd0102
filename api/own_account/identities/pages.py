"""The page of identities; to bind one leads to the provider and back."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.authentication.pages import name_of_second_way
from api.authentication.requests import SameOrigin, let_in
from api.own_account.answers import shown
from api.own_account.identities import actions
from api.own_account.identities.records import Removed
from api.own_account.owner import Owner, OwnerOf
from api.web.forms import NotAccepted
from api.web.rendering import link

router = APIRouter(include_in_schema=False)


@router.get("/identities", response_class=HTMLResponse)
def identities(
    request: Request, owner: OwnerOf, done: Literal["", "unbound"] = ""
) -> HTMLResponse:
    """Those that are bound."""
    return _page(request, owner, done=done)


@router.post("/identities/unbind", dependencies=[SameOrigin], response_model=None)
def unbind(
    removed: Annotated[Removed, Form()], request: Request, owner: OwnerOf
) -> HTMLResponse | RedirectResponse:
    """Take one away."""
    try:
        token = actions.unbind(owner, removed)
    except NotAccepted as refused:
        return _page(request, owner, refused, at=removed.subject)
    answer = RedirectResponse(link(request, "/identities?done=unbound"), 303)
    let_in(request, answer, token)
    return answer


def _page(
    request: Request,
    owner: Owner,
    refused: NotAccepted | None = None,
    *,
    done: str = "",
    at: str = "",
) -> HTMLResponse:
    name, bound = name_of_second_way(owner.services), actions.bound(owner)
    if not name and not bound:
        raise HTTPException(404, "there is no second way in")
    values = {"name": name, "identities": bound, "at": at, "done": done}
    return shown(request, owner, "identities.html", refused, **values)
