"""Forms of contacts, and the page of a further unit's part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.frame import frame
from api.platforms.duty.handling import actions
from api.platforms.duty.handling.procedure import PROCEDURE
from api.platforms.duty.handling.records import WAYS
from api.platforms.duty.permission import DutyPermission
from api.procedures.pages import forms
from api.procedures.part import Failed, part_of
from api.services import Services, ServicesOf
from api.web.forms import LONGEST_TYPED, MOST_ID, NotAccepted
from api.web.rendering import link, page
from config.vocabulary.time import day_of

CONTRIBUTION = "/contributions/{item_id}"
ContactId = Annotated[int, Path(ge=1, le=MOST_ID)]
Reader = Annotated[Account, require(DutyPermission.SEE)]
Handler = Annotated[Account, require(DutyPermission.HANDLE)]
Signer = Annotated[Account, require(DutyPermission.WRITE)]
Text = Annotated[str, Form(max_length=20 * LONGEST_TYPED)]
router = APIRouter(include_in_schema=False)


@router.get("/suggestions/{item_id}/contacts/new", response_class=HTMLResponse)
def new_contact(
    item_id: str, request: Request, services: ServicesOf, account: Handler
) -> HTMLResponse:
    """The form by which a unit logs that it spoke with the deputies."""
    today = day_of(services.now_ms())
    return _contact_form(request, services, account, item_id, {"day": today}, {})


@router.post("/suggestions/{item_id}/contacts", dependencies=[SameOrigin], response_model=None)
def log_contact(
    item_id: str,
    request: Request,
    services: ServicesOf,
    account: Handler,
    way: Text = "",
    day: Text = "",
    text: Text = "",
) -> HTMLResponse | RedirectResponse:
    """Log it; what does not hold comes back with its words and all that was written."""
    written = {"way": way, "day": day, "text": text}
    try:
        row = actions.log_contact(services, account, item_id, written)
    except NotAccepted as refused:
        said = services.words(f"duty.contact.wrong-{refused.key}", **refused.values)
        wrong = {refused.faults[0].where: said}
        answer = _contact_form(request, services, account, item_id, written, wrong)
        answer.status_code = 422
        return answer
    if row is None:
        raise HTTPException(404, f"unknown suggestion {item_id[:40]}")
    return RedirectResponse(link(request, f"/suggestions/{item_id}#contacts"), 303)


@router.post("/contacts/{contact_id}/{word}", dependencies=[SameOrigin])
def say(
    contact_id: ContactId,
    word: str,
    request: Request,
    services: ServicesOf,
    account: Signer,
    note: Text = "",
) -> RedirectResponse:
    """Confirm or deny a contact."""
    if word not in ("confirm", "deny"):
        raise HTTPException(404, f"unknown word {word[:40]}; take confirm or deny")
    try:
        row = actions.say(services, account, contact_id, confirmed=word == "confirm", note=note)
    except NotAccepted as refused:
        raise HTTPException(422, str(refused)) from refused
    if row is None:
        raise HTTPException(404, f"unknown contact {contact_id}")
    return RedirectResponse(link(request, f"/suggestions/{row['id']}#contacts"), 303)


@router.get(CONTRIBUTION, response_class=HTMLResponse)
def contribution(
    item_id: str, request: Request, services: ServicesOf, account: Reader
) -> HTMLResponse:
    """The part of a further unit, and what may be done next."""
    return _contribution(request, services, account, item_id, None)


def _contact_form(
    request: Request,
    services: Services,
    account: Account,
    item_id: str,
    written: Mapping[str, str],
    wrong: Mapping[str, str],
) -> HTMLResponse:
    row = actions.handled(services, account, item_id)
    if row is None:
        raise HTTPException(404, f"unknown suggestion {item_id[:40]}")
    return page(
        request,
        services.words,
        "duty/contact.html",
        **frame(request, services, account),
        row=row,
        ways=WAYS,
        today=day_of(services.now_ms()),
        written={"way": "", "day": "", "text": ""} | dict(written),
        wrong=wrong,
    )


def _contribution(
    request: Request, services: Services, account: Account, item_id: str, failed: Failed | None
) -> HTMLResponse:
    address = link(request, CONTRIBUTION.format(item_id=item_id))
    part = part_of(services, account, PROCEDURE, item_id, address=address, failed=failed)
    return page(
        request,
        services.words,
        "duty/contribution.html",
        **frame(request, services, account),
        part=part,
        line=actions.contribution_line(services, part.row),
    )


PAGES = (router, forms(PROCEDURE, CONTRIBUTION, _contribution))
