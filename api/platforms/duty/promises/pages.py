"""The ledger of promises, and the page of one."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.accounts.records import Account
from api.authentication.requests import require
from api.frame import frame
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.promises import actions
from api.platforms.duty.promises.procedure import PROCEDURE
from api.platforms.duty.promises.records import SHOWS, Show
from api.procedures.pages import forms
from api.procedures.part import Failed, part_of
from api.services import Services, ServicesOf
from api.web.rendering import link, page

ADDRESS = "/promises/{item_id}"
Reader = Annotated[Account, require(DutyPermission.SEE)]
Number = Annotated[int, Query(ge=1, le=10_000)]
router = APIRouter(include_in_schema=False)


@router.get("/promises", response_class=HTMLResponse)
def promises(
    request: Request,
    services: ServicesOf,
    account: Reader,
    show: Show = "open",
    page_number: Annotated[Number, Query(alias="page")] = 1,
) -> HTMLResponse:
    """The promises that concern the reader, the first due first."""
    roster = request.app.state.roster
    return page(
        request,
        services.words,
        "duty/promises.html",
        **frame(request, services, account),
        ledger=actions.ledger(services, account, roster, show, page_number),
        show=show,
        shows=SHOWS,
        page_number=page_number,
    )


@router.get(ADDRESS, response_class=HTMLResponse)
def promise(item_id: str, request: Request, services: ServicesOf, account: Reader) -> HTMLResponse:
    """A promise, how it stands, and what may be done next."""
    return _shown(request, services, account, item_id, None)


def _shown(
    request: Request, services: Services, account: Account, item_id: str, failed: Failed | None
) -> HTMLResponse:
    address = link(request, ADDRESS.format(item_id=item_id))
    part = part_of(services, account, PROCEDURE, item_id, address=address, failed=failed)
    line = actions.line_of(services, request.app.state.roster, part.row)
    evidence = services.words(f"{PROCEDURE.words}.need-evidence")
    # Evidence is kept as JSON; what is watched stands above as a sentence.
    moments = [
        replace(of, said=[it for it in of.said if it[0] != evidence]) for of in part.moments
    ]
    return page(
        request,
        services.words,
        "duty/promise.html",
        **frame(request, services, account),
        part=replace(part, moments=moments),
        line=line,
    )


PAGES = (router, forms(PROCEDURE, ADDRESS, _shown))
