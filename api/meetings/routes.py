"""Checking in over the API, for the platforms that have meetings."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path

from api.accounts.records import Account
from api.accounts.repositories.units import Units
from api.authentication.requests import SameOrigin, require
from api.meetings import actions, check_ins, passes, repository
from api.meetings.procedure import MeetingProcedures
from api.meetings.records import (
    CLOSES_AFTER_MS,
    OPENS_BEFORE_MS,
    Guest,
    Meeting,
    MeetingRefused,
)
from api.meetings.schemas import (
    CheckInGuest,
    CheckInList,
    MarkOutcome,
    MarksGiven,
    PassStanding,
    PassState,
)
from api.services import Services, ServicesOf
from api.web.forms import MOST_ID
from config.catalogue.words import Words

Id = Annotated[int, Path(ge=1, le=MOST_ID)]


def check_in_routes(
    of: MeetingProcedures, own: str, one: str, answer: Callable[[Words, Meeting, Guest], str]
) -> APIRouter:
    """Routes of passes and of the list at the door.

    Args:
        of: the platform's procedures.
        own: the address of invitations, whose ids follow it.
        one: the address of a meeting, with ``{item_id}``.
        answer: the answer of somebody invited, as the list shows it.
    """
    router = APIRouter(tags=[of.host.platform], dependencies=[SameOrigin])
    attendant: Any = require(of.host.attend)
    convener: Any = require(of.host.convene)

    @router.get(f"{own}/{{item_id}}/pass")
    def pass_standing(
        item_id: Id, services: ServicesOf, account: Account = attendant
    ) -> PassStanding:
        """Whether the pass that this device has is still the one that counts."""
        _, guest = actions.invited_as(services, of, account, str(item_id))
        return PassStanding(serial=guest.serial, now_ms=services.now_ms())

    @router.post(f"{own}/{{item_id}}/pass")
    def issue_pass(item_id: Id, services: ServicesOf, account: Account = attendant) -> PassState:
        """Give this device the pass of its person; one that another device has ends."""
        meeting, made, serial = check_ins.issue_pass(services, of, account, str(item_id))
        return PassState(
            meeting=meeting.id,
            number=made.number,
            serial=serial,
            key=base64.b64encode(made.key).decode(),
            now_ms=services.now_ms(),
        )

    @router.get(f"{one}/check-in")
    def check_in_list(
        item_id: Id, services: ServicesOf, account: Account = convener
    ) -> CheckInList:
        """All that is needed to let people in without network."""
        meeting = actions.convened(services, of, account, str(item_id))
        return _list(services, meeting, answer)

    @router.post(f"{one}/check-ins")
    def check_in(
        item_id: Id, given: MarksGiven, services: ServicesOf, account: Account = convener
    ) -> list[MarkOutcome]:
        """Enter what was noted at the door; sent again it changes nothing."""
        meeting = actions.convened(services, of, account, str(item_id))
        marks = [mark.mark() for mark in given.marks]
        found = check_ins.enter(services, of, account, meeting, marks)
        return [MarkOutcome(key=key, outcome=outcome) for key, outcome in found]

    return router


def _list(
    services: Services, meeting: Meeting, answer: Callable[[Words, Meeting, Guest], str]
) -> CheckInList:
    if not meeting.checks_in or meeting.from_ms is None:
        raise MeetingRefused("meeting", "no-check-in", "has no check-in", "send it first")
    units = {unit.id: services.words.name(unit.name) for unit in Units(services.state).all()}
    with services.state.read() as connection:
        guests = repository.guests(connection, meeting.id)
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
                number=guest.number,
                name=guest.name,
                unit=units.get(guest.unit, ""),
                answer=answer(services.words, meeting, guest),
                key=base64.b64encode(
                    check_ins.current_pass(services, meeting, guest).key
                ).decode(),
                present_ms=guest.present_ms,
            )
            for guest in guests
            if guest.expected
        ],
    )
