"""Corrections and reviews of readings, with who and why. The only SQL of them.

They lie beside the store and are laid over what is read of it (``store/overlay.py``); the original
stays. Each decision and each taking back has a revision, which only grows, so that whoever
remembers one knows in a small query whether there is news, and what.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from config.vocabulary.errors import QingyuanError
from config.vocabulary.quality import Quality
from ingest.annotations.tables import CORRECTION, REVISION
from ingest.state.database import State

ROWS_READ, ROWS_DROPPED = 20_000, 500
"""Of what is let go of, at a time: looked up, and deleted in one transaction."""


class AlreadyWithdrawn(QingyuanError):
    """Somebody was first: ``by`` and ``at_ms``."""

    def __init__(self, by: str, at_ms: int) -> None:
        super().__init__(f"already withdrawn by {by}")
        self.by = by
        self.at_ms = at_ms


@dataclass(frozen=True, slots=True)
class Correction:
    """A person's decision about the readings of ``from_ms <= t < to_ms`` of a series.

    With a ``value`` (in the indicator's unit) it corrects them, without one it reviews their flag
    only. ``id`` is the revision at which it was made, ``revision`` that of its last change.
    ``account`` is the username of ``by``, None where a decision is older than that was kept.
    """

    id: int
    series: str
    from_ms: int
    to_ms: int
    value: float | None
    quality: Quality
    by: str
    why: str
    at_ms: int
    revision: int
    withdrawn_by: str | None = None
    withdrawn_ms: int | None = None
    account: str | None = None
    withdrawn_account: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """The corrections that hold as of a revision; of each series in the order in which it was
    decided.
    """

    revision: int
    by_series: Mapping[str, tuple[Correction, ...]]

    def of(self, series: str, from_ms: int, to_ms: int) -> tuple[Correction, ...]:
        """Those that touch a span, half open."""
        known = self.by_series.get(series, ())
        return tuple(row for row in known if row.from_ms < to_ms and from_ms < row.to_ms)


class Corrections:
    """Corrections in the state database. Each process has its own, remembers the corrections that
    hold, and reads them again when the revision has grown.
    """

    def __init__(self, state: State) -> None:
        self.state = state
        self._standing = Standing(0, {})

    def add(
        self,
        connection: Connection,
        series: str,
        from_ms: int,
        to_ms: int,
        *,
        value: float | None = None,
        quality: Quality = Quality.GOOD,
        by: str,
        account: str,
        why: str,
        at_ms: int,
    ) -> Correction:
        """Decide, in the caller's transaction; where several overlap the latest stands.

        Raises:
            ValueError: the span is empty.
        """
        if from_ms >= to_ms:
            raise ValueError(f"an empty span: {from_ms} to {to_ms}")
        n = grow(connection)
        made = Correction(
            n, series, from_ms, to_ms, value, quality, by, why, at_ms, n, account=account
        )
        row = asdict(made) | {"quality": int(quality)}
        connection.execute(sa.insert(CORRECTION).values(row))
        return made

    def withdraw(
        self, connection: Connection, correction_id: int, by: str, account: str, at_ms: int
    ) -> Correction | None:
        """Take back, in the caller's transaction; None where there is no such correction.

        Raises:
            AlreadyWithdrawn: somebody was first.
        """
        this = CORRECTION.c.id == correction_id
        found = connection.execute(sa.select(CORRECTION).where(this)).first()
        if found is None:
            return None
        if found.withdrawn_ms is not None:
            raise AlreadyWithdrawn(found.withdrawn_by, found.withdrawn_ms)
        changes = {
            "withdrawn_by": by,
            "withdrawn_account": account,
            "withdrawn_ms": at_ms,
            "revision": grow(connection),
        }
        connection.execute(sa.update(CORRECTION).where(this).values(changes))
        changed = connection.execute(sa.select(CORRECTION).where(this))
        return _correction(changed.mappings().one())

    def revision(self) -> int:
        """How often anything was decided, taken back or dropped; 0 at first."""
        with self.state.read() as connection:
            return _revision(connection)

    def standing(self) -> Standing:
        """All that stands now, from memory while the revision is the same."""
        known = self._standing
        with self.state.read() as connection:
            revision = _revision(connection)
            if revision == known.revision:
                return known
            # Rows of a later revision may be among them already: then it is only read once more.
            query = sa.select(CORRECTION).where(CORRECTION.c.withdrawn_ms.is_(None))
            rows = connection.execute(query.order_by(CORRECTION.c.revision)).mappings().all()
        by_series: dict[str, list[Correction]] = {}
        for row in rows:
            by_series.setdefault(row["series"], []).append(_correction(row))
        fresh = Standing(revision, {name: tuple(of) for name, of in by_series.items()})
        self._standing = fresh
        return fresh

    def of(self, series: str, from_ms: int, to_ms: int) -> tuple[Correction, ...]:
        """The corrections of a series that hold and touch a span, half open; in the order of
        revisions.
        """
        return self.standing().of(series, from_ms, to_ms)

    def since(self, revision: int) -> list[Correction]:
        """Decisions and withdrawals after a revision."""
        query = sa.select(CORRECTION).where(CORRECTION.c.revision > revision)
        with self.state.read() as connection:
            rows = connection.execute(query.order_by(CORRECTION.c.revision)).mappings().all()
        return [_correction(row) for row in rows]

    def listing(
        self,
        *,
        station: str | None = None,
        series: str | None = None,
        from_ms: int = 0,
        to_ms: int | None = None,
        most: int = 200,
    ) -> list[Correction]:
        """Those that touch a span, withdrawn ones too; the newest decision first."""
        query = sa.select(CORRECTION).where(CORRECTION.c.to_ms > from_ms)
        if to_ms is not None:
            query = query.where(CORRECTION.c.from_ms < to_ms)
        if series is not None:
            query = query.where(CORRECTION.c.series == series)
        if station is not None:
            query = query.where(CORRECTION.c.series.startswith(f"{station}/", autoescape=True))
        with self.state.read() as connection:
            found = connection.execute(query.order_by(CORRECTION.c.id.desc()).limit(most))
            return [_correction(row) for row in found.mappings()]

    def drop_before(self, before_ms: int) -> None:
        """Forget those of months (UTC) that were over at an instant."""
        gone = CORRECTION.c.to_ms <= month_of(before_ms)
        for connection in dropped(self.state, CORRECTION, gone):
            grow(connection)


def month_of(t_ms: int) -> int:
    """When the month (UTC) of an instant began, UTC epoch ms."""
    begin = datetime.fromtimestamp(t_ms / 1000, UTC).replace(
        day=1, hour=0, minute=0, second=0, microsecond=0
    )
    return int(begin.timestamp()) * 1000


def _revision(connection: Connection) -> int:
    return connection.execute(sa.select(REVISION.c.n)).scalar() or 0


def grow(connection: Connection, by: int = 1) -> int:
    """The next revision, or the last of the next ones, also of what else is laid over readings.
    Writers wait for each other, so it is committed in its order.

    Its row is made with the first: an empty database has no row at all.
    """
    done = connection.execute(sa.update(REVISION).values(n=REVISION.c.n + by))
    if not done.rowcount:
        connection.execute(sa.insert(REVISION).values(id=1, n=by))
    return _revision(connection)


def dropped(state: State, table: sa.Table, gone: sa.ColumnElement[bool]) -> Iterator[Connection]:
    """Delete rows, a few a transaction, as alerts wait for it; gives the connection of each."""
    keys = list(table.primary_key.columns)
    while True:
        with state.read() as connection:
            found = connection.execute(sa.select(*keys).where(gone).limit(ROWS_READ)).all()
        if not found:
            return
        for begin in range(0, len(found), ROWS_DROPPED):
            some = [tuple(row) for row in found[begin : begin + ROWS_DROPPED]]
            with state.begin() as connection:
                connection.execute(sa.delete(table).where(sa.tuple_(*keys).in_(some)))
                yield connection


def _correction(row: RowMapping) -> Correction:
    return Correction(**{**row, "quality": Quality(row["quality"])})
