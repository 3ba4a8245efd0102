"""Pages and API of the toy platform."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.frame import frame
from api.services import ServicesOf
from api.web.caches import cache
from api.web.rendering import link, page
from tests.api.toy import notes
from tests.api.toy.permission import ToyPermission

pages = APIRouter(include_in_schema=False)
api = APIRouter(tags=["toy"])
Reader = Annotated[Account, require(ToyPermission.READ)]
Writer = Annotated[Account, require(ToyPermission.WRITE)]


@pages.get("/", response_class=HTMLResponse)
def home(request: Request, services: ServicesOf, account: Reader) -> HTMLResponse:
    """Every note, in a template whose name the environment has as well."""
    visits = cache(request, notes.Visits)
    visits.count += 1
    values = {"notes": notes.listing(services, account), "visits": visits.count}
    around = frame(request, services, account)
    return page(request, services.words, "toy/alerts.html", **around, **values)


@pages.post("/notes", dependencies=[SameOrigin])
def write(
    text: Annotated[str, Form()], request: Request, services: ServicesOf, _who: Writer
) -> RedirectResponse:
    """Write a note, and lead back to the list."""
    notes.write(services, notes.Note(text))
    return RedirectResponse(link(request, "/"), 303)


@api.get("/notes")
def listing(services: ServicesOf, who: Reader, q: str = "") -> list[str]:
    """Every note with a text in it."""
    return [text for _, text in notes.listing(services, who, q)]


@api.post("/notes", status_code=201, dependencies=[SameOrigin])
def keep(text: str, services: ServicesOf, _who: Writer) -> int:
    """Write a note; its id."""
    return notes.write(services, notes.Note(text))
