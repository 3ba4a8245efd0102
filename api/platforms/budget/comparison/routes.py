"""Payments side by side over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from api.accounts.records import Account
from api.authentication.costs import COSTLY, costs
from api.authentication.requests import require
from api.platforms.budget.comparison import actions
from api.platforms.budget.comparison.records import Asked, Column, Line
from api.platforms.budget.comparison.schemas import (
    CellState,
    ColumnState,
    ComparisonState,
    LineState,
)
from api.platforms.budget.ledger.actions import Ledgers
from api.platforms.budget.permission import BudgetPermission
from api.services import ServicesOf
from api.web.caches import cache

router = APIRouter(tags=["budget"])
Reader = Annotated[Account, require(BudgetPermission.SEE)]


@router.get("/comparison")
@costs(COSTLY)
def comparison(
    request: Request, services: ServicesOf, _account: Reader, asked: Annotated[Asked, Query()]
) -> ComparisonState:
    """Lines of units, departments, projects, items, funds or months against years, parts of a
    year, plans or the budget.
    """
    found = actions.compared(services, cache(request, Ledgers), asked)
    return ComparisonState(
        lines=asked.lines,
        columns=asked.columns,
        year=found.year,
        up_to_date=found.up_to_date,
        until=found.table.until,
        unplanned=found.table.unplanned,
        of_columns=[_column(of) for of in found.table.columns],
        of_lines=[_line(of) for of in found.table.lines],
        total=_line(found.table.total),
    )


def _column(of: Column) -> ColumnState:
    dates = of.dates()
    return ColumnState(
        name=of.name,
        kind=of.kind,
        from_day=dates.get("from_day"),
        until_day=dates.get("until_day"),
    )


def _line(of: Line) -> LineState:
    cells = [CellState(value=one.value, payments=one.payments) for one in of.cells]
    return LineState(key=of.key, name=of.name, cells=cells)


API = (router,)
