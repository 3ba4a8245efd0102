"""Where alert events are kept, with what people did about them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from alerting.alert import About, Alert, State
from alerting.events.event import AlertEvent, EventState, Grouping, joined
from alerting.record.repository import AlreadyAcknowledged, Review, kept
from alerting.tables import ACT, ALERT, EVENT, TRANSITION
from ingest.state.database import State as Database

ActKind = Literal["acknowledged", "taken", "comment", "step", "nobody-answered"]
Show = Literal["standing", "waiting", "all"]
MOST_JOINED = 100
"""Alerts that join events in one transaction."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something that was done about an event: by a person, or by its escalation, which has no
    ``username``. ``name`` is as it was then, ``role`` that of the environment.
    """

    event: str
    kind: ActKind
    at_ms: int
    username: str = ""
    name: str = ""
    role: str = ""
    note: str = ""
    round: int = 0
    step: int = 0
    by_link: bool = False
    """Whether the person came by the link of a message, without a password."""

    def answers(self, event: AlertEvent) -> bool:
        """Whether somebody says by it that they know of the event, or take it, in its round. What
        was said before anybody was told counts for the first one.
        """
        return self.kind in ("acknowledged", "taken") and (
            max(self.round, 1) == max(event.round, 1)
        )


@dataclass(frozen=True, slots=True)
class Marks:
    """The first who acknowledged an event in its round, and who took it: names as they were, and
    accounts.
    """

    acknowledged_by: str | None = None
    acknowledged_account: str | None = None
    acknowledged_ms: int | None = None
    taken_by: str | None = None
    taken_account: str | None = None
    taken_ms: int | None = None
    officers_ms: int | None = None
    """When the first officer acknowledged or took it."""
    deputies_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """An event with the marks of people."""

    event: AlertEvent
    marks: Marks


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events a person of ``role`` asks for; of ``kinds`` and ``stations`` one is enough.
    ``waiting``: those that stand and of which nobody of the role has said anything.
    """

    role: str
    show: Show = "all"
    about: About | None = None
    level: int | None = None
    """Of an alert of it at least."""
    kinds: Collection[str] | None = None
    stations: Collection[str] | None = None
    kind: str | None = None
    from_ms: int | None = None
    until_ms: int | None = None
    """That began within a span, half open."""


