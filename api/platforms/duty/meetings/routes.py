"""Meetings over the API: for those who convene, for those invited, and for the desk."""

from __future__ import annotations

import base64
from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.meetings import actions as meetings
from api.meetings import check_ins, passes
from api.meetings.records import CLOSES_AFTER_MS, OPENS_BEFORE_MS, MeetingRefused
from api.platforms.duty.meetings import actions, wording
from api.platforms.duty.meetings.procedure import MEETINGS
from api.platforms.duty.meetings.records import PATH, InviteGiven, MeetingGiven, TextGiven
from api.platforms.duty.meetings.schemas import (
    CheckInGuest,
    CheckInList,
    ConvenedState,
    GuestState,
    Made,
    MarkOutcome,
    MarksGiven,
    OwnState,
    PassStanding,
    PassState,
    Written,
    convened_state,
    guest_state,
    own_state,
)
from api.platforms.duty.permission import DutyPermission
from api.procedures.routes import routes
from api.services import ServicesOf
from api.web.forms import MOST_ID

router = APIRouter(tags=["duty"], dependencies=[SameOrigin])
Convener = Annotated[Account, require(DutyPermission.CONVENE)]
Attendant = Annotated[Account, require(DutyPermission.ATTEND)]
Id = Annotated[int, Path(ge=1, le=MOST_ID)]
OWN = f"{PATH}/invitations"
ONE = f"{PATH}/{{item_id}}"


@router.get(PATH)
def convened(
    services: ServicesOf,
    account: Convener,
    before: Annotated[int, Query(ge=0, le=MOST_ID)] = 0,
) -> list[ConvenedState]:
    """Meetings and notices, the newest first, 50 at a time; ``before`` is the last id seen."""
    found, _ = actions.convened_meetings(services, account, before)
    return [convened_state(meeting, count) for meeting, count in found]


@router.post(PATH)
def make(given: MeetingGiven, services: ServicesOf, account: Convener) -> Made:
    """Keep a draft; step ``send`` of its procedure and ``invite`` send it."""
    return Made(id=meetings.make(services, MEETINGS, account, given.details()))


@router.get(OWN)
def own(services: ServicesOf, account: Attendant) -> list[OwnState]:
    """Meetings to which the caller is invited, the latest first."""
    return [own_state(of) for of in actions.own(services, account.username)]


@router.get(f"{OWN}/{{item_id}}/pass")
def pass_standing(item_id: Id, services: ServicesOf, account: Attendant) -> PassStanding:
    """Whether the pass that this device has is still the one that counts."""
    _, guest = meetings.invited_as(services, MEETINGS, account, str(item_id))
    return PassStanding(serial=guest.serial, now_ms=services.now_ms())


@router.post(f"{OWN}/{{item_id}}/pass")
def issue_pass(item_id: Id, services: ServicesOf, account: Attendant) -> PassState:
    """Give this device the pass of its person; one that another device has ends."""
    meeting, made, serial = check_ins.issue_pass(services, MEETINGS, account, str(item_id))
    return PassState(
        meeting=meeting.id,
        number=made.number,
        serial=serial,
        key=base64.b64encode(made.key).decode(),
        now_ms=services.now_ms(),
    )


@router.post(f"{OWN}/{{item_id}}/opinions", status_code=204)
def give_opinion(item_id: Id, given: TextGiven, services: ServicesOf, account: Attendant) -> None:
    """Give an opinion on what a meeting is about."""
    meeting, guest = meetings.invited_as(services, MEETINGS, account, str(item_id))
    meetings.give_opinion(services, MEETINGS, account, meeting, guest, given.text)


@router.get(ONE)
def one(item_id: Id, services: ServicesOf, account: Convener) -> ConvenedState:
    """A meeting with its figures."""
    found = actions.convened(services, account, str(item_id))
    return convened_state(found.meeting, found.count, found.missing)


@router.get(f"{ONE}/guests")
def guests(item_id: Id, services: ServicesOf, account: Convener) -> list[GuestState]:
    """Everybody who is or was invited."""
    found = actions.convened(services, account, str(item_id))
    return [guest_state(found.meeting, of) for of in found.guests]


@router.post(f"{ONE}/invite")
def invite(
    item_id: Id, given: InviteGiven, services: ServicesOf, account: Convener
) -> ConvenedState:
    """Invite further people; with none named, those who are still missing."""
    meeting = meetings.convened(services, MEETINGS, account, str(item_id))
    if given.units or given.people:
        meetings.invite_more(services, MEETINGS, account, meeting, given.invited)
    else:
        meetings.invite(services, MEETINGS, account, meeting)
    found = actions.convened(services, account, str(item_id))
    return convened_state(found.meeting, found.count, found.missing)


@router.post(f"{ONE}/minutes")
def write_minutes(
    item_id: Id, given: TextGiven, services: ServicesOf, account: Convener
) -> Written:
    """Write a version of the minutes."""
    meeting = meetings.convened(services, MEETINGS, account, str(item_id))
    number = meetings.write_minutes(services, MEETINGS, account, meeting, given.text)
    return Written(number=number)


@router.get(f"{ONE}/check-in")
def check_in_list(item_id: Id, services: ServicesOf, account: Convener) -> CheckInList:
    """All that a desk needs to let people in without network."""
    found = actions.convened(services, account, str(item_id))
    meeting = found.meeting
    if not meeting.checks_in or meeting.from_ms is None:
        raise MeetingRefused("meeting", "no-check-in", "has no check-in", "send it first")
    units = actions.units(services)
    return CheckInList(
        meeting=meeting.id,
        title=meeting.title,
        now_ms=services.now_ms(),
        opens_ms=meeting.from_ms - OPENS_BEFORE_MS,
        closes_ms=(meeting.until_ms or meeting.from_ms) + CLOSES_AFTER_MS,
        step_ms=passes.STEP_MS,
        steps_around=passes.STEPS_AROUND,
        guests=[
            CheckInGuest(
                number=of.number,
                name=of.name,
                unit=units.get(of.unit, ""),
                answer=wording.answer(services.words, meeting, of),
                key=base64.b64encode(check_ins.current_pass(services, meeting, of).key).decode(),
                present_ms=of.present_ms,
            )
            for of in found.guests
            if of.expected
        ],
    )


@router.post(f"{ONE}/check-ins")
def check_in(
    item_id: Id, given: MarksGiven, services: ServicesOf, account: Convener
) -> list[MarkOutcome]:
    """Enter what a desk noted; sent again it changes nothing."""
    meeting = meetings.convened(services, MEETINGS, account, str(item_id))
    marks = [of.mark() for of in given.marks]
    found = check_ins.enter(services, MEETINGS, account, meeting, marks)
    return [MarkOutcome(key=key, outcome=outcome) for key, outcome in found]


API = (
    router,
    routes(MEETINGS.own, f"{OWN}/{{item_id}}"),
    routes(MEETINGS.invitation, f"{PATH}/guests/{{item_id}}"),
    routes(MEETINGS.meeting, ONE),
)
