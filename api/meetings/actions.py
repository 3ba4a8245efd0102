"""Acts on meetings, for the platforms that have them: invite, check in, minutes and opinions. Each
has its row of the audit in the same transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from sqlalchemy.engine import Connection

from api import audit
from api.accounts.records import Account
from api.meetings import repository
from api.meetings.notices import Notices
from api.meetings.procedure import MeetingProcedures
from api.meetings.records import (
    LONGEST_OPINION,
    LONGEST_TEXT,
    MOST_INVITED,
    Guest,
    Invited,
    Meeting,
    MeetingRefused,
    UnknownMeeting,
)
from api.procedures import repository as procedures
from api.procedures import taking
from api.procedures.procedure import Procedure, instant_ms
from api.services import Services
from config.vocabulary.time import day_of

A_SLICE = 5
"""People who are invited in one transaction."""


def convened(
    services: Services, of: MeetingProcedures, account: Account, meeting_id: str
) -> Meeting:
    """A meeting whose list the account keeps.

    Raises:
        UnknownMeeting
    """
    with services.state.read() as connection:
        may = procedures.row_for(connection, of.meeting, meeting_id, account, of.host.convene)
        found = repository.one(connection, int(may["id"])) if may else None
    if found is None:
        raise UnknownMeeting(meeting_id[:40])
    return found


def invited_as(
    services: Services, of: MeetingProcedures, account: Account, invitation_id: str
) -> tuple[Meeting, Guest]:
    """A meeting to which the account itself is invited.

    Raises:
        UnknownMeeting
    """
    with services.state.read() as connection:
        may = procedures.row_for(connection, of.own, invitation_id, account, of.host.attend)
        known = repository.guest(connection, int(may["id"])) if may else None
        found = repository.one(connection, known[0]) if known else None
    if known is None or found is None or not known[1].expected:
        raise UnknownMeeting(invitation_id[:40])
    return found, known[1]


def make(
    services: Services, of: MeetingProcedures, account: Account, given: Mapping[str, str]
) -> int:
    """Begin a draft in the name of the unit to which the account belongs; its id.

    Raises:
        MeetingRefused: the details do not agree.
        StepRefused
    """
    check_details(given)
    unit = next(
        (reach.unit for reach in account.reaches if of.host.convene in reach.permissions), ""
    )
    with taking.acts(services, of.meeting, account) as acting:
        item_id, _ = taking.begin(
            acting, given, platform=of.host.platform, unit=unit, made_by=account.username
        )
    return int(item_id)


def take(
    services: Services,
    procedure: Procedure,
    account: Account,
    item_id: str,
    step: str,
    given: Mapping[str, str],
    version: int | None,
) -> None:
    """Take a step of a meeting, whose details have to agree.

    Raises:
        MeetingRefused
        StepRefused
    """
    if step in ("edit", "change"):
        check_details(given)
    with taking.acts(services, procedure, account) as acting:
        taking.take(acting, item_id, step, given, version)


def check_details(given: Mapping[str, str]) -> None:
    """Whether details agree with each other.

    Raises:
        MeetingRefused
    """
    begin, end = _instant(given.get("from", "")), _instant(given.get("until", ""))
    alone = end is not None and not given.get("from", "").strip()
    if alone or (begin is not None and end is not None and end <= begin):
        raise MeetingRefused(
            "until", "until", "is not after the beginning", "give a later time, or none"
        )
    link = given.get("link", "").strip()
    if link:
        _check_link(link)


def _instant(said: str) -> int | None:
    """One that is no instant is refused with the step's own needs."""
    try:
        return instant_ms(said.strip())
    except ValueError:
        return None


def _check_link(link: str) -> None:
    """Only web addresses: everybody's browser opens it."""
    try:
        parts = urlsplit(link)
        good = parts.scheme in ("https", "http") and bool(parts.hostname)
    except ValueError:
        good = False
    if not good:
        raise MeetingRefused("link", "link", "is no web address", "give one that begins https://")


def people_of(services: Services, of: MeetingProcedures, invited: Invited) -> Mapping[str, str]:
    """Everybody who is meant by units and names and can attend: username to unit."""
    roles = _attending(services, of)
    with services.state.read() as connection:
        return repository.people_of(
            connection, invited, roles, of.host.platform, day_of(services.now_ms())
        )


def able(services: Services, of: MeetingProcedures) -> list[tuple[str, str]]:
    """Everybody who can be invited: username and name."""
    roles = _attending(services, of)
    with services.state.read() as connection:
        return repository.able(connection, roles, of.host.platform, day_of(services.now_ms()))


def _attending(services: Services, of: MeetingProcedures) -> list[str]:
    return [role.id for role in services.roles.having(of.host.attend)]


def missing(services: Services, of: MeetingProcedures, meeting: Meeting) -> list[tuple[str, str]]:
    """Whoever is to be invited and is not: username and unit."""
    return _not_yet(services, meeting, people_of(services, of, meeting.invited))


