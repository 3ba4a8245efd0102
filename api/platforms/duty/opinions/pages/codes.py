"""The code by which voters write to a deputy, as a picture on a card that can be printed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from api.accounts.records import Account
from api.accounts.repositories.units import Units
from api.authentication.requests import require
from api.frame import frame
from api.platforms.duty.deputies import actions as deputies
from api.platforms.duty.opinions import actions, wording
from api.platforms.duty.permission import DutyPermission
from api.services import Services, ServicesOf
from api.web.forms import RowId
from api.web.rendering import page

Reader = Annotated[Account, require(DutyPermission.SEE_OPINIONS)]
router = APIRouter(prefix="/opinions/codes", include_in_schema=False)


@router.get("", response_class=HTMLResponse)
def codes(request: Request, services: ServicesOf, account: Reader) -> HTMLResponse:
    """The deputies of the term whose cards somebody may print."""
    found = actions.deputies(services)
    return page(
        request,
        services.words,
        "duty/opinion_codes.html",
        **frame(request, services, account),
        deputies=[of for of in found if deputies.knows_all(account, of)],
    )


@router.get("/{deputy_id}", response_class=HTMLResponse)
def card(
    deputy_id: RowId, request: Request, services: ServicesOf, account: Reader
) -> HTMLResponse:
    """A card of a deputy; other deputies have no business with it."""
    of = deputies.deputy(services, deputy_id)
    if of is None or not deputies.knows_all(account, of):
        raise HTTPException(404)
    unit = Units(services.state).get(of.delegation)
    address = _address(request, services, of.code)
    return page(
        request,
        services.words,
        "duty/opinion_code.html",
        **frame(request, services, account),
        deputy=of,
        delegation=services.words.name(unit.name) if unit else "",
        picture=wording.picture(services.words, address, of.name),
        address=address,
        local=not services.public.url,
    )


def _address(request: Request, services: Services, code: str) -> str:
    """Under which everybody reaches the page: of the settings, or as this page was asked for."""
    return f"{services.public.url or str(request.base_url)}".rstrip("/") + f"/open/deputies/{code}"
