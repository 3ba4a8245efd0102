"""Meetings over the API; instants are UTC epoch ms."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.meetings.check_ins import MOST_MARKS
from api.meetings.records import Attendance, Count, Guest, Mark, Meeting, Outcome, Own, Wants, Way
from api.web.forms import LAST_MS, MOST_ID


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


class PassState(BaseModel):
    """The pass of a device for a meeting. ``key`` is base64 of the key for HMAC-SHA256; the text
    in the picture is made of it as ``api/meetings/passes.py`` says.
    """

    meeting: int
    number: int
    serial: int
    key: str
    now_ms: int


class PassStanding(BaseModel):
    """How many devices were given a pass: the last one's counts. ``now_ms`` is the centre's clock,
    by which a device that goes wrong makes its codes.
    """

    serial: int
    now_ms: int


class CheckInGuest(BaseModel):
    """Somebody whom a desk may enter. ``key`` verifies the person's codes of this meeting."""

    number: int
    name: str
    unit: str
    answer: str
    key: str
    present_ms: int | None


class CheckInList(BaseModel):
    """All that a desk needs without network; it takes codes from ``opens_ms`` to ``closes_ms``."""

    meeting: int
    title: str
    now_ms: int
    opens_ms: int
    closes_ms: int
    step_ms: int
    steps_around: int
    guests: list[CheckInGuest]


class MarkGiven(BaseModel):
    """Something that a desk noted. ``key`` is drawn by the desk, so that sending twice changes
    nothing; ``code`` is what was read or typed, of the way code.
    """

    model_config = ConfigDict(extra="forbid")
    key: Annotated[str, Field(pattern=r"^[0-9a-f-]{36}$")]
    number: Annotated[int, Field(ge=1, le=MOST_ID)]
    present: bool
    way: Way
    at_ms: Annotated[int, Field(ge=0, le=LAST_MS)]
    code: Annotated[str, Field(max_length=80, pattern=r"^[^\x00]*$")] = ""

    def mark(self) -> Mark:
        """As the room takes it."""
        return Mark(self.key, self.number, self.present, self.way, self.at_ms, self.code)


class MarksGiven(BaseModel):
    """Marks in the order in which the desk noted them."""

    model_config = ConfigDict(extra="forbid")
    marks: Annotated[list[MarkGiven], Field(max_length=MOST_MARKS)]


class MarkOutcome(BaseModel):
    """The fate of a mark: ``entered``, ``again`` and ``already`` are as good as each other; all
    others say why it was refused.
    """

    key: str
    outcome: Outcome


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
