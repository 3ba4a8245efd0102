"""Pages of the chain: a year, the rows behind a figure, one project, one payment."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.accounts.records import Account
from api.authentication.requests import require
from api.frame import frame
from api.platforms.budget.ledger.actions import Ledgers
from api.platforms.budget.linkage import actions, wording
from api.platforms.budget.linkage.records import A_PAGE, Asked, AskedRows
from api.platforms.budget.permission import BudgetPermission
from api.services import ServicesOf
from api.web import tables
from api.web.caches import cache
from api.web.forms import MOST_ID
from api.web.rendering import page
from budget.yuan import yuan

router = APIRouter(include_in_schema=False)
Reader = Annotated[Account, require(BudgetPermission.SEE)]
PaymentId = Annotated[int, Path(ge=1, le=MOST_ID)]
Code = Annotated[str, Path(pattern=r"^[^\x00]{1,200}$")]


@router.get("/chain", response_class=HTMLResponse)
def chain(
    request: Request, services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """Each hop of a year from project to payment."""
    of = actions.chain(services, cache(request, Ledgers), asked.year)
    shown = actions.newest(asked, of)
    return page(
        request,
        services.words,
        "budget/chain.html",
        **frame(request, services, account),
        asked=shown,
        of=of,
        hops=wording.hops(services, of.figures(asked.unit), shown, of.adjusted(asked.unit)),
    )


@router.get("/chain.{form}")
def exported(
    form: tables.Form,
    request: Request,
    services: ServicesOf,
    _account: Reader,
    asked: Annotated[Asked, Query()],
) -> Response:
    """The figures of all hops as a table for a spreadsheet."""
    of = actions.chain(services, cache(request, Ledgers), asked.year)
    sheet = wording.figures_table(services, of.figures(asked.unit))
    return tables.download(services.words, "chain", form, sheet, total=None, whole=True)


@router.get("/chain/rows", response_class=HTMLResponse)
def rows(
    request: Request, services: ServicesOf, account: Reader, asked: Annotated[AskedRows, Query()]
) -> HTMLResponse:
    """Rows behind a figure, those with the most money first."""
    of = actions.chain(services, cache(request, Ledgers), asked.year)
    numbers = actions.numbers(of, asked)
    some = numbers[(asked.page - 1) * A_PAGE : asked.page * A_PAGE]
    return page(
        request,
        services.words,
        "budget/chain_rows.html",
        **frame(request, services, account),
        asked=asked,
        of=of,
        title=wording.rows_title(services, of, asked),
        count=len(numbers),
        pages=max(1, -(-len(numbers) // A_PAGE)),
        rows=list(actions.rows(services, of, asked, some)),
        yuan=yuan,
    )


@router.get("/chain/rows.{form}")
def rows_exported(
    form: tables.Form,
    request: Request,
    services: ServicesOf,
    _account: Reader,
    asked: Annotated[AskedRows, Query()],
) -> Response:
    """All rows behind a figure as a table for a spreadsheet."""
    of = actions.chain(services, cache(request, Ledgers), asked.year)
    numbers = actions.numbers(of, asked)
    some = actions.rows(services, of, asked, numbers[: tables.MOST[form]])
    sheet = wording.rows_table(services, some)
    return tables.download(services.words, "chain-rows", form, sheet, total=len(numbers))


@router.get("/chain/payments/{payment_id}", response_class=HTMLResponse)
def payment(
    payment_id: PaymentId, request: Request, services: ServicesOf, account: Reader
) -> HTMLResponse:
    """The way of one payment back to its project."""
    of, found = actions.payment(services, cache(request, Ledgers), payment_id)
    return page(
        request,
        services.words,
        "budget/chain_payment.html",
        **frame(request, services, account),
        of=of,
        payment=found.payment,
        stops=wording.stops(services, found),
        whole=bool(found.steps) and found.steps[-1].stage == "project",
    )


@router.get("/chain/projects/{code:path}", response_class=HTMLResponse)
def project(
    code: Code,
    request: Request,
    services: ServicesOf,
    account: Reader,
    asked: Annotated[Asked, Query()],
) -> HTMLResponse:
    """The money of one project in a year, hop by hop."""
    ledgers = cache(request, Ledgers)
    of = actions.chain(services, ledgers, asked.year)
    found = actions.project(services, ledgers, of, code)
    return page(
        request,
        services.words,
        "budget/chain_project.html",
        **frame(request, services, account),
        of=of,
        code=code,
        name=found.name,
        asked=actions.newest(asked, of),
        hops=wording.hops(services, found.figures, None, of.adjusted(project=code)),
        said=wording.project_said(services, found),
    )


PAGES = (router,)
