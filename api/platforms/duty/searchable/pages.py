"""The way from the search to a meeting or a survey, which the office and those who are invited or
asked see on different pages.
"""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Path, Request
from fastapi.responses import RedirectResponse

from api import items
from api.authentication.requests import SignedIn
from api.ports import Reference
from api.services import ServicesOf
from api.web.rendering import link

Id = Annotated[str, Path(max_length=12)]
router = APIRouter(include_in_schema=False)


@router.get("/found/{kind}/{item_id}")
def found(
    kind: Literal["meeting", "survey"],
    item_id: Id,
    request: Request,
    services: ServicesOf,
    account: SignedIn,
) -> RedirectResponse:
    """Leads to the page on which somebody sees it."""
    roster = request.app.state.roster
    item = items.read(roster, services, account, Reference("duty", kind, item_id))
    if item is None:
        raise HTTPException(404)
    return RedirectResponse(link(request, item.path), 303)


PAGES = (router,)
