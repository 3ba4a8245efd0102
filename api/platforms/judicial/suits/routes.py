"""Suits over the API: one unit at a time, in the order of months, and no other."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter

from api.accounts.records import Account
from api.authentication.requests import require
from api.platforms.judicial.permission import JudicialPermission
from api.platforms.judicial.suits import actions
from api.platforms.judicial.suits.schemas import MonthState, UnitState, month_state
from api.services import ServicesOf

Reader = Annotated[Account, require(JudicialPermission.SEE)]
router = APIRouter(prefix="/suits", tags=["judicial"])


@router.get("")
def suits(services: ServicesOf, _account: Reader) -> list[UnitState]:
    """Units of which there are suits, in the official order."""
    return [UnitState(id=of, name=name) for of, name in actions.listed(services)]


@router.get("/{unit_id}")
def one(unit_id: str, services: ServicesOf, _account: Reader) -> list[MonthState]:
    """The months of one unit, the newest first."""
    return [month_state(of) for of in actions.of_unit(services, unit_id).months]


API = (router,)
