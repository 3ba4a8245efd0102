"""Bring the seats of an occasion into order: by the centre, in one transaction, after every step
and by a job. It gives out free seats, moves the next up, notes that an occasion was held, and
keeps the list at the door the same as the list of seats. Done twice it changes nothing.
"""

from __future__ import annotations

from dataclasses import replace

from api.accounts.records import Account, Reach, Secrecy
from api.meetings import repository as meeting_rows
from api.meetings.records import Invited, Meeting
from api.meetings.wording import local
from api.platforms.judicial.hearings import repository
from api.platforms.judicial.hearings.procedure import MEETINGS, OFFICE, PROCEDURE
from api.platforms.judicial.hearings.records import HOLDS, HOST, LASTS_MS, Seat, ends_ms, moves
from api.platforms.judicial.permission import JudicialPermission
from api.procedures import taking
from api.procedures.procedure import Row
from api.procedures.taking import Acting
from api.services import Services
from api.shape import CoreServices

_MAY = frozenset({JudicialPermission.SEE, JudicialPermission.CHECK, JudicialPermission.SUBMIT})


def centre(services: Services) -> Account:
    """The centre itself: its username is empty, which nobody's is."""
    reach = Reach(_MAY, secrecy=Secrecy.RESTRICTED)
    return Account("", services.words("judicial.hearings.centre"), reaches=(reach,))


def settle(services: Services, hearing: int) -> None:
    """Bring an occasion into order as it stands now."""
    with taking.acts(services, PROCEDURE, centre(services)) as acting:
        row = repository.one(acting.connection, hearing)
        if row["state"] in ("announced", "allotted") and ends_ms(row) <= acting.at_ms:
            taking.take(acting, str(hearing), "hold", {})
            row = repository.one(acting.connection, hearing)
        _move(acting, row)
        _keep_list(acting, row)


def follow(core: CoreServices) -> None:
    """The job: whatever a kill left, and whatever is over by now."""
    with core.state.read() as connection:
        found = repository.unsettled(connection, core.now_ms(), LASTS_MS)
    for hearing in found:
        settle(core.acting, hearing)


def _move(acting: Acting, row: Row) -> None:
    connection = acting.connection
    seats = repository.seats(connection, row["id"])
    asking = [of.username for of in seats if of.state == "asked"]
    before = repository.candidates(connection, row["id"], asking)
    seating = replace(acting, procedure=OFFICE)
    for move in moves(row["state"], int(row["seats"]), row["seed"], seats, before):
        taking.take(seating, str(move.seat), move.step, move.given)


def _keep_list(acting: Acting, row: Row) -> None:
    """The list at the door: whoever has a seat, and nobody else."""
    connection, words = acting.connection, acting.services.words
    known = repository.meeting_at(connection, row["id"])
    holders = [of for of in repository.seats(connection, row["id"]) if of.state in HOLDS]
    if known is None:
        if row["state"] != "allotted" or not holders:
            return
        known = _begin_list(acting, row, holders)
    meeting = meeting_rows.one(connection, known)
    if meeting is None or meeting.state != "sent":
        return
    of_meeting = replace(acting, procedure=MEETINGS.meeting)
    if row["state"] == "cancelled":
        why = words("judicial.hearing.done-cancel")
        taking.take(of_meeting, str(known), "cancel", {"why": why})
        return
    if row["state"] != "allotted":
        taking.take(of_meeting, str(known), "end", {})
        return
    if _details(row) != _known(meeting):
        why = words("judicial.hearing.done-change")
        taking.take(of_meeting, str(known), "change", {**_details(row), "why": why})
    _keep_guests(acting, row, known, holders)


def _keep_guests(acting: Acting, row: Row, meeting: int, holders: list[Seat]) -> None:
    inviting = replace(acting, procedure=MEETINGS.invitation)
    names = {of.username for of in holders}
    guests = meeting_rows.guests(acting.connection, meeting)
    invited = {of.username for of in guests}
    for guest in guests:
        if guest.expected and guest.username not in names:
            reason = acting.services.words("judicial.hearings.no-seat")
            taking.take(inviting, str(guest.id), "revoke", {"reason": reason})
    for username in sorted(names - invited):
        taking.begin(
            inviting,
            {},
            platform=HOST.platform,
            meeting=meeting,
            title=row["title"],
            host=row["unit"],
            number=meeting_rows.next_number(acting.connection, meeting),
            username=username,
            unit="",
        )


def _begin_list(acting: Acting, row: Row, holders: list[Seat]) -> int:
    beginning = replace(acting, procedure=MEETINGS.meeting)
    given = {
        "title": row["title"],
        "kind": "activity",
        "wants": "attend",
        "text": row["matter"],
        **_details(row),
        "invited": Invited(people=tuple(of.username for of in holders)).written(),
    }
    made, _ = taking.begin(
        beginning, given, platform=HOST.platform, unit=row["unit"], made_by=row["made_by"]
    )
    taking.take(beginning, made, "send", {})
    repository.keep_meeting(acting.connection, row["id"], int(made))
    return int(made)


def _details(row: Row) -> dict[str, str]:
    return {
        "from": local(row["from_ms"]),
        "until": local(row["until_ms"]),
        "location": row["location"] or "",
        "link": row["link"] or "",
    }


def _known(meeting: Meeting) -> dict[str, str]:
    return {
        "from": local(meeting.from_ms),
        "until": local(meeting.until_ms),
        "location": meeting.location,
        "link": meeting.link,
    }
