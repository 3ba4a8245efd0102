"""Duty records over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.platforms.duty.duty_records import actions
from api.platforms.duty.duty_records.procedure import PROCEDURE
from api.platforms.duty.duty_records.schemas import (
    FactGiven,
    FactMade,
    RecordState,
    record_state,
)
from api.platforms.duty.permission import DutyPermission
from api.procedures.routes import routes
from api.services import ServicesOf
from api.web.forms import NotAccepted

Reader = Annotated[Account, require(DutyPermission.SEE_RECORDS)]
Year = Annotated[int, Query(ge=1950, le=2999)]
router = APIRouter(tags=["duty"], dependencies=[SameOrigin])


@router.get("/records/of/{username}")
def record(
    username: str, services: ServicesOf, account: Reader, year: Year | None = None
) -> RecordState:
    """A person's record of a year, without one of this."""
    found = actions.record(services, account, username, year or actions.this_year(services))
    if found is None:
        raise HTTPException(404)
    return record_state(found)


@router.post("/records", status_code=201)
def enter(given: FactGiven, services: ServicesOf, account: Reader) -> FactMade:
    """Write a fact that happened elsewhere; by the office it is verified at once."""
    try:
        said = given.model_dump(exclude={"username"})
        item_id = actions.enter(services, account, given.username, said)
    except NotAccepted as refused:
        raise HTTPException(404, str(refused)) from refused
    return FactMade(id=int(item_id))


API = (router, routes(PROCEDURE, "/records/{item_id}"))
