"""Meetings over the API: for those who convene and for those invited."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.meetings import actions as meetings
from api.meetings.routes import check_in_routes
from api.platforms.duty.meetings import actions, wording
from api.platforms.duty.meetings.procedure import MEETINGS
from api.platforms.duty.meetings.records import PATH, InviteGiven, MeetingGiven, TextGiven
from api.platforms.duty.meetings.schemas import (
    ConvenedState,
    GuestState,
    Made,
    OwnState,
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


API = (
    router,
    check_in_routes(MEETINGS, OWN, ONE, wording.answer),
    routes(MEETINGS.own, f"{OWN}/{{item_id}}"),
    routes(MEETINGS.invitation, f"{PATH}/guests/{{item_id}}"),
    routes(MEETINGS.meeting, ONE),
)
