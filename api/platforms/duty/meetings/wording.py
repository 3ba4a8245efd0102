"""Meetings as lists and tables show them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.meetings import wording
from api.meetings.records import WITHOUT_LEAVE_TWICE, Guest, Meeting, Own
from api.web.tables import Heads, Value
from config.catalogue.words import Words

COLUMNS = ("number", "name", "unit", "answer", "why", "attendance", "at", "way")
STEPS = {"attend": ("attend", "ask-leave"), "confirm": ("confirm",), "none": ()}
"""By the decision that is wanted, the steps of somebody invited."""
HEADS = Heads("duty.meetings.column", COLUMNS, {"number": "count", "at": "instant"})


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """A meeting in a list. ``answer`` is that of the reader, or how many answered; ``waits``
    whether the reader has still to answer.
    """

    path: str
    title: str
    kind: str
    when: str
    where: str
    state: str
    answer: str
    waits: bool = False


def own_line(words: Words, one: Own) -> MeetingLine:
    """A meeting for somebody invited."""
    meeting = one.meeting
    waits = meeting.takes_answers and needs_answer(meeting, one.guest)
    return MeetingLine(
        f"/invitations/{one.guest.id}",
        meeting.title,
        kind(words, meeting),
        wording.when(words, meeting),
        wording.where(words, meeting),
        state(words, meeting),
        answer(words, meeting, one.guest),
        waits,
    )


def convened_line(words: Words, meeting: Meeting, said: str) -> MeetingLine:
    """A meeting for those who convene it."""
    return MeetingLine(
        f"/{meeting.id}",
        meeting.title,
        kind(words, meeting),
        wording.when(words, meeting),
        wording.where(words, meeting),
        state(words, meeting),
        said,
    )


def needs_answer(meeting: Meeting, guest: Guest) -> bool:
    """Whether an answer is wanted of somebody."""
    if meeting.wants == "none":
        return False
    return guest.state in ("invited", "leave-refused")


def kind(words: Words, meeting: Meeting) -> str:
    """The kind of a meeting."""
    return words(f"meetings.meeting.kind-{meeting.kind}")


def state(words: Words, meeting: Meeting) -> str:
    """How a meeting stands."""
    return words(f"meetings.meeting.state-{meeting.state}")


def answer(words: Words, meeting: Meeting, guest: Guest) -> str:
    """The answer of somebody; empty where none is wanted."""
    if meeting.wants == "none" and guest.expected:
        return ""
    return words(f"meetings.invitation.state-{guest.state}")


@dataclass(frozen=True, slots=True)
class GuestLine:
    """Somebody in the list of those invited. ``fact`` is that of absences without leave."""

    guest: Guest
    unit: str
    answer: str
    attendance: str
    present: bool
    fact: str


def guest_lines(
    words: Words,
    meeting: Meeting,
    guests: Iterable[Guest],
    units: Mapping[str, str],
    away: Mapping[str, int],
) -> list[GuestLine]:
    """Everybody invited; ``away`` counts absences from sessions without leave, by username."""
    return [
        GuestLine(
            one,
            units.get(one.unit, ""),
            answer(words, meeting, one),
            attendance(words, meeting, one),
            one.present_ms is not None,
            fact(words, away.get(one.username, 0)),
        )
        for one in guests
    ]


def fact(words: Words, times: int) -> str:
    """That somebody was away from sessions without approval; empty where it was not twice."""
    if times < WITHOUT_LEAVE_TWICE:
        return ""
    return words("duty.meetings.away-twice", n=times)


def attendance(words: Words, meeting: Meeting, guest: Guest) -> str:
    """Whether somebody came; empty where nobody checks in or it is not known yet."""
    if meeting.wants != "attend" or not guest.expected:
        return ""
    found = guest.attendance(meeting)
    return "" if found == "unknown" else words(f"duty.meetings.attendance-{found}")


def rows(
    words: Words, meeting: Meeting, guests: Sequence[Guest], units: Mapping[str, str]
) -> Iterator[list[Value]]:
    """The list for a spreadsheet."""
    for one in guests:
        yield [
            one.number,
            one.name,
            units.get(one.unit, ""),
            answer(words, meeting, one),
            one.why,
            attendance(words, meeting, one),
            one.present_ms,
            words(f"duty.meetings.way-{one.way}") if one.way else "",
        ]
