"""The overview with its map, and the page of one station."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import HTMLResponse

from alerting.events.repository import Wanted
from api.accounts.records import Account
from api.authentication.requests import require
from api.frame import frame
from api.platforms.environment import charted, event_story, silenced
from api.platforms.environment.acts import role_of
from api.platforms.environment.permission import EnvironmentPermission
from api.platforms.environment.stations import actions
from api.platforms.environment.stations.records import Asked
from api.platforms.environment.stations.wording import (
    averages,
    calendar,
    equipment,
    listing,
    measuring,
    neighbours,
)
from api.services import Services, ServicesOf
from api.web import live_parts, tables
from api.web.rendering import page, rendered
from config.vocabulary.time import DAY_MS, begins_ms

A_PAGE = 60
CARDS = 3
"""Of events above the map, which is to stay in sight."""

router = APIRouter(include_in_schema=False)
Viewer = Annotated[Account, require(EnvironmentPermission.SEE_STATIONS)]


@router.get("/", response_class=HTMLResponse)
def overview(
    request: Request, services: ServicesOf, account: Viewer, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """The district at a glance. Open pages that may see the same, and ask for it, share one
    rendering a moment.
    """
    if live_parts.HEADER not in request.headers:
        return HTMLResponse(_overview(request, services, account, asked))
    shown = services.shared.get(
        ("open overview", services.words, account.reaches, asked.query(), asked.page),
        (services.moment, services.live.alerts),
        lambda: live_parts.parts(_overview(request, services, account, asked)),
    )
    return live_parts.changed(shown, request, services.now_ms())


def _overview(request: Request, services: Services, account: Account, asked: Asked) -> str:
    rows = actions.overview(services)
    listed = asked.listed(rows, listing.towns(services))
    return rendered(
        request,
        services.words,
        "environment/overview.html",
        **frame(request, services, account),
        rows=rows,
        listed=listed,
        shown=listed[(asked.page - 1) * A_PAGE : asked.page * A_PAGE],
        asked=asked,
        filters=listing.filters(services),
        pages=-(-len(listed) // A_PAGE),
        **_alerted(services, account),
    )


def _alerted(services: Services, account: Account) -> dict[str, Any]:
    """The last day's alerts and the gravest events that stand, for those who may see them."""
    if not account.may(EnvironmentPermission.SEE_ALERTS):
        return {"day": None, "cards": [], "standing": 0}
    wanted = Wanted(role_of(account), "standing")
    rows, standing = event_story.listed(services, wanted, most=CARDS, worst_first=True)
    return {
        "day": actions.last_day(services, account),
        "cards": [(row, event_story.story(services, row.event, row.alerts)) for row in rows],
        "standing": standing,
        "role": role_of(account),
        "subjects": services.catalogue.subjects,
    }


@router.get("/stations.{form}")
def exported(
    form: tables.Form, services: ServicesOf, _account: Viewer, asked: Annotated[Asked, Query()]
) -> Response:
    """The stations of all pages of the list with their newest readings, as a table."""
    rows = listing.rows(
        services, asked.listed(actions.overview(services), listing.towns(services))
    )
    return tables.download(
        services.words, "stations", form, listing.sheet(services, rows), total=len(rows)
    )


@router.get("/stations/{station_id}", response_class=HTMLResponse)
def station(
    station_id: str,
    request: Request,
    services: ServicesOf,
    account: Viewer,
    asked: Annotated[charted.Asked, Query()],
) -> HTMLResponse:
    """One station: readings, chart and alerts."""
    known = services.catalogue.stations.get(station_id)
    if known is None:
        raise HTTPException(404, f"unknown station {station_id!r}")
    indicators = charted.charted(services, known)
    view = asked.view(indicators[0].code, services.now_ms())
    charted.measured(services, station_id, view.code)
    alerts = services.alerts.listing(station=station_id, most=10)
    rows = {row.station.id: row for row in actions.overview(services)}
    days = calendar.calendar(services, known)
    river = services.catalogue.rivers.get(known.river or "")
    in_force = silenced.in_force(services)
    sees_equipment = account.may(EnvironmentPermission.SEE_EQUIPMENT)
    return page(
        request,
        services.words,
        "environment/station.html",
        **frame(request, services, account),
        row=rows[station_id],
        river=river,
        days=days,
        counted=calendar.counted(services, known, days),
        neighbours=neighbours.neighbours(services, rows, known),
        measuring=measuring.measuring(services, known),
        readings=actions.readings(services, known),
        averages=averages.averages(services, known),
        charted=indicators,
        view=view,
        asked=asked,
        others=charted.beside(services, known),
        chart_spans=charted.SPANS,
        equipment=equipment.equipment(services, known) if sees_equipment else None,
        samples=services.centre.station(station_id),
        clock_off=equipment.clock_off(services, known),
        silences={
            kept.alert.id: silenced.silence_of(services, in_force, kept.alert) for kept in alerts
        },
        alerts=[
            (kept, services.wording.sentences(kept.alert, services.now_ms())) for kept in alerts
        ],
    )


@router.get("/stations/{station_id}/days/{day}", response_class=HTMLResponse)
def day_of_station(
    station_id: str, day: date, request: Request, services: ServicesOf, account: Viewer
) -> HTMLResponse:
    """A day that is over: how it was judged, by which means, and what was missing."""
    known = services.catalogue.stations.get(station_id)
    found = calendar.one_day(services, known, day) if known else None
    if known is None or found is None:
        raise HTTPException(404, f"no day {day} of station {station_id!r} that is over")
    state, items = found
    indicators, begin_ms = charted.charted(services, known), begins_ms(day)
    beside = [day + timedelta(days=by) for by in (-1, 1)]
    return page(
        request,
        services.words,
        "environment/station_day.html",
        **frame(request, services, account),
        station=known,
        state=state,
        items=items,
        beside=[other if calendar.is_over(services, other) else None for other in beside],
        charted=indicators,
        view=charted.View(indicators[0].code, from_ms=begin_ms, to_ms=begin_ms + DAY_MS),
        asked=charted.Asked(),
    )
