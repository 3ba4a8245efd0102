"""The page of clauses that are alike."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse

from api.accounts.records import Account
from api.authentication.costs import COSTLY, costs
from api.authentication.requests import SameOrigin, require
from api.frame import frame
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.similar import actions
from api.services import ServicesOf
from api.web.forms import MOST_ID
from api.web.rendering import page

router = APIRouter(prefix="/texts", include_in_schema=False, dependencies=[SameOrigin])
Viewer = Annotated[Account, require(DocumentsPermission.SEE_RULES)]
Number = Annotated[int, Path(ge=1, le=MOST_ID)]


@router.get("/{number}/similar", response_class=HTMLResponse)
@costs(COSTLY)
def similar(
    number: Number,
    request: Request,
    services: ServicesOf,
    account: Viewer,
    clause: Annotated[int | None, Query(ge=0, le=MOST_ID)] = None,
    hit: Annotated[str | None, Query(max_length=40)] = None,
) -> HTMLResponse:
    """Clauses of other texts beside the one that was asked about, with what differs marked."""
    found = actions.similar(services, number, clause, hit)
    return page(
        request,
        services.words,
        "documents/similar.html",
        **frame(request, services, account),
        found=found,
        hit=hit,
    )


PAGES = (router,)
