"""The page of language and size of type."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.authentication.requests import SameOrigin
from api.own_account.answers import shown
from api.own_account.display import actions
from api.own_account.display.records import Display
from api.own_account.owner import OwnerOf
from api.web.rendering import link
from config.catalogue.words import LANGUAGES

router = APIRouter(include_in_schema=False)


@router.get("/display", response_class=HTMLResponse)
def display(request: Request, owner: OwnerOf, done: Literal["", "display"] = "") -> HTMLResponse:
    """The choices, and those of now."""
    return shown(request, owner, "display.html", done=done, all_languages=LANGUAGES)


@router.post("/display", dependencies=[SameOrigin])
def choose(
    chosen: Annotated[Display, Form()], request: Request, owner: OwnerOf
) -> RedirectResponse:
    """Keep them; the page comes back as it was chosen."""
    actions.choose(owner, chosen)
    return RedirectResponse(link(request, "/display?done=display"), 303)
