"""The same stages of telling as live, played over alerts of the past. Pure."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from alerting.alert import Alert, State
from alerting.events.event import (
    AlertEvent,
    EventState,
    Grouping,
    Notice,
    NoticeKind,
    advanced,
    area_of,
    joined,
)
from alerting.notify.readers import Reader
from alerting.notify.routing import Known, Night, Why, routed
from config.catalogue.shapes import Catalogue
from config.vocabulary.time import HOUR_MS, day_of


@dataclass(frozen=True, slots=True)
class Heard:
    """One message to a reader: what it tells, and of which kind it is, as in the message table."""

    at_ms: int
    reader: str
    kind: str
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class Manner:
    """How people are told: see the settings of ``notify``."""

    grouping: Grouping = field(default_factory=Grouping)
    night: Night = field(default_factory=lambda: Night("22:00", "07:00"))
    most_an_hour: int = 3


def played(
    alerts: Iterable[Alert], catalogue: Catalogue, readers: Sequence[Reader], manner: Manner
) -> Iterator[Heard]:
    """Every message to readers, by time."""
    known = {reader.id: _Knows(reader, manner) for reader in readers}
    for at_ms, event, notice in noticed(alerts, catalogue, manner.grouping):
        for reader in known.values():
            yield from reader.until(at_ms)
        for reader in known.values():
            yield from reader.take(at_ms, event, notice, catalogue)
    for reader in known.values():
        yield from reader.until(None)


def noticed(
    alerts: Iterable[Alert], catalogue: Catalogue, grouping: Grouping
) -> Iterator[tuple[int, AlertEvent, Notice]]:
    """Notices of the events of alerts, by time."""
    line, order = list[tuple[int, int, Alert | str]](), count()
    for alert in alerts:
        heapq.heappush(line, (alert.fired_ms, next(order), alert))
    played_events = _Events(catalogue, grouping)
    while line:
        at_ms, _, what = heapq.heappop(line)
        name = what if isinstance(what, str) else played_events.join(what, at_ms)
        if isinstance(what, Alert) and what.resolved_ms is not None:
            heapq.heappush(line, (max(what.resolved_ms, at_ms), next(order), name))
        while (notice := played_events.advance(name, at_ms)) is not None:
            yield at_ms, played_events.known[name], notice
        if (look_ms := played_events.next_ms(name, at_ms)) is not None:
            heapq.heappush(line, (look_ms, next(order), name))


@dataclass(slots=True)
class _Events:
    """The events as they stand at an instant of the playback."""

    catalogue: Catalogue
    grouping: Grouping
    known: dict[str, AlertEvent] = field(default_factory=dict)
    _members: dict[str, list[Alert]] = field(default_factory=dict)
    _at: dict[str, set[str]] = field(default_factory=dict)

    def join(self, alert: Alert, at_ms: int) -> str:
        area = area_of(alert, self.catalogue.subjects[alert.station])
        near = self._at.setdefault(area, set())
        standing = {
            name: [of for of in self._as_of(name, at_ms) if of.state is State.FIRING]
            for name in near
        }
        found = joined(
            [self.known[name] for name in near], standing, alert, area, at_ms, self.grouping
        )
        self.known[found.id] = found
        near.add(found.id)
        self._members.setdefault(found.id, []).append(alert)
        return found.id

    def advance(self, name: str, at_ms: int) -> Notice | None:
        event, notice = advanced(
            self.known[name], self._as_of(name, at_ms), lambda _: False, at_ms, self.grouping
        )
        self.known[name] = event
        if event.state is EventState.OVER:
            self._at[event.area].discard(name)
        return notice

    def next_ms(self, name: str, at_ms: int) -> int | None:
        event = self.known[name]
        if event.state is EventState.QUIET and event.ended_ms is not None:
            return event.ended_ms + self.grouping.again_ms
        return event.due_ms if event.due_ms > at_ms else None

    def _as_of(self, name: str, at_ms: int) -> list[Alert]:
        return [_as_of(alert, at_ms) for alert in self._members[name]]


def _as_of(alert: Alert, at_ms: int) -> Alert:
    if alert.resolved_ms is not None and alert.resolved_ms > at_ms:
        return replace(alert, state=State.FIRING, resolved_ms=None)
    return alert


@dataclass(slots=True)
class _Knows:
    """A reader, with what was told and what is held."""

    reader: Reader
    manner: Manner
    _events: set[str] = field(default_factory=set)
    _lately: list[int] = field(default_factory=list)
    _further: dict[str, int] = field(default_factory=dict)
    _held: list[tuple[int, Why, Notice]] = field(default_factory=list)

    def take(
        self, at_ms: int, event: AlertEvent, notice: Notice, catalogue: Catalogue
    ) -> Iterator[Heard]:
        decision = routed(
            self.reader,
            notice,
            event.kind,
            [catalogue.subjects[name] for name in notice.stations],
            self._known(event.id, at_ms),
            at_ms,
            self.manner.night,
            self.manner.most_an_hour,
        )
        if decision.outcome == "muted":
            return
        self._events.add(event.id)
        if decision.due_ms is not None and decision.why is not None:
            self._held.append((decision.due_ms, decision.why, notice))
            return
        beside = [of for _, _, of in self._held if of.event == event.id]
        self._held = [row for row in self._held if row[2].event != event.id]
        yield self._heard(at_ms, notice.kind, (*beside, notice))

    def until(self, at_ms: int | None) -> Iterator[Heard]:
        """Messages of what was held and is due before an instant."""
        while self._held:
            due_ms = min(due for due, _, _ in self._held)
            if at_ms is not None and due_ms > at_ms:
                return
            ready = [notice for due, _, notice in self._held if due <= due_ms]
            self._held = [row for row in self._held if row[0] > due_ms]
            kind = ready[0].kind if len(ready) == 1 else "digest"
            if all(of.kind is NoticeKind.FURTHER for of in ready):
                kind = NoticeKind.FURTHER
            yield self._heard(due_ms, kind, tuple(ready))

    def _heard(self, at_ms: int, kind: str, notices: tuple[Notice, ...]) -> Heard:
        self._lately = [of for of in self._lately if of > at_ms - HOUR_MS] + [at_ms]
        if kind == NoticeKind.FURTHER:
            day = day_of(at_ms)
            self._further = {day: self._further.get(day, 0) + 1}
        return Heard(at_ms, self.reader.id, str(kind), notices)

    def _known(self, event: str, at_ms: int) -> Known:
        lately = tuple(of for of in self._lately if of > at_ms - HOUR_MS)
        return Known(event in self._events, lately, self._further.get(day_of(at_ms), 0))
