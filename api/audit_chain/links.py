"""Links of the chain: each gives a row of the audit its position and covers it, the link before,
and with them all that stands before, by HMAC-SHA256 under the site's key. Rows of before there was
a key are chained by SHA-256 alone; the first link with the key covers them too.

The chain shows any row that was changed, taken out or moved. The newest rows may still be cut off
unseen, so the head (position and hash) is kept beside the database, see docs/audit.md.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.tables import AUDIT, AUDIT_LINK
from ingest.state.database import State

ROWS_CHAINED, ROWS_READ = 200, 1000
"""In one transaction, and in one query of a check."""
LATE = 1000
"""A transaction may end behind so many rows that entered after its own, and be chained still."""

Row = sa.Row[Any]


class Head(msgspec.Struct, frozen=True):
    """The last link of a chain; position 0 before the first."""

    position: int = 0
    chain: str = ""

    def __str__(self) -> str:
        return f"{self.position}:{self.chain}"


@dataclass(frozen=True, slots=True)
class Checked:
    """``head`` is the last link up to which all is whole, ``row`` the id of the first row that is
    not, None where there is none, with ``fault`` in words; of the links ``plain`` have no key.
    """

    head: Head = field(default_factory=Head)
    plain: int = 0
    fault: str = ""
    row: int | None = None

    @property
    def sealed(self) -> bool:
        """Whether a link with the key covers all; so it is where there is none to cover."""
        return self.plain < self.head.position or not self.head.position


def unchained(state: State) -> int:
    """How many rows wait for the sequencer: theirs is no position yet."""
    waiting = _unlinked().where(AUDIT.c.id > _late()).subquery()
    with state.read() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(waiting)) or 0


def chain(state: State, key: bytes) -> Head | None:
    """Chain rows that are there, some of them where there are many; the new head, None where there
    was none. Two at once wait for each other. A row whose transaction ends later, though its id is
    smaller, gets a later position.
    """
    with state.read() as connection:
        if not _next_ids(connection):
            return None
    with state.begin() as connection:
        head, links = last(connection), []
        rows = sa.select(AUDIT).where(AUDIT.c.id.in_(_next_ids(connection)))
        for row in connection.execute(rows.order_by(AUDIT.c.id)):
            head = _next(head, row, key)
            links.append({"audit_id": row.id} | msgspec.structs.asdict(head))
        if links:
            connection.execute(sa.insert(AUDIT_LINK), links)
    return head


def last(connection: Connection) -> Head:
    """The head as it stands in the database, whether it is true or not."""
    query = sa.select(AUDIT_LINK.c.position, AUDIT_LINK.c.chain)
    found = connection.execute(query.order_by(AUDIT_LINK.c.position.desc()).limit(1)).first()
    return Head(*found) if found else Head()


def check(
    state: State, key: bytes, kept: Head | None = None, accepted: Head | None = None
) -> Checked:
    """Follow the chain to its end; ``kept`` is a head of before, which must lie on it. Behind one
    that people have ``accepted`` it begins, and every link has the key.
    """
    with state.read() as connection:
        return followed(connection, key, kept, accepted)


def followed(
    connection: Connection, key: bytes, kept: Head | None = None, accepted: Head | None = None
) -> Checked:
    """The same as the caller's transaction sees it."""
    so_far = Checked(accepted or Head())
    begin = so_far.head
    if begin.position and not _lies(connection, begin):
        fault = f"position {begin.position} is not as it was accepted"
        return replace(so_far, fault=fault)
    for row in _linked(connection, begin.position):
        so_far = _checked(so_far, row, key, kept)
        if so_far.fault:
            return so_far
    head = so_far.head
    if kept and kept.position > head.position:
        fault = f"positions {head.position + 1} to {kept.position} are missing"
        return replace(so_far, fault=fault)
    stray = connection.scalar(_passed_over(begin.position))
    if stray is not None:
        return replace(so_far, fault=f"row {stray} was put among older ones", row=stray)
    return so_far


