"""Which events are to be looked at: all, or where there are thousands those that move."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic

from alerting.alert import Alert
from alerting.events.event import AlertEvent
from alerting.events.repository import Events

RESTS = 4
"""So many times as long as a turn with every event takes, turns are of those that move."""


@dataclass(slots=True)
class Following:
    """Remembers what was looked at."""

    events: Events
    _last: int = 0
    """The last transition that was looked at."""
    _now_ms: int = 0
    """The instant of the turn before."""
    _whole_s: float = 0.0
    """When all are looked at again, by the monotonic clock."""

    @contextmanager
    def turn(self) -> Iterator[bool]:
        """A turn; gives whether it is one with every event."""
        begun_s = monotonic()
        whole = begun_s >= self._whole_s
        yield whole
        if whole:
            self._whole_s = monotonic() + RESTS * (monotonic() - begun_s)

    def open(self, now_ms: int, *, whole: bool) -> list[tuple[AlertEvent, list[Alert]]]:
        """Events that are not over, each with its alerts: all, or those of which the record has
        news since the call before or whose time has come.
        """
        with self.events.database.read() as connection:
            last = self.events.last_transition(connection)
            if whole:
                found = self.events.open(connection)
                members = self.events.open_members(connection)
            else:
                found = self.events.moved(connection, self._last, self._now_ms, now_ms)
                members = self.events.members(connection, [of.id for of in found])
        self._last, self._now_ms = last, now_ms
        return [(of, members.get(of.id, [])) for of in found]
