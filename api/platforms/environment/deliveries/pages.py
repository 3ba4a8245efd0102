"""The log of deliveries, and the same as a table."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.accounts.records import Account
from api.authentication.requests import require
from api.frame import frame
from api.platforms.environment.deliveries import actions, wording
from api.platforms.environment.deliveries.records import Asked
from api.platforms.environment.permission import EnvironmentPermission
from api.services import ServicesOf
from api.web import tables
from api.web.rendering import page

A_PAGE = 50
router = APIRouter(include_in_schema=False)
Viewer = Annotated[Account, require(EnvironmentPermission.SEE_DELIVERIES)]


@router.get("/deliveries", response_class=HTMLResponse)
def deliveries(
    request: Request, services: ServicesOf, account: Viewer, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """The newest first, a page at a time."""
    found = actions.searched(services, asked, first=(asked.page - 1) * A_PAGE, most=A_PAGE)
    return page(
        request,
        services.words,
        "environment/deliveries.html",
        **frame(request, services, account),
        asked=asked,
        filters=wording.filters(services),
        total=found.total,
        pages=-(-found.total // A_PAGE),
        lines=list(wording.lines(services, actions.names(services), found.rows)),
    )


@router.get("/deliveries.{form}")
def exported(
    form: tables.Form, services: ServicesOf, _account: Viewer, asked: Annotated[Asked, Query()]
) -> Response:
    """Deliveries of all pages of a search, as a table for a spreadsheet."""
    found = actions.searched(services, asked, first=0, most=tables.MOST[form])
    sheet = wording.table(services, actions.names(services), found.rows)
    return tables.download(services.words, "deliveries", form, sheet, total=found.total)
