"""Pages of the pass, of the list at the door, and of a comment."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import HTMLResponse, Response

from api.authentication.requests import SameOrigin
from api.meetings import actions as meetings
from api.platforms.judicial.hearings.actions import announcing, attending, commenting
from api.platforms.judicial.hearings.pages.parts import (
    Attendant,
    Body,
    Reader,
    details,
    led,
    shown,
)
from api.platforms.judicial.hearings.procedure import MEETINGS
from api.platforms.judicial.hearings.records import LONGEST_COMMENT, form
from api.procedures.pages import Written
from api.procedures.refusals import StepRefused, UnknownThing
from api.services import ServicesOf
from api.web.forms import MOST_ID

Number = Annotated[int, Path(ge=1, le=MOST_ID)]
Numbers = Annotated[
    list[Annotated[int, Form(ge=1, le=MOST_ID)]], Form(max_length=100, default_factory=list)
]
router = APIRouter(include_in_schema=False, dependencies=[SameOrigin])


@router.get("/hearings/invitations/{item_id}", response_model=None)
def invitation(
    item_id: Number, request: Request, services: ServicesOf, _account: Reader
) -> Response:
    """The occasion of an invitation."""
    found = attending.hearing_of(services, item_id)
    if found is None:
        raise UnknownThing(f"unknown invitation {item_id}")
    return led(request, f"/hearings/{found}")


@router.get("/hearings/{item_id}/pass", response_class=HTMLResponse)
def own_pass(
    item_id: str, request: Request, services: ServicesOf, account: Attendant
) -> HTMLResponse:
    """The code that the person shows at the door."""
    row = announcing.seen(services, account, item_id)
    guest = attending.guest_of(services, row["id"], account.username)
    if guest is None:
        raise UnknownThing(f"no seat at hearing {item_id[:40]}")
    meeting, guest = meetings.invited_as(services, MEETINGS, account, str(guest.id))
    return shown(
        request,
        services,
        account,
        "hearing_pass",
        meeting=meeting,
        guest=guest,
        own=account.clerk is None,
        **details(services, row),
    )


@router.get("/hearings/{item_id}/check-in", response_class=HTMLResponse)
def door(item_id: str, request: Request, services: ServicesOf, account: Body) -> HTMLResponse:
    """The list at the door, which also works without network."""
    row = announcing.seen(services, account, item_id)
    return shown(
        request,
        services,
        account,
        "hearing_door",
        meeting=attending.kept_by(services, account, row),
        **details(services, row),
    )


@router.post("/hearings/{item_id}/entries", response_model=None)
def enter(
    item_id: str,
    request: Request,
    services: ServicesOf,
    account: Body,
    present: Numbers,
    absent: Numbers,
) -> Response:
    """Enter people by name."""
    row = announcing.seen(services, account, item_id)
    attending.enter(services, account, row, present, absent)
    return led(request, f"/hearings/{item_id}")


@router.get("/hearings/{item_id}/comment", response_class=HTMLResponse)
def commenting_on(
    item_id: str, request: Request, services: ServicesOf, account: Attendant
) -> HTMLResponse:
    """The form of a comment, or why there is none."""
    row = announcing.seen(services, account, item_id)
    return shown(
        request,
        services,
        account,
        "hearing_comment",
        against=commenting.may(services, account, item_id),
        form=form(),
        written={},
        most=LONGEST_COMMENT,
        **details(services, row),
    )


@router.post("/hearings/{item_id}/comment", response_model=None)
def comment(
    item_id: str, written: Written, request: Request, services: ServicesOf, account: Attendant
) -> Response:
    """Give a comment; what does not hold comes back with all that was written."""
    row = announcing.seen(services, account, item_id)
    try:
        commenting.give(services, account, item_id, written)
    except UnknownThing:
        raise
    except StepRefused as refused:
        return shown(
            request,
            services,
            account,
            "hearing_comment",
            refused,
            against=commenting.may(services, account, item_id),
            form=form(),
            written=written,
            most=LONGEST_COMMENT,
            **details(services, row),
        )
    return led(request, f"/hearings/{item_id}/comment")


PAGES = (router,)
