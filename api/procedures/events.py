"""An event of a procedure, and the image of the row after it. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
import sqlalchemy as sa

from api.audit import Actor
from api.ports import canonical
from api.procedures.procedure import WITHDRAW, Given, Row


class Terms(msgspec.Struct, frozen=True):
    """Deadlines, by id, that an event started, met and cancelled, and that it opened again."""

    started: tuple[int, ...] = ()
    ended: tuple[int, ...] = ()
    cancelled: tuple[int, ...] = ()
    reopened: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """One step of one thing, which never changes; ``number`` counts from 1 and is the version of
    the row after it. ``signed`` is the name under it as it was then; ``takes_back`` the number of
    the event that it takes back.
    """

    number: int
    step: str
    from_state: str
    to_state: str
    by: Actor
    signed: str
    at_ms: int
    given: Given
    terms: Terms
    takes_back: int | None
    after: bytes
    after_hash: str

    @property
    def account(self) -> str:
        """In whose name it was taken."""
        return self.by.on_behalf or self.by.who


def image(row: Row) -> bytes:
    """The row as canonical JSON; days as ISO text."""
    plain = {
        name: of.isoformat() if isinstance(of, date) else of for name, of in dict(row).items()
    }
    return canonical(plain)


def of_image(table: sa.Table, body: bytes) -> dict[str, Any]:
    """The columns of a row from its image."""
    found: dict[str, Any] = json.loads(body)
    days = [column.name for column in table.c if column.type.python_type is date]
    return found | {name: date.fromisoformat(found[name]) for name in days if found[name]}


def standing(events: Sequence[Event]) -> list[Event]:
    """The steps that were not taken back, the first one first."""
    found: list[Event] = []
    for event in events:
        if event.step == WITHDRAW:
            found.pop()
        else:
            found.append(event)
    return found
