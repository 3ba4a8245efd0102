"""Public pages, which nobody has to sign in for, and the feed. They are the same for everybody:
who asks is not looked at, but for how often.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.open_forms.sending import Visits, address_of
from api.platforms.duty.released import actions, wording
from api.platforms.duty.released.records import CACHED_S, MOST_PAGES, TooManyVisits
from api.services import Services
from api.web.caches import cache
from api.web.rendering import page, rendered

HEADERS = {"Cache-Control": f"public, max-age={CACHED_S}"}
router = APIRouter(prefix="/open", include_in_schema=False)


def bounded(request: Request) -> Services:
    """The services in the language of the site, for an address that does not ask too often.

    Raises:
        TooManyVisits
    """
    services: Services = request.app.state.services
    if wait_ms := cache(request, Visits).wait_ms(address_of(request), services.now_ms()):
        raise TooManyVisits(wait_ms)
    return services


Public = Annotated[Services, Depends(bounded)]
Number = Annotated[int, Query(ge=1, le=MOST_PAGES, alias="page")]


@router.get("/suggestions", response_class=HTMLResponse)
def suggestions(request: Request, services: Public, number: Number = 1) -> HTMLResponse:
    """Released suggestions, the newest reply first."""
    found, more = actions.listed(services, number)
    answer = page(
        request,
        services.words,
        "duty/open_suggestions.html",
        site=services.catalogue.site,
        found=found,
        number=number,
        more=more,
    )
    answer.headers.update(HEADERS)
    return answer


@router.get("/suggestions/{number}", response_class=HTMLResponse)
def suggestion(number: str, request: Request, services: Public) -> HTMLResponse:
    """A released suggestion with its reply."""
    found = actions.one(services, number)
    if found is None:
        raise HTTPException(404, "nothing public has this number")
    answer = page(
        request,
        services.words,
        "duty/open_suggestion.html",
        site=services.catalogue.site,
        of=found,
        result=wording.result(services.words, found),
    )
    answer.headers.update(HEADERS)
    return answer


@router.get("/feed.xml")
def feed(request: Request, services: Public) -> Response:
    """The newest as an Atom feed."""
    found = actions.newest(services)
    content = rendered(
        request,
        services.words,
        "duty/open_feed.html",
        site=services.catalogue.site,
        updated=wording.updated(found),
        entries=[
            (of, wording.instant(of.day), wording.result(services.words, of)) for of in found
        ],
    )
    return Response(content, headers=HEADERS, media_type="application/atom+xml; charset=utf-8")
