"""The page of one's messages."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.frame import frame
from api.notifications.inbox import actions
from api.own_account.owner import OwnerOf
from api.web import live_parts
from api.web.rendering import page

A_PAGE = 20
router = APIRouter(include_in_schema=False)


@router.get("/", response_class=HTMLResponse)
def inbox(
    request: Request,
    owner: OwnerOf,
    number: Annotated[int, Query(alias="page", ge=1, le=1_000_000)] = 1,
) -> HTMLResponse:
    """A page of messages, which are opened by that; a page that stands open opens none."""
    found = actions.received(owner, first=(number - 1) * A_PAGE, most=A_PAGE + 1)
    shown = found[:A_PAGE]
    if live_parts.HEADER not in request.headers:
        actions.open_messages(owner, [of.message.id for of in shown])
    return page(
        request,
        owner.services.words,
        "notifications/inbox.html",
        **frame(request, owner.services, owner.account),
        received=shown,
        number=number,
        more=len(found) > A_PAGE,
    )
