"""Pages of payments: totals to drill into, the list, one of them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.accounts.records import Account
from api.authentication.requests import require
from api.frame import frame
from api.platforms.budget.ledger.actions import Ledgers
from api.platforms.budget.ledger.records import BYS
from api.platforms.budget.payments import actions, wording
from api.platforms.budget.payments.records import Asked, AskedTotals, Payment
from api.platforms.budget.permission import BudgetPermission
from api.services import Services, ServicesOf
from api.web import tables
from api.web.caches import cache
from api.web.forms import MOST_ID
from api.web.rendering import page
from budget.persons import is_person
from budget.yuan import yuan

router = APIRouter(include_in_schema=False)
Reader = Annotated[Account, require(BudgetPermission.SEE)]
Unmasking = Annotated[Account, require(BudgetPermission.UNMASK)]
PaymentId = Annotated[int, Path(ge=1, le=MOST_ID)]


@router.get("/", response_class=HTMLResponse)
def totals(
    request: Request, services: ServicesOf, account: Reader, asked: Annotated[AskedTotals, Query()]
) -> HTMLResponse:
    """Sums of payments by one value, each line leading to what it consists of."""
    ledgers = cache(request, Ledgers)
    found = actions.totals(services, ledgers, account, asked)
    return page(
        request,
        services.words,
        "budget/totals.html",
        **frame(request, services, account),
        asked=asked,
        by_all=BYS,
        bars=wording.bars(services, asked, found.sums, found.approved, found.name),
        crumbs=wording.crumbs(services, asked, *actions.names(services, ledgers, asked)),
        whole=found.whole,
        total=yuan(found.whole.amount),
        up_to_date=found.up_to_date,
    )


@router.get("/totals.{form}")
def totals_exported(
    form: tables.Form,
    request: Request,
    services: ServicesOf,
    account: Reader,
    asked: Annotated[AskedTotals, Query()],
) -> Response:
    """The same sums as a table for a spreadsheet."""
    found = actions.totals(services, cache(request, Ledgers), account, asked)
    sheet = wording.sums_table(services, found.sums, found.approved, found.name)
    return tables.download(services.words, "totals", form, sheet, total=len(found.sums))


@router.get("/payments", response_class=HTMLResponse)
def payments(
    request: Request, services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """Payments, the newest first, a page at a time."""
    ledgers = cache(request, Ledgers)
    found = actions.found(services, ledgers, account, asked)
    return page(
        request,
        services.words,
        "budget/payments.html",
        **frame(request, services, account),
        asked=asked,
        found=found,
        total=yuan(found.whole.amount),
        yuan=yuan,
        crumbs=wording.crumbs(services, asked, *actions.names(services, ledgers, asked)),
    )


@router.get("/payments.{form}")
def exported(
    form: tables.Form,
    request: Request,
    services: ServicesOf,
    account: Reader,
    asked: Annotated[Asked, Query()],
) -> Response:
    """All pages of a question as a table for a spreadsheet; natural persons are masked."""
    ledgers = cache(request, Ledgers)
    some, total = actions.every(services, ledgers, account, asked, tables.MOST[form])
    sheet = wording.table(services, some)
    return tables.download(services.words, "payments", form, sheet, total=total)


@router.get("/payments/{payment_id}", response_class=HTMLResponse)
def payment(
    payment_id: PaymentId, request: Request, services: ServicesOf, account: Reader
) -> HTMLResponse:
    """One payment, with the way back to the totals that it is part of."""
    return _shown(request, services, account, actions.one(services, payment_id), masked=True)


@router.post("/payments/{payment_id}/unmask", response_class=HTMLResponse)
def unmask(
    payment_id: PaymentId, request: Request, services: ServicesOf, account: Unmasking
) -> HTMLResponse:
    """The same with the natural person's name and account, which is recorded."""
    payment = actions.unmasked(services, account, payment_id)
    return _shown(request, services, account, payment, masked=False)


def _shown(
    request: Request, services: Services, account: Account, payment: Payment, *, masked: bool
) -> HTMLResponse:
    return page(
        request,
        services.words,
        "budget/payment.html",
        **frame(request, services, account),
        payment=payment,
        amount=yuan(payment.amount),
        facts=wording.facts(services, payment),
        hidden=masked and ("*" in (payment.payee or "")) and account.may(BudgetPermission.UNMASK),
        person=is_person(payment.payee or "") or "*" in (payment.payee or ""),
    )


PAGES = (router,)
