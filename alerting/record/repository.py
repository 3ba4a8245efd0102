"""Where alerts, the engine's snapshot, the outbox and who was told are kept.

The only SQL of alerting that writes. Whatever must stand or fall together is written on one
connection that the caller opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from alerting.alert import About, Alert, Level, State, Transition, Verdict
from alerting.evaluation.binding import Binding
from alerting.evaluation.snapshot import Snapshot
from alerting.record.events import AGAIN_MS, TOGETHER_MS, NotifiedAlert
from alerting.rules.conditions.run import Run
from alerting.tables import ALERT, ENGINE, OUTBOX, TRANSITION
from config.vocabulary.errors import QingyuanError
from ingest.state.database import State as Database

NO_CHANNEL, NOT_DELIVERED = "no channel", "not delivered"
"""Why a message was given up: there is no way to its audience, or each gave it up."""
SHOWN = "shown"
"""Event of the rows that go to open pages; they tell nobody."""


class AlreadyAcknowledged(QingyuanError):
    """Somebody was first: ``by`` and ``at_ms``."""

    def __init__(self, by: str, at_ms: int) -> None:
        super().__init__(f"already acknowledged by {by}")
        self.by = by
        self.at_ms = at_ms


@dataclass(frozen=True, slots=True)
class Review:
    """The verdict of somebody on an alert; ``note`` may be empty. ``account`` is the username of
    ``by``, None where a review is older than that was kept.
    """

    verdict: Verdict
    by: str
    at_ms: int
    note: str
    account: str | None


@dataclass(frozen=True, slots=True)
class Kept:
    """An alert with the marks that people set: names as they were then, and accounts."""

    alert: Alert
    acknowledged_by: str | None
    acknowledged_account: str | None
    acknowledged_ms: int | None
    review: Review | None


@dataclass(frozen=True, slots=True)
class Message:
    """A row of the outbox: ``next_ms`` is None once it is sent, muted or given up."""

    key: str
    alert_id: str
    event: str
    audience: str
    text: str
    muted: str
    created_ms: int
    attempts: int = 0
    next_ms: int | None = None
    sent_ms: int | None = None
    alert_event: str = ""
    """The event of the alert, where the audience knows it; see ``record/events.py``."""

    @property
    def state(self) -> Literal["sent", "waiting", "muted", "not delivered"]:
        """Where it stands; of one that was given up before reasons were kept none is known."""
        if self.muted in (NO_CHANNEL, NOT_DELIVERED):
            return "not delivered"
        if self.muted:
            return "muted"
        if self.sent_ms is not None:
            return "sent"
        return "not delivered" if self.next_ms is None else "waiting"


class Repository:
    """Alerting's tables in the state database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def engine_snapshot(self) -> tuple[int, Snapshot]:
        """The engine's journal number and snapshot; (0, empty) at first."""
        with self.database.read() as connection:
            row = connection.execute(sa.select(ENGINE)).first()
        if row is None:
            return 0, Snapshot()
        return row.n, msgspec.msgpack.decode(row.snapshot, type=Snapshot)

    def save_engine(self, connection: Connection, n: int, snapshot: Snapshot) -> None:
        """Write the engine's number and snapshot."""
        values = {"n": n, "snapshot": msgspec.msgpack.encode(snapshot)}
        done = connection.execute(sa.update(ENGINE).where(ENGINE.c.id == 1).values(values))
        if not done.rowcount:
            connection.execute(sa.insert(ENGINE).values(id=1, **values))

    def record(self, connection: Connection, n: int, transitions: Sequence[Transition]) -> None:
        """Write transitions and the alerts they lead to; people's marks stay."""
        rows = [
            {
                "alert_id": of.alert.id,
                "n": n,
                "change": str(of.change),
                "at_ms": of.at_ms,
                "value": of.alert.last_value,
                "rule_version": of.alert.rule_version,
                "reason": of.reason,
            }
            for of in transitions
        ]
        alerts = {of.alert.id: of.alert for of in transitions}  # each as it is in the end
        query = sa.select(ALERT.c.id).where(ALERT.c.id.in_(alerts))
        known = set(connection.execute(query).scalars())
        values = {
            of: asdict(alert) | {"level": int(alert.level), "state": str(alert.state)}
            for of, alert in alerts.items()
        }
        if known:
            changed = sa.update(ALERT).where(ALERT.c.id == sa.bindparam("of"))
            connection.execute(changed, [{"of": of, **values[of]} for of in sorted(known)])
        if news := [row for of, row in values.items() if of not in known]:
            connection.execute(sa.insert(ALERT), news)
        if rows:
            connection.execute(sa.insert(TRANSITION), rows)

    def note_progress(self, connection: Connection, runs: Sequence[tuple[str, Run]]) -> None:
        """Peak and last value of firing alerts, each with its run."""
        rows = [
            {"of": alert_id, "at": run.peak_at, "last": run.last_value, "peak_": run.peak,
             "last_at": run.last}
            for alert_id, run in runs
        ]  # fmt: skip
        if rows:
            connection.execute(_PROGRESS, rows)

    def of_binding(self, connection: Connection, binding: Binding) -> list[Alert]:
        """Alerts on record of one binding, by beginning; withdrawn ones left out."""
        station, _, indicator = binding.series.partition("/")
        rows = connection.execute(
            sa.select(ALERT)
            .where(
                ALERT.c.rule_id == binding.rule.id,
                ALERT.c.rule_version == binding.rule.version,
                ALERT.c.level == int(binding.limit.level),
                ALERT.c.station == station,
                ALERT.c.indicator == indicator.replace("*", ""),
                ALERT.c.state != State.WITHDRAWN,
            )
            .order_by(ALERT.c.began_ms)
        )
        return [kept(row).alert for row in rows]

    def standing_of(
        self, connection: Connection, rule_id: str, station: str | None = None
    ) -> list[Alert]:
        """Firing alerts of a rule, at a station or anywhere."""
        query = sa.select(ALERT).where(
            ALERT.c.rule_id == rule_id, ALERT.c.state == str(State.FIRING)
        )
        if station is not None:
            query = query.where(ALERT.c.station == station)
        return [kept(row).alert for row in connection.execute(query)]

    def unannounced(self) -> list[Alert]:
        """Firing alerts of whose beginning the outbox says nothing, by beginning."""
        known = sa.select(OUTBOX.c.alert_id).where(OUTBOX.c.event == "fired")
        query = sa.select(ALERT).where(
            ALERT.c.state == str(State.FIRING), ALERT.c.id.not_in(known)
        )
        with self.database.read() as connection:
            rows = connection.execute(query.order_by(ALERT.c.fired_ms, ALERT.c.id))
            return [kept(row).alert for row in rows]

    def post(self, connection: Connection, messages: Sequence[Message]) -> None:
        """Put messages into the outbox; a key that is there already stands."""
        keys = [message.key for message in messages]
        there = connection.execute(sa.select(OUTBOX.c.key).where(OUTBOX.c.key.in_(keys)))
        known = set(there.scalars())
        news = {message.key: message for message in reversed(messages) if message.key not in known}
        if news:
            connection.execute(sa.insert(OUTBOX), [asdict(message) for message in news.values()])

    def alert_events(
        self, connection: Connection, transitions: Sequence[Transition], stations: Iterable[str]
    ) -> list[NotifiedAlert]:
        """How people know the alerts of events at these stations that the transitions may concern,
        firings first.
        """
        earliest = min(transition.at_ms for transition in transitions)
        concerned = sa.or_(
            ALERT.c.id.in_([transition.alert.id for transition in transitions]),
            ALERT.c.fired_ms > earliest - TOGETHER_MS,
            ALERT.c.resolved_ms > earliest - AGAIN_MS,
        )
        both = sa.join(OUTBOX, ALERT, OUTBOX.c.alert_id == ALERT.c.id)
        names = sa.select(OUTBOX.c.alert_event).select_from(both)
        names = names.where(ALERT.c.station.in_(stations), concerned, OUTBOX.c.alert_event != "")
        of = OUTBOX.c
        query = (
            sa.select(of.audience, of.event, of.alert_event, of.muted, ALERT)
            .select_from(both)
            .where(of.alert_event.in_(names), of.event.in_(("fired", "resolved")))
            .order_by(of.event, ALERT.c.fired_ms, of.key)
        )
        return [
            NotifiedAlert(row.audience, row.event, row.alert_event, kept(row).alert, row.muted)
            for row in connection.execute(query)
        ]

    def due(self, now_ms: int, most: int = 100) -> list[Message]:
        """Messages that are to be sent now, the oldest first."""
        query = (
            sa.select(OUTBOX)
            .where(OUTBOX.c.next_ms <= now_ms)
            .order_by(OUTBOX.c.created_ms, OUTBOX.c.key)
            .limit(most)
        )
        with self.database.read() as connection:
            return [_message(row) for row in connection.execute(query)]

    def settle_message(
        self, key: str, *, sent_ms: int | None, next_ms: int | None, muted: str = ""
    ) -> None:
        """Write the outcome of one attempt; ``muted`` says why a message was given up."""
        with self.database.begin() as connection:
            connection.execute(
                sa.update(OUTBOX)
                .where(OUTBOX.c.key == key)
                .values(
                    sent_ms=sent_ms,
                    next_ms=next_ms,
                    muted=muted,
                    attempts=OUTBOX.c.attempts + 1,
                )
            )

    def messages_of(self, alert_id: str) -> list[Message]:
        """Every message of an alert, sent, waiting and muted."""
        query = sa.select(OUTBOX).where(OUTBOX.c.alert_id == alert_id, OUTBOX.c.event != SHOWN)
        with self.database.read() as connection:
            rows = connection.execute(query.order_by(OUTBOX.c.created_ms, OUTBOX.c.key))
            return [_message(row) for row in rows]

    def get(self, alert_id: str) -> Kept | None:
        """One alert."""
        with self.database.read() as connection:
            row = connection.execute(sa.select(ALERT).where(ALERT.c.id == alert_id)).first()
        return kept(row) if row else None

    def listing(
        self, *, station: str | None = None, state: State | None = None, most: int = 200
    ) -> list[Kept]:
        """Alerts, firing ones first, then the newest."""
        query = sa.select(ALERT)
        if station:
            query = query.where(ALERT.c.station == station)
        if state:
            query = query.where(ALERT.c.state == str(state))
        firing_first = sa.case((ALERT.c.state == str(State.FIRING), 0), else_=1)
        query = query.order_by(firing_first, ALERT.c.fired_ms.desc(), ALERT.c.id).limit(most)
        with self.database.read() as connection:
            return [kept(row) for row in connection.execute(query)]

    def acknowledge(
        self, connection: Connection, alert_id: str, by: str, account: str, at_ms: int
    ) -> None:
        """Mark an alert as acknowledged; of two people the first stands.

        Raises:
            AlreadyAcknowledged: somebody was first.
        """
        done = connection.execute(
            sa.update(ALERT)
            .where(ALERT.c.id == alert_id, ALERT.c.acknowledged_ms.is_(None))
            .values(acknowledged_by=by, acknowledged_account=account, acknowledged_ms=at_ms)
        )
        if not done.rowcount:
            row = connection.execute(sa.select(ALERT).where(ALERT.c.id == alert_id)).one()
            raise AlreadyAcknowledged(row.acknowledged_by, row.acknowledged_ms)

    def review(
        self,
        connection: Connection,
        alert_id: str,
        verdict: Verdict,
        by: str,
        account: str,
        at_ms: int,
        note: str,
    ) -> None:
        """Mark what an alert was found to be; a later review takes the place of an earlier one."""
        marks = {
            "reviewed_as": str(verdict),
            "reviewed_by": by,
            "reviewed_account": account,
            "reviewed_ms": at_ms,
            "review_note": note,
        }
        connection.execute(sa.update(ALERT).where(ALERT.c.id == alert_id).values(marks))

    def reviewed(self, rule_id: str, from_ms: int, to_ms: int) -> list[tuple[Alert, Verdict]]:
        """Reviewed alerts of any version of a rule that began in ``from_ms <= t < to_ms``, by
        beginning. Withdrawn ones are left out: of the readings as known now they never were.
        """
        query = (
            sa.select(ALERT)
            .where(
                ALERT.c.rule_id == rule_id,
                ALERT.c.began_ms >= from_ms,
                ALERT.c.began_ms < to_ms,
                ALERT.c.reviewed_as.is_not(None),
                ALERT.c.state != str(State.WITHDRAWN),
            )
            .order_by(ALERT.c.began_ms, ALERT.c.id)
        )
        with self.database.read() as connection:
            found = [kept(row) for row in connection.execute(query)]
        return [(kept.alert, kept.review.verdict) for kept in found if kept.review]


_PROGRESS = (
    sa.update(ALERT)
    .where(ALERT.c.id == sa.bindparam("of"))
    .values(
        peak=sa.bindparam("peak_"),
        peak_ms=sa.bindparam("at"),
        last_value=sa.bindparam("last"),
        last_ms=sa.bindparam("last_at"),
    )
)


_ACKNOWLEDGED = ("acknowledged_by", "acknowledged_account", "acknowledged_ms")
_REVIEW = ("reviewed_as", "reviewed_by", "reviewed_ms", "review_note", "reviewed_account")


def _message(row: Row[Any]) -> Message:
    return Message(**{column.key: row._mapping[column] for column in OUTBOX.c})


def kept(row: Row[Any]) -> Kept:
    """An alert and its marks from a row of their table."""
    values = {column.name: row._mapping[column.name] for column in ALERT.c}
    acknowledged = {name: values.pop(name) for name in _ACKNOWLEDGED}
    verdict, *marks = (values.pop(name) for name in _REVIEW)
    about: About = values.pop("about")
    level, state = Level(values.pop("level")), State(values.pop("state"))
    review = Review(Verdict(verdict), *marks) if verdict else None
    return Kept(
        Alert(about=about, level=level, state=state, **values), **acknowledged, review=review
    )
