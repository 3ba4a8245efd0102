"""The page of payments side by side: a chart, and the table that it is of."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.accounts.records import Account
from api.authentication.costs import COSTLY, costs
from api.authentication.requests import require
from api.frame import frame
from api.platforms.budget.comparison import actions, wording
from api.platforms.budget.comparison.records import Asked
from api.platforms.budget.ledger.actions import Ledgers
from api.platforms.budget.ledger.records import named
from api.platforms.budget.permission import BudgetPermission
from api.services import ServicesOf
from api.web import tables
from api.web.caches import cache
from api.web.rendering import page

router = APIRouter(include_in_schema=False)
Reader = Annotated[Account, require(BudgetPermission.SEE)]


@router.get("/comparison", response_class=HTMLResponse)
@costs(COSTLY)
def comparison(
    request: Request, services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """Fifty lines at a time, and the sum of all."""
    ledgers = cache(request, Ledgers)
    found = actions.compared(services, ledgers, asked)
    project = named(ledgers.now(services.state), "project") if asked.project else str
    return page(
        request,
        services.words,
        "budget/comparison.html",
        **frame(request, services, account),
        asked=asked,
        found=found,
        crumbs=wording.narrowings(services, asked, found, project),
        choices=wording.choices(services, asked),
        headings=[(wording.heading(services, of), of.kind) for of in found.table.columns],
        rows=wording.rows(services, asked, found),
        total=wording.total(services, asked, found),
        chart=wording.chart(services, asked, found),
        payments=wording.payments_of(asked),
    )


@router.get("/comparison.{form}")
def exported(
    form: tables.Form,
    request: Request,
    services: ServicesOf,
    _account: Reader,
    asked: Annotated[Asked, Query()],
) -> Response:
    """All lines as a table for a spreadsheet."""
    found = actions.compared(services, cache(request, Ledgers), asked)
    sheet = wording.table(services, asked, found)
    count = len(found.table.lines) + 1
    return tables.download(services.words, "comparison", form, sheet, total=count)


PAGES = (router,)
