"""The rows of a curve as a table beside it, on a page and for spreadsheets."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import Field

from api.accounts.records import Account
from api.authentication.costs import CHART, costs
from api.authentication.requests import require
from api.frame import frame
from api.platforms.environment.charted import Asked, View, charted, measured
from api.platforms.environment.charts import actions, wording
from api.platforms.environment.charts.records import drawn_of
from api.platforms.environment.permission import EnvironmentPermission
from api.services import Services, ServicesOf
from api.web import tables
from api.web.rendering import page
from config.vocabulary.time import DAY_MS

A_PAGE = 100
LONGEST_MS = 31 * DAY_MS
"""Of readings that are listed one by one."""

router = APIRouter(include_in_schema=False)
Viewer = Annotated[Account, require(EnvironmentPermission.SEE_STATIONS)]


class AskedTable(Asked):
    """A view, and which page of its rows; the newest stand first."""

    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1

    def query(self) -> str:
        """As part of an address, without the number of the page."""
        return urlencode(self.model_dump(exclude={"page"}, exclude_defaults=True))


@router.get("/stations/{station_id}/table", response_class=HTMLResponse)
@costs(CHART)
def table(
    station_id: str,
    request: Request,
    services: ServicesOf,
    account: Viewer,
    asked: Annotated[AskedTable, Query()],
) -> HTMLResponse:
    """The curve of a chart of the same address, row by row."""
    view = _view(services, station_id, asked)
    station, indicator = measured(services, station_id, view.code)
    span = view.span(services.now_ms())
    curve = actions.curve(services, station, view.code, view.drawn, *span)
    lines = actions.lines(services, station, view.code, curve.drawn)
    total = len(curve.t)
    first = total - (asked.page - 1) * A_PAGE
    rows = range(max(first, 0))[-A_PAGE:][::-1]
    return page(
        request,
        services.words,
        "environment/table.html",
        **frame(request, services, account),
        station=station,
        charted=charted(services, station),
        indicator=indicator,
        view=view,
        asked=asked,
        span=span,
        summary=wording.summary(services, station, indicator, curve, lines, span),
        rows=wording.table(services, indicator, curve, rows),
        means=curve.drawn != "readings",
        pages=-(-total // A_PAGE),
    )


@router.get("/stations/{station_id}/table.{form}")
def exported(
    station_id: str,
    form: tables.Form,
    services: ServicesOf,
    _account: Viewer,
    asked: Annotated[AskedTable, Query()],
) -> Response:
    """Every row of a view, by time, for a spreadsheet."""
    view = _view(services, station_id, asked)
    station, indicator = measured(services, station_id, view.code)
    if view.wrong:
        raise HTTPException(422, services.words(f"charts.wrong-{view.wrong}"))
    curve = actions.curve(services, station, view.code, view.drawn, *view.span(services.now_ms()))
    sheet = wording.sheet(services, station, indicator, curve)
    name = f"{station.id}-{view.code}"
    return tables.download(services.words, name, form, sheet, total=len(curve.t))


def _view(services: Services, station_id: str, asked: Asked) -> View:
    """The view that is asked for; where it has too many readings, their last hour and a word."""
    station = services.catalogue.stations.get(station_id)
    if station is None:
        raise HTTPException(404, f"unknown station {station_id!r}")
    now_ms = services.now_ms()
    view = asked.view(charted(services, station)[0].code, now_ms)
    first_ms, behind_ms = view.span(now_ms)
    span_ms = behind_ms - first_ms
    if drawn_of(view.drawn, span_ms) == "readings" and span_ms > LONGEST_MS:
        return View(view.code, drawn="auto", wrong="rows")
    return view
