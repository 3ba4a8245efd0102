"""Pages of a seat: as its person sees it, and as the office does."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from api.accounts.records import Account
from api.accounts.repositories.people import People
from api.authentication.requests import SameOrigin
from api.platforms.judicial.hearings.actions import announcing, attending, commenting, seating
from api.platforms.judicial.hearings.pages.parts import Office, Reader, details, led, shown
from api.platforms.judicial.hearings.procedure import OFFICE, OWN
from api.platforms.judicial.hearings.records import HOLDS
from api.platforms.judicial.permission import JudicialPermission
from api.procedures.pages import forms
from api.procedures.part import Failed, part_of
from api.services import Services, ServicesOf
from api.web.rendering import link

OWN_ADDRESS = "/seats/{item_id}"
OFFICE_ADDRESS = "/allotments/{item_id}"
router = APIRouter(include_in_schema=False, dependencies=[SameOrigin])


@router.get(OWN_ADDRESS, response_model=None)
def own(item_id: str, request: Request, services: ServicesOf, account: Reader) -> Response:
    """The own seat; the office is led to it as it sees it, for messages name this address."""
    if not account.may(JudicialPermission.ATTEND):
        return led(request, OFFICE_ADDRESS.format(item_id=item_id))
    return _own(request, services, account, item_id, None)


@router.get(OFFICE_ADDRESS, response_class=HTMLResponse)
def office(item_id: str, request: Request, services: ServicesOf, account: Office) -> HTMLResponse:
    """Somebody's seat."""
    return _office(request, services, account, item_id, None)


def _own(
    request: Request, services: Services, account: Account, item_id: str, failed: Failed | None
) -> HTMLResponse:
    address = link(request, OWN_ADDRESS.format(item_id=item_id))
    part = part_of(services, account, OWN, item_id, address=address, failed=failed)
    hearing = announcing.seen(services, account, str(part.row["hearing"]))
    guest = attending.guest_of(services, hearing["id"], account.username)
    against = commenting.may(services, account, str(hearing["id"])) if _has(part.row) else ""
    return shown(
        request,
        services,
        account,
        "seat",
        part=part,
        **details(services, hearing),
        person=account.name,
        guest=guest,
        against=against,
        mine=True,
    )


def _has(row: object) -> bool:
    return isinstance(row, dict) and row["state"] in HOLDS


def _office(
    request: Request, services: Services, account: Account, item_id: str, failed: Failed | None
) -> HTMLResponse:
    address = link(request, OFFICE_ADDRESS.format(item_id=item_id))
    part = part_of(services, account, OFFICE, item_id, address=address, failed=failed)
    hearing = announcing.seen(services, account, str(part.row["hearing"]))
    username = part.row["username"]
    return shown(
        request,
        services,
        account,
        "seat",
        part=part,
        **details(services, hearing),
        person=People(services.state).names([username]).get(username, username),
        guest=None,
        against="",
        mine=False,
    )


PAGES = (
    router,
    forms(OWN, OWN_ADDRESS, _own, seating.done),
    forms(OFFICE, OFFICE_ADDRESS, _office, seating.done),
)
