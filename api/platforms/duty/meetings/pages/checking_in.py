"""The desk at the door: a page that works without network, and entries by name without scripts."""

from __future__ import annotations

from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.authentication.requests import SameOrigin
from api.meetings import actions as meetings
from api.meetings import check_ins
from api.meetings import wording as meeting_wording
from api.meetings.records import Mark
from api.platforms.duty.meetings.pages.meeting_page import Convener, Id, led, shown
from api.platforms.duty.meetings.procedure import MEETINGS
from api.platforms.duty.meetings.records import PATH, EntriesGiven
from api.services import ServicesOf

router = APIRouter(include_in_schema=False)


@router.get(f"{PATH}/{{item_id}}/check-in", response_class=HTMLResponse)
def check_in(
    item_id: Id, request: Request, services: ServicesOf, account: Convener
) -> HTMLResponse:
    """The desk of a meeting."""
    meeting = meetings.convened(services, MEETINGS, account, str(item_id))
    words = services.words
    return shown(
        request,
        services,
        account,
        "check_in",
        meeting=meeting,
        when=meeting_wording.when(words, meeting),
        where=meeting_wording.where(words, meeting),
    )


@router.post(f"{PATH}/{{item_id}}/entries", dependencies=[SameOrigin])
def enter(
    item_id: Id,
    given: Annotated[EntriesGiven, Form()],
    request: Request,
    services: ServicesOf,
    account: Convener,
) -> RedirectResponse:
    """Enter people by name: who came, and whose entry was a mistake."""
    meeting = meetings.convened(services, MEETINGS, account, str(item_id))
    now_ms = services.now_ms()
    marks = [
        Mark(str(uuid4()), number, present=present, way="list", at_ms=now_ms)
        for present, numbers in ((True, given.present), (False, given.absent))
        for number in numbers
    ]
    most = check_ins.MOST_MARKS
    for at in range(0, len(marks), most):
        check_ins.enter(services, MEETINGS, account, meeting, marks[at : at + most])
    return led(request, f"/{item_id}", "entered")
