"""Checking in: the pass of a device, and the marks of a desk. Each has its row of the audit in the
same transaction.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from api import audit
from api.accounts.records import Account
from api.meetings import passes, repository
from api.meetings.actions import invited_as, subject_of
from api.meetings.passes import Pass
from api.meetings.procedure import MeetingProcedures
from api.meetings.records import (
    OPENS_BEFORE_MS,
    Guest,
    Mark,
    Meeting,
    MeetingRefused,
    Outcome,
)
from api.services import Services
from api.web.declared import Declared
from config.vocabulary.time import MINUTE_MS

SKEW_MS = 2 * MINUTE_MS
"""A desk's clock may be so far ahead of ours."""
MOST_MARKS = 100
"""Of one sending."""
_NOT_GUESTS = ("revoked",)


class PassIsOwn(Declared):
    """Somebody acts for a deputy, or a machine asks: a pass is its person's own."""

    status = 403
    words = "error.while-acting"

    def __init__(self) -> None:
        super().__init__("a pass to check in is its person's alone")


def issue_pass(
    services: Services, of: MeetingProcedures, account: Account, invitation_id: str
) -> tuple[Meeting, Pass, int]:
    """Give a device the pass of its person; one that another device has ends. With its serial.

    Raises:
        UnknownMeeting
        PassIsOwn
        MeetingRefused: people do not check in to it.
    """
    if account.clerk or account.session is None:
        raise PassIsOwn
    meeting, guest = invited_as(services, of, account, invitation_id)
    if not meeting.checks_in:
        raise MeetingRefused("meeting", "no-check-in", "has no check-in", "ask the office")
    now_ms = services.now_ms()
    with services.state.begin() as connection:
        known = repository.guest(connection, guest.id)
        serial = (known[1].serial if known else guest.serial) + 1
        repository.issue_pass(connection, guest.id, serial, now_ms)
        audit.record(
            connection,
            by=account.actor,
            action="meeting.pass",
            subject=subject_of(of, meeting),
            detail=json.dumps({"number": guest.number, "device": serial}),
            at_ms=now_ms,
        )
    return meeting, _pass(services, meeting, guest, serial), serial


def current_pass(services: Services, meeting: Meeting, guest: Guest) -> Pass:
    """The pass that counts: of the last device, or of the first one that there will be."""
    return _pass(services, meeting, guest, max(guest.serial, 1))


def _pass(services: Services, meeting: Meeting, guest: Guest, serial: int) -> Pass:
    secret = services.site_key.of("meeting-pass")
    key = passes.key_of(secret, meeting.id, guest.username, serial)
    return Pass(meeting.id, guest.number, key)


def enter(
    services: Services,
    of: MeetingProcedures,
    account: Account,
    meeting: Meeting,
    marks: Sequence[Mark],
) -> list[tuple[str, Outcome]]:
    """Enter marks of a desk, in their order; the outcome of each by its key. Whoever is entered by
    name is so as by a code. The same mark again changes nothing.

    Raises:
        MeetingRefused: people do not check in to it.
    """
    if not meeting.checks_in:
        raise MeetingRefused("meeting", "no-check-in", "has no check-in", "send it first")
    now_ms = services.now_ms()
    with services.state.begin() as connection:
        guests = {one.number: one for one in repository.guests(connection, meeting.id)}
        known = repository.known_marks(connection, [mark.key for mark in marks])
        here = {number for number, one in guests.items() if one.present_ms is not None}
        found: list[tuple[str, Outcome]] = []
        entered: dict[str, str] = {}
        for mark in marks:
            guest = guests.get(mark.number)
            outcome: Outcome = (
                "again"
                if mark.key in known
                else _outcome(services, meeting, guest, mark, now_ms, here=mark.number in here)
            )
            found.append((mark.key, outcome))
            if outcome != "entered" or guest is None:
                continue
            known.add(mark.key)
            (here.add if mark.present else here.discard)(mark.number)
            repository.check_in(connection, guest.id, mark, account.actor, now_ms)
            detail = {"present": mark.present, "way": mark.way, "at_ms": mark.at_ms}
            subject = f"{subject_of(of, meeting)}/{guest.number}"
            entered[subject] = json.dumps(detail)
        audit.record_all(
            connection,
            by=account.actor,
            action="meeting.check-in",
            details=entered,
            at_ms=now_ms,
        )
    return found


def _outcome(
    services: Services,
    meeting: Meeting,
    guest: Guest | None,
    mark: Mark,
    now_ms: int,
    *,
    here: bool,
) -> Outcome:
    if guest is None:
        return "unknown"
    if guest.state in _NOT_GUESTS:
        return "revoked"
    if mark.at_ms > now_ms + SKEW_MS:
        return "future"
    if not mark.present:
        return "entered" if here else "not-present"
    if mark.way == "list":
        early = meeting.from_ms is None or mark.at_ms < meeting.from_ms - OPENS_BEFORE_MS
        refused: Outcome | None = "closed" if early else None
    else:
        refused = _refused_code(services, meeting, guest, mark)
    if refused:
        return refused
    return "already" if here else "entered"


def _refused_code(
    services: Services, meeting: Meeting, guest: Guest, mark: Mark
) -> Outcome | None:
    if not meeting.takes_codes(mark.at_ms):
        return "closed"
    if (named := passes.number_of(mark.code)) is not None and named != guest.number:
        return "forged"
    said = passes.verdict(
        [current_pass(services, meeting, guest)], meeting.id, mark.code, mark.at_ms
    )
    if said == "valid":
        return None
    earlier = (_pass(services, meeting, guest, serial) for serial in range(1, guest.serial))
    if said == "forged" and any(of.step_of(mark.code, mark.at_ms) is not None for of in earlier):
        return "other-device"
    return said
