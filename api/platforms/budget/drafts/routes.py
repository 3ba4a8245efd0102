"""The first review of a draft over the API."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, HTTPException, Query

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.platforms.budget.drafts import actions
from api.platforms.budget.drafts.procedure import PROCEDURE
from api.platforms.budget.drafts.records import A_PAGE, AskedLines, DraftYear, total
from api.platforms.budget.drafts.schemas import (
    DraftState,
    LinesState,
    NewPoint,
    PointState,
    line_state,
    point_state,
)
from api.platforms.budget.ledger.actions import up_to_date
from api.platforms.budget.permission import BudgetPermission
from api.procedures.routes import routes
from api.services import Services, ServicesOf
from api.web.forms import NotAccepted

router = APIRouter(prefix="/drafts", tags=["budget"], dependencies=[SameOrigin])
Reader = Annotated[Account, require(BudgetPermission.SEE)]
Reviewer = Annotated[Account, require(BudgetPermission.REVIEW)]
Year = Annotated[DraftYear | None, Query()]


@router.get("")
def drafts(services: ServicesOf, account: Reader, year: Year = None) -> DraftState:
    """The draft of a year, else the latest, beside the years before it."""
    return _state(services, account, year)


@router.get("/lines")
def lines(
    services: ServicesOf, _account: Reader, asked: Annotated[AskedLines, Query()]
) -> LinesState:
    """Lines of a draft and of the budgets beside it."""
    found = actions.lines(services, asked)
    begin = (asked.page - 1) * A_PAGE
    return LinesState(
        lines=[line_state(of) for of in found[begin : begin + A_PAGE]],
        count=len(found),
        pages=max(1, -(-len(found) // A_PAGE)),
        draft_fen=total(of.draft for of in found),
        carried_fen=total(of.carried for of in found),
        approved_fen=total(of.approved for of in found),
        adjusted_fen=total(of.adjusted for of in found),
        final_fen=total(of.final for of in found),
    )


@router.post("/points", status_code=201)
def add(body: NewPoint, services: ServicesOf, account: Reviewer) -> PointState:
    """Write a point of review; one of the office is taken up at once."""
    try:
        made = actions.add(services, account, body.year, body.given)
    except NotAccepted as refused:
        raise HTTPException(422, str(refused)) from refused
    found = actions.points(services, account, body.year)
    return point_state(next(of for of in found if str(of.row["id"]) == made))


def _state(services: Services, account: Account, year: int | None) -> DraftState:
    known = actions.years(services)
    chosen = year or next(iter(known), 0)
    paper = actions.shown(services, account, chosen) if chosen in known else None
    points = actions.points(services, account, chosen)
    return DraftState(
        year=chosen,
        years=known,
        paper=None if paper is None else msgspec.to_builtins(paper),
        points=[point_state(of) for of in points] if account.may(BudgetPermission.REVIEW) else [],
        up_to_date=up_to_date(services.state),
    )


API = (router, routes(PROCEDURE, "/drafts/points/{item_id}"))
