"""Pages of somebody invited: the own meetings, an answer, the pass, and an opinion."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, SignedIn
from api.meetings import actions as meetings
from api.meetings import wording as meeting_wording
from api.meetings.records import MeetingRefused, UnknownMeeting
from api.platforms.duty.meetings import actions, wording
from api.platforms.duty.meetings.pages.meeting_page import (
    Attendant,
    Id,
    faults,
    led,
    papers,
    shown,
)
from api.platforms.duty.meetings.procedure import MEETINGS
from api.platforms.duty.meetings.records import PATH, Done, TextGiven
from api.platforms.duty.permission import DutyPermission
from api.procedures.pages import forms
from api.procedures.part import Failed, part_of
from api.services import Services, ServicesOf
from api.web.rendering import link

ADDRESS = f"{PATH}/invitations/{{item_id}}"
router = APIRouter(include_in_schema=False)


@router.get(PATH, response_class=HTMLResponse)
def own(request: Request, services: ServicesOf, account: Attendant) -> HTMLResponse:
    """Meetings and notices to which one is invited, those that wait for an answer on top."""
    lines = [
        wording.own_line(services.words, of) for of in actions.own(services, account.username)
    ]
    return shown(
        request,
        services,
        account,
        "own_meetings",
        waiting=[of for of in lines if of.waits],
        others=[of for of in lines if not of.waits],
    )


@router.get(ADDRESS, response_model=None)
def invitation(
    item_id: Id,
    request: Request,
    services: ServicesOf,
    account: SignedIn,
    done: Annotated[Done, Query()] = "",
) -> Response:
    """A meeting to which one is invited; those who convene it are led to the answer as they see
    it, for messages name this address.
    """
    try:
        return _shown(request, services, account, str(item_id), None, done=done)
    except UnknownMeeting:
        if account.may(DutyPermission.CONVENE):
            return led(request, f"/guests/{item_id}")
        raise


def _shown(
    request: Request,
    services: Services,
    account: Account,
    item_id: str,
    failed: Failed | None,
    *,
    done: Done = "",
    wrong: dict[str, str] | None = None,
    written: str = "",
) -> HTMLResponse:
    found = actions.invitation(services, account, item_id)
    address = link(request, ADDRESS.format(item_id=item_id))
    part = part_of(services, account, MEETINGS.own, item_id, address=address, failed=failed)
    meeting, words = found.meeting, services.words
    steps = wording.STEPS[meeting.wants] if meeting.takes_answers else ()
    part = replace(part, following=[of for of in part.following if of.step.name in steps])
    return shown(
        request,
        services,
        account,
        "invitation",
        found=found,
        meeting=meeting,
        part=part,
        address=address,
        kind=wording.kind(words, meeting),
        when=meeting_wording.when(words, meeting),
        where=meeting_wording.where(words, meeting),
        waits=meeting.takes_answers and wording.needs_answer(meeting, found.guest),
        papers=papers(services, account, meeting),
        done=done,
        wrong=wrong or {},
        written=written,
    )


@router.post(f"{ADDRESS}/opinions", dependencies=[SameOrigin], response_model=None)
def give_opinion(
    item_id: Id,
    given: Annotated[TextGiven, Form()],
    request: Request,
    services: ServicesOf,
    account: Attendant,
) -> HTMLResponse | RedirectResponse:
    """Give an opinion on what the meeting is about."""
    meeting, guest = meetings.invited_as(services, MEETINGS, account, str(item_id))
    try:
        meetings.give_opinion(services, MEETINGS, account, meeting, guest, given.text)
    except MeetingRefused as refused:
        wrong = faults(services, refused)
        return _shown(
            request, services, account, str(item_id), None, wrong=wrong, written=given.text
        )
    return led(request, f"/invitations/{item_id}", "opinion")


@router.get(f"{ADDRESS}/pass", response_class=HTMLResponse)
def own_pass(
    item_id: Id, request: Request, services: ServicesOf, account: Attendant
) -> HTMLResponse:
    """The page that shows the code, also without network once it was opened with one."""
    meeting, guest = meetings.invited_as(services, MEETINGS, account, str(item_id))
    words = services.words
    return shown(
        request,
        services,
        account,
        "pass",
        meeting=meeting,
        guest=guest,
        when=meeting_wording.when(words, meeting),
        where=meeting_wording.where(words, meeting),
        own=account.clerk is None,
    )


PAGES = (router, forms(MEETINGS.own, ADDRESS, _shown))
