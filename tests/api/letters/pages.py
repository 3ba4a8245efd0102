"""Pages and API of letters."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.accounts.records import Account
from api.authentication.requests import require
from api.frame import frame
from api.procedures.pages import forms
from api.procedures.part import Failed, part_of
from api.procedures.routes import routes
from api.services import Services, ServicesOf
from api.web.rendering import link, page
from tests.api.letters.permission import LetterPermission
from tests.api.letters.procedure import PROCEDURE

ADDRESS = "/{item_id}"
router = APIRouter(include_in_schema=False)
Reader = Annotated[Account, require(LetterPermission.READ)]


@router.get(ADDRESS, response_class=HTMLResponse)
def letter(item_id: str, request: Request, services: ServicesOf, account: Reader) -> HTMLResponse:
    """A letter."""
    return _shown(request, services, account, item_id, None)


def _shown(
    request: Request, services: Services, account: Account, item_id: str, failed: Failed | None
) -> HTMLResponse:
    address = link(request, ADDRESS.format(item_id=item_id))
    part = part_of(services, account, PROCEDURE, item_id, address=address, failed=failed)
    around = frame(request, services, account)
    return page(request, services.words, "letters/letter.html", **around, part=part)


PAGES = (router, forms(PROCEDURE, ADDRESS, _shown))
API = (routes(PROCEDURE, ADDRESS),)
