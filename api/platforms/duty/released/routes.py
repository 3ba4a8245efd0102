"""Released suggestions for programs, which need no token."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response

from api.authentication.requests import FOR_ALL
from api.open_forms.sending import Visits, address_of
from api.platforms.duty.released import actions
from api.platforms.duty.released.records import CACHED_S, MOST_PAGES, TooManyVisits
from api.platforms.duty.released.schemas import ReleasedPage, ReleasedState, released_state
from api.services import Services
from api.web.caches import cache

router = APIRouter(prefix="/api/v1/open", tags=["open"])


def _bounded(request: Request, answer: Response) -> Services:
    services: Services = request.app.state.services
    if wait_ms := cache(request, Visits).wait_ms(address_of(request), services.now_ms()):
        raise TooManyVisits(wait_ms)
    answer.headers["Cache-Control"] = f"public, max-age={CACHED_S}"
    return services


Public = Annotated[Services, Depends(_bounded)]
Number = Annotated[int, Query(ge=1, le=MOST_PAGES, alias="page")]


@router.get("/suggestions", openapi_extra=FOR_ALL)
def suggestions(services: Public, number: Number = 1) -> ReleasedPage:
    """Released suggestions, the newest reply first."""
    found, more = actions.listed(services, number)
    return ReleasedPage(suggestions=[released_state(of) for of in found], more=more)


@router.get("/suggestions/{number}", openapi_extra=FOR_ALL)
def suggestion(number: str, services: Public) -> ReleasedState:
    """A released suggestion with its reply."""
    found = actions.one(services, number)
    if found is None:
        raise HTTPException(404, "nothing public has this number")
    return released_state(found)
