"""The page on which an officer reviews and corrects readings of a station."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, HTTPException, Path, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.frame import frame
from api.platforms.environment.charted import SPANS, View, charted
from api.platforms.environment.permission import EnvironmentPermission
from api.platforms.environment.reviews import actions, wording
from api.platforms.environment.reviews.records import CORRECT, FLAGS, LONGEST_MS, Written, local
from api.services import Services, ServicesOf
from api.web import tables
from api.web.forms import LAST_MS, NotAccepted
from api.web.rendering import link, page
from config.catalogue.shapes import Station
from config.vocabulary.time import HOUR_MS
from ingest.annotations.corrections import AlreadyWithdrawn

MOST = 100
DONE = ("saved", "withdrawn", "first")
"""The decision made just now, as the address of the page says it."""
_FIELDS = {"from_ms": "begin", "at_ms": "begin", "to_ms": "end"}
"""The field of a fault, where the form calls it otherwise."""
Instant = Annotated[int, Query(ge=0, le=LAST_MS)]
router = APIRouter(include_in_schema=False)


Reviewer = Annotated[Account, require(EnvironmentPermission.REVIEW_READINGS)]


@router.get("/stations/{station_id}/reviews", response_class=HTMLResponse)
def reviews(
    station_id: str,
    request: Request,
    services: ServicesOf,
    account: Reviewer,
    code: str = "",
    from_ms: Instant = 0,
    to_ms: Instant = 0,
    hours: Annotated[int, Query(ge=0, le=LONGEST_MS // HOUR_MS)] = 0,
    done: str = "",
) -> HTMLResponse:
    """The chart, the form with its view filled in, and what was decided of the station. A view is
    of the last ``hours``, or from and to an instant.
    """
    station = _station(services, station_id, code)
    code = code or charted(services, station)[0].code
    end = min(to_ms or LAST_MS, services.now_ms())
    hours = hours or SPANS[0]
    begin = from_ms or end - hours * HOUR_MS
    latest = 0 if from_ms or to_ms else hours
    written = Written(
        code=code,
        from_ms=begin,
        to_ms=end,
        begin=local(begin // 1000 * 1000),
        end=local(-(-end // 1000) * 1000),
    )
    return _shown(request, services, account, station, written, {}, done, latest)


@router.get("/stations/{station_id}/reviews.{form}")
def exported(
    station_id: str, form: tables.Form, services: ServicesOf, _account: Reviewer
) -> Response:
    """Every decision about a station, as a table for a spreadsheet."""
    station = _station(services, station_id, "")
    most = tables.MOST[form]
    found = services.corrections.listing(station=station.id, most=most + 1)
    sheet = wording.table(services, station, found)
    return tables.download(services.words, "reviews", form, sheet, total=len(found))


@router.post("/stations/{station_id}/reviews", dependencies=[SameOrigin], response_model=None)
def decide(
    station_id: str,
    written: Annotated[Written, Form()],
    request: Request,
    services: ServicesOf,
    account: Reviewer,
) -> HTMLResponse | RedirectResponse:
    """Review or correct; what does not hold comes back with its words and all that was written."""
    station = _station(services, station_id, written.code)
    try:
        _decide(services, account, f"{station_id}/{written.code}", written)
    except NotAccepted as refused:
        where = refused.faults[0].where
        said = services.words(f"reviews.wrong-{refused.key}", **refused.values)
        wrong = {_FIELDS.get(where, where): said}
        answer = _shown(request, services, account, station, written, wrong)
        answer.status_code = 422
        return answer
    return _back(request, station_id, written, "saved")


@router.post("/stations/{station_id}/reviews/{correction_id}/withdraw", dependencies=[SameOrigin])
def withdraw(
    station_id: str,
    correction_id: Annotated[int, Path(ge=1, le=2**63 - 1)],
    view: Annotated[Written, Form()],
    request: Request,
    services: ServicesOf,
    account: Reviewer,
) -> RedirectResponse:
    """Take back, and show the list anew; the second person finds there who was first."""
    done = "withdrawn"
    try:
        if actions.withdraw(services, account, correction_id) is None:
            raise HTTPException(404, f"unknown correction {correction_id}")
    except AlreadyWithdrawn:
        done = "first"
    return _back(request, station_id, view, done)


def _station(services: Services, station_id: str, code: str) -> Station:
    """The station, if it measures ``code``; an empty one is left to be chosen."""
    if code not in ("", *services.catalogue.plans.get(station_id, ())):
        raise HTTPException(404, f"code {code!r} is not measured here")
    found = services.catalogue.stations.get(station_id)
    if found is None:
        raise HTTPException(404, f"unknown station {station_id!r}")
    return found


def _decide(services: Services, account: Account, series: str, written: Written) -> None:
    """Read the form from the top, and do what it says."""
    span, flag = written.span(), written.flag()
    if flag is None:
        value = written.figure()
        actions.correct(services, account, series, *span, value, written.reason())
    else:
        actions.review(services, account, series, *span, flag, written.reason())


def _back(request: Request, station_id: str, view: Written, done: str) -> RedirectResponse:
    query = urlencode({**view.model_dump(include={"code", "from_ms", "to_ms"}), "done": done})
    return RedirectResponse(link(request, f"/stations/{station_id}/reviews?{query}"), 303)


def _shown(
    request: Request,
    services: Services,
    account: Account,
    station: Station,
    written: Written,
    wrong: dict[str, str],
    done: str = "",
    hours: int = 0,
) -> HTMLResponse:
    return page(
        request,
        services.words,
        "environment/reviews.html",
        **frame(request, services, account),
        station=station,
        indicators=charted(services, station),
        chosen=services.words.indicators[written.code],
        written=written,
        span=View(written.code, from_ms=written.from_ms, to_ms=written.to_ms, drawn="readings"),
        wrong=wrong,
        done=done if done in DONE else "",
        decisions=services.corrections.listing(station=station.id, most=MOST),
        known=services.words.indicators,
        choices=(*FLAGS, CORRECT),
        spans=[each for each in SPANS if each * HOUR_MS <= LONGEST_MS],
        hours=hours,
    )
