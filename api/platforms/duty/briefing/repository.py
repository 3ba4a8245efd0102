"""Documents in the state database, and views of confidential ones, written in batches."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import asdict
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from api.accounts.records import Account, Secrecy
from api.accounts.visibility import visible
from api.platforms.duty.briefing.records import A_PAGE, View
from api.platforms.duty.briefing.tables import DIGEST, DOCUMENT, MARKS, VIEW
from api.platforms.duty.permission import DutyPermission
from api.procedures.procedure import Given, Row
from api.procedures.tables import EVENT
from ingest.state.database import State

KIND = "document"
MOST_VIEWS = 200
"""Views that the office sees; of more the latest."""
_BATCH, _EVERY_S = 100, 60
_log = logging.getLogger(__name__)


class Views:
    """Views that wait to be written: a hundred at once, or those of a minute. A process that is
    killed takes those of its last minute along.
    """

    def __init__(self) -> None:
        self._waiting: list[View] = []
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def add(self, state: State, view: View) -> None:
        """Note a view, without a transaction of its own."""
        with self._lock:
            self._waiting.append(view)
            full = len(self._waiting) >= _BATCH
            if self._timer is None:
                self._timer = threading.Timer(_EVERY_S, self.flush, [state])
                self._timer.daemon = True
                self._timer.start()
        if full:
            self.flush(state)

    def flush(self, state: State) -> None:
        """Write all that wait; those that cannot be written wait on."""
        with self._lock:
            rows, self._waiting = self._waiting, []
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
        if not rows:
            return
        try:
            with state.begin() as connection:
                connection.execute(sa.insert(VIEW), [asdict(of) for of in rows])
        except SQLAlchemyError:
            _log.exception("%d views of documents wait on", len(rows))
            with self._lock:
                self._waiting = rows + self._waiting


_VIEWS: WeakKeyDictionary[State, Views] = WeakKeyDictionary()


def views_of(state: State) -> Views:
    """The views of this process that wait to be written to a database."""
    return _VIEWS.setdefault(state, Views())


def published(connection: Connection, before: Row, _given: Given) -> None:
    """All deputies see it from now on."""
    _set_secrecy(connection, before, Secrecy.INTERNAL)


def withdrawn(connection: Connection, before: Row, _given: Given) -> None:
    """The office alone sees it from now on."""
    _set_secrecy(connection, before, Secrecy.RESTRICTED)


def listed(
    connection: Connection, account: Account, topic: str, page: int
) -> tuple[Sequence[Row], int]:
    """A page of the documents that an account sees, the newest first, and how many there are."""
    conditions = [
        visible(account, DutyPermission.SEE_BRIEFING, MARKS),
        DOCUMENT.c.state != "withdrawn",
    ]
    if topic:
        conditions.append(DOCUMENT.c.topic == topic)
    count = connection.scalar(sa.select(sa.func.count(DOCUMENT.c.id)).where(*conditions)) or 0
    query = sa.select(DOCUMENT).where(*conditions).order_by(DOCUMENT.c.id.desc())
    rows = connection.execute(query.limit(A_PAGE).offset((page - 1) * A_PAGE)).mappings()
    return [dict(row) for row in rows], count


def views(connection: Connection, document: int) -> Sequence[View]:
    """Who viewed a confidential document, the last one first."""
    at = VIEW.c
    query = sa.select(VIEW).where(at.document == document).order_by(at.id.desc())
    return [
        View(row.document, row.who, row.on_behalf, row.signed, row.at_ms)
        for row in connection.execute(query.limit(MOST_VIEWS))
    ]


def last_digest(connection: Connection) -> tuple[str, int]:
    """The week and the instant of the last weekly message, UTC epoch ms; before the first ``""``
    and 0.
    """
    query = sa.select(DIGEST).order_by(DIGEST.c.week.desc()).limit(1)
    row = connection.execute(query).first()
    return (row.week, row.at_ms) if row else ("", 0)


def note_digest(connection: Connection, week: str, at_ms: int) -> None:
    """The weekly message of a week has gone out, with what was published up to an instant."""
    connection.execute(sa.insert(DIGEST).values(week=week, at_ms=at_ms))


def published_since(connection: Connection, from_ms: int, until_ms: int) -> Sequence[Row]:
    """Documents that were published from one instant to before another, and still are."""
    at = EVENT.c
    items = sa.select(at.item).where(
        at.platform == "duty",
        at.kind == KIND,
        at.step == "publish",
        at.at_ms >= from_ms,
        at.at_ms < until_ms,
    )
    query = sa.select(DOCUMENT).where(
        DOCUMENT.c.state == "published", sa.cast(DOCUMENT.c.id, sa.String(100)).in_(items)
    )
    found = connection.execute(query.order_by(DOCUMENT.c.id)).mappings()
    return [dict(row) for row in found]


def _set_secrecy(connection: Connection, before: Row, secrecy: Secrecy) -> None:
    same = DOCUMENT.c.id == before["id"]
    connection.execute(sa.update(DOCUMENT).where(same).values(secrecy=int(secrecy)))
