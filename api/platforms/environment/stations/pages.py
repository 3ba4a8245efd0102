"""The overview with its map, and the page of one station."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from api.accounts.door import OnPage
from api.parts import PartsOf
from api.platforms.environment.menu import frame
from api.platforms.environment.stations import actions
from api.platforms.environment.stations.records import project
from api.web.rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/", response_class=HTMLResponse)
def overview(request: Request, parts: PartsOf, account: OnPage) -> HTMLResponse:
    """The district at a glance."""
    rows = actions.overview(parts)
    return page(
        request,
        parts.words,
        "overview.html",
        **frame(parts, account),
        rows=rows,
        map=project(parts.catalogue),
        rivers=list(parts.catalogue.rivers.values()),
    )


@router.get("/stations/{station_id}", response_class=HTMLResponse)
def station(station_id: str, request: Request, parts: PartsOf, account: OnPage) -> HTMLResponse:
    """One station: readings, chart and alerts."""
    known = parts.catalogue.stations.get(station_id)
    if known is None:
        raise HTTPException(404, f"unknown station {station_id!r}")
    alerts = parts.alerts.listing(station=station_id, most=10)
    row = next(row for row in actions.overview(parts) if row.station.id == station_id)
    river = parts.catalogue.rivers.get(known.river or "")
    return page(
        request,
        parts.words,
        "station.html",
        **frame(parts, account),
        row=row,
        river=river,
        readings=actions.readings(parts, known),
        averages=actions.averages(parts, known),
        charted=actions.charted(parts, known),
        equipment=actions.equipment(parts, known) if account.role == "officer" else None,
        samples=parts.centre.station(station_id),
        clock_off=actions.clock_off(parts, known),
        alerts=[(kept, parts.wording.sentences(kept.alert, parts.now_ms())) for kept in alerts],
    )
