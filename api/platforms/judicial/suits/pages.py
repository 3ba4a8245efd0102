"""Pages of suits: units in the official order, and one unit by itself."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from api.accounts.records import Account
from api.authentication.requests import require
from api.frame import frame
from api.platforms.judicial.permission import JudicialPermission
from api.platforms.judicial.suits import actions, wording
from api.platforms.judicial.suits.records import COUNTS
from api.services import ServicesOf
from api.web import tables
from api.web.rendering import page

Reader = Annotated[Account, require(JudicialPermission.SEE)]
router = APIRouter(prefix="/suits", include_in_schema=False)


@router.get("", response_class=HTMLResponse)
def suits(request: Request, services: ServicesOf, account: Reader) -> HTMLResponse:
    """The units, by name alone."""
    around = frame(request, services, account)
    found = actions.listed(services)
    return page(request, services.words, "judicial/suits.html", **around, units=found)


@router.get("/{unit_id}.{form}")
def exported(unit_id: str, form: tables.Form, services: ServicesOf, _account: Reader) -> Response:
    """The months of one unit as a table for a spreadsheet."""
    found = actions.of_unit(services, unit_id)
    sheet = wording.table(services.words, found.name, found.months)
    return tables.download(services.words, unit_id, form, sheet, total=len(found.months))


@router.get("/{unit_id}", response_class=HTMLResponse)
def one(unit_id: str, request: Request, services: ServicesOf, account: Reader) -> HTMLResponse:
    """The months of one unit."""
    found = actions.of_unit(services, unit_id)
    return page(
        request,
        services.words,
        "judicial/suits_unit.html",
        **frame(request, services, account),
        unit=found,
        columns=COUNTS,
    )


PAGES = (router,)
