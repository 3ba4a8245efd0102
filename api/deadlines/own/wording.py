"""Deadlines as a calendar to which a phone subscribes: all-day events."""

from __future__ import annotations

from collections.abc import Iterable

from alerting.duty import ical
from api.deadlines import wording
from api.deadlines.records import Deadline
from config.catalogue.words import Words


def feed(
    words: Words,
    deadlines: Iterable[Deadline],
    appointments: Iterable[ical.Event],
    site: str,
    now_ms: int,
) -> bytes:
    """The whole calendar, with appointments of other platforms."""
    events = [_event(words, deadline, site, now_ms) for deadline in deadlines]
    events += appointments
    return ical.calendar(words("deadlines.title"), events, now_ms)


def _event(words: Words, deadline: Deadline, site: str, now_ms: int) -> ical.Event:
    said = wording.line(words, deadline, now_ms)
    return ical.Event(
        f"deadline-{deadline.id}@{site}",
        deadline.reckoned.started_ms,
        deadline.reckoned.due_ms,
        words("deadlines.feed-title", thing=deadline.title, rule=said.rule),
        words("deadlines.feed-note", due=said.due, law=deadline.rule.law_zh),
        deadline.reckoned.due,
        deadline.version,
    )
