"""Changes of the budget over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.platforms.budget.changes import actions
from api.platforms.budget.changes.records import Asked
from api.platforms.budget.changes.schemas import (
    ChangesState,
    Decided,
    Deciding,
    NewKeys,
    changes_state,
)
from api.platforms.budget.permission import BudgetPermission
from api.services import ServicesOf
from api.web.forms import NotAccepted

router = APIRouter(prefix="/changes", tags=["budget"], dependencies=[SameOrigin])
Reader = Annotated[Account, require(BudgetPermission.SEE)]
Office = Annotated[Account, require(BudgetPermission.SCREEN)]


@router.get("")
def changes(
    services: ServicesOf, _account: Reader, asked: Annotated[Asked, Query()]
) -> ChangesState:
    """Changes of a year by document, unit and item, and the cases of 预算法 art. 67."""
    return changes_state(actions.found(services, asked))


@router.post("/decisions", status_code=201)
def decide(body: Deciding, services: ServicesOf, account: Office) -> Decided:
    """Note which cases of the law a change is."""
    try:
        number = actions.decide(
            services, account, body.year, body.change, body.triggers, body.note, body.seen
        )
    except NotAccepted as refused:
        raise HTTPException(422, str(refused)) from refused
    return Decided(id=number)


@router.post("/keys")
def save_keys(body: NewKeys, services: ServicesOf, account: Office) -> ChangesState:
    """Keep the codes of key expenditure."""
    try:
        actions.save_keys(services, account, " ".join(body.codes), body.seen)
    except NotAccepted as refused:
        raise HTTPException(422, str(refused)) from refused
    return changes_state(actions.found(services, Asked()))


API = (router,)
