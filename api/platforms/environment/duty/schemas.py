"""The duty calendar over the API as programs read it; instants in UTC epoch ms."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from pydantic import BaseModel

from alerting.duty.calendar import Calendar, Gap, Shift, Source
from alerting.duty.records import Entry, Turn


class ShiftState(BaseModel):
    """A span, half open, in which one is on duty; ``person`` is empty where nobody is."""

    from_ms: int
    until_ms: int
    person: str
    source: Source
    backup: str
    entry: int


class PositionState(BaseModel):
    """A position as it was planned last; ``now`` is null while it is not kept. ``moved`` are days
    that are off though Monday to Friday, or worked though a weekend.
    """

    id: str
    name: str
    turn: Turn
    handover: str
    first_day: str
    valid_from_ms: int
    people: list[str]
    off_people: list[str]
    by_hand: dict[str, str]
    backup: str
    moved: list[str]
    ended: bool
    newest: int
    now: ShiftState | None


class GapState(BaseModel):
    """A span in which nobody is on duty, or a ``person`` who cannot be."""

    position: str
    name: str
    from_ms: int
    until_ms: int
    person: str
    backup: str


class EntryState(BaseModel):
    """A change; ``withdrawn_ms`` is null while it counts."""

    id: int
    position: str
    saved_ms: int
    author: str
    account: str
    kind: Literal["rota", "substitute", "swap", "withdrawal"]
    content: dict[str, Any]
    withdrawn_ms: int | None


def shift_state(shift: Shift) -> ShiftState:
    """A shift."""
    duty = shift.duty
    return ShiftState(
        from_ms=shift.from_ms,
        until_ms=shift.until_ms,
        person=duty.person,
        source=duty.source,
        backup=duty.backup,
        entry=duty.entry,
    )


def position_state(calendar: Calendar, now_ms: int) -> PositionState:
    """A position."""
    rota = calendar.latest()
    assert rota is not None, "a position begins with a rota"
    now, _ = calendar.now_and_next(now_ms)
    hour, minute = divmod(rota.handover_minute, 60)
    return PositionState(
        id=calendar.position,
        name=rota.name,
        turn=rota.turn,
        handover=f"{hour:02}:{minute:02}",
        first_day=rota.first_day,
        valid_from_ms=rota.valid_from_ms,
        people=list(rota.people),
        off_people=list(rota.off_people),
        by_hand=rota.by_hand,
        backup=rota.backup,
        moved=list(rota.moved),
        ended=rota.ended,
        newest=calendar.newest,
        now=shift_state(now) if now else None,
    )


def gap_state(gap: Gap) -> GapState:
    """A gap."""
    return GapState(
        position=gap.position,
        name=gap.name,
        from_ms=gap.from_ms,
        until_ms=gap.until_ms,
        person=gap.person,
        backup=gap.backup,
    )


def entry_state(calendar: Calendar, entry: Entry) -> EntryState:
    """A change."""
    content = msgspec.to_builtins(entry.what)
    return EntryState(
        id=entry.id,
        position=entry.position,
        saved_ms=entry.saved_ms,
        author=entry.author,
        account=entry.account,
        kind=content.pop("type"),
        content=content,
        withdrawn_ms=calendar.withdrawn_ms(entry.id),
    )
