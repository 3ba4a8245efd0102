"""Cases over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.cases.permission import CasePermission
from api.cases.procedure import PROCEDURE
from api.cases.register import actions
from api.cases.register.records import Asked
from api.cases.register.schemas import (
    BelongingState,
    CasesState,
    CaseState,
    Joining,
    NewCase,
    Removing,
    belonging_state,
    case_state,
)
from api.cases.schemas import Made
from api.items import Pointed
from api.ports import Reference
from api.procedures.routes import routes
from api.services import ServicesOf
from api.web.forms import MOST_ID

Reader = Annotated[Account, require(CasePermission.SEE)]
Keeper = Annotated[Account, require(CasePermission.KEEP)]
CopyId = Annotated[int, Path(ge=1, le=MOST_ID)]
router = APIRouter(tags=["cases"], dependencies=[SameOrigin])


@router.get("")
def cases(services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]) -> CasesState:
    """The cases that the caller sees, the newest first."""
    found = actions.listed(services, account, asked)
    states = [case_state(row) for row in found.rows]
    return CasesState(cases=states, total=found.total, page=asked.page, pages=found.pages)


@router.post("", status_code=201)
def open_case(body: NewCase, request: Request, services: ServicesOf, account: Keeper) -> Made:
    """Open a case, with things of any platform as they are now."""
    state = request.app.state
    copies = [
        actions.copied(state.roster, state.services, account, _reference(of)) for of in body.items
    ]
    given = body.model_dump(include={"title", "matter", "openness", "unit"})
    return Made(id=int(actions.open_case(services, account, given, copies, body.why)))


@router.get("/{item_id}")
def case(item_id: str, services: ServicesOf, account: Reader) -> CaseState:
    """A case."""
    return case_state(actions.row_for(services, account, item_id))


@router.get("/{item_id}/items")
def belonging(
    item_id: str, request: Request, services: ServicesOf, account: Reader
) -> list[BelongingState]:
    """All that belongs to a case, as it was then, as far as the caller sees it."""
    state = request.app.state
    row = actions.row_for(services, account, item_id)
    found = actions.belonging(state.roster, state.services, account, row)
    return [belonging_state(of) for of in found]


@router.post("/{item_id}/items", status_code=201)
def join(item_id: str, body: Joining, request: Request, account: Keeper) -> Made:
    """Keep a copy of a thing at a case."""
    state = request.app.state
    reference = _reference(body.item)
    return Made(
        id=actions.join(state.roster, state.services, account, item_id, reference, body.why)
    )


@router.post("/{item_id}/items/{copy_id}/remove", status_code=204)
def remove(
    item_id: str, copy_id: CopyId, body: Removing, services: ServicesOf, account: Keeper
) -> None:
    """Take a thing out of a case."""
    actions.remove(services, account, item_id, copy_id, body.why)


def _reference(of: Pointed) -> Reference:
    return Reference(of.platform, of.kind, of.id)


API = (router, routes(PROCEDURE, "/{item_id}"))
