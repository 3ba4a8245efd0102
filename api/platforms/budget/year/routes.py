"""Statutory dates of a year over the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import APIRouter, HTTPException, Path, Query

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.deadlines.records import UnknownDeadline
from api.platforms.budget.permission import BudgetPermission
from api.platforms.budget.year import actions
from api.platforms.budget.year.records import FIRST_YEAR
from api.platforms.budget.year.schemas import (
    EntryState,
    Meeting,
    Moving,
    NewDay,
    TermState,
    Withdrawing,
    YearState,
    entry_state,
    term_state,
    year_state,
)
from api.services import ServicesOf
from api.web.forms import MOST_ID, NotAccepted

T = TypeVar("T")
Reader = Annotated[Account, require(BudgetPermission.SEE)]
Office = Annotated[Account, require(BudgetPermission.SCREEN)]
Id = Annotated[int, Path(ge=1, le=MOST_ID)]
AskedYear = Annotated[int, Query(ge=FIRST_YEAR, le=2100)]
router = APIRouter(prefix="/year", tags=["budget"], dependencies=[SameOrigin])


@router.get("")
def year(services: ServicesOf, _account: Reader, year: AskedYear) -> YearState:
    """Days that were entered, and the deadlines that run from them."""
    return year_state(actions.year(services, year), services.now_ms())


@router.post("/days", status_code=201)
def enter(body: NewDay, services: ServicesOf, account: Office) -> EntryState:
    """Enter a day; its terms begin."""
    return _accepted(
        lambda: entry_state(actions.enter(services, account, body.occasion, body.day, body.note))
    )


@router.post("/days/{entry}/move")
def move(entry: Id, body: Moving, services: ServicesOf, account: Office) -> EntryState:
    """Give an entry another day; its terms run from that."""
    return _accepted(
        lambda: entry_state(
            actions.move(services, account, entry, body.version, body.day, body.why)
        )
    )


@router.post("/days/{entry}/withdraw")
def withdraw(entry: Id, body: Withdrawing, services: ServicesOf, account: Office) -> EntryState:
    """Take back an entry that was a mistake."""
    return _accepted(
        lambda: entry_state(actions.withdraw(services, account, entry, body.version, body.why))
    )


@router.post("/terms/{deadline_id}/meet")
def meet(deadline_id: Id, body: Meeting, services: ServicesOf, account: Office) -> TermState:
    """Say on which day a duty was done."""
    try:
        return _accepted(
            lambda: term_state(
                actions.meet(services, account, deadline_id, body.day), services.now_ms()
            )
        )
    except UnknownDeadline as unknown:
        raise HTTPException(404, str(unknown)) from unknown


def _accepted(act: Callable[[], T]) -> T:
    try:
        return act()
    except NotAccepted as refused:
        raise HTTPException(422, str(refused)) from refused


API = (router,)
