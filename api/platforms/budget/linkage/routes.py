"""The chain of a year over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from api.accounts.records import Account
from api.authentication.requests import require
from api.platforms.budget.ledger.actions import Ledgers
from api.platforms.budget.linkage import actions
from api.platforms.budget.linkage.records import A_PAGE, Asked, AskedRows, Figures
from api.platforms.budget.linkage.schemas import (
    ChainState,
    HopState,
    RowsState,
    RowState,
    TallyState,
)
from api.platforms.budget.permission import BudgetPermission
from api.services import ServicesOf
from api.web.caches import cache
from budget.chain import Tally

router = APIRouter(prefix="/chain", tags=["budget"])
Reader = Annotated[Account, require(BudgetPermission.SEE)]


@router.get("")
def chain(
    request: Request, services: ServicesOf, _account: Reader, asked: Annotated[Asked, Query()]
) -> ChainState:
    """Each hop from project to payment with rows and sums of both sides."""
    of = actions.chain(services, cache(request, Ledgers), asked.year)
    return ChainState(
        year=of.year,
        years=list(of.years),
        up_to_date=of.linkage is not None or of.year is None,
        adjusted=_tally(of.adjusted(asked.unit)),
        hops=[_hop(one) for one in of.figures(asked.unit)],
    )


@router.get("/rows")
def rows(
    request: Request, services: ServicesOf, _account: Reader, asked: Annotated[AskedRows, Query()]
) -> RowsState:
    """Rows behind a figure of a hop."""
    of = actions.chain(services, cache(request, Ledgers), asked.year)
    numbers = actions.numbers(of, asked)
    some = numbers[(asked.page - 1) * A_PAGE : asked.page * A_PAGE]
    return RowsState(
        count=len(numbers),
        pages=max(1, -(-len(numbers) // A_PAGE)),
        rows=[
            RowState(
                id=one.id,
                number=one.number,
                names=one.names,
                matched=one.matched,
                way=one.way,
                unit=one.unit,
                amount_fen=one.cents,
                onward_fen=one.onward_cents,
            )
            for one in actions.rows(services, of, asked, some)
        ],
    )


def _hop(of: Figures) -> HopState:
    return HopState(
        from_stage=of.from_stage,
        to_stage=of.to_stage,
        above=_tally(of.above),
        below=_tally(of.below),
        ways={way: _tally(one) for way, one in of.ways.items()},
        unmatched_share=of.unmatched_share,
        onward=_tally(of.onward),
        elsewhere=_tally(of.elsewhere),
        over=_tally(of.over),
        unused=_tally(of.unused),
        left_fen=of.left_cents,
    )


def _tally(of: Tally) -> TallyState:
    return TallyState(count=of.count, amount_fen=of.cents)


API = (router,)
