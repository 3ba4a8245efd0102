"""Pages of the story of a case, and the buttons that make its report and its package."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.accounts.records import Account
from api.authentication.costs import HEAVY, costs
from api.authentication.requests import SameOrigin, require
from api.cases.permission import CasePermission
from api.cases.story import actions, wording
from api.frame import frame
from api.reports.pages import site_services
from api.services import ServicesOf
from api.web.rendering import page
from api.web.tables import saved_as

Reader = Annotated[Account, require(CasePermission.SEE)]
Keeper = Annotated[Account, require(CasePermission.KEEP)]
router = APIRouter(include_in_schema=False, dependencies=[SameOrigin])


@router.get("/{item_id}/story", response_class=HTMLResponse)
def story(item_id: str, request: Request, services: ServicesOf, account: Reader) -> HTMLResponse:
    """All that came of a case on one axis of time."""
    row, found = actions.story(request.app.state.roster, services, account, item_id)
    return page(
        request,
        services.words,
        "cases/story.html",
        **frame(request, services, account),
        row=row,
        entries=wording.entries(services.words, found),
        hidden=found.hidden,
        keeps=account.may(CasePermission.KEEP),
    )


@router.post("/{item_id}/report")
@costs(HEAVY)
def report(item_id: str, request: Request, account: Keeper) -> RedirectResponse:
    """Make the report of a case, and lead to it."""
    made = actions.report(site_services(request), account, item_id)
    return RedirectResponse(f"/reports/{made}", 303)


@router.post("/{item_id}/package", response_class=Response)
@costs(HEAVY)
def package(item_id: str, request: Request, account: Keeper) -> Response:
    """A zip with a new report of a case and every frozen item."""
    name, content = actions.package(site_services(request), account, item_id)
    return Response(content, media_type="application/zip", headers=saved_as(name))


PAGES = (router,)
