"""Combined views over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from api.accounts.records import Account
from api.authentication.requests import require
from api.cases.permission import CasePermission
from api.cases.views import actions
from api.cases.views.records import Asked
from api.cases.views.schemas import RowsState, ViewState, rows_state, view_state
from api.services import ServicesOf

Reader = Annotated[Account, require(CasePermission.SEE)]
Question = Annotated[Asked, Query()]
router = APIRouter(tags=["cases"])


@router.get("/views/{name}")
def view(
    name: str, request: Request, services: ServicesOf, account: Reader, asked: Question
) -> ViewState:
    """One of the views water, topics, documents, towns and promises."""
    roster = request.app.state.roster
    return view_state(actions.answered(roster, services, account, name, asked))


@router.get("/views/{name}/rows")
def rows(
    name: str, request: Request, services: ServicesOf, account: Reader, asked: Question
) -> RowsState:
    """The rows of the figure that ``line`` and ``column`` choose."""
    roster = request.app.state.roster
    return rows_state(actions.rows_of_cell(roster, services, account, name, asked))


API = (router,)
