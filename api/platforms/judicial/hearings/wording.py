"""Occasions and seats as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from api.meetings.wording import moment
from api.platforms.judicial.hearings.records import notice_day
from api.procedures.procedure import Row
from config.catalogue.words import Words
from config.vocabulary.time import ZONE


@dataclass(frozen=True, slots=True)
class HearingLine:
    """An occasion in a list; ``own`` is how the reader's seat stands, empty for none."""

    id: int
    title: str
    kind: str
    body: str
    when: str
    where: str
    state: str
    seats: int
    own: str


def line(words: Words, row: Row, units: Mapping[str, str], own: str) -> HearingLine:
    """An occasion in a list."""
    return HearingLine(
        row["id"],
        row["title"],
        words(f"judicial.hearing.kind-{row['kind']}"),
        units.get(row["unit"], row["unit"]),
        when(words, row),
        where(words, row),
        words(f"judicial.hearing.state-{row['state']}"),
        int(row["seats"]),
        seat_state(words, own) if own else "",
    )


def when(words: Words, row: Row) -> str:
    """The time of an occasion."""
    begin = moment(words, row["from_ms"])
    if row["until_ms"] is None:
        return begin
    first, last = (
        datetime.fromtimestamp(of / 1000, ZONE) for of in (row["from_ms"], row["until_ms"])
    )
    same = first.date() == last.date()
    return f"{begin}–{last:%H:%M}" if same else f"{begin} – {moment(words, row['until_ms'])}"


def where(words: Words, row: Row) -> str:
    """The location, or that it is held by link."""
    if row["location"]:
        return str(row["location"])
    return words("meetings.by-link") if row["link"] else ""


def notice(words: Words, row: Row) -> list[str]:
    """Until which day participants are told in time; and why it was later, where it was."""
    said = words("judicial.hearings.notice", day=notice_day(row), n=row["notice_days"])
    reasons = []
    if row["late_why"]:
        reasons.append(words("judicial.hearings.late-why", why=row["late_why"]))
    if row["late_allotment_why"]:
        why = row["late_allotment_why"]
        reasons.append(words("judicial.hearings.late-allotment-why", why=why))
    return [said, *reasons]


def seat_state(words: Words, state: str) -> str:
    """How a seat stands."""
    return words(f"judicial.seat.state-{state}")


def last(words: Words, last_day: str) -> str:
    """The day of somebody's last seat."""
    return last_day or words("judicial.hearings.never")


def outcome(words: Words, row: Row) -> str:
    """The form of what followed, and when; empty while there is none."""
    if not row["outcome"]:
        return ""
    kind = words(f"judicial.hearing.outcome-{row['outcome']}")
    day: date = row["outcome_day"]
    return words("judicial.hearings.outcome", kind=kind, day=day.isoformat())
