"""Whether a new entry of a duty calendar holds, beside those that are there. Pure."""

from __future__ import annotations

from datetime import date
from typing import get_args

from alerting.duty.calendar import Calendar, hours
from alerting.duty.records import (
    ChangeRefused,
    Held,
    Rota,
    Substitute,
    Swap,
    Turn,
    What,
    Withdrawal,
    refused,
)
from config.vocabulary.time import DAY_MS

MOST_PEOPLE = 60
LONGEST_NAME = 60
LONGEST_WHY = 500
LONGEST_DAYS = 92
"""Of a substitute and of each span of a swap."""
MOST_BY_HAND = 800


def check(calendar: Calendar, what: What, saved_ms: int) -> None:
    """See whether an entry that is saved at an instant holds.

    Raises:
        ChangeRefused: with the reason.
    """
    match what:
        case Rota():
            _check_rota(what, saved_ms)
        case Substitute():
            _check_substitute(calendar, what, saved_ms)
        case Swap():
            _check_swap(calendar, what, saved_ms)
        case Withdrawal():
            _check_withdrawal(calendar, what, saved_ms)


def _check_rota(rota: Rota, saved_ms: int) -> None:
    if not rota.name or len(rota.name) > LONGEST_NAME or not rota.name.isprintable():
        remedy = f"write up to {LONGEST_NAME} characters"
        raise refused("name", "name", "is missing or too long", remedy, n=LONGEST_NAME)
    if rota.turn not in get_args(Turn):
        raise refused("turn", "turn", f"{rota.turn!r} is none", "write day, week or hand")
    if not 0 <= rota.handover_minute < 24 * 60:
        raise refused("handover", "handover", "is no time of a day", "write it like 08:30")
    if rota.valid_from_ms < saved_ms:
        raise _too_early("first_day")
    if rota.ended:
        return
    if rota.turn != "hand" and not rota.people:
        raise refused("people", "people", "is empty", "name at least one person")
    most = max(len(rota.people), len(rota.off_people))
    if most > MOST_PEOPLE or len(rota.by_hand) > MOST_BY_HAND:
        remedy = f"name up to {MOST_PEOPLE} people"
        raise refused("many", "people", "is too long", remedy, n=MOST_PEOPLE)
    for day in (rota.first_day, *rota.by_hand):
        if not _is_day(day):
            where = "first_day" if day == rota.first_day else "days"
            raise refused("day", where, f"{day!r} is no day", "write it like 2026-12-01")


def _check_substitute(calendar: Calendar, what: Substitute, saved_ms: int) -> None:
    _check_span(what.from_ms, what.until_ms, saved_ms, "from_ms", "until_ms")
    _check_reason(what.reason, needed=True)
    found = calendar.shifts(what.from_ms, what.until_ms)
    if sum(hours(found).values()) < what.until_ms - what.from_ms:
        raise _ended("from_ms")
    if all(shift.person == what.person for shift in found):
        text = "is on duty then anyway"
        raise refused("already", "person", text, "name somebody else")


def _check_swap(calendar: Calendar, what: Swap, saved_ms: int) -> None:
    _check_reason(what.reason, needed=False)
    for name, held in (("one", what.one), ("other", what.other)):
        _check_span(held.from_ms, held.until_ms, saved_ms, name, name)
    if what.one.from_ms < what.other.until_ms and what.other.from_ms < what.one.until_ms:
        raise refused("overlap", "other", "overlaps the first span", "take spans apart")
    if what.one.person == what.other.person:
        raise refused("same", "other", "is the same person's", "take spans of two people")
    for name, held in (("one", what.one), ("other", what.other)):
        if not _holds(calendar, held):
            text = f"is not {held.person}'s as a whole"
            raise refused("unheld", name, text, "look at the calendar anew")


def _check_withdrawal(calendar: Calendar, what: Withdrawal, saved_ms: int) -> None:
    _check_reason(what.reason, needed=False)
    target = next((of.what for of in calendar.entries if of.id == what.entry), None)
    match target:
        case Substitute():
            until_ms = target.until_ms
        case Swap():
            until_ms = max(target.one.until_ms, target.other.until_ms)
        case _:
            text = "is no substitute and no swap of this position"
            raise refused("other", "entry", text, "take one of its history")
    if calendar.withdrawn_ms(what.entry) is not None:
        raise refused("withdrawn", "entry", "was withdrawn before", "leave it")
    if until_ms <= saved_ms:
        raise refused("over", "entry", "is over", "leave it: the past is never rewritten")
    begun = isinstance(target, Swap) and min(target.one.from_ms, target.other.from_ms) < saved_ms
    if begun:
        text = "has begun: one of the two has already stood in"
        raise refused("turns", "entry", text, "name a substitute for what is left")


def _check_span(from_ms: int, until_ms: int, saved_ms: int, begin: str, end: str) -> None:
    if from_ms < saved_ms:
        raise _too_early(begin)
    if from_ms >= until_ms:
        raise refused("order", end, "does not lie behind the beginning", "mend one of them")
    if until_ms - from_ms > LONGEST_DAYS * DAY_MS:
        remedy = f"take up to {LONGEST_DAYS} days, or save a rota"
        raise refused("long", end, "lies too far behind the beginning", remedy, n=LONGEST_DAYS)


def _check_reason(reason: str, *, needed: bool) -> None:
    if (needed and not reason.strip()) or len(reason) > LONGEST_WHY or "\0" in reason:
        remedy = f"write up to {LONGEST_WHY} characters"
        raise refused("reason", "reason", "is blank or too long", remedy, n=LONGEST_WHY)


def _holds(calendar: Calendar, held: Held) -> bool:
    found = hours(calendar.shifts(held.from_ms, held.until_ms))
    return bool(held.person) and found == {held.person: held.until_ms - held.from_ms}


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _too_early(where: str) -> ChangeRefused:
    text = "lies in the past: who was on duty is never rewritten"
    return refused("past", where, text, "take an instant from now on")


def _ended(where: str) -> ChangeRefused:
    text = "lies where the position is not kept"
    return refused("ended", where, text, "save a rota for it first")
