"""Where frozen papers and templates are kept: rows that never change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account, Secrecy
from api.accounts.visibility import Marks, visible
from api.kinds.reports import Paper
from api.reports.records import Draft, Extent, Head, Offered, Snapshot, Template, digest
from api.reports.tables import REACH, SNAPSHOT, TEMPLATE
from ingest.state.database import State

_HEAD = [SNAPSHOT.c[of.name] for of in fields(Head)]
_TEMPLATE = [
    *(TEMPLATE.c[of.name] for of in fields(Template) if of.name != "own"),
    TEMPLATE.c.content.is_not(None).label("own"),
]


class Reports:
    """Reports' tables in the state database."""

    def __init__(self, state: State) -> None:
        self.state = state

    def keep(self, connection: Connection, draft: Draft, by: tuple[str, str], at_ms: int) -> int:
        """Keep a paper with the template in force; its id. ``by`` is a username with its name."""
        body, of = draft.body, draft.offered
        values = {
            "platform": of.platform,
            "kind": of.kind.name,
            "parameters": draft.parameters,
            "title": draft.paper.title,
            "body": body,
            "sha256": digest(body),
            "template": self._in_force(connection, of),
            "made_by": by[0],
            "made_name": by[1],
            "made_ms": at_ms,
        }
        (kept,) = connection.execute(sa.insert(SNAPSHOT).values(values)).inserted_primary_key or (
            0,
        )
        rows = [
            {"snapshot": kept, "unit": one.unit, "secrecy": int(one.secrecy)}
            for one in sorted(draft.extents, key=lambda one: (one.unit, one.secrecy))
        ]
        if rows:
            connection.execute(sa.insert(REACH), rows)
        return int(kept)

    def made(
        self, connection: Connection, offered: Offered, parameters: str, by: str
    ) -> int | None:
        """The newest paper of these parameters that somebody made."""
        query = sa.select(sa.func.max(SNAPSHOT.c.id)).where(
            *_of(SNAPSHOT, offered), SNAPSHOT.c.parameters == parameters, SNAPSHOT.c.made_by == by
        )
        found: int | None = connection.scalar(query)
        return found

    def listing(
        self,
        account: Account,
        kinds: Iterable[Offered],
        *,
        first: int,
        most: int,
        but: Collection[int] = (),
    ) -> tuple[Sequence[Head], int]:
        """Papers of these kinds that an account sees, ``but`` for some, the newest first, and how
        many there are.
        """
        seen = sa.or_(sa.false(), *(_seen(account, of) for of in kinds))
        seen = sa.and_(seen, SNAPSHOT.c.id.not_in(but))
        query = sa.select(*_HEAD).where(seen).order_by(SNAPSHOT.c.id.desc())
        count = sa.select(sa.func.count()).select_from(SNAPSHOT).where(seen)
        with self.state.read() as connection:
            rows = connection.execute(query.offset(first).limit(most))
            return [Head(*row) for row in rows], connection.execute(count).scalar_one()

    def every(self, account: Account, kind: Offered) -> Sequence[Snapshot]:
        """All papers of a kind that an account sees, without how far they reach."""
        query = sa.select(*_HEAD, SNAPSHOT.c.body).where(_seen(account, kind))
        with self.state.read() as connection:
            rows = connection.execute(query).all()
        return [
            Snapshot(Head(*head), msgspec.json.decode(body, type=Paper), ())
            for *head, body in rows
        ]

    def one(self, account: Account, kinds: Iterable[Offered], snapshot: int) -> Snapshot | None:
        """A paper of one of these kinds that an account sees."""
        seen = sa.or_(sa.false(), *(_seen(account, of) for of in kinds))
        query = sa.select(*_HEAD, SNAPSHOT.c.body).where(SNAPSHOT.c.id == snapshot, seen)
        reach = sa.select(REACH.c.unit, REACH.c.secrecy).where(REACH.c.snapshot == snapshot)
        with self.state.read() as connection:
            row = connection.execute(query).first()
            if row is None:
                return None
            extents = [Extent(of.unit, Secrecy(of.secrecy)) for of in connection.execute(reach)]
        *head, body = row
        return Snapshot(Head(*head), msgspec.json.decode(body, type=Paper), tuple(extents))

    def change_template(
        self,
        connection: Connection,
        offered: Offered,
        file: tuple[str, bytes | None, str],
        by: tuple[str, str],
        at_ms: int,
    ) -> int:
        """Keep a version of a template, in force from now on; its id. ``file`` is its name, its
        content (None: that of the product again) and the SHA-256 of that.
        """
        values = {
            "platform": offered.platform,
            "kind": offered.kind.name,
            "file_name": file[0],
            "content": file[1],
            "sha256": file[2],
            "made_by": by[0],
            "made_name": by[1],
            "made_ms": at_ms,
        }
        (kept,) = connection.execute(sa.insert(TEMPLATE).values(values)).inserted_primary_key or (
            0,
        )
        return int(kept)

    def templates(self, offered: Offered) -> Sequence[Template]:
        """Every version of a kind's template, the newest first."""
        query = sa.select(*_TEMPLATE).where(*_of(TEMPLATE, offered)).order_by(TEMPLATE.c.id.desc())
        with self.state.read() as connection:
            return [Template(*row) for row in connection.execute(query)]

    def template(self, offered: Offered, version: int | None) -> bytes | None:
        """The content of a version; None: that of the product."""
        query = sa.select(TEMPLATE.c.content).where(
            *_of(TEMPLATE, offered), TEMPLATE.c.id == version
        )
        with self.state.read() as connection:
            content: bytes | None = connection.scalar(query) if version else None
        return content

    @staticmethod
    def _in_force(connection: Connection, offered: Offered) -> int | None:
        query = sa.select(TEMPLATE.c.id).where(*_of(TEMPLATE, offered))
        found: int | None = connection.scalar(query.order_by(TEMPLATE.c.id.desc()).limit(1))
        return found


def _of(table: sa.Table, offered: Offered) -> tuple[sa.ColumnElement[bool], ...]:
    return table.c.platform == offered.platform, table.c.kind == offered.kind.name


def _seen(account: Account, offered: Offered) -> sa.ColumnElement[bool]:
    """A paper is for whoever sees at least as far as its figures reach: no part of their reach is
    hidden.
    """
    permission = offered.kind.permission
    if not account.may(permission):
        return sa.false()
    marks = Marks(REACH.c.unit, REACH.c.secrecy, sa.false())
    hidden = sa.exists().where(
        REACH.c.snapshot == SNAPSHOT.c.id, sa.not_(visible(account, permission, marks))
    )
    return sa.and_(*_of(SNAPSHOT, offered), sa.not_(hidden))