def holds(state: State, head: Head) -> bool:
    """Whether a head lies on the chain that is there."""
    with state.read() as connection:
        return _lies(connection, head)


def _lies(connection: Connection, head: Head) -> bool:
    query = sa.select(AUDIT_LINK.c.chain).where(AUDIT_LINK.c.position == head.position)
    return connection.scalar(query) == head.chain


def _checked(before: Checked, row: Row, key: bytes, kept: Head | None) -> Checked:
    """With one link more. Once one has the key, none behind it goes without."""
    due, plain = _next(before.head, row, key), before.plain
    if row.chain != due.chain and before.plain == before.head.position:
        without = _next(before.head, row, b"")
        if row.chain == without.chain:
            due, plain = without, plain + 1
    fault = ""
    if row.position != due.position or row.id is None:
        fault = f"position {due.position} is missing"
    elif row.chain != due.chain:
        fault = f"row {row.id} at position {row.position} is not as it was chained"
    elif kept and kept.position == due.position and kept.chain != due.chain:
        fault = f"row {row.id} at position {row.position} is not that of the kept head"
    return replace(before, fault=fault, row=row.id) if fault else Checked(due, plain)


def _linked(connection: Connection, begin: int) -> Iterator[Row]:
    """Rows of the audit behind their links, in the chain's order, those of odd positions too."""
    query = sa.select(AUDIT_LINK.c.position, AUDIT_LINK.c.chain, AUDIT).outerjoin_from(
        AUDIT_LINK, AUDIT
    )
    query = query.order_by(AUDIT_LINK.c.position).limit(ROWS_READ)
    some = connection.execute(query.where(AUDIT_LINK.c.position > begin) if begin else query).all()
    while some:
        yield from some
        behind = AUDIT_LINK.c.position > some[-1].position
        some = connection.execute(query.where(behind)).all()


def _next_ids(connection: Connection) -> list[int]:
    """Of rows without a link, as far back as one may be late, the first that are chained. Asked
    every second: a join would read both tables, each of these a piece of one index.
    """
    oldest = connection.scalar(sa.select(_late())) or 0
    audit_id = AUDIT_LINK.c.audit_id
    linked = sa.select(audit_id).where(audit_id > oldest).order_by(audit_id).limit(LATE)
    ids = sa.select(AUDIT.c.id).where(AUDIT.c.id > oldest).order_by(AUDIT.c.id)
    known = set(connection.scalars(linked))
    found = connection.scalars(ids.limit(LATE + ROWS_CHAINED))
    return [row for row in found if row not in known][:ROWS_CHAINED]


def _passed_over(begin: int) -> sa.Select[Any]:
    """The first row that was never chained and never will be, newer than those up to ``begin``."""
    accepted = sa.select(sa.func.coalesce(sa.func.max(AUDIT_LINK.c.audit_id), 0))
    known = accepted.where(AUDIT_LINK.c.position <= begin).scalar_subquery()
    query = _unlinked().where(AUDIT.c.id <= _late(), AUDIT.c.id > known)
    return query.with_only_columns(AUDIT.c.id).order_by(AUDIT.c.id).limit(1)


def _unlinked() -> sa.Select[Any]:
    return sa.select(AUDIT).outerjoin(AUDIT_LINK).where(AUDIT_LINK.c.position.is_(None))


def _late() -> sa.ColumnElement[int]:
    newest = sa.select(sa.func.coalesce(sa.func.max(AUDIT_LINK.c.audit_id), 0)).scalar_subquery()
    return newest - LATE


def _next(head: Head, row: Row, key: bytes) -> Head:
    """The head when a row follows; an empty ``key`` is none. A person acted for enters only where
    there is one: rows of before had none, and a list of other length is another list.
    """
    fields = [row.at_ms, row.who, row.action, row.subject, row.detail]
    fields += [row.on_behalf] if row.on_behalf else []
    text = json.dumps([head.chain, *fields], ensure_ascii=False).encode()
    made = hmac.new(key, text, hashlib.sha256) if key else hashlib.sha256(text)
    return Head(head.position + 1, made.hexdigest())
