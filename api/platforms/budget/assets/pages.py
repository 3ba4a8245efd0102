"""The page of state assets, and its table."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.accounts.records import Account
from api.authentication.requests import require
from api.frame import frame
from api.platforms.budget.assets import actions, wording
from api.platforms.budget.assets.records import Asked
from api.platforms.budget.ledger.actions import Ledgers
from api.platforms.budget.permission import BudgetPermission
from api.services import ServicesOf
from api.web import tables
from api.web.caches import cache
from api.web.rendering import page
from budget.yuan import yuan

router = APIRouter(include_in_schema=False)
Reader = Annotated[Account, require(BudgetPermission.SEE)]


@router.get("/assets", response_class=HTMLResponse)
def assets(
    request: Request, services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """The register by unit and kind, its growth, what was bought in a year, and its rows."""
    return page(
        request,
        services.words,
        "budget/assets.html",
        **frame(request, services, account),
        asked=asked,
        found=actions.found(services, cache(request, Ledgers), asked),
        yuan=yuan,
    )


@router.get("/assets.{form}")
def exported(
    form: tables.Form,
    request: Request,
    services: ServicesOf,
    _account: Reader,
    asked: Annotated[Asked, Query()],
) -> Response:
    """All pages of a question as a table for a spreadsheet."""
    rows, total = actions.every(services, asked, tables.MOST[form])
    names = actions.names(services, cache(request, Ledgers))
    sheet = wording.table(services.words, rows, names)
    return tables.download(services.words, "assets", form, sheet, total=total)


PAGES = (router,)
