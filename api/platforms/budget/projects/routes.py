"""Projects over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.accounts.records import Account
from api.authentication.requests import require
from api.platforms.budget.ledger.actions import up_to_date
from api.platforms.budget.permission import BudgetPermission
from api.platforms.budget.projects import actions, wording
from api.platforms.budget.projects.records import CODE, AskedProjects, Compared, Line, Reading
from api.platforms.budget.projects.schemas import (
    ComparedState,
    LineState,
    ListState,
    ProjectState,
    ReadingState,
)
from api.services import Services, ServicesOf

router = APIRouter(prefix="/projects", tags=["budget"])
Reader = Annotated[Account, require(BudgetPermission.SEE)]
Code = Annotated[str, Path(pattern=CODE)]


@router.get("")
def projects(
    services: ServicesOf, _account: Reader, asked: Annotated[AskedProjects, Query()]
) -> ListState:
    """Projects of a year by unit, words and whether they are environmental."""
    found = actions.found(services, asked)
    return ListState(
        year=found.year,
        years=list(found.years),
        projects=[_line(of) for of in found.page(asked.page)],
        count=len(found.lines),
        pages=found.pages,
        adjusted_fen=found.budget,
        paid_fen=found.paid,
        up_to_date=up_to_date(services.state),
    )


@router.get("/{code:path}")
def project(code: Code, services: ServicesOf, _account: Reader) -> ProjectState:
    """One project with all its figures."""
    of = actions.project(services, code)
    return ProjectState(
        **wording.content(services, of),
        water=[_compared(services, one) for one in actions.compared(services, of)],
        up_to_date=up_to_date(services.state),
    )


def _line(of: Line) -> LineState:
    known = of.registered
    return LineState(
        code=known.code,
        name=known.name,
        unit=known.unit,
        unit_name=known.unit_name,
        begins=known.begins,
        ends=known.ends,
        environmental=known.environmental,
        approved_fen=of.budget.approved if of.budget else None,
        adjusted_fen=of.budget.adjusted if of.budget else None,
        paid_fen=of.paid,
        done_percent=of.done,
    )


def _compared(services: Services, of: Compared) -> ComparedState:
    return ComparedState(
        station=of.station,
        name=of.name,
        lacking=of.lacking,
        indicator=of.indicator,
        before=_reading(of.before),
        after=_reading(of.after),
        season=of.season,
        text=wording.water(services, of),
    )


def _reading(of: Reading | None) -> ReadingState | None:
    if of is None:
        return None
    month = f"{of.month:%Y-%m}"
    return ReadingState(month=month, value=of.value, water_class=of.water_class)


API = (router,)
