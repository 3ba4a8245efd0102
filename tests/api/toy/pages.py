"""Pages and API of the toy platform."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.authentication import OnApi, OnPage, SameOrigin
from api.frame import frame
from api.services import ServicesOf
from api.web.caches import cache
from api.web.rendering import link, page
from tests.api.toy import notes

pages = APIRouter(include_in_schema=False)
api = APIRouter(tags=["toy"])


@pages.get("/", response_class=HTMLResponse)
def home(request: Request, services: ServicesOf, account: OnPage) -> HTMLResponse:
    """Every note, in a template whose name the environment has as well."""
    visits = cache(request, notes.Visits)
    visits.count += 1
    values = {"notes": notes.listing(services), "visits": visits.count}
    around = frame(request, services, account)
    return page(request, services.words, "toy/alerts.html", **around, **values)


@pages.post("/notes", dependencies=[SameOrigin])
def write(
    text: Annotated[str, Form()], request: Request, services: ServicesOf, _who: OnPage
) -> RedirectResponse:
    """Write a note, and lead back to the list."""
    notes.write(services, text)
    return RedirectResponse(link(request, "/"), 303)


@api.get("/notes")
def listing(services: ServicesOf, _who: OnApi) -> list[str]:
    """Every note."""
    return [text for _, text in notes.listing(services)]


@api.post("/notes", status_code=201, dependencies=[SameOrigin])
def keep(text: str, services: ServicesOf, _who: OnApi) -> int:
    """Write a note; its id."""
    return notes.write(services, text)
