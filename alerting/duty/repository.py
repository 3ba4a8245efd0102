"""Where duty calendars are kept, in the state database: rows only enter. The only SQL of duty."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from alerting.duty.calendar import Calendar, Gap, OnDuty, WhoCan
from alerting.duty.changes import check
from alerting.duty.records import Entry, What, decode, encode
from alerting.tables import DUTY_ENTRY, DUTY_FEED
from config.vocabulary.errors import QingyuanError
from ingest.state.database import State

PREFIX = "duty-"
"""Of the ids of positions, with a number behind it."""


class ChangedMeanwhile(QingyuanError):
    """Somebody saved another entry of the position first."""

    def __init__(self, first: Entry) -> None:
        super().__init__(f"{first.position} was changed meanwhile by {first.author}")
        self.by, self.at_ms = first.author, first.saved_ms


class UnknownPosition(QingyuanError):
    """There is no such position."""


class DutyRepository:
    """Duty calendars by position. What was read is remembered until there is another entry."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._known: tuple[int, dict[str, Calendar]] = (0, {})

    def calendars(self) -> dict[str, Calendar]:
        """Every position, also those that have ended, the oldest first."""
        with self.state.read() as connection:
            newest = connection.scalar(sa.select(sa.func.max(DUTY_ENTRY.c.id))) or 0
            if self._known[0] != newest:
                self._known = newest, _calendars(connection)
        return dict(self._known[1])

    def calendar(self, position: str) -> Calendar | None:
        """Of one position; None where there is none of this id."""
        return self.calendars().get(position)

    def on_duty(self, position: str, at_ms: int, known_ms: int) -> OnDuty | None:
        """Who was on duty at an instant, as was known at another; None: the position is not kept
        then.
        """
        found = self.calendar(position)
        return found.on_duty(at_ms, known_ms) if found else None

    def present(self, at_ms: int, who_can: WhoCan) -> dict[str, str]:
        """Who is on duty at an instant, by position; the backup where that one cannot be, and no
        entry where neither can.
        """
        found = {}
        for position, calendar in self.calendars().items():
            duty = calendar.on_duty(at_ms)
            both = (duty.person, duty.backup) if duty else ()
            able = [person for person in both if person and who_can(person, at_ms)]
            if able:
                found[position] = able[0]
        return found

    def gaps(self, from_ms: int, until_ms: int, who_can: WhoCan) -> tuple[Gap, ...]:
        """Of every position, by beginning."""
        found = [
            gap
            for calendar in self.calendars().values()
            for gap in calendar.gaps(from_ms, until_ms, who_can)
        ]
        return tuple(sorted(found, key=lambda gap: (gap.from_ms, gap.position)))

    def add(
        self,
        connection: Connection,
        position: str,
        make: Callable[[Calendar, int], What],
        *,
        by: tuple[str, str],
        now_ms: int,
        seen: int | None = None,
    ) -> Entry:
        """Save an entry, in the caller's transaction. ``make`` is given the calendar as it stands
        and the instant of saving. An empty ``position`` is a new one. ``seen`` is the newest entry
        that the author knew.

        Raises:
            ChangeRefused, ChangedMeanwhile, UnknownPosition
        """
        known = _calendars(connection)
        if position and position not in known:
            raise UnknownPosition(f"unknown position {position!r}")
        position = position or f"{PREFIX}{len(known) + 1}"
        calendar = known.get(position, Calendar(position, ()))
        if seen is not None and seen != calendar.newest:
            raise ChangedMeanwhile(calendar.entries[-1])
        # A clock that was set back must not let an entry come before one that is there.
        last = max((of.newest_ms for of in known.values()), default=0)
        saved_ms = max(now_ms, last)
        what = make(calendar, saved_ms)
        check(calendar, what, saved_ms)
        row = {
            "position": position,
            "saved_ms": saved_ms,
            "author": by[0],
            "account": by[1],
            "document": encode(what),
        }
        made = connection.execute(sa.insert(DUTY_ENTRY).values(row)).inserted_primary_key
        assert made is not None
        return Entry(made[0], position, saved_ms, *by, what)

    def feed_serial(self, username: str) -> int:
        """How often somebody let earlier links to a feed end."""
        query = sa.select(sa.func.count()).select_from(DUTY_FEED)
        with self.state.read() as connection:
            return connection.scalar(query.where(DUTY_FEED.c.username == username)) or 0

    def renew_feeds(self, connection: Connection, username: str, now_ms: int) -> None:
        """Let every link of somebody's that was given so far end."""
        row = {"username": username, "renewed_ms": now_ms}
        connection.execute(sa.insert(DUTY_FEED).values(row))


def _calendars(connection: Connection) -> dict[str, Calendar]:
    found: dict[str, list[Entry]] = {}
    for row in connection.execute(sa.select(DUTY_ENTRY).order_by(DUTY_ENTRY.c.id)):
        what = decode(row.document)
        entry = Entry(row.id, row.position, row.saved_ms, row.author, row.account, what)
        found.setdefault(row.position, []).append(entry)
    return {position: Calendar(position, entries) for position, entries in found.items()}
