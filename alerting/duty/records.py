"""Entries of a duty calendar: each says who is on duty from an instant on, and none ever changes.

A *duty day* begins at the hand-over on its date and lasts to the next day's. Dates are the
district's, ISO text; people are usernames.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date
from typing import Literal

import msgspec
from msgspec import Struct

from config.vocabulary.errors import Fault, FaultyInput
from config.vocabulary.time import DAY_MS, EAST_MS, MINUTE_MS
from config.working_days import WorkingDays

Turn = Literal["day", "week", "hand"]
Wrong = Literal[
    "name", "turn", "handover", "people", "many", "day", "past", "past-day", "order", "long",
    "ended", "reason", "already", "turns", "overlap", "same", "other", "unheld", "withdrawn",
    "over",
]  # fmt: skip
"""Why an entry is refused; the last part of the key of its words."""
_EPOCH = date(1970, 1, 1).toordinal()
DAYS_FIXED = 731
"""So far ahead a rota fixes which days are off."""


class ChangeRefused(FaultyInput):
    """A change that does not hold: for programs as a fault, for pages as a key with values."""

    def __init__(
        self, key: Wrong, where: str, what: str, remedy: str, values: dict[str, object]
    ) -> None:
        super().__init__([Fault(where, what, remedy)])
        self.key, self.values = key, values


def refused(key: Wrong, where: str, what: str, remedy: str, **values: object) -> ChangeRefused:
    """The refusal of a change."""
    return ChangeRefused(key, where, what, remedy, values)


class Rota(Struct, frozen=True, tag="rota", forbid_unknown_fields=True):
    """Who is on duty from ``valid_from_ms`` on, until a rota that is saved later says otherwise.

    ``people`` follow each other by day or by week, the first of them from ``first_day`` on. With
    ``off_people`` the days off have an order of their own. ``by_hand`` goes before both orders.
    ``moved`` are days that are off though Monday to Friday, or worked though a weekend: fixed at
    saving, so that a notice that comes later never changes who was on duty.
    """

    name: str
    turn: Turn
    handover_minute: int
    """Of the day."""
    first_day: str
    valid_from_ms: int
    people: tuple[str, ...] = ()
    off_people: tuple[str, ...] = ()
    by_hand: dict[str, str] = {}
    backup: str = ""
    """Who steps in where nobody else can; empty: nobody."""
    moved: tuple[str, ...] = ()
    ended: bool = False
    """From then on the position is kept no more."""

    def duty_day(self, at_ms: int) -> int:
        """The ordinal of the duty day of an instant."""
        return _EPOCH + (at_ms + EAST_MS - self.handover_minute * MINUTE_MS) // DAY_MS

    def begins_ms(self, ordinal: int) -> int:
        """When a duty day begins."""
        return (ordinal - _EPOCH) * DAY_MS - EAST_MS + self.handover_minute * MINUTE_MS

    def off(self, ordinal: int) -> bool:
        """Whether a day is a day off."""
        return _weekend(ordinal) is not (date.fromordinal(ordinal).isoformat() in self.moved)

    def days_off(self, from_ordinal: int, until_ordinal: int) -> int:
        """How many days off lie from one day to before a later one."""
        weekends = _weekends(until_ordinal) - _weekends(from_ordinal)
        ends = (date.fromordinal(of).isoformat() for of in (from_ordinal, until_ordinal))
        first, last = (bisect_left(self.moved, of) for of in ends)
        moved = (date.fromisoformat(of).toordinal() for of in self.moved[first:last])
        return weekends + sum(-1 if _weekend(of) else 1 for of in moved)


class Substitute(Struct, frozen=True, tag="substitute", forbid_unknown_fields=True):
    """Somebody stands in for whoever would be on duty."""

    from_ms: int
    until_ms: int
    person: str
    reason: str


class Held(Struct, frozen=True, forbid_unknown_fields=True):
    """A span, half open, in which somebody is on duty."""

    from_ms: int
    until_ms: int
    person: str


class Swap(Struct, frozen=True, tag="swap", forbid_unknown_fields=True):
    """Two people take each other's span, each of which is held by the person it names before."""

    one: Held
    other: Held
    reason: str = ""


class Withdrawal(Struct, frozen=True, tag="withdrawal", forbid_unknown_fields=True):
    """A substitute or a swap counts no more from the saving on."""

    entry: int
    reason: str = ""


What = Rota | Substitute | Swap | Withdrawal


@dataclass(frozen=True, slots=True)
class Entry:
    """A saved change. ``author`` is the name of then, ``account`` the username."""

    id: int
    position: str
    saved_ms: int
    author: str
    account: str
    what: What


def encode(what: What) -> str:
    """An entry's content as the database keeps it."""
    return msgspec.json.encode(what).decode()


def decode(document: str) -> What:
    """The same read back."""
    found: What = msgspec.json.decode(document, type=What)
    return found


def moved_days(calendar: WorkingDays, before: tuple[str, ...], today: str) -> tuple[str, ...]:
    """Days that a calendar moves from today on, behind those that were fixed for the past."""
    first = date.fromisoformat(today).toordinal()
    ahead = (date.fromordinal(of) for of in range(first, first + DAYS_FIXED))
    moved = (
        of.isoformat() for of in ahead if calendar.day(of).working is _weekend(of.toordinal())
    )
    return (*(of for of in before if of < today), *moved)


def _weekend(ordinal: int) -> bool:
    return (ordinal - 1) % 7 >= 5  # ordinal 1 is a Monday


def _weekends(ordinal: int) -> int:
    """How many Saturdays and Sundays lie before a day."""
    weeks, rest = divmod(ordinal - 1, 7)
    return 2 * weeks + max(rest - 5, 0)
