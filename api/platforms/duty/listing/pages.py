"""The page of the list, and the table of it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.accounts.records import Account
from api.authentication.requests import require
from api.frame import frame
from api.platforms.duty.listing import actions, repository, wording
from api.platforms.duty.listing.records import SHOWS, Asked
from api.platforms.duty.permission import DutyPermission
from api.services import ServicesOf
from api.web import tables
from api.web.rendering import page

router = APIRouter(include_in_schema=False)
Reader = Annotated[Account, require(DutyPermission.SEE)]


@router.get("/suggestions", response_class=HTMLResponse)
def suggestions(
    request: Request, services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """Suggestions that somebody may see, the newest first, a page at a time."""
    found = actions.found(services, account, asked)
    writes = account.may(DutyPermission.WRITE)
    return page(
        request,
        services.words,
        "duty/suggestions.html",
        **frame(request, services, account),
        asked=asked,
        shows=[of for of in SHOWS if writes or of not in ("mine", "sign")],
        filters=wording.filters(services),
        found=found,
        most=repository.COUNTED,
        rows=wording.shown(services, found.lines, actions.terms(services, found.lines)),
    )


@router.get("/suggestions.{form}")
def exported(
    form: tables.Form, services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> Response:
    """All pages of a question as a table for a spreadsheet."""
    most = tables.MOST[form]
    lines, count = actions.every(services, account, asked, most)
    total = count if count <= most else None
    sheet = wording.table(services, lines)
    return tables.download(services.words, "suggestions", form, sheet, total=total)


PAGES = (router,)
