"""Readings of meetings for pages, API and the ports of this platform."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from alerting.duty.ical import Event
from api.accounts.records import Account
from api.accounts.repositories.units import Units
from api.files import actions as files
from api.files.repository import Attachment
from api.meetings import actions, reminders, repository, wording
from api.meetings.records import (
    Count,
    Guest,
    Meeting,
    Minutes,
    Opinion,
    Own,
    UnknownMeeting,
    counted,
)
from api.platforms.duty.meetings.procedure import MEETINGS
from api.platforms.duty.meetings.records import A_PAGE, HOST
from api.platforms.duty.meetings.wording import needs_answer
from api.ports import Item, Reference, Todo
from api.procedures import ports
from api.services import Services
from api.shape import CoreServices
from api.web.forms import MOST_ID
from config.vocabulary.time import HOUR_MS, day_of

MOST_OWN = 100
MOST_OPEN = 200


@dataclass(frozen=True, slots=True)
class Convened:
    """A meeting with all that those who convene it see."""

    meeting: Meeting
    guests: Sequence[Guest]
    count: Count
    missing: int
    """People who are to be invited and are not yet."""
    minutes: Sequence[Minutes]
    opinions: Sequence[Opinion]
    away: Mapping[str, int]


def convened(services: Services, account: Account, item_id: str) -> Convened:
    """A meeting for whoever convenes it.

    Raises:
        UnknownMeeting
    """
    meeting = actions.convened(services, MEETINGS, account, item_id)
    waiting = actions.missing(services, MEETINGS, meeting) if meeting.takes_answers else []
    with services.state.read() as connection:
        guests = repository.guests(connection, meeting.id)
        return Convened(
            meeting,
            guests,
            counted(guests),
            len(waiting),
            repository.minutes(connection, meeting.id),
            repository.opinions(connection, meeting.id),
            repository.without_leave(
                connection, HOST.platform, HOST.sessions, [of.username for of in guests]
            ),
        )


def convened_meetings(
    services: Services, account: Account, before: int
) -> tuple[list[tuple[Meeting, Count]], int]:
    """A page of meetings, the newest first, and the id behind which older ones follow; 0: none."""
    with services.state.read() as connection:
        found = repository.listed(
            connection, HOST, account, MEETINGS.meeting.marks, before, A_PAGE + 1
        )
        shown = found[:A_PAGE]
        counts = repository.counts(connection, [of.id for of in shown])
    more = shown[-1].id if len(found) > A_PAGE else 0
    return [(of, counts[of.id]) for of in shown], more


@dataclass(frozen=True, slots=True)
class Invitation:
    """A meeting as somebody invited sees it: with the newest minutes and the own opinions."""

    meeting: Meeting
    guest: Guest
    minutes: Minutes | None
    opinions: Sequence[Opinion]


def invitation(services: Services, account: Account, item_id: str) -> Invitation:
    """A meeting to which the account is invited.

    Raises:
        UnknownMeeting
    """
    meeting, guest = actions.invited_as(services, MEETINGS, account, item_id)
    with services.state.read() as connection:
        versions = repository.minutes(connection, meeting.id)
        opinions = repository.opinions(connection, meeting.id, guest.id)
    return Invitation(meeting, guest, versions[0] if versions else None, opinions)


def own(services: Services, username: str) -> list[Own]:
    """Meetings to which somebody is invited, the latest first."""
    with services.state.read() as connection:
        return repository.own(connection, HOST.platform, username, open_only=False, most=MOST_OWN)


def todos(services: Services, account: Account) -> Sequence[Todo]:
    """Answers that are wanted of a person, and leave on which the person decides."""
    words = services.words
    found = []
    if account.may(HOST.attend):
        with services.state.read() as connection:
            mine = repository.own(
                connection, HOST.platform, account.username, open_only=True, most=MOST_OPEN
            )
        for one in mine:
            if needs_answer(one.meeting, one.guest):
                note = words("list.semicolon").join(
                    filter(
                        None,
                        [
                            words(f"meetings.asks-{one.meeting.wants}"),
                            wording.when(words, one.meeting),
                        ],
                    )
                )
                path = f"{HOST.path}/invitations/{one.guest.id}"
                found.append(Todo(one.meeting.title, path, one.since_ms, note=note))
    if account.may(HOST.convene):
        found += ports.todos(services, account, MEETINGS.meeting)
        found += ports.todos(services, account, MEETINGS.invitation)
    return found


def read(services: Services, account: Account, item_id: str) -> Item | None:
    """A meeting as an item: for those who convene it, and for everybody it was sent to."""
    meeting, path = _seen(services, account, item_id)
    if meeting is None:
        return None
    words = services.words
    content = {
        "kind": words(f"meetings.meeting.kind-{meeting.kind}"),
        "state": words(f"meetings.meeting.state-{meeting.state}"),
        "text": meeting.text,
        "agenda": meeting.agenda,
        "location": meeting.location,
        "from_ms": meeting.from_ms,
        "until_ms": meeting.until_ms,
    }
    return Item(meeting.title, path, content)


def _seen(services: Services, account: Account, item_id: str) -> tuple[Meeting | None, str]:
    if account.may(HOST.convene):
        try:
            found = actions.convened(services, MEETINGS, account, item_id)
        except UnknownMeeting:
            pass
        else:
            return found, f"/meetings/{found.id}"
    if not account.may(HOST.attend) or not (item_id.isascii() and item_id.isdecimal()):
        return None, ""
    with services.state.read() as connection:
        meeting = repository.one(connection, min(int(item_id[:11]), MOST_ID))
        found_as = (
            repository.guest_by_name(connection, meeting.id, account.username) if meeting else None
        )
    if meeting is None or found_as is None or meeting.platform != HOST.platform:
        return None, ""
    return meeting, f"/meetings/invitations/{found_as.id}"


def reference(meeting: Meeting) -> Reference:
    """Points at a meeting."""
    return Reference(HOST.platform, "meeting", str(meeting.id))


def papers(services: Services, meeting: Meeting) -> list[Attachment]:
    """The material of a meeting."""
    return files.of_subject(services, reference(meeting))


def appointments(services: Services, username: str) -> Sequence[Event]:
    """A person's meetings that have a time, but for those from which leave was given."""
    words, site = services.words, services.catalogue.site.id
    found = []
    for one in own(services, username):
        meeting = one.meeting
        if meeting.from_ms is None or meeting.state == "cancelled":
            continue
        if one.guest.state == "on-leave":
            continue
        until_ms = meeting.until_ms or meeting.from_ms + HOUR_MS
        note = words("list.semicolon").join(
            filter(None, [wording.where(words, meeting), meeting.web_link])
        )
        uid = f"meeting-{meeting.id}@{site}"
        found.append(
            Event(uid, meeting.from_ms, until_ms, meeting.title, note, sequence=meeting.version)
        )
    return found


def units(services: Services) -> Mapping[str, str]:
    """The names of units that stand today, in the official order."""
    today = day_of(services.now_ms())
    found = Units(services.state).all()
    return {of.id: services.words.name(of.name) for of in found if of.span.holds(today)}


def remind(core: CoreServices) -> None:
    """The job of working mornings."""
    reminders.remind(core, HOST)


def send_changes(core: CoreServices) -> None:
    """The job of each minute."""
    reminders.send_changes(core, HOST)