def _not_yet(
    services: Services, meeting: Meeting, people: Mapping[str, str]
) -> list[tuple[str, str]]:
    with services.state.read() as connection:
        known = repository.invited(connection, meeting.id)
    return [(username, unit) for username, unit in people.items() if username not in known]


def invite(services: Services, of: MeetingProcedures, account: Account, meeting: Meeting) -> int:
    """Invite everybody who is meant and is not yet invited, few at a time; how many. A kill in
    between leaves the others for the next call.

    Raises:
        MeetingRefused: the meeting takes nobody now, or too many are meant.
        StepRefused
    """
    return _invite_all(services, of, account, meeting, missing(services, of, meeting))


def invite_more(
    services: Services, of: MeetingProcedures, account: Account, meeting: Meeting, more: Invited
) -> int:
    """Invite further people to a meeting that was sent; how many.

    Raises:
        MeetingRefused
        StepRefused
    """
    waiting = _not_yet(services, meeting, people_of(services, of, more))
    if not waiting:
        raise MeetingRefused("more", "nobody-more", "names nobody new", "choose somebody else")
    return _invite_all(services, of, account, meeting, waiting)


def _invite_all(
    services: Services,
    of: MeetingProcedures,
    account: Account,
    meeting: Meeting,
    waiting: Sequence[tuple[str, str]],
) -> int:
    if not meeting.takes_answers:
        raise MeetingRefused("meeting", "over", "is not open", "invite before it ends")
    if len(waiting) > MOST_INVITED:
        raise MeetingRefused(
            "invited", "many", f"are over {MOST_INVITED} people", "name fewer", most=MOST_INVITED
        )
    for at in range(0, len(waiting), A_SLICE):
        _invite(services, of, account, meeting, waiting[at : at + A_SLICE])
    return len(waiting)


def _invite(
    services: Services,
    of: MeetingProcedures,
    account: Account,
    meeting: Meeting,
    some: Sequence[tuple[str, str]],
) -> None:
    notices = Notices(services.messages, services.words, of.host.path)
    made = []
    with taking.acts(services, of.invitation, account) as acting:
        known = repository.invited(acting.connection, meeting.id)
        for username, unit in some:
            if username in known:
                continue
            values = {
                "platform": of.host.platform,
                "meeting": meeting.id,
                "title": meeting.title,
                "host": meeting.unit,
                "number": repository.next_number(acting.connection, meeting.id),
                "username": username,
                "unit": unit,
            }
            item_id, _ = taking.begin(acting, {}, **values)
            made.append((int(item_id), username))
        notices.invite(acting.connection, meeting, made, acting.at_ms)


def write_minutes(
    services: Services, of: MeetingProcedures, account: Account, meeting: Meeting, text: str
) -> int:
    """Write a version of the minutes; its number. Those of before stay.

    Raises:
        MeetingRefused
    """
    said = _text("text", text, LONGEST_TEXT)
    if meeting.state not in ("sent", "ended"):
        raise MeetingRefused("meeting", "over", "was not held", "send it first")
    now_ms = services.now_ms()
    with services.state.begin() as connection:
        number = repository.add_minutes(
            connection, meeting.id, said, account.actor, account.signed, now_ms
        )
        _record(connection, of, account, meeting, "meeting.minutes", str(number), now_ms)
    return number


def give_opinion(
    services: Services,
    of: MeetingProcedures,
    account: Account,
    meeting: Meeting,
    guest: Guest,
    text: str,
) -> None:
    """Write down an opinion of somebody who is invited, during the meeting or after it.

    Raises:
        MeetingRefused
    """
    said = _text("opinion", text, LONGEST_OPINION)
    if meeting.state not in ("sent", "ended"):
        raise MeetingRefused("meeting", "over", "is not held", "tell the office")
    now_ms = services.now_ms()
    with services.state.begin() as connection:
        repository.add_opinion(connection, guest.id, said, account.actor, account.signed, now_ms)
        number = str(guest.number)
        _record(connection, of, account, meeting, "meeting.opinion", number, now_ms)


def _record(
    connection: Connection,
    of: MeetingProcedures,
    account: Account,
    meeting: Meeting,
    action: str,
    detail: str,
    at_ms: int,
) -> None:
    audit.record(
        connection,
        by=account.actor,
        action=action,
        subject=subject_of(of, meeting),
        detail=detail,
        at_ms=at_ms,
    )


def _text(field: str, text: str, longest: int) -> str:
    said = text.replace("\r\n", "\n").strip()
    if not said or len(said) > longest or "\0" in said:
        remedy = f"give 1 to {longest} signs"
        raise MeetingRefused(field, "text", "is empty or too long", remedy, most=longest)
    return said


def subject_of(of: MeetingProcedures, meeting: Meeting) -> str:
    """A meeting as the audit names it."""
    return f"{of.host.platform}/meeting/{meeting.id}"
