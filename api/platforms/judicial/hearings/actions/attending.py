"""The list at the door, which the body keeps, and the pass of whoever has a seat."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from api.accounts.records import Account
from api.meetings import actions as meetings
from api.meetings import check_ins
from api.meetings import repository as meeting_rows
from api.meetings.records import Guest, Mark, Meeting
from api.platforms.judicial.hearings import repository
from api.platforms.judicial.hearings.procedure import MEETINGS
from api.platforms.judicial.hearings.records import HearingRefused
from api.procedures.procedure import Row
from api.services import Services


def meeting_of(services: Services, hearing: int) -> Meeting | None:
    """The meeting by which people sign in; None before anybody has a seat, and after it was
    cancelled.
    """
    with services.state.read() as connection:
        known = repository.meeting_at(connection, hearing)
        found = meeting_rows.one(connection, known) if known else None
    return found if found and found.state != "cancelled" else None


def guests(services: Services, hearing: int) -> Sequence[Guest]:
    """Whoever has a seat, with who signed in."""
    meeting = meeting_of(services, hearing)
    if meeting is None:
        return []
    with services.state.read() as connection:
        found = meeting_rows.guests(connection, meeting.id)
    return [of for of in found if of.expected]


def guest_of(services: Services, hearing: int, username: str) -> Guest | None:
    """The invitation of a person."""
    meeting = meeting_of(services, hearing)
    if meeting is None:
        return None
    with services.state.read() as connection:
        return meeting_rows.guest_by_name(connection, meeting.id, username)


def kept_by(services: Services, account: Account, row: Row) -> Meeting:
    """The meeting of an occasion whose list the account keeps.

    Raises:
        HearingRefused: nobody has a seat yet.
        UnknownMeeting
    """
    known = meeting_of(services, row["id"])
    if known is None:
        raise HearingRefused("hearing", "no-list", "has no list yet", "wait for the seats")
    return meetings.convened(services, MEETINGS, account, str(known.id))


def enter(
    services: Services,
    account: Account,
    row: Row,
    present: Sequence[int],
    absent: Sequence[int],
) -> None:
    """Enter by name who came, and whose entry was a mistake; the numbers are of the list.

    Raises:
        HearingRefused: somebody could not be entered now, such as long before the beginning.
        UnknownMeeting
    """
    meeting = kept_by(services, account, row)
    now_ms = services.now_ms()
    marks = [
        Mark(str(uuid4()), number, present=here, way="list", at_ms=now_ms)
        for here, numbers in ((True, present), (False, absent))
        for number in numbers
    ]
    outcomes = check_ins.enter(services, MEETINGS, account, meeting, marks)
    if any(outcome == "closed" for _, outcome in outcomes):
        raise HearingRefused("present", "early", "are entered too early", "wait for the day")


def hearing_of(services: Services, invitation: int) -> int | None:
    """The occasion to which an invitation belongs."""
    with services.state.read() as connection:
        return repository.hearing_of_invitation(connection, invitation)
