"""The notices of a year's days off that the office entered, over those of the files."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from api.deadlines.tables import NOTICE
from config.working_days import Notice, WorkingDays
from ingest.state.database import State


@dataclass(frozen=True, slots=True)
class Entered:
    """A notice that somebody entered."""

    year: int
    notice: Notice
    who: str
    at_ms: int


@dataclass(frozen=True)
class Calendar:
    """The working days of a site: ``files``, over which the newest notice of a year wins that the
    office entered.
    """

    state: State
    files: WorkingDays
    _known: dict[int, WorkingDays] = field(default_factory=dict, init=False, repr=False)

    def working_days(self) -> WorkingDays:
        """As they are known now."""
        with self.state.read() as connection:
            return self.known(connection)

    def known(self, connection: Connection) -> WorkingDays:
        """The same, to a transaction."""
        newest = connection.scalar(sa.select(sa.func.max(NOTICE.c.id))) or 0
        found = self._known.get(newest)
        if found is None:
            own = {one.year: one.notice for one in self.entered(connection)}
            found = replace(self.files, notices={**self.files.notices, **own})
            self._known.clear()
            self._known[newest] = found
        return found

    def entered(self, connection: Connection) -> Sequence[Entered]:
        """Every notice that was entered, the newest last."""
        return [
            _entered(row) for row in connection.execute(sa.select(NOTICE).order_by(NOTICE.c.id))
        ]

    def add(
        self, connection: Connection, year: int, notice: Notice, *, who: str, at_ms: int
    ) -> None:
        """Keep the notice of a year; it wins from the end of the transaction on."""
        document = msgspec.json.encode(notice).decode()
        row = {"year": year, "document": document, "who": who, "at_ms": at_ms}
        connection.execute(sa.insert(NOTICE).values(row))


def digest(days: WorkingDays) -> str:
    """The SHA-256 of all notices: another one where any day may be another."""
    notices = {str(year): notice for year, notice in sorted(days.notices.items())}
    return hashlib.sha256(msgspec.json.encode(notices, order="sorted")).hexdigest()


def _entered(row: Row[Any]) -> Entered:
    notice = msgspec.json.decode(row.document, type=Notice)
    return Entered(row.year, notice, row.who, row.at_ms)
