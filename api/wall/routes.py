"""The wall for programs, and the map that it is drawn on."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request

from api.accounts.records import Account
from api.authentication.requests import require
from api.platforms.environment.stations.schemas import Geography, geography
from api.services import ServicesOf
from api.wall import actions
from api.wall.permission import WallPermission
from api.wall.schemas import WallState, state_of
from api.web.asking import Askers
from api.web.caches import cache

router = APIRouter(tags=["wall"])
Viewer = Annotated[Account, require(WallPermission.SEE)]


@router.get("")
def wall(request: Request, services: ServicesOf, account: Viewer) -> WallState:
    """All numbers of the wall, as far as one sees what they count."""
    roster = request.app.state.roster
    return state_of(services, actions.board(cache(request, Askers), roster, services, account))


@router.get("/map")
def district(services: ServicesOf, _account: Viewer) -> Geography:
    """Rivers, towns and stations as GeoJSON, by the coordinates of the catalogue. It changes with
    the catalogue alone; how the stations stand is no part of it.
    """
    return geography(services.catalogue)


API = (router,)
