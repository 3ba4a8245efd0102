"""The days off of a year over the API."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, HTTPException, Path
from pydantic import BaseModel

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.deadlines.holidays import actions
from api.deadlines.holidays.records import FIRST_YEAR, LAST_YEAR, Given
from api.deadlines.permission import DeadlinePermission
from api.services import ServicesOf
from api.web.forms import NotAccepted

router = APIRouter(prefix="/holidays", tags=["deadlines"], dependencies=[SameOrigin])
Viewer = Annotated[Account, require(DeadlinePermission.SEE_RULES)]
Officer = Annotated[Account, require(DeadlinePermission.CONFIRM_RULES)]


class YearState(BaseModel):
    """A year's notice with the fields of its file; ``entered_by`` where the office entered it."""

    year: int
    notice: dict[str, Any]
    entered_by: str


class Moved(BaseModel):
    """How many open deadlines have another due date now."""

    moved: int


@router.get("")
def holidays(services: ServicesOf, _who: Viewer) -> list[YearState]:
    """Every year that is known, the newest first."""
    return [
        YearState(
            year=one.year,
            notice=msgspec.to_builtins(one.notice),
            entered_by=one.entered.who if one.entered else "",
        )
        for one in actions.years(services)
    ]


@router.put("/{year}")
def enter(
    year: Annotated[int, Path(ge=FIRST_YEAR, le=LAST_YEAR)],
    given: Given,
    services: ServicesOf,
    who: Officer,
) -> Moved:
    """Enter the notice of a year; open deadlines are reckoned anew."""
    try:
        return Moved(moved=actions.enter(services, who, given.written(year)))
    except NotAccepted as refused:
        raise HTTPException(422, str(refused)) from refused
