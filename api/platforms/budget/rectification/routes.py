"""Rectification over the API."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.platforms.budget.permission import BudgetPermission
from api.platforms.budget.rectification import actions
from api.platforms.budget.rectification.procedure import PROCEDURE
from api.platforms.budget.rectification.records import Asked, stands
from api.platforms.budget.rectification.schemas import (
    Opened,
    Opening,
    RectificationsState,
    RectificationState,
    WaitingListState,
    rectification_state,
    tally_state,
    waiting_state,
)
from api.procedures.part import part_of
from api.procedures.procedure import Row
from api.procedures.routes import routes
from api.services import Services, ServicesOf

Reader = Annotated[Account, require(BudgetPermission.SEE_FINDINGS)]
Office = Annotated[Account, require(BudgetPermission.SCREEN)]
Year = Annotated[int, Query(ge=0, le=2100)]
router = APIRouter(prefix="/rectification", tags=["budget"], dependencies=[SameOrigin])


@router.get("")
def rectifications(
    services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> RectificationsState:
    """A year's rectifications that the caller sees, the first due first, and what is counted."""
    found = actions.listed(services, account, asked)
    return RectificationsState(
        year=found.year,
        years=list(found.years),
        rectifications=_states(services, found.rows),
        total=found.total,
        page=asked.page,
        pages=found.pages,
        whole=tally_state(found.whole),
        by_unit=[tally_state(of) for of in found.by_unit],
    )


@router.post("", status_code=201)
def open_problem(body: Opening, services: ServicesOf, account: Office) -> Opened:
    """Hand a problem to a unit."""
    given = body.model_dump(exclude={"number"})
    return Opened(id=int(actions.open_problem(services, account, body.number, given)))


@router.get("/waiting")
def waiting(services: ServicesOf, _account: Office, year: Year) -> WaitingListState:
    """Problems of a year that no unit was asked to put right."""
    found = actions.waiting(services, year)
    return WaitingListState(problems=[waiting_state(of) for of in found])


@router.get("/{item_id}")
def rectification(item_id: str, services: ServicesOf, account: Reader) -> RectificationState:
    """A rectification."""
    part = part_of(services, account, PROCEDURE, item_id)
    (state,) = _states(services, [part.row])
    return state


def _states(services: Services, rows: Sequence[Row]) -> list[RectificationState]:
    now = actions.problems_now(services, rows)
    return [
        rectification_state(of.row, stands(of.row, now.get(of.row["number"])), late=of.late)
        for of in actions.lines(services, rows)
    ]


API = (router, routes(PROCEDURE, "/rectification/{item_id}"))
