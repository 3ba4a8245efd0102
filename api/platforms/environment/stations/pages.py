"""The overview with its map, and the page of one station."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from api.accounts.authentication import OnPage
from api.frame import frame
from api.platforms.environment import charted
from api.platforms.environment.stations import actions
from api.platforms.environment.stations.records import project
from api.platforms.environment.stations.wording import averages, equipment
from api.services import ServicesOf
from api.web.rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/", response_class=HTMLResponse)
def overview(request: Request, services: ServicesOf, account: OnPage) -> HTMLResponse:
    """The district at a glance."""
    rows = actions.overview(services)
    return page(
        request,
        services.words,
        "environment/overview.html",
        **frame(request, services, account),
        rows=rows,
        map=project(services.catalogue),
        rivers=list(services.catalogue.rivers.values()),
    )


@router.get("/stations/{station_id}", response_class=HTMLResponse)
def station(
    station_id: str, request: Request, services: ServicesOf, account: OnPage
) -> HTMLResponse:
    """One station: readings, chart and alerts."""
    known = services.catalogue.stations.get(station_id)
    if known is None:
        raise HTTPException(404, f"unknown station {station_id!r}")
    alerts = services.alerts.listing(station=station_id, most=10)
    row = next(row for row in actions.overview(services) if row.station.id == station_id)
    river = services.catalogue.rivers.get(known.river or "")
    return page(
        request,
        services.words,
        "environment/station.html",
        **frame(request, services, account),
        row=row,
        river=river,
        readings=actions.readings(services, known),
        averages=averages.averages(services, known),
        charted=charted.charted(services, known),
        equipment=equipment.equipment(services, known) if account.role == "officer" else None,
        samples=services.centre.station(station_id),
        clock_off=equipment.clock_off(services, known),
        alerts=[
            (kept, services.wording.sentences(kept.alert, services.now_ms())) for kept in alerts
        ],
    )
