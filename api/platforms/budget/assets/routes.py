"""State assets over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from api.accounts.records import Account
from api.authentication.requests import require
from api.platforms.budget.assets import actions
from api.platforms.budget.assets.records import Asked
from api.platforms.budget.assets.schemas import AssetsState, assets_state
from api.platforms.budget.ledger.actions import Ledgers
from api.platforms.budget.permission import BudgetPermission
from api.services import ServicesOf
from api.web.caches import cache

router = APIRouter(tags=["budget"])
Reader = Annotated[Account, require(BudgetPermission.SEE)]


@router.get("/assets")
def assets(
    request: Request, services: ServicesOf, _account: Reader, asked: Annotated[Asked, Query()]
) -> AssetsState:
    """The register by unit and kind, its growth, what was bought in a year, and a page of it."""
    return assets_state(actions.found(services, cache(request, Ledgers), asked))


API = (router,)
