"""Pages of occasions: the list, the form of a body, and one with its order and its comments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.accounts.records import Account
from api.authentication.requests import SameOrigin
from api.meetings.wording import local
from api.platforms.judicial.hearings import wording
from api.platforms.judicial.hearings.actions import announcing, attending, commenting, seating
from api.platforms.judicial.hearings.pages.parts import (
    Attendant,
    Body,
    Office,
    Reader,
    details,
    led,
    shown,
)
from api.platforms.judicial.hearings.procedure import PROCEDURE
from api.platforms.judicial.hearings.records import MOST_SEATS, Asked, form
from api.platforms.judicial.permission import JudicialPermission
from api.procedures.pages import Written, forms, version_of
from api.procedures.part import Failed, part_of
from api.procedures.refusals import StepRefused, UnknownThing
from api.services import Services, ServicesOf
from api.web.rendering import link

ADDRESS = "/hearings/{item_id}"
FIELDS = (
    "title",
    "matter",
    "from",
    "until",
    "location",
    "link",
    "openness",
    "closed_why",
    "seats",
)
router = APIRouter(include_in_schema=False, dependencies=[SameOrigin])


@router.get("/hearings", response_class=HTMLResponse)
def hearings(
    request: Request, services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """Occasions that somebody may see."""
    lines, found = announcing.listed(services, account, asked)
    return shown(
        request,
        services,
        account,
        "hearings",
        lines=lines,
        found=found,
        asked=asked,
        shows=announcing.SHOWS,
        announces=bool(announcing.offered(account)),
    )


@router.get("/hearings/new", response_class=HTMLResponse)
def new(request: Request, services: ServicesOf, account: Body) -> HTMLResponse:
    """An empty form."""
    return _form(request, services, account, {"seats": "5", "openness": "open"})


@router.post("/hearings/new")
def make(written: Written, request: Request, services: ServicesOf, account: Body) -> Response:
    """Begin a draft; what does not hold comes back with all that was written."""
    given = {name: written.get(name, "") for name in ("kind", *FIELDS)}
    try:
        made = announcing.make(services, account, given)
    except StepRefused as refused:
        return _form(request, services, account, written, refused=refused)
    return led(request, ADDRESS.format(item_id=made))


@router.get(f"{ADDRESS}/edit", response_class=HTMLResponse)
def editing(item_id: str, request: Request, services: ServicesOf, account: Body) -> HTMLResponse:
    """The form with a draft in it."""
    row = announcing.draft_for(services, account, item_id)
    written = {name: row[name] or "" for name in FIELDS if name in row}
    written |= {"from": local(row["from_ms"]), "until": local(row["until_ms"])}
    written["version"] = str(row["version"])
    return _form(request, services, account, written, item_id)


@router.post(f"{ADDRESS}/edit")
def edit(
    item_id: str, written: Written, request: Request, services: ServicesOf, account: Body
) -> Response:
    """Give a draft other words."""
    given = {name: written.get(name, "") for name in FIELDS}
    try:
        announcing.edit(services, account, item_id, given, version_of(written))
    except UnknownThing:
        raise
    except StepRefused as refused:
        return _form(request, services, account, written, item_id, refused=refused)
    return led(request, ADDRESS.format(item_id=item_id))


@router.get(ADDRESS, response_class=HTMLResponse)
def hearing(item_id: str, request: Request, services: ServicesOf, account: Reader) -> HTMLResponse:
    """An occasion."""
    return _shown(request, services, account, item_id, None)


@router.post(f"{ADDRESS}/ask")
def ask(item_id: str, request: Request, services: ServicesOf, account: Attendant) -> Response:
    """Ask for a seat, and lead to it."""
    try:
        made = seating.ask(services, account, item_id)
    except UnknownThing:
        raise
    except StepRefused as refused:
        return _shown(request, services, account, item_id, None, refused)
    return led(request, f"/seats/{made}")


@router.post(f"{ADDRESS}/propose")
def propose(
    item_id: str,
    username: Annotated[str, Form(max_length=40)],
    request: Request,
    services: ServicesOf,
    account: Office,
) -> Response:
    """Propose a deputy."""
    try:
        seating.propose(services, account, item_id, username)
    except UnknownThing:
        raise
    except StepRefused as refused:
        return _shown(request, services, account, item_id, None, refused)
    return led(request, ADDRESS.format(item_id=item_id))


def _form(
    request: Request,
    services: Services,
    account: Account,
    written: Mapping[str, str],
    item_id: str = "",
    *,
    refused: StepRefused | None = None,
) -> HTMLResponse:
    address = f"{ADDRESS.format(item_id=item_id)}/edit" if item_id else "/hearings/new"
    return shown(
        request,
        services,
        account,
        "hearing_form",
        refused,
        written=dict.fromkeys(("kind", "version", *FIELDS), "") | dict(written),
        item_id=item_id,
        address=link(request, address),
        kinds=[of.id for of in announcing.offered(account)],
        most=MOST_SEATS,
        needs={need.name: need for need in PROCEDURE.first.needs},
    )


def _shown(
    request: Request,
    services: Services,
    account: Account,
    item_id: str,
    failed: Failed | None,
    refused: StepRefused | None = None,
) -> HTMLResponse:
    address = link(request, ADDRESS.format(item_id=item_id))
    part = part_of(services, account, PROCEDURE, item_id, address=address, failed=failed)
    row = part.row
    keeps = row["unit"] in announcing.bodies(account)
    guests = attending.guests(services, row["id"]) if keeps else ()
    checks = account.may(JudicialPermission.CHECK)
    open_ = row["state"] in ("announced", "allotted")
    return shown(
        request,
        services,
        account,
        "hearing",
        refused,
        part=part,
        **details(services, row),
        own=seating.own(services, account, row["id"]),
        asks=account.may(JudicialPermission.ATTEND) and open_,
        order=seating.order(services, account, item_id),
        last=lambda day: wording.last(services.words, day),
        checks=checks,
        able=seating.able(services) if checks and open_ else (),
        guests=guests,
        comments=commenting.read(services, account, item_id),
        form=form(),
    )


PAGES = (router, forms(PROCEDURE, ADDRESS, _shown, announcing.done))
