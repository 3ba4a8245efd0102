"""The story of a case, its report and its package over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response

from api.accounts.records import Account
from api.authentication.costs import HEAVY, costs
from api.authentication.requests import SameOrigin, require
from api.cases.permission import CasePermission
from api.cases.story import actions
from api.cases.story.schemas import Made, StoryState, story_state
from api.reports.pages import site_services
from api.services import ServicesOf
from api.web.tables import saved_as

Reader = Annotated[Account, require(CasePermission.SEE)]
Keeper = Annotated[Account, require(CasePermission.KEEP)]
router = APIRouter(tags=["cases"], dependencies=[SameOrigin])


@router.get("/{item_id}/story")
def story(item_id: str, request: Request, services: ServicesOf, account: Reader) -> StoryState:
    """All that came of a case, the newest last."""
    _, found = actions.story(request.app.state.roster, services, account, item_id)
    return story_state(found)


@router.post("/{item_id}/report", status_code=201)
@costs(HEAVY)
def report(item_id: str, request: Request, account: Keeper) -> Made:
    """Make the report of a case."""
    return Made(report=actions.report(site_services(request), account, item_id))


@router.post("/{item_id}/package", response_class=Response)
@costs(HEAVY)
def package(item_id: str, request: Request, account: Keeper) -> Response:
    """A zip with a new report of a case, every frozen item, and a manifest of their SHA-256."""
    name, content = actions.package(site_services(request), account, item_id)
    return Response(content, media_type="application/zip", headers=saved_as(name))


API = (router,)
