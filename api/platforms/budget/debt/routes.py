"""Government debt over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api.accounts.records import Account
from api.authentication.requests import require
from api.platforms.budget.debt import actions
from api.platforms.budget.debt.records import Asked
from api.platforms.budget.debt.schemas import DebtsState, balance_state, break_state, debt_state
from api.platforms.budget.permission import BudgetPermission
from api.services import ServicesOf

router = APIRouter(tags=["budget"])
Reader = Annotated[Account, require(BudgetPermission.SEE)]


@router.get("/debt")
def debt(services: ServicesOf, _account: Reader, asked: Annotated[Asked, Query()]) -> DebtsState:
    """Limit against balance by year and kind, the rows of a year, and what does not add up."""
    found = actions.found(services, asked)
    return DebtsState(
        year=found.year,
        years=list(found.years),
        balances=[balance_state(of) for of in found.balances],
        rows=[debt_state(of) for of in found.rows],
        breaks=[break_state(of) for of in found.breaks],
    )


API = (router,)
