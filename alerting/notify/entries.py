"""Entries of the outbox: something to be told, with its data; its text is made at sending."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import msgspec
from msgspec import Struct

from alerting.alert import Alert, Level
from alerting.events.event import Notice

EntryKind = Literal[
    "begun", "again", "risen", "further", "stands", "data-lost", "comes-and-goes", "over",
    "withdrawn", "step", "note", "weekly", "trouble", "test", "code", "audit-head",
]  # fmt: skip


class OfEvent(Struct, frozen=True):
    """Of an alert event: see :class:`alerting.events.event.Notice`."""

    alert: Alert
    stations: tuple[str, ...]
    times: int
    round: int = 0
    step: int = 0


class Note(Struct, frozen=True):
    """A message about anything, written by a platform in the reader's language. ``link`` is a path
    of the pages. What is ``urgent`` is told at night as well.
    """

    title: str
    text: str
    link: str = ""
    urgent: bool = False


class Code(Struct, frozen=True):
    """That a person is to be sent the code that confirms an address: its id, and ``nonce``, for
    which the code is made at sending. The code itself is kept nowhere.
    """

    contact: int
    nonce: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the outbox. ``event`` is the alert event that it speaks of, None of others;
    ``reader`` the only one who shall hear it, None where routing finds out.
    """

    key: str
    kind: EntryKind
    level: Level
    at_ms: int
    body: OfEvent | Note | Code
    event: str | None = None
    reader: str | None = None


@dataclass(frozen=True, slots=True)
class Telling:
    """The fate of an entry for a reader: told by a message, held until ``due_ms``, or not told,
    and why.
    """

    entry: str
    reader: str
    state: Literal["told", "held", "muted"]
    why: str
    due_ms: int | None
    message_id: str | None


def of_notice(notice: Notice) -> Entry:
    """The entry of something to be told of an event."""
    body = OfEvent(notice.alert, notice.stations, notice.times, notice.round, notice.step)
    kind: EntryKind = notice.kind.value
    return Entry(notice.key, kind, notice.level, notice.at_ms, body, notice.event)


def written(entry: Entry) -> str:
    """Its data as the outbox keeps them."""
    return msgspec.json.encode(entry.body).decode()


def read(row: Any) -> Entry:
    """An entry from a row of the outbox."""
    body: OfEvent | Note | Code
    if row.kind == "code":
        body = msgspec.json.decode(row.data, type=Code)
    elif row.event_id is None:
        body = msgspec.json.decode(row.data, type=Note)
    else:
        body = msgspec.json.decode(row.data, type=OfEvent)
    return Entry(row.key, row.kind, Level(row.level), row.at_ms, body, row.event_id, row.reader)
