"""The page of addresses for messages."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.authentication.requests import SameOrigin
from api.own_account.answers import shown
from api.own_account.contacts import actions
from api.own_account.contacts.records import KINDS, MOST, Added, Confirmed, Removed
from api.own_account.owner import Owner, OwnerOf
from api.web.forms import MOST_ID, NotAccepted
from api.web.rendering import link

router = APIRouter(include_in_schema=False)
ContactId = Annotated[int, Path(ge=0, le=MOST_ID)]
Done = Literal["", "added", "removed", "code-sent", "confirmed"]


@router.get("/contacts", response_class=HTMLResponse)
def contacts(request: Request, owner: OwnerOf, done: Done = "") -> HTMLResponse:
    """Those that are kept, those to be confirmed, and a form for one more."""
    return _page(request, owner, done=done)


@router.post("/contacts", dependencies=[SameOrigin], response_model=None)
def add(
    added: Annotated[Added, Form()], request: Request, owner: OwnerOf
) -> HTMLResponse | RedirectResponse:
    """Keep one."""
    try:
        actions.add(owner, added)
    except NotAccepted as refused:
        return _page(request, owner, refused, added=added)
    return RedirectResponse(link(request, "/contacts?done=added"), 303)


@router.post("/contacts/remove", dependencies=[SameOrigin], response_model=None)
def remove(
    removed: Annotated[Removed, Form()], request: Request, owner: OwnerOf
) -> HTMLResponse | RedirectResponse:
    """Remove one."""
    try:
        actions.remove(owner, removed.contact, removed.password)
    except NotAccepted as refused:
        return _page(request, owner, refused, chosen=removed.contact)
    return RedirectResponse(link(request, "/contacts?done=removed"), 303)


@router.post("/contacts/{contact_id}/code", dependencies=[SameOrigin], response_model=None)
def send_code(
    contact_id: ContactId, request: Request, owner: OwnerOf
) -> HTMLResponse | RedirectResponse:
    """Send a code there."""
    try:
        actions.send_code(owner, contact_id)
    except NotAccepted as refused:
        return _page(request, owner, refused, chosen=contact_id)
    return RedirectResponse(link(request, "/contacts?done=code-sent"), 303)


@router.post("/contacts/{contact_id}/confirm", dependencies=[SameOrigin], response_model=None)
def confirm(
    contact_id: ContactId,
    confirmed: Annotated[Confirmed, Form()],
    request: Request,
    owner: OwnerOf,
) -> HTMLResponse | RedirectResponse:
    """Confirm one by the code that was sent there."""
    try:
        actions.confirm(owner, contact_id, confirmed.code)
    except NotAccepted as refused:
        return _page(request, owner, refused, chosen=contact_id)
    return RedirectResponse(link(request, "/contacts?done=confirmed"), 303)


def _page(
    request: Request,
    owner: Owner,
    refused: NotAccepted | None = None,
    *,
    done: str = "",
    added: Added | None = None,
    chosen: int = 0,
) -> HTMLResponse:
    return shown(
        request,
        owner,
        "contacts.html",
        refused,
        done=done,
        contacts=actions.kept(owner),
        written=added or Added(),
        chosen=chosen,
        kinds=KINDS,
        confirmable=actions.confirmable(owner),
        on_their_way=actions.on_their_way(owner),
        most=MOST,
    )
