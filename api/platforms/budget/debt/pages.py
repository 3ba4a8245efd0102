"""The page of government debt, and its table."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.accounts.records import Account
from api.authentication.requests import require
from api.frame import frame
from api.platforms.budget.debt import actions, wording
from api.platforms.budget.debt.records import Asked
from api.platforms.budget.permission import BudgetPermission
from api.services import ServicesOf
from api.web import tables
from api.web.rendering import page
from budget.yuan import yuan

router = APIRouter(include_in_schema=False)
Reader = Annotated[Account, require(BudgetPermission.SEE)]


@router.get("/debt", response_class=HTMLResponse)
def debt(
    request: Request, services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """Limit against balance by year, what does not add up, and the rows of a year."""
    found, words = actions.found(services, asked), services.words
    return page(
        request,
        words,
        "budget/debt.html",
        **frame(request, services, account),
        asked=asked,
        found=found,
        rows=[
            (of, wording.name(words, of), wording.breaks(words, found.breaks, of))
            for of in found.rows
        ],
        broken=[
            (of.debt, wording.name(words, of.debt), wording.said(words, of)) for of in found.breaks
        ],
        yuan=yuan,
    )


@router.get("/debt.{form}")
def exported(
    form: tables.Form, services: ServicesOf, _account: Reader, asked: Annotated[Asked, Query()]
) -> Response:
    """The rows of the year as a table for a spreadsheet."""
    found = actions.found(services, asked)
    sheet = wording.table(services.words, found)
    return tables.download(services.words, "debt", form, sheet, total=len(found.rows))


PAGES = (router,)
