"""Where sessions are kept: who has signed in, from where, and for whom they act."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from api.accounts.records import Means, Stage
from api.accounts.repositories.people import holds_on
from api.tables import ACCOUNT, DELEGATION, SESSION
from config.vocabulary.time import day_of
from ingest.state.database import State


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session as it is kept: ``id`` is the hash of its token; it ends ``idle_ms`` after it was
    seen last, and at ``expires_ms`` anyway.
    """

    id: str
    username: str
    stage: Stage
    means: Means
    address: str
    browser: str
    created_ms: int
    seen_ms: int
    idle_ms: int
    expires_ms: int
    on_behalf_of: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """The row of an account, as far as a request needs it."""

    username: str
    name: str
    language: str
    large_type: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A session that stands, whose it is, whether that person may act for somebody today, and for
    whom they do.
    """

    session: OpenSession
    person: Person
    may_act: bool
    deputy: Person | None


class Sessions:
    """Sessions in the state database."""

    def __init__(self, state: State) -> None:
        self.state = state

    def open(self, connection: Connection, session: OpenSession) -> None:
        """Keep a session."""
        row = {column: getattr(session, _FIELDS.get(column, column)) for column in _COLUMNS}
        connection.execute(sa.insert(SESSION).values(row))

    def find(self, connection: Connection, session_id: str, now_ms: int) -> Found | None:
        """A session, while it stands and its person may sign in."""
        asked = {"id": session_id, "now_ms": now_ms, "today": day_of(now_ms)}
        row = connection.execute(_FIND, asked).first()
        if row is None:
            return None
        return Found(_session(row), Person(*row[-4:]), row.may_act, None)

    def deputy(self, connection: Connection, session: OpenSession, day: str) -> Person | None:
        """For whom a session acts, while the delegation holds."""
        query = sa.select(*_PERSON).join(DELEGATION, DELEGATION.c.deputy == ACCOUNT.c.username)
        query = query.where(
            DELEGATION.c.clerk == session.username,
            DELEGATION.c.deputy == session.on_behalf_of,
            ACCOUNT.c.disabled_ms.is_(None),
            holds_on(DELEGATION, day),
        )
        row = connection.execute(query).first()
        return Person(*row) if row else None

    def of_person(self, username: str, now_ms: int) -> tuple[OpenSession, ...]:
        """The sessions of somebody that stand, and those that act for the person, the one seen
        last first.
        """
        own = sa.or_(SESSION.c.username == username, SESSION.c.on_behalf_of == username)
        query = sa.select(SESSION).where(own, stands(now_ms))
        with self.state.read() as connection:
            rows = connection.execute(query.order_by(SESSION.c.seen_ms.desc()))
            return tuple(_session(row) for row in rows)

    def stands(self, session_id: str, now_ms: int) -> bool:
        """Whether a session has not ended."""
        query = sa.select(SESSION.c.token_hash).join(
            ACCOUNT, ACCOUNT.c.username == SESSION.c.username
        )
        query = query.where(
            SESSION.c.token_hash == session_id, ACCOUNT.c.disabled_ms.is_(None), stands(now_ms)
        )
        with self.state.read() as connection:
            return connection.execute(query).first() is not None

    def seen(self, connection: Connection, session_id: str, now_ms: int) -> None:
        """The person asked for something."""
        same = SESSION.c.token_hash == session_id
        connection.execute(sa.update(SESSION).where(same).values(seen_ms=now_ms))

    def act_for_nobody(self, connection: Connection, session_id: str) -> bool:
        """Act for oneself again; False: that was so."""
        acting = sa.and_(SESSION.c.token_hash == session_id, SESSION.c.on_behalf_of.is_not(None))
        ended = sa.update(SESSION).where(acting).values(on_behalf_of=None)
        return bool(connection.execute(ended).rowcount)

    def end(self, connection: Connection, session_id: str, username: str | None = None) -> bool:
        """Drop a session, of or for this person where one is named; whether there was one."""
        gone = sa.delete(SESSION).where(SESSION.c.token_hash == session_id)
        if username is not None:
            own = sa.or_(SESSION.c.username == username, SESSION.c.on_behalf_of == username)
            gone = gone.where(own)
        return bool(connection.execute(gone).rowcount)

    def end_all(self, connection: Connection, username: str, but: str = "") -> None:
        """Drop every session of somebody, but one perhaps, and those of clerks who act for the
        person.
        """
        own = sa.or_(SESSION.c.username == username, SESSION.c.on_behalf_of == username)
        connection.execute(sa.delete(SESSION).where(own, SESSION.c.token_hash != but))

    def end_everybodys(self, connection: Connection) -> None:
        """Drop every session of everybody."""
        connection.execute(sa.delete(SESSION))

    def end_by(self, connection: Connection, username: str, at_ms: int) -> None:
        """Let no session of somebody last longer than to an instant."""
        longer = sa.and_(SESSION.c.username == username, SESSION.c.expires_ms > at_ms)
        connection.execute(sa.update(SESSION).where(longer).values(expires_ms=at_ms))

    def drop_ended(self, connection: Connection, now_ms: int, most: int) -> int:
        """Drop sessions that have ended by themselves, so many at most; how many there were."""
        ended = sa.select(SESSION.c.token_hash).where(sa.not_(stands(now_ms))).limit(most)
        return connection.execute(
            sa.delete(SESSION).where(SESSION.c.token_hash.in_(ended))
        ).rowcount


def stands(now_ms: int | sa.BindParameter[int]) -> sa.ColumnElement[bool]:
    """Whether neither end of a session has come."""
    idle_until = SESSION.c.seen_ms + SESSION.c.idle_ms
    return sa.and_(SESSION.c.expires_ms > now_ms, idle_until > now_ms)


_PERSON = (
    ACCOUNT.c.username.label("person"),
    ACCOUNT.c.name,
    ACCOUNT.c.language,
    ACCOUNT.c.large_type,
)
_FIELDS = {"token_hash": "id"}
_COLUMNS = tuple(column.name for column in SESSION.columns)


def _find() -> sa.Select[Any]:
    """Made once: each request asks it."""
    today = holds_on(DELEGATION, sa.bindparam("today", type_=sa.String))
    acts = sa.exists().where(DELEGATION.c.clerk == SESSION.c.username, today)
    query = sa.select(SESSION, acts.label("may_act"), *_PERSON).join(
        ACCOUNT, ACCOUNT.c.username == SESSION.c.username
    )
    return query.where(
        SESSION.c.token_hash == sa.bindparam("id"),
        stands(sa.bindparam("now_ms", type_=sa.BigInteger)),
        ACCOUNT.c.disabled_ms.is_(None),
    )


_FIND = _find()


def _session(row: Row[Any]) -> OpenSession:
    return OpenSession(
        **{_FIELDS.get(column, column): getattr(row, column) for column in _COLUMNS}
    )
