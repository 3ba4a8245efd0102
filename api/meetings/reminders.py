"""Jobs of meetings: on working mornings a reminder to whoever has not answered, and news of
changes to everybody invited.
"""

from __future__ import annotations

from datetime import date, timedelta

from alerting.notify.repository import Messages
from api.meetings import repository, unsent
from api.meetings.notices import Notices
from api.meetings.records import Host, Meeting
from api.shape import CoreServices
from config.vocabulary.time import DAY_MS, day_of
from config.working_days import WorkingDays

A_SLICE = 50
"""People of one transaction."""
_LATELY_MS = 7 * DAY_MS
_ONE_DAY = timedelta(days=1)


def occasion(meeting: Meeting, since_ms: int, today: date, days: WorkingDays) -> str | None:
    """The reason to remind somebody this morning: it is the first one after the invitation,
    another week has gone by, or the last working morning before the meeting.

    Args:
        meeting: to which people are invited.
        since_ms: when this person was.
        today: a working day.
        days: which days are.
    """
    asked = date.fromisoformat(day_of(since_ms))
    if meeting.from_ms is not None:
        begins = date.fromisoformat(day_of(meeting.from_ms))
        if today > begins:
            return None
        following = today + _ONE_DAY
        while following < begins and not days.day(following).working:
            following += _ONE_DAY
        if following >= begins and today > asked:
            return "last"
    if today <= asked:
        return None
    return f"week-{(today - asked).days // 7}"


def remind(core: CoreServices, host: Host) -> None:
    """The job of the morning: each person hears of each occasion once."""
    now_ms = core.now_ms()
    today = date.fromisoformat(day_of(now_ms))
    if not core.working_days.day(today).working:
        return
    notices = Notices(Messages(core.state), core.words, host.path)
    with core.state.read() as connection:
        meetings = repository.sent(connection, host.platform)
    for meeting in meetings:
        if meeting.wants == "none" or (meeting.from_ms or now_ms) < now_ms:
            continue
        with core.state.read() as connection:
            silent = unsent.silent(connection, meeting)
        due = [
            (invitation_id, username, reason)
            for invitation_id, username, since_ms in silent
            if (reason := occasion(meeting, since_ms, today, core.working_days))
        ]
        for at in range(0, len(due), A_SLICE):
            some = due[at : at + A_SLICE]
            with core.state.begin() as connection:
                for invitation_id, username, reason in some:
                    one = [(invitation_id, username)]
                    notices.remind(connection, meeting, one, reason, now_ms)


def send_changes(core: CoreServices, host: Host) -> None:
    """The job of each minute: whoever is invited hears that a meeting changed or was cancelled. A
    kill in between leaves it to the next minute; nobody hears twice.
    """
    now_ms = core.now_ms()
    notices = Notices(Messages(core.state), core.words, host.path)
    with core.state.read() as connection:
        changes = unsent.changes(connection, host.platform, now_ms - _LATELY_MS)
    for meeting, version, why in changes:
        with core.state.read() as connection:
            invited = [
                (of.id, of.username)
                for of in repository.guests(connection, meeting.id)
                if of.expected
            ]
        for at in range(0, len(invited), A_SLICE):
            with core.state.begin() as connection:
                some = invited[at : at + A_SLICE]
                notices.change(connection, meeting, some, version, why, now_ms)
        with core.state.begin() as connection:
            unsent.note_change_sent(connection, meeting.id, version, now_ms)
