"""Promises over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from api.accounts.records import Account
from api.authentication.requests import require
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.promises import actions
from api.platforms.duty.promises.procedure import PROCEDURE
from api.platforms.duty.promises.records import Show
from api.platforms.duty.promises.schemas import LedgerState, promise_state
from api.procedures.routes import routes
from api.services import ServicesOf

Reader = Annotated[Account, require(DutyPermission.SEE)]
Page = Annotated[int, Query(ge=1, le=10_000)]
router = APIRouter(tags=["duty"])


@router.get("/promises")
def promises(
    request: Request,
    services: ServicesOf,
    account: Reader,
    show: Show = "open",
    page: Page = 1,
) -> LedgerState:
    """The promises that concern the caller, the first due first."""
    found = actions.ledger(services, account, request.app.state.roster, show, page)
    return LedgerState(
        promises=[promise_state(of) for of in found.lines],
        counts={str(name): of for name, of in found.counts.items()},
        page=page,
        pages=found.pages,
    )


API = (router, routes(PROCEDURE, "/promises/{item_id}"))
