"""Measures over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.cases.means import actions
from api.cases.means.procedure import PROCEDURE
from api.cases.means.schemas import MeasureState, measure_state
from api.cases.permission import CasePermission
from api.procedures.part import part_of
from api.procedures.routes import routes
from api.services import ServicesOf

Reader = Annotated[Account, require(CasePermission.SEE)]
router = APIRouter(tags=["cases"], dependencies=[SameOrigin])


@router.get("/{case_id}/measures")
def of_case(case_id: str, services: ServicesOf, account: Reader) -> list[MeasureState]:
    """The steps that the means of a case asks for, in the order in which they come."""
    return [measure_state(of) for of in actions.listed(services, account, case_id)]


@router.get("/measures/{item_id}")
def measure(item_id: str, services: ServicesOf, account: Reader) -> MeasureState:
    """A measure."""
    return measure_state(part_of(services, account, PROCEDURE, item_id).row)


API = (router, routes(PROCEDURE, "/measures/{item_id}"))
