"""Pages of suggestions."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.accounts.records import Account
from api.authentication.requests import require
from api.frame import frame
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.suggestions.procedure import PROCEDURE
from api.procedures.pages import forms
from api.procedures.part import Failed, part_of
from api.services import Services, ServicesOf
from api.web.rendering import link, page

ADDRESS = "/suggestions/{item_id}"
router = APIRouter(include_in_schema=False)
Reader = Annotated[Account, require(DutyPermission.SEE)]


@router.get(ADDRESS, response_class=HTMLResponse)
def suggestion(
    item_id: str, request: Request, services: ServicesOf, account: Reader
) -> HTMLResponse:
    """A suggestion, how it stands, and what may be done next."""
    return _shown(request, services, account, item_id, None)


def _shown(
    request: Request, services: Services, account: Account, item_id: str, failed: Failed | None
) -> HTMLResponse:
    address = link(request, ADDRESS.format(item_id=item_id))
    part = part_of(services, account, PROCEDURE, item_id, address=address, failed=failed)
    around = frame(request, services, account)
    return page(request, services.words, "duty/suggestion.html", **around, part=part)


PAGES = (router, forms(PROCEDURE, ADDRESS, _shown))
