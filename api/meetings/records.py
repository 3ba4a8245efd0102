"""A meeting or a notice, who is invited to it, and who came. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from api.accounts.permission import Permission
from api.web.declared import Declared
from config.catalogue.words import Words
from config.vocabulary.time import HOUR_MS

Wants = Literal["none", "confirm", "attend"]
"""The decision that is wanted: none, that it was read, whether one comes."""
WANTS: tuple[Wants, ...] = ("attend", "confirm", "none")
Way = Literal["code", "list"]
Attendance = Literal["present", "on-leave", "pending", "absent", "unknown"]
"""``absent`` is without leave, ``pending`` where nobody has decided on it; ``unknown`` while the
meeting has not ended.
"""
OPENS_BEFORE_MS = 4 * HOUR_MS
CLOSES_AFTER_MS = 4 * HOUR_MS
"""So long around a meeting codes are taken; by name somebody is entered later as well."""
MOST_INVITED = 3000
LONGEST_TEXT = 10_000
LONGEST_OPINION = 2000
WITHOUT_LEAVE_TWICE = 2
"""代表法 (2025), article 62 (3): a deputy's office ends after two absences from sessions without
approval; that is for others to find, we only say the number.
"""


@dataclass(frozen=True, slots=True)
class Host:
    """A platform that has meetings: its slug, the permission to call them and keep their lists,
    and the one to be invited. ``path`` is that of its pages of meetings, ``sessions`` the kind of
    meeting that is a session of the congress; empty: none.
    """

    platform: str
    convene: Permission
    attend: Permission
    path: str
    kinds: tuple[str, ...]
    sessions: str = ""


class Invited(msgspec.Struct, frozen=True):
    """Units, all of whose people are invited, and single people, by id."""

    units: tuple[str, ...] = ()
    people: tuple[str, ...] = ()

    def written(self) -> str:
        """As a step gives it and the row keeps it; empty: nobody."""
        parts = [f"unit:{of}" for of in self.units] + [f"person:{of}" for of in self.people]
        return " ".join(parts)

    @classmethod
    def of(cls, text: str | None) -> Invited:
        """The same out of the row."""
        parts = (text or "").split()
        named = [of.partition(":")[::2] for of in parts]
        return cls(
            tuple(of for kind, of in named if kind == "unit"),
            tuple(of for kind, of in named if kind == "person"),
        )


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting; a notice where it has no time. Instants are UTC epoch ms."""

    id: int
    state: str
    version: int
    platform: str
    unit: str
    kind: str
    wants: Wants
    title: str
    text: str
    agenda: str
    from_ms: int | None
    until_ms: int | None
    location: str
    link: str
    invited: Invited

    @property
    def web_link(self) -> str:
        """The link where it is a web address: a browser would run some others."""
        return self.link if self.link.startswith(("https://", "http://")) else ""

    @property
    def takes_answers(self) -> bool:
        """Whether those invited may answer."""
        return self.state == "sent"

    @property
    def checks_in(self) -> bool:
        """Whether people check in to it at all."""
        return self.wants == "attend" and self.state in ("sent", "ended")

    def takes_codes(self, at_ms: int) -> bool:
        """Whether codes are taken at an instant."""
        if self.from_ms is None or not self.checks_in:
            return False
        until_ms = self.until_ms or self.from_ms
        return self.from_ms - OPENS_BEFORE_MS <= at_ms <= until_ms + CLOSES_AFTER_MS


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who is invited: the state of the answer, and the last check-in that stands.
    ``serial`` counts the devices that were given a pass, 0: none.
    """

    id: int
    state: str
    version: int
    number: int
    username: str
    name: str
    unit: str
    why: str
    serial: int
    present_ms: int | None
    way: Way | None

    @property
    def expected(self) -> bool:
        """Whether it was not taken back that the person is invited."""
        return self.state != "revoked"

    def attendance(self, meeting: Meeting) -> Attendance:
        """Present, or away with or without leave."""
        if self.present_ms is not None:
            return "present"
        if meeting.state != "ended":
            return "unknown"
        away: dict[str, Attendance] = {"on-leave": "on-leave", "leave-asked": "pending"}
        return away.get(self.state, "absent")


@dataclass(frozen=True, slots=True)
class Count:
    """Figures of those who are invited, each the number of its rows."""

    invited: int
    attending: int
    asked: int
    on_leave: int
    confirmed: int
    silent: int
    present: int

    @classmethod
    def of(cls, rows: Iterable[tuple[str, bool, int]]) -> Count:
        """The figures of groups of people: state of the answer, whether they came, how many."""
        listed = list(rows)

        def those(*states: str) -> int:
            return sum(n for state, _, n in listed if state in states)

        return cls(
            sum(n for _, _, n in listed),
            those("attending"),
            those("leave-asked"),
            those("on-leave"),
            those("confirmed"),
            those("invited", "leave-refused"),
            sum(n for _, present, n in listed if present),
        )


def counted(guests: Sequence[Guest]) -> Count:
    """The figures of a list."""
    return Count.of([(one.state, one.present_ms is not None, 1) for one in guests if one.expected])


class Mark(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that a desk noted, perhaps without network: that somebody came, or that an entry
    was a mistake. ``key`` is drawn by the desk: sent again it changes nothing.
    """

    key: str
    number: int
    present: bool
    way: Way
    at_ms: int
    code: str = ""


Outcome = Literal[
    "entered",
    "again",
    "already",
    "not-present",
    "unknown",
    "revoked",
    "other-device",
    "other-meeting",
    "unreadable",
    "forged",
    "old",
    "ahead",
    "closed",
    "future",
]
"""Of a mark: entered now or with an earlier sending of the same; the person had checked in before;
or why it was refused.
"""
KEPT: tuple[Outcome, ...] = ("entered", "again", "already")
"""Those by which the person is as the mark says."""


class UnknownMeeting(Declared):
    """There is no such meeting that the account may see."""

    status = 404
    words = "error.unknown"

    def __init__(self, which: object) -> None:
        super().__init__(f"unknown meeting {which}")


class MeetingRefused(Declared):
    """Something that a meeting does not take: field, fault and remedy; ``key`` ends the words."""

    status = 422

    def __init__(self, field: str, key: str, fault: str, remedy: str, **values: object) -> None:
        super().__init__(f"{field}: {fault}; {remedy}", field=field, why=key)
        self.field, self.key, self.values = field, key, values

    def said(self, words: Words) -> str:
        """With the remedy."""
        return words(f"meetings.wrong-{self.key}", **self.values)


@dataclass(frozen=True, slots=True)
class Minutes:
    """A version of the minutes."""

    number: int
    text: str
    signed: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Opinion:
    """An opinion that somebody who was invited gave."""

    id: int
    name: str
    signed: str
    text: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Own:
    """A meeting as one person is invited to it."""

    meeting: Meeting
    guest: Guest
    since_ms: int
    """When the last step of the answer was taken."""
