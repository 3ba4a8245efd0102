"""The part of a page that shows earlier suggestions while somebody writes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse

from api.accounts.records import Account
from api.authentication.costs import COSTLY, costs
from api.authentication.requests import require
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.similarity import actions
from api.platforms.duty.similarity.actions import Compared
from api.platforms.duty.similarity.records import Written
from api.platforms.duty.similarity.schemas import LONGEST_BODY, LONGEST_TITLE
from api.services import ServicesOf
from api.web.caches import cache
from api.web.forms import MOST_ID
from api.web.rendering import page

router = APIRouter(include_in_schema=False)
Reader = Annotated[Account, require(DutyPermission.SEE)]


@router.post("/similar", response_class=HTMLResponse)
@costs(COSTLY)
def similar(
    request: Request,
    services: ServicesOf,
    account: Reader,
    title: Annotated[str, Form()] = "",
    body: Annotated[str, Form()] = "",
    but: Annotated[int, Form(ge=0, le=MOST_ID)] = 0,
    chosen: Annotated[int, Form(ge=0, le=MOST_ID)] = 0,
) -> HTMLResponse:
    """Earlier suggestions that say the same, to choose one that is raised again, as a part of the
    page that asked.
    """
    asked = Written(but, title[:LONGEST_TITLE], body[:LONGEST_BODY])
    earlier = actions.similar(services, cache(request, Compared), account, asked, chosen)
    return page(request, services.words, "duty/similar.html", earlier=earlier, chosen=chosen)
