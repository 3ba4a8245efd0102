"""Figures of handling over the API. Nothing sorts them by a rate."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api.accounts.records import Account
from api.authentication.requests import require
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.statistics import actions
from api.platforms.duty.statistics.records import Asked, AskedRows, total
from api.platforms.duty.statistics.schemas import (
    RowsState,
    StatisticsState,
    groups_state,
    row_state,
)
from api.services import ServicesOf

router = APIRouter(tags=["duty"])
Reader = Annotated[Account, require(DutyPermission.SEE_STATISTICS)]


@router.get("/statistics")
def statistics(
    services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> StatisticsState:
    """Four rates with their parts, by unit, year, session or topic."""
    groups = list(actions.found(services, account, asked))
    return groups_state(groups, total(groups))


@router.get("/statistics/rows")
def rows(services: ServicesOf, account: Reader, asked: Annotated[AskedRows, Query()]) -> RowsState:
    """The rows that a measure counts, the newest first."""
    lines, following = actions.lines(services, account, asked)
    return RowsState(rows=[row_state(of) for of in lines], following=following)


API = (router,)
