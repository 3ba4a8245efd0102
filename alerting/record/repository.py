"""Where alerts and the engine's snapshot are kept.

Whatever must stand or fall together is written on one
connection that the caller opened.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from alerting.alert import About, Alert, Change, Level, State, Transition, Verdict
from alerting.evaluation.binding import Binding
from alerting.evaluation.snapshot import Snapshot
from alerting.rules.conditions.run import Run
from alerting.tables import ALERT, ENGINE, EVENT, TRANSITION
from config.vocabulary.errors import QingyuanError
from ingest.state.database import State as Database

RECORD = sa.outerjoin(ALERT, EVENT, ALERT.c.event_id == EVENT.c.id)
"""Alerts with the marks of their events."""
MARKS = (
    "acknowledged_by", "acknowledged_account", "acknowledged_ms", "taken_by", "officers_ms",
    "deputies_ms",
)  # fmt: skip
SHOWN = (*ALERT.c, *(EVENT.c[name] for name in MARKS))


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
    """An alert with the marks that people set on it and on its event: names as they were then,
    and accounts.
    """

    alert: Alert
    review: Review | None
    event: str | None
    acknowledged_by: str | None = None
    acknowledged_account: str | None = None
    acknowledged_ms: int | None = None
    taken_by: str | None = None
    officers_ms: int | None = None
    deputies_ms: int | None = None


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
        """Write transitions and the alerts they lead to; people's marks stay, and how an alert
        came into the record.
        """
        if not transitions:
            return
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
            connection.execute(
                changed, [{"of": of} | _changing(values[of]) for of in sorted(known)]
            )
        if news := [row for of, row in values.items() if of not in known]:
            connection.execute(sa.insert(ALERT), news)
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

    def standing_maintenance(self, connection: Connection) -> list[Alert]:
        """Alerts that fire and tell of faults of sensors, links and clocks."""
        query = sa.select(ALERT).where(
            ALERT.c.state == str(State.FIRING), ALERT.c.about == "maintenance"
        )
        return [kept(row).alert for row in connection.execute(query)]

    def since(self, after: int, most: int = 200) -> list[tuple[int, Change, int, Alert]]:
        """Transitions behind a number, the earliest first: number, change, instant, and the alert
        as it stands now.
        """
        of = TRANSITION.c
        query = sa.select(of.id.label("number"), of.change, of.at_ms, ALERT)
        query = query.select_from(sa.join(TRANSITION, ALERT, of.alert_id == ALERT.c.id))
        query = query.where(of.id > after).order_by(of.id).limit(most)
        with self.database.read() as connection:
            return [
                (row.number, Change(row.change), row.at_ms, kept(row).alert)
                for row in connection.execute(query)
            ]

    def changes(
        self, connection: Connection, alert_ids: Collection[str], most: int = 300
    ) -> list[tuple[str, Change, int]]:
        """Transitions of alerts, the newest of them, by time: alert, change, and instant."""
        of = TRANSITION.c
        query = sa.select(of.alert_id, of.change, of.at_ms).where(of.alert_id.in_(alert_ids))
        rows = connection.execute(query.order_by(of.id.desc()).limit(most)).all()
        found = [(row.alert_id, Change(row.change), row.at_ms) for row in rows]
        return sorted(found, key=lambda row: row[2])

    def last_transition(self) -> int:
        """The greatest number of a transition; 0 where there is none."""
        with self.database.read() as connection:
            return connection.execute(sa.select(sa.func.max(TRANSITION.c.id))).scalar() or 0

    def get(self, alert_id: str) -> Kept | None:
        """One alert."""
        with self.database.read() as connection:
            query = sa.select(*SHOWN).select_from(RECORD).where(ALERT.c.id == alert_id)
            row = connection.execute(query).first()
        return kept(row) if row else None

    def listing(
        self, *, station: str | None = None, state: State | None = None, most: int = 200
    ) -> list[Kept]:
        """Alerts, firing ones first, then the newest."""
        query = sa.select(*SHOWN).select_from(RECORD)
        if station:
            query = query.where(ALERT.c.station == station)
        if state:
            query = query.where(ALERT.c.state == str(state))
        firing_first = sa.case((ALERT.c.state == str(State.FIRING), 0), else_=1)
        query = query.order_by(firing_first, ALERT.c.fired_ms.desc(), ALERT.c.id).limit(most)
        with self.database.read() as connection:
            return [kept(row) for row in connection.execute(query)]

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
        marks = _marks(Review(verdict, by, at_ms, note, account))
        connection.execute(sa.update(ALERT).where(ALERT.c.id == alert_id).values(marks))

    def review_all(
        self, connection: Connection, alert_ids: Collection[str], review: Review
    ) -> list[str]:
        """Mark those of some alerts that nobody has reviewed and that were not withdrawn; their
        ids.
        """
        open_ = ALERT.c.reviewed_as.is_(None), ALERT.c.state != str(State.WITHDRAWN)
        marked = sa.update(ALERT).where(ALERT.c.id.in_(alert_ids), *open_).values(_marks(review))
        return sorted(connection.execute(marked.returning(ALERT.c.id)).scalars())

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


def _changing(values: dict[str, Any]) -> dict[str, Any]:
    """All that a later transition may change: never how the alert first entered the record."""
    return {name: value for name, value in values.items() if name != "retrospective"}


def _marks(review: Review) -> dict[str, str | int | None]:
    return {
        "reviewed_as": str(review.verdict),
        "reviewed_by": review.by,
        "reviewed_account": review.account,
        "reviewed_ms": review.at_ms,
        "review_note": review.note,
    }


_COLUMNS = tuple(column.name for column in ALERT.c)
_REVIEW = ("reviewed_as", "reviewed_by", "reviewed_ms", "review_note", "reviewed_account")


def kept(row: Row[Any]) -> Kept:
    """An alert and its marks from a row of its table, alone or with the marks of its event."""
    of_row = row._mapping
    values = {name: of_row[name] for name in _COLUMNS}
    verdict, *marks = (values.pop(name) for name in _REVIEW)
    event = values.pop("event_id")
    about: About = values.pop("about")
    level, state = Level(values.pop("level")), State(values.pop("state"))
    review = Review(Verdict(verdict), *marks) if verdict else None
    alert = Alert(about=about, level=level, state=state, **values)
    return Kept(alert, review, event, **{of: of_row[of] for of in MARKS if of in of_row})
