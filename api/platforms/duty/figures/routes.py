"""Figures over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.platforms.duty.figures import actions
from api.platforms.duty.figures.procedure import PROCEDURE
from api.platforms.duty.figures.schemas import FigureGiven, FigureState, figure_state
from api.platforms.duty.permission import DutyPermission
from api.procedures.routes import routes
from api.services import ServicesOf

Reader = Annotated[Account, require(DutyPermission.SEE_BRIEFING)]
Office = Annotated[Account, require(DutyPermission.BRIEF)]
Topic = Annotated[str, Query(max_length=20)]
router = APIRouter(tags=["duty"], dependencies=[SameOrigin])


@router.get("/figures")
def figures(services: ServicesOf, account: Reader, topic: Topic = "") -> list[FigureState]:
    """The figures of a topic, or of all."""
    return [figure_state(of) for of in actions.figures(services, account, topic)]


@router.post("/figures", status_code=201)
def publish(given: FigureGiven, services: ServicesOf, account: Office) -> dict[str, str]:
    """Publish a figure; its id."""
    return {"id": actions.publish(services, account, given.model_dump())}


API = (router, routes(PROCEDURE, "/figures/{item_id}"))
