"""Monthly figures and breaks in the state database."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.accounts.visibility import in_charge, visible
from api.platforms.judicial.figures.tables import BREAK, MARKS, TABLE
from api.platforms.judicial.permission import JudicialPermission

Row = Mapping[str, Any]


def versions(connection: Connection, account: Account, body: str) -> Sequence[Row]:
    """All versions of one body's months that an account sees, the newest first."""
    seen = visible(account, JudicialPermission.SEE, MARKS)
    query = sa.select(TABLE).where(TABLE.c.body == body, seen)
    rows = connection.execute(query.order_by(TABLE.c.month.desc(), TABLE.c.version.desc()))
    return [dict(row) | {"values": json.loads(row["figures"])} for row in rows.mappings()]


def last(connection: Connection, body: str, month: str) -> Row | None:
    """The newest version of a month, whatever became of it."""
    query = sa.select(TABLE).where(TABLE.c.body == body, TABLE.c.month == month)
    found = connection.execute(query.order_by(TABLE.c.version.desc()).limit(1)).mappings().first()
    return dict(found) | {"values": json.loads(found["figures"])} if found else None


def accepted(connection: Connection, body: str, month: str) -> Mapping[str, int] | None:
    """The figures of a month that count."""
    query = sa.select(TABLE.c.figures).where(
        TABLE.c.body == body, TABLE.c.month == month, TABLE.c.state == "accepted"
    )
    found = connection.execute(query.order_by(TABLE.c.version.desc()).limit(1)).scalar()
    return json.loads(found) if found else None


def add(connection: Connection, values: Mapping[str, object]) -> None:
    """A further version."""
    connection.execute(sa.insert(TABLE).values(values))


def decide(
    connection: Connection, account: Account, table_id: int, state: str, reason: str
) -> Row | None:
    """Write the office's decision on a version; None: nothing waits under this id."""
    mine = in_charge(account, JudicialPermission.CHECK, MARKS)
    waits = sa.and_(TABLE.c.id == table_id, TABLE.c.state == "sent", mine)
    found = connection.execute(sa.select(TABLE).where(waits)).mappings().first()
    change = sa.update(TABLE).where(TABLE.c.id == table_id, TABLE.c.state == "sent")
    if found is None or not connection.execute(change.values(state=state, reason=reason)).rowcount:
        return None
    return dict(found)


def breaks(connection: Connection, body: str) -> Sequence[Row]:
    """Where a body's figures began to count otherwise."""
    query = sa.select(BREAK).where(BREAK.c.body == body).order_by(BREAK.c.month)
    return [dict(row) for row in connection.execute(query).mappings()]


def mark(connection: Connection, values: Mapping[str, object]) -> bool:
    """Write a break; whether there was none at this month."""
    same = sa.and_(BREAK.c.body == values["body"], BREAK.c.month == values["month"])
    if connection.execute(sa.select(BREAK.c.body).where(same)).first():
        return False
    connection.execute(sa.insert(BREAK).values(values))
    return True
