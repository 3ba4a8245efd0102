"""Meetings as people read them: when and where, and how many said what."""

from __future__ import annotations

from datetime import datetime

from api.meetings.records import Count, Meeting
from config.catalogue.words import Words
from config.vocabulary.time import ZONE


def moment(words: Words, at_ms: int) -> str:
    """An instant with its weekday."""
    at = datetime.fromtimestamp(at_ms / 1000, ZONE)
    weekday = words(f"meetings.weekday-{at.isoweekday()}")
    return words(
        "meetings.moment",
        year=at.year,
        month=at.month,
        day=at.day,
        weekday=weekday,
        time=f"{at:%H:%M}",
    )


def when(words: Words, meeting: Meeting) -> str:
    """The time of a meeting; empty where it has none."""
    if meeting.from_ms is None:
        return ""
    begin = moment(words, meeting.from_ms)
    if meeting.until_ms is None:
        return begin
    first, last = (
        datetime.fromtimestamp(of / 1000, ZONE) for of in (meeting.from_ms, meeting.until_ms)
    )
    same = first.date() == last.date()
    return f"{begin}–{last:%H:%M}" if same else f"{begin} – {moment(words, meeting.until_ms)}"


def local(at_ms: int | None) -> str:
    """An instant as a form has it."""
    if at_ms is None:
        return ""
    return f"{datetime.fromtimestamp(at_ms / 1000, ZONE):%Y-%m-%dT%H:%M}"


def where(words: Words, meeting: Meeting) -> str:
    """The location, or that it is held by link."""
    if meeting.location:
        return meeting.location
    return words("meetings.by-link") if meeting.link else ""


def figures(words: Words, meeting: Meeting, count: Count) -> list[str]:
    """The answers in words, as far as the meeting asks for any."""
    found = [words("meetings.count-invited", n=count.invited)]
    if meeting.wants == "attend":
        found += [
            words("meetings.count-attending", n=count.attending),
            words("meetings.count-on-leave", n=count.on_leave),
            words("meetings.count-asked", n=count.asked),
            words("meetings.count-silent", n=count.silent),
        ]
        if count.present or meeting.state == "ended":
            found.append(words("meetings.count-present", n=count.present))
    elif meeting.wants == "confirm":
        found += [
            words("meetings.count-confirmed", n=count.confirmed),
            words("meetings.count-silent", n=count.silent),
        ]
    return found
