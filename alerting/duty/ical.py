"""Shifts and due days as an iCalendar (RFC 5545) to which a phone's calendar subscribes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

_LONGEST = 75
"""Bytes of a line (RFC 5545, 3.1)."""


@dataclass(frozen=True, slots=True)
class Event:
    """One shift, or a whole ``day``; ``uid`` is the same each time it is asked for, ``sequence``
    counts its changes.
    """

    uid: str
    from_ms: int
    until_ms: int
    title: str
    note: str = ""
    day: date | None = None
    sequence: int = 0


def calendar(name: str, events: Iterable[Event], now_ms: int) -> bytes:
    """The whole calendar; whoever subscribed asks again after an hour (RFC 7986, 5.7)."""
    lines = (line for row in _lines(name, events, now_ms) for line in _folded(row))
    return "".join(f"{line}\r\n" for line in lines).encode()


def _lines(name: str, events: Iterable[Event], now_ms: int) -> Iterator[str]:
    yield from (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Qingyuan//Calendar//ZH",
        "METHOD:PUBLISH",
    )
    yield f"NAME:{_text(name)}"
    yield f"X-WR-CALNAME:{_text(name)}"
    yield "REFRESH-INTERVAL;VALUE=DURATION:PT1H"
    yield "X-PUBLISHED-TTL:PT1H"
    for event in events:
        yield "BEGIN:VEVENT"
        yield f"UID:{_text(event.uid)}"
        yield f"DTSTAMP:{_instant(now_ms)}"
        yield f"SEQUENCE:{event.sequence}"
        yield from _span(event)
        yield f"SUMMARY:{_text(event.title)}"
        if event.note:
            yield f"DESCRIPTION:{_text(event.note)}"
        yield "TRANSP:TRANSPARENT"
        yield "END:VEVENT"
    yield "END:VCALENDAR"


def _span(event: Event) -> Iterator[str]:
    if event.day:
        yield f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}"
        return
    yield f"DTSTART:{_instant(event.from_ms)}"
    yield f"DTEND:{_instant(event.until_ms)}"


def _instant(at_ms: int) -> str:
    return f"{datetime.fromtimestamp(at_ms / 1000, UTC):%Y%m%dT%H%M%SZ}"


def _text(given: str) -> str:
    """A value of type TEXT (RFC 5545, 3.3.11)."""
    for sign in "\\;,":
        given = given.replace(sign, f"\\{sign}")
    return "\\n".join(given.splitlines())


def _folded(line: str) -> Iterator[str]:
    """A line in parts of so many bytes, none of which ends within a character."""
    part, size = "", 0
    for sign in line:
        width = len(sign.encode())
        if size + width > _LONGEST:
            yield part
            part, size = " ", 1
        part, size = part + sign, size + width
    yield part
