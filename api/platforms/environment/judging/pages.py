"""The page that says how a station is judged."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from api.accounts.door import OnPage
from api.parts import PartsOf
from api.platforms.environment.judging import actions
from api.platforms.environment.menu import frame
from api.web.rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/stations/{station_id}/judging", response_class=HTMLResponse)
def judging(station_id: str, request: Request, parts: PartsOf, account: OnPage) -> HTMLResponse:
    """Limits, standards and checks of each indicator; for everybody."""
    station = parts.catalogue.stations.get(station_id)
    if station is None:
        raise HTTPException(404, f"unknown station {station_id!r}")
    rows = actions.judging(parts, station)
    return page(
        request,
        parts.words,
        "judging.html",
        **frame(parts, account),
        station=station,
        rows=rows,
        sources=actions.sources(rows),
        complete=actions.complete(parts) if station.kind == "air" else [],
    )
