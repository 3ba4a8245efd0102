"""Payments and their totals over the API."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from api.accounts.records import Account
from api.authentication.requests import require
from api.platforms.budget.ledger.actions import Ledgers
from api.platforms.budget.payments import actions, wording
from api.platforms.budget.payments.records import PERSONS, Asked, AskedTotals, Payment
from api.platforms.budget.payments.schemas import ListState, PaymentState, SumState, TotalsState
from api.platforms.budget.permission import BudgetPermission
from api.services import ServicesOf
from api.web.caches import cache
from api.web.forms import MOST_ID

router = APIRouter(tags=["budget"])
Reader = Annotated[Account, require(BudgetPermission.SEE)]
PaymentId = Annotated[int, Path(ge=1, le=MOST_ID)]


@router.get("/totals")
def totals(
    request: Request,
    services: ServicesOf,
    account: Reader,
    asked: Annotated[AskedTotals, Query()],
) -> TotalsState:
    """Sums of payments by unit, month, project, item, fund or payee."""
    found = actions.totals(services, cache(request, Ledgers), account, asked)
    return TotalsState(
        by=asked.by,
        amount_fen=found.whole.amount,
        payments=found.whole.payments,
        up_to_date=found.up_to_date,
        sums=[
            SumState(
                value="" if of.value == PERSONS else of.value,
                name=wording.value_name(services, of.value, found.name),
                amount_fen=of.amount,
                payments=of.payments,
                approved_fen=found.approved.get(of.value),
            )
            for of in found.sums
        ],
    )


@router.get("/payments")
def payments(
    request: Request, services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> ListState:
    """Payments by payee, use, unit, project, amount, day and code, the newest first."""
    found = actions.found(services, cache(request, Ledgers), account, asked)
    return ListState(
        payments=[_state(of) for of in found.payments],
        amount_fen=found.whole.amount,
        count=found.whole.payments,
        following=found.following,
    )


@router.get("/payments/{payment_id}")
def payment(payment_id: PaymentId, services: ServicesOf, _account: Reader) -> PaymentState:
    """One payment."""
    return _state(actions.one(services, payment_id))


def _state(of: Payment) -> PaymentState:
    values = asdict(of)
    return PaymentState(amount_fen=values.pop("amount"), **values)


API = (router,)
