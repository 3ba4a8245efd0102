"""The page that says how a station is judged."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from api.accounts.records import Account
from api.authentication.requests import require
from api.frame import frame
from api.platforms.environment.judging import actions
from api.platforms.environment.permission import EnvironmentPermission
from api.services import ServicesOf
from api.web.rendering import page

router = APIRouter(include_in_schema=False)
Viewer = Annotated[Account, require(EnvironmentPermission.SEE_STATIONS)]


@router.get("/stations/{station_id}/judging", response_class=HTMLResponse)
def judging(
    station_id: str, request: Request, services: ServicesOf, account: Viewer
) -> HTMLResponse:
    """Limits, standards and checks of each indicator; for everybody."""
    station = services.catalogue.stations.get(station_id)
    if station is None:
        raise HTTPException(404, f"unknown station {station_id!r}")
    rows = actions.judging(services, station)
    return page(
        request,
        services.words,
        "environment/judging.html",
        **frame(request, services, account),
        station=station,
        rows=rows,
        sources=actions.sources(services, rows),
        complete=actions.complete(services) if station.kind == "air" else [],
    )
