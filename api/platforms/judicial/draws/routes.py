"""Draws over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.platforms.judicial.draws import actions
from api.platforms.judicial.draws.procedure import PROCEDURE
from api.platforms.judicial.draws.records import Repeated
from api.platforms.judicial.draws.schemas import (
    DrawGiven,
    DrawMade,
    DrawsState,
    RepeatedState,
    draw_state,
    repeated_state,
)
from api.platforms.judicial.permission import JudicialPermission
from api.procedures.routes import routes
from api.services import ServicesOf

Reader = Annotated[Account, require(JudicialPermission.SEE)]
Head = Annotated[Account, require(JudicialPermission.DECIDE)]
router = APIRouter(tags=["judicial"], dependencies=[SameOrigin])


@router.get("/draws")
def draws(services: ServicesOf, account: Reader) -> DrawsState:
    """Draws of closed files that the caller sees, the newest 200."""
    return DrawsState(draws=[draw_state(of) for of in actions.listed(services, account)])


@router.post("/draws", status_code=201)
def announce(given: DrawGiven, services: ServicesOf, account: Head) -> DrawMade:
    """Announce a draw."""
    step = given.model_dump(exclude={"size"})
    return DrawMade(id=int(actions.announce(services, account, step, str(given.size))))


@router.get("/draws/repeat")
def repeat(_account: Reader, asked: Annotated[Repeated, Query()]) -> RepeatedState:
    """Repeat a draw, of this centre or by anybody's numbers."""
    return repeated_state(asked.drawn())


API = (router, routes(PROCEDURE, "/draws/{item_id}"))
