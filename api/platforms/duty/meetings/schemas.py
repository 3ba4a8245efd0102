"""Meetings over the API; instants are UTC epoch ms."""

from __future__ import annotations

from pydantic import BaseModel

from api.meetings.records import Attendance, Count, Guest, Meeting, Own, Wants, Way


class MeetingState(BaseModel):
    """A meeting, or a notice, which has no time."""

    id: int
    state: str
    version: int
    kind: str
    wants: Wants
    title: str
    text: str
    agenda: str
    from_ms: int | None
    until_ms: int | None
    location: str
    link: str


class Figures(BaseModel):
    """How many are invited, and of them how many gave which answer and came."""

    invited: int
    attending: int
    asked: int
    on_leave: int
    confirmed: int
    silent: int
    present: int


class ConvenedState(BaseModel):
    """A meeting for those who convene it; ``missing`` are people who are still to be invited."""

    meeting: MeetingState
    figures: Figures
    missing: int = 0


class GuestState(BaseModel):
    """Somebody invited; ``answer`` is the state of the invitation, ``why`` the reason of a leave
    that was asked for.
    """

    invitation: int
    number: int
    username: str
    name: str
    unit: str
    answer: str
    why: str
    attendance: Attendance
    present_ms: int | None
    way: Way | None


class OwnState(BaseModel):
    """A meeting to which the caller is invited, with the own answer."""

    invitation: int
    answer: str
    meeting: MeetingState


class Made(BaseModel):
    """The id of what was made."""

    id: int


class Written(BaseModel):
    """The number of a version of the minutes."""

    number: int


def meeting_state(of: Meeting) -> MeetingState:
    """A meeting as the API tells it."""
    return MeetingState(
        id=of.id,
        state=of.state,
        version=of.version,
        kind=of.kind,
        wants=of.wants,
        title=of.title,
        text=of.text,
        agenda=of.agenda,
        from_ms=of.from_ms,
        until_ms=of.until_ms,
        location=of.location,
        link=of.link,
    )


def convened_state(of: Meeting, count: Count, missing: int = 0) -> ConvenedState:
    """A meeting with its figures."""
    figures = Figures(
        invited=count.invited,
        attending=count.attending,
        asked=count.asked,
        on_leave=count.on_leave,
        confirmed=count.confirmed,
        silent=count.silent,
        present=count.present,
    )
    return ConvenedState(meeting=meeting_state(of), figures=figures, missing=missing)


def guest_state(meeting: Meeting, of: Guest) -> GuestState:
    """Somebody invited."""
    return GuestState(
        invitation=of.id,
        number=of.number,
        username=of.username,
        name=of.name,
        unit=of.unit,
        answer=of.state,
        why=of.why,
        attendance=of.attendance(meeting),
        present_ms=of.present_ms,
        way=of.way,
    )


def own_state(of: Own) -> OwnState:
    """A meeting for somebody invited."""
    return OwnState(
        invitation=of.guest.id, answer=of.guest.state, meeting=meeting_state(of.meeting)
    )
