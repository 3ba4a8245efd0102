"""The page of a measure."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.cases.means import actions, wording
from api.cases.means.procedure import PROCEDURE
from api.cases.permission import CasePermission
from api.frame import frame
from api.procedures.pages import forms
from api.procedures.part import Failed, part_of
from api.services import Services, ServicesOf
from api.web.rendering import link, page

ADDRESS = "/measures/{item_id}"
Reader = Annotated[Account, require(CasePermission.SEE)]
router = APIRouter(include_in_schema=False, dependencies=[SameOrigin])


@router.get(ADDRESS, response_class=HTMLResponse)
def measure(item_id: str, request: Request, services: ServicesOf, account: Reader) -> HTMLResponse:
    """A measure, how it stands, and what may be done next."""
    return _shown(request, services, account, item_id, None)


def _shown(
    request: Request, services: Services, account: Account, item_id: str, failed: Failed | None
) -> HTMLResponse:
    address = link(request, ADDRESS.format(item_id=item_id))
    part = part_of(services, account, PROCEDURE, item_id, address=address, failed=failed)
    (line,) = wording.lines(services, [part.row])
    return page(
        request,
        services.words,
        "cases/measure.html",
        **frame(request, services, account),
        part=part,
        failed=failed,
        line=line,
        case=actions.case_of(services, account, str(part.row["case_id"])),
        **actions.ATTACHING.part(services, account, part.row, address),
    )


PAGES = (router, forms(PROCEDURE, ADDRESS, _shown), actions.ATTACHING.form(ADDRESS, _shown))
