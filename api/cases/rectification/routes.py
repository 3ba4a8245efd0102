"""Points on the list of rectification over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Request

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.cases.permission import CasePermission
from api.cases.rectification import actions
from api.cases.rectification.procedure import PROCEDURE
from api.cases.rectification.schemas import (
    NewRectification,
    RectificationState,
    rectification_state,
)
from api.cases.schemas import Made
from api.procedures.part import part_of
from api.procedures.routes import routes
from api.services import ServicesOf
from api.web.forms import NotAccepted

Reader = Annotated[Account, require(CasePermission.SEE)]
Keeper = Annotated[Account, require(CasePermission.KEEP)]
router = APIRouter(tags=["cases"], dependencies=[SameOrigin])


@router.get("/{case_id}/rectifications")
def of_case(case_id: str, services: ServicesOf, account: Reader) -> list[RectificationState]:
    """The list of a case as far as the caller sees it, the first due first."""
    return [rectification_state(of) for of in actions.listed(services, account, case_id)]


@router.post("/{case_id}/rectifications", status_code=201)
def put_on_list(
    case_id: str, body: NewRectification, request: Request, services: ServicesOf, account: Keeper
) -> Made:
    """Put a point on the list of a case."""
    roster = request.app.state.roster
    try:
        made = actions.put_on_list(services, roster, account, case_id, body.given())
    except NotAccepted as refused:
        raise HTTPException(422, str(refused)) from refused
    return Made(id=int(made))


@router.get("/rectifications/{item_id}")
def rectification(item_id: str, services: ServicesOf, account: Reader) -> RectificationState:
    """A point on the list."""
    return rectification_state(part_of(services, account, PROCEDURE, item_id).row)


API = (router, routes(PROCEDURE, "/rectifications/{item_id}"))