class Events:
    """Alert events in the state database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def open(
        self, connection: Connection, areas: Collection[str] | None = None
    ) -> list[AlertEvent]:
        """Those that are not over, the oldest first; or of these those of some areas."""
        query = sa.select(EVENT).where(EVENT.c.state != str(EventState.OVER))
        if areas is not None:
            query = query.where(EVENT.c.area.in_(areas))
        return [_event(row) for row in connection.execute(query.order_by(EVENT.c.began_ms))]

    def since(self, connection: Connection, from_ms: int) -> list[AlertEvent]:
        """Those that are not over, and those whose last alert began since then; 0: all."""
        not_over = EVENT.c.state != str(EventState.OVER)
        query = sa.select(EVENT).where(not_over | (EVENT.c.latest_ms >= from_ms))
        return [_event(row) for row in connection.execute(query.order_by(EVENT.c.began_ms))]

    def one(self, connection: Connection, event_id: str) -> AlertEvent | None:
        """An event."""
        row = connection.execute(sa.select(EVENT).where(EVENT.c.id == event_id)).first()
        return _event(row) if row else None

    def several(self, connection: Connection, ids: Collection[str]) -> dict[str, AlertEvent]:
        """Those of some ids that are of events."""
        rows = connection.execute(sa.select(EVENT).where(EVENT.c.id.in_(ids)))
        return {row.id: _event(row) for row in rows}

    def marks(self, connection: Connection, event_id: str) -> Marks:
        """The marks of people on an event."""
        columns = [EVENT.c[of.name] for of in fields(Marks)]
        row = connection.execute(sa.select(*columns).where(EVENT.c.id == event_id)).first()
        return Marks(*row) if row else Marks()

    def members(self, connection: Connection, events: Collection[str]) -> dict[str, list[Alert]]:
        """Alerts of each event as they are on record."""
        return _by_event(connection, sa.select(ALERT).where(ALERT.c.event_id.in_(events)))

    def open_members(self, connection: Connection) -> dict[str, list[Alert]]:
        """Alerts of each event that is not over."""
        query = sa.select(ALERT).join(EVENT, EVENT.c.id == ALERT.c.event_id)
        return _by_event(connection, query.where(EVENT.c.state != str(EventState.OVER)))

    def reviews(self, connection: Connection, events: Collection[str]) -> dict[str, Review]:
        """Verdicts on alerts of events, by alert."""
        query = sa.select(ALERT).where(ALERT.c.event_id.in_(events))
        rows = connection.execute(query.where(ALERT.c.reviewed_as.is_not(None)))
        found = [kept(row) for row in rows]
        return {of.alert.id: of.review for of in found if of.review}

    def begun(
        self, connection: Connection, from_ms: int, until_ms: int
    ) -> Iterable[tuple[AlertEvent, tuple[str, ...], bool]]:
        """Events that began within a span, the oldest first: each with the stations of its alerts
        and whether anybody acknowledged or took it. One whose alerts were all withdrawn is none.
        """
        within = sa.and_(EVENT.c.began_ms >= from_ms, EVENT.c.began_ms < until_ms)
        both = sa.join(ALERT, EVENT, ALERT.c.event_id == EVENT.c.id)
        places = sa.select(ALERT.c.event_id, ALERT.c.station).distinct().select_from(both)
        stations: dict[str, list[str]] = {}
        places = places.where(within, ALERT.c.state != str(State.WITHDRAWN))
        for event_id, station in connection.execute(places.order_by(ALERT.c.station)):
            stations.setdefault(event_id, []).append(station)
        query = sa.select(EVENT).where(within).order_by(EVENT.c.began_ms, EVENT.c.id)
        for row in connection.execute(query):
            if row.id in stations:
                answered = row.acknowledged_ms is not None or row.taken_ms is not None
                yield _event(row), tuple(stations[row.id]), answered

    def unjoined(self, connection: Connection) -> list[Alert]:
        """Alerts that stand and belong to no event yet, the earliest first."""
        query = sa.select(ALERT).where(
            ALERT.c.state == str(State.FIRING), ALERT.c.event_id.is_(None)
        )
        query = query.order_by(ALERT.c.fired_ms, ALERT.c.id).limit(MOST_JOINED)
        return [kept(row).alert for row in connection.execute(query)]

    def join(self, connection: Connection, alert_id: str, event_id: str) -> None:
        """Put an alert into an event, which is on record."""
        changed = sa.update(ALERT).where(ALERT.c.id == alert_id)
        connection.execute(changed.values(event_id=event_id))

    def join_fresh(
        self, connection: Connection, areas: Mapping[str, str], now_ms: int, grouping: Grouping
    ) -> None:
        """Put alerts into events of their areas, or into new ones; ``areas`` is by alert. One that
        has ended or belongs to an event meanwhile is left alone.
        """
        known = {event.id: event for event in self.open(connection, set(areas.values()))}
        standing = {
            name: [alert for alert in of if alert.state is State.FIRING]
            for name, of in self.members(connection, known).items()
        }
        for alert in (of for of in self.unjoined(connection) if of.id in areas):
            event = joined(known.values(), standing, alert, areas[alert.id], now_ms, grouping)
            self.save(connection, event)
            self.join(connection, alert.id, event.id)
            known[event.id] = event
            standing.setdefault(event.id, []).append(alert)

    def last_transition(self, connection: Connection) -> int:
        """The number of the last change of an alert; 0: there is none."""
        return connection.scalar(sa.select(sa.func.max(TRANSITION.c.id))) or 0

    def moved(
        self, connection: Connection, after: int, since_ms: int, now_ms: int
    ) -> list[AlertEvent]:
        """Of those that are not over: whose alerts changed after a transition, which may be told
        first since an instant, and whose next step is due; the oldest first.
        """
        change = sa.select(ALERT.c.event_id).join(TRANSITION, TRANSITION.c.alert_id == ALERT.c.id)
        due = (EVENT.c.due_ms >= since_ms) & (EVENT.c.due_ms <= now_ms)
        moved = EVENT.c.id.in_(change.where(TRANSITION.c.id > after))
        query = sa.select(EVENT).where(
            EVENT.c.state != str(EventState.OVER), moved | due | (EVENT.c.step_ms <= now_ms)
        )
        return [_event(row) for row in connection.execute(query.order_by(EVENT.c.began_ms))]

    def save(self, connection: Connection, event: AlertEvent) -> None:
        """Write how an event stands; the marks of people stay."""
        values = asdict(event) | {
            "state": str(event.state),
            "known_stations": msgspec.json.encode(event.known_stations).decode(),
        }
        done = connection.execute(sa.update(EVENT).where(EVENT.c.id == event.id).values(values))
        if not done.rowcount:
            connection.execute(sa.insert(EVENT).values(values))

    def of_alert(
        self, connection: Connection, alert: Alert, area: str, kind: str, now_ms: int
    ) -> str:
        """The id of the event of an alert; one that has none yet begins its own."""
        known = sa.select(ALERT.c.event_id).where(ALERT.c.id == alert.id)
        found = connection.execute(known).scalar()
        if found is not None:
            return str(found)
        event = AlertEvent(
            alert.id, alert.about, kind, area, alert.fired_ms, alert.fired_ms, now_ms
        )
        self.save(connection, event)
        self.join(connection, alert.id, event.id)
        return event.id

    def acts(self, connection: Connection, events: Iterable[str]) -> dict[str, list[Act]]:
        """Acts on events, the earliest first."""
        found: dict[str, list[Act]] = {}
        query = sa.select(ACT).where(ACT.c.event_id.in_(list(events)))
        for row in connection.execute(query.order_by(ACT.c.at_ms, ACT.c.id)):
            found.setdefault(row.event_id, []).append(_act(row))
        return found

    def note(self, connection: Connection, act: Act) -> None:
        """Keep something that was done."""
        values = asdict(act)
        values["event_id"] = values.pop("event")
        connection.execute(sa.insert(ACT).values(values))

    def acknowledge(self, connection: Connection, act: Act) -> None:
        """Keep that somebody acknowledged an event, or took it. Of two who take it the first
        stands; nobody acknowledges twice in a round, nor what they have taken.

        Raises:
            AlreadyAcknowledged: somebody else took it, or the same person was there before.
        """
        event, marks = self.one(connection, act.event), self.marks(connection, act.event)
        if event is None:
            raise LookupError(f"no event {act.event}")
        if act.kind == "taken" and marks.taken_by and marks.taken_ms is not None:
            raise AlreadyAcknowledged(marks.taken_by, marks.taken_ms)
        for before in self.acts(connection, [act.event]).get(act.event, ()):
            same = before.username == act.username and before.kind in (act.kind, "taken")
            if same and before.answers(event):
                raise AlreadyAcknowledged(before.name, before.at_ms)
        self.note(connection, replace(act, round=event.round))
        values: dict[str, Any] = {}
        if marks.acknowledged_ms is None:
            values |= {
                "acknowledged_by": act.name,
                "acknowledged_account": act.username,
                "acknowledged_ms": act.at_ms,
            }
        if act.kind == "taken":
            values |= {
                "taken_by": act.name, "taken_account": act.username, "taken_ms": act.at_ms,
                "step_ms": None,
            }  # fmt: skip
        own = "officers_ms" if act.role == "officer" else "deputies_ms"
        if getattr(marks, own) is None:
            values[own] = act.at_ms
        if values:
            connection.execute(sa.update(EVENT).where(EVENT.c.id == act.event).values(values))

    def begin_round(self, connection: Connection, event_id: str, *, taken: bool) -> None:
        """Ask everybody anew: nobody has acknowledged the event since it became graver or came
        again. ``taken``: who took it stays with it.
        """
        ended = {of.name: None for of in fields(Marks) if not (taken and "taken" in of.name)}
        connection.execute(sa.update(EVENT).where(EVENT.c.id == event_id).values(ended))

    def listing(
        self,
        connection: Connection,
        asked: Wanted,
        *,
        first: int,
        most: int,
        worst_first: bool = False,
    ) -> tuple[list[Marked], int]:
        """Events that are asked for, from number ``first`` on, and how many there are: what
        stands and waits for the role first, then the newest; or the gravest before all.
        """
        conditions = list(_conditions(asked))
        stands = EVENT.c.state == str(EventState.STANDING)
        waits = sa.case((_waits(asked.role), 0), else_=1)
        newest = EVENT.c.latest_ms.desc(), EVENT.c.id
        order = (EVENT.c.gravest.desc(), waits) if worst_first else (waits,)
        count = sa.select(sa.func.count()).select_from(EVENT).where(*conditions)
        total = connection.execute(count).scalar_one()
        standing = connection.execute(count.where(stands)).scalar_one()
        rows = sa.select(EVENT).where(*conditions)
        found = list(
            connection.execute(
                rows.where(stands).order_by(*order, *newest).offset(first).limit(most)
            )
        )
        if len(found) < most:
            others = rows.where(~stands).order_by(*newest).offset(max(first - standing, 0))
            found += connection.execute(others.limit(most - len(found)))
        return [_marked(row) for row in found], total


def _by_event(connection: Connection, query: sa.Select[Any]) -> dict[str, list[Alert]]:
    found: dict[str, list[Alert]] = {}
    for row in connection.execute(query.order_by(ALERT.c.fired_ms, ALERT.c.id)):
        found.setdefault(row.event_id, []).append(kept(row).alert)
    return found


def _marked(row: Row[Any]) -> Marked:
    of_row = row._mapping
    marks = Marks(*(of_row[EVENT.c[of.name]] for of in fields(Marks)))
    return Marked(_event(row), marks)


def _waits(role: str) -> sa.ColumnElement[bool]:
    """Whether nobody of a role has acknowledged an event, nor taken it."""
    if role == "officer":
        return sa.and_(EVENT.c.officers_ms.is_(None), EVENT.c.taken_ms.is_(None))
    return sa.and_(EVENT.c.deputies_ms.is_(None), EVENT.c.taken_ms.is_(None))


def _conditions(asked: Wanted) -> Iterator[sa.ColumnElement[bool]]:
    stands = EVENT.c.state == str(EventState.STANDING)
    if asked.show == "standing":
        yield stands
    if asked.show == "waiting":
        yield sa.and_(stands, _waits(asked.role))
    if asked.about is not None:
        yield EVENT.c.about == asked.about
    if asked.kind is not None:
        yield EVENT.c.kind == asked.kind
    if asked.from_ms is not None:
        yield EVENT.c.began_ms >= asked.from_ms
    if asked.until_ms is not None:
        yield EVENT.c.began_ms < asked.until_ms
    if asked.level is not None:
        yield sa.exists().where(ALERT.c.event_id == EVENT.c.id, ALERT.c.level >= asked.level)
    if asked.kinds is not None and asked.stations is not None:
        yield EVENT.c.kind.in_(asked.kinds) | sa.exists().where(
            ALERT.c.event_id == EVENT.c.id, ALERT.c.station.in_(asked.stations)
        )


_FIELDS = tuple(of.name for of in fields(AlertEvent))


def _event(row: Row[Any]) -> AlertEvent:
    of_row = row._mapping
    values: Mapping[str, Any] = {name: of_row[name] for name in _FIELDS}
    stations = msgspec.json.decode(row.known_stations, type=dict[str, int])
    return AlertEvent(**{**values, "state": EventState(row.state), "known_stations": stations})


def _act(row: Row[Any]) -> Act:
    return Act(
        row.event_id, row.kind, row.at_ms, row.username, row.name, row.role, row.note, row.round,
        row.step, row.by_link,
    )  # fmt: skip
