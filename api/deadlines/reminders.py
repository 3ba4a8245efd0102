"""Reminders: on working mornings, to whoever must act, of each occasion once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from alerting.alert import Level
from alerting.notify.entries import Entry, Note
from alerting.notify.repository import Messages
from api.deadlines import explaining, wording
from api.deadlines.kept import rows
from api.deadlines.kept.answerable import Staff, staff
from api.deadlines.opening import deadlines_of
from api.deadlines.reckoning import Lamp
from api.deadlines.recomputation import Recomputation
from api.deadlines.records import Act, Deadline, Event, Standing
from api.deadlines.repository import Deadlines
from api.deadlines.tables import EVENT, REMINDER
from api.shape import CoreServices
from config.catalogue.words import LANGUAGES, Words
from config.vocabulary.time import DAY_MS, day_of
from config.working_days import WorkingDays

MOST_LINES = 20
"""Of one message; the rest is counted."""
_LATELY_MS = 30 * DAY_MS
_MOVING = (Act.EXTENDED, Act.RESUMED, Act.RECOMPUTED)
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reminder:
    """A thing to be told of a deadline. Nobody hears of an ``occasion`` twice; ``event`` moved the
    due date.
    """

    deadline: Deadline
    occasion: str
    event: Event | None = None


def occasion(deadline: Deadline, today: date, days: WorkingDays, now_ms: int) -> str | None:
    """The reason to remind of a deadline on a working morning: a quarter of the term is left, it
    is the last working day, or it is overdue, the first working day and then each week.

    Another due date makes other occasions.
    """
    if deadline.standing is not Standing.RUNNING:
        return None
    due = deadline.reckoned.due
    if now_ms > deadline.reckoned.due_ms:
        week = max((today - due - _ONE_DAY).days, 0) // 7
        return f"overdue-{week}:{due}"
    if today >= _last_working(due, days):
        return f"last-day:{due}"
    quarter = deadline.lamp(now_ms) is not Lamp.GREEN
    return f"quarter:{due}" if quarter else None


def _last_working(due: date, days: WorkingDays) -> date:
    while not days.day(due).working:
        due -= _ONE_DAY
    return due


def remind(core: CoreServices) -> None:
    """The job of the morning: one message for each person who must act."""
    now_ms = core.now_ms()
    deadlines, today = deadlines_of(core), day_of(now_ms)
    days = deadlines.calendar.working_days()
    if not days.day(date.fromisoformat(today)).working:
        return
    follow_calendar(core)
    with core.state.read() as connection:
        everybody = staff(connection, core.roles, today)
    due = _by_person(deadlines, everybody, days, now_ms)
    for username, reminders in due.items():
        wished = next((of for of in LANGUAGES if of == everybody.languages[username]), None)
        words = core.words.into(wished) if wished else core.words
        with core.state.begin() as connection:
            _tell(connection, Messages(core.state), username, reminders, words, now_ms)


def follow_calendar(core: CoreServices) -> None:
    """The job that reckons deadlines anew where days off were entered or came with a file."""
    Recomputation(deadlines_of(core), core.words, core.now_ms).follow_calendar()


def _by_person(
    deadlines: Deadlines, everybody: Staff, days: WorkingDays, now_ms: int
) -> Mapping[str, Sequence[Reminder]]:
    """All that there is to tell, also what was told before, by username."""
    today = date.fromisoformat(day_of(now_ms))
    moved = _moved(deadlines, now_ms)
    found: dict[str, list[Reminder]] = {}
    for deadline in _running(deadlines):
        reason = occasion(deadline, today, days, now_ms)
        of_deadline = [Reminder(deadline, reason)] if reason else []
        events = moved.get(deadline.id, ())
        of_deadline += [Reminder(deadline, f"moved:{event.id}", event) for event in events]
        for username in everybody.who(deadline.responsible) if of_deadline else ():
            own = (one for one in of_deadline if not _by_oneself(one, username))
            found.setdefault(username, []).extend(own)
    return found


def _by_oneself(reminder: Reminder, username: str) -> bool:
    by = reminder.event.by if reminder.event else None
    return by is not None and username in (by.who, by.on_behalf)


def _running(deadlines: Deadlines) -> Iterator[Deadline]:
    seen = (0, 0)
    while found := deadlines.running(after=seen):
        yield from found
        seen = (found[-1].reckoned.due_ms, found[-1].id)


def _moved(deadlines: Deadlines, now_ms: int) -> Mapping[int, Sequence[Event]]:
    """The events that moved a due date lately, by deadline."""
    query = sa.select(EVENT).where(
        EVENT.c.at_ms > now_ms - _LATELY_MS,
        EVENT.c.kind.in_([of.value for of in _MOVING]),
        EVENT.c.before_ms != EVENT.c.after_ms,
    )
    found: dict[int, list[Event]] = {}
    with deadlines.state.read() as connection:
        for row in connection.execute(query.order_by(EVENT.c.id)):
            event = rows.event_of(row)
            found.setdefault(event.deadline, []).append(event)
    return found


def _tell(
    connection: Connection,
    messages: Messages,
    username: str,
    reminders: Sequence[Reminder],
    words: Words,
    now_ms: int,
) -> None:
    """Post what the person has not heard yet; at most one message a day."""
    same = sa.select(REMINDER.c.deadline, REMINDER.c.occasion).where(
        REMINDER.c.username == username,
        REMINDER.c.deadline.in_({one.deadline.id for one in reminders}),
    )
    known = {(row.deadline, row.occasion) for row in connection.execute(same)}
    fresh = [one for one in reminders if (one.deadline.id, one.occasion) not in known]
    if not fresh:
        return
    entry = Entry(
        _key(username, day_of(now_ms)),
        "note",
        Level.NOTICE,
        now_ms,
        Note(_title(words, fresh), _text(words, fresh, now_ms), "/deadlines/"),
        reader=username,
    )
    if messages.post(connection, entry):
        of_all = {"username": username, "at_ms": now_ms}
        heard = [of_all | {"deadline": of.deadline.id, "occasion": of.occasion} for of in fresh]
        connection.execute(sa.insert(REMINDER), heard)


def _key(username: str, day: str) -> str:
    """Of the outbox, which takes each once: a message for a person and a day."""
    named = hashlib.blake2b(f"{username}|{day}".encode(), digest_size=10)
    return f"deadlines-{named.hexdigest()}"


def _title(words: Words, reminders: Sequence[Reminder]) -> str:
    return words("deadlines.digest", n=len({one.deadline.id for one in reminders}))


def _text(words: Words, reminders: Sequence[Reminder], now_ms: int) -> str:
    lines = [_line(words, one, now_ms) for one in reminders[:MOST_LINES]]
    if len(reminders) > MOST_LINES:
        lines.append(words("deadlines.digest-more", n=len(reminders) - MOST_LINES))
    return "\n".join(lines)


def _line(words: Words, one: Reminder, now_ms: int) -> str:
    said = wording.line(words, one.deadline, now_ms)
    if one.event is None:
        return words(
            "deadlines.digest-line",
            thing=one.deadline.title,
            rule=explaining.title(words, one.deadline.rule),
            left=said.left,
            due=said.due,
        )
    return words(
        "deadlines.digest-moved",
        thing=one.deadline.title,
        rule=said.rule,
        why=one.event.why,
        before=wording.moment(one.event.before_ms, one.deadline),
        after=wording.moment(one.event.after_ms, one.deadline),
    )
