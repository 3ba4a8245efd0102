"""Monthly figures, breaks and ranges in the state database."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.accounts.visibility import in_charge, visible
from api.imports.tables import LOAD
from api.platforms.judicial.figures.records.ranges import Range
from api.platforms.judicial.figures.records.series import Month
from api.platforms.judicial.figures.tables import BREAK, IMPORTED, MARKS, RANGE, TABLE
from api.platforms.judicial.permission import JudicialPermission

Row = Mapping[str, Any]


def versions(connection: Connection, account: Account, body: str) -> Sequence[Row]:
    """All versions of one body's months that an account sees, the newest first."""
    seen = visible(account, JudicialPermission.SEE, MARKS)
    query = sa.select(TABLE).where(TABLE.c.body == body, seen)
    return _rows(connection, query.order_by(TABLE.c.month.desc(), TABLE.c.version.desc()))


def waiting(connection: Connection, account: Account) -> Sequence[Row]:
    """Versions that wait for a decision of an account, the oldest first."""
    mine = in_charge(account, JudicialPermission.CHECK, MARKS)
    query = sa.select(TABLE).where(TABLE.c.state == "sent", mine)
    return _rows(connection, query.order_by(TABLE.c.sent_ms, TABLE.c.id))


def returned(connection: Connection, account: Account) -> Sequence[Row]:
    """The newest versions of months that were returned to the bodies of an account."""
    newest = TABLE.alias()
    later = sa.select(sa.literal(1)).where(
        newest.c.body == TABLE.c.body,
        newest.c.month == TABLE.c.month,
        newest.c.version > TABLE.c.version,
    )
    mine = in_charge(account, JudicialPermission.SUBMIT, MARKS)
    query = sa.select(TABLE).where(TABLE.c.state == "returned", mine, ~later.exists())
    return _rows(connection, query.order_by(TABLE.c.decided_ms, TABLE.c.id))


def last(connection: Connection, body: str, month: str) -> Row | None:
    """The newest version of a month, whatever became of it."""
    query = sa.select(TABLE).where(TABLE.c.body == body, TABLE.c.month == month)
    return _first(connection, query.order_by(TABLE.c.version.desc()))


def one(connection: Connection, table_id: int) -> Row | None:
    """A version."""
    return _first(connection, sa.select(TABLE).where(TABLE.c.id == table_id))


def accepted(connection: Connection, body: str, month: str) -> Month | None:
    """The figures of a month that count."""
    query = sa.select(TABLE).where(
        TABLE.c.body == body, TABLE.c.month == month, TABLE.c.state == "accepted"
    )
    found = _first(connection, query.order_by(TABLE.c.version.desc()))
    return month_of(found) if found else None


def shown_before(connection: Connection, body: str, month: str) -> Month | None:
    """The figures of a month that were accepted last, withdrawn ones as well: they were shown."""
    query = sa.select(TABLE).where(
        TABLE.c.body == body,
        TABLE.c.month == month,
        TABLE.c.decided_ms.is_not(None),
        TABLE.c.state.in_(("accepted", "withdrawn")),
    )
    found = _first(connection, query.order_by(TABLE.c.version.desc()))
    return month_of(found) if found else None


def month_of(row: Row) -> Month:
    """A version as a month."""
    return Month(row["month"], row["values"], frozenset(json.loads(row["hidden"])))


def standing_months(connection: Connection, body: str) -> Mapping[str, int]:
    """When the first version of each month was sent that was neither returned nor withdrawn."""
    query = sa.select(TABLE.c.month, sa.func.min(TABLE.c.sent_ms)).where(
        TABLE.c.body == body, TABLE.c.state.in_(("sent", "accepted"))
    )
    return {row[0]: row[1] for row in connection.execute(query.group_by(TABLE.c.month))}


def add(connection: Connection, values: Mapping[str, object]) -> int:
    """A further version; its id."""
    result = connection.execute(sa.insert(TABLE).values(values))
    assert result.inserted_primary_key is not None
    return int(result.inserted_primary_key[0])


def waits(connection: Connection, account: Account, table_id: int) -> Row | None:
    """A version that waits for a decision of an account."""
    mine = in_charge(account, JudicialPermission.CHECK, MARKS)
    conditions = (TABLE.c.id == table_id, TABLE.c.state == "sent", mine)
    return _first(connection, sa.select(TABLE).where(*conditions))


def decide(connection: Connection, table_id: int, values: Mapping[str, object]) -> bool:
    """Write the decision on a version; whether it still waited."""
    change = sa.update(TABLE).where(TABLE.c.id == table_id, TABLE.c.state == "sent")
    return bool(connection.execute(change.values(values)).rowcount)


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


def ranges(connection: Connection, body: str) -> Sequence[Range]:
    """The ranges that the office entered, of each measure the newest."""
    query = sa.select(RANGE).where(RANGE.c.body == body).order_by(RANGE.c.id)
    found = {
        row["measure"]: Range(
            row["body"], row["measure"], row["low"], row["high"], row["source"], row["day"]
        )
        for row in connection.execute(query).mappings()
    }
    return list(found.values())


def enter_range(connection: Connection, values: Mapping[str, object]) -> None:
    """A range of the office."""
    connection.execute(sa.insert(RANGE).values(values))


def load(connection: Connection, load_id: int) -> Row | None:
    """Who loaded a file, when, and whether it is in force."""
    found = connection.execute(sa.select(LOAD).where(LOAD.c.id == load_id)).mappings().first()
    return dict(found) if found else None


def imported(connection: Connection, load_id: int) -> Sequence[Row]:
    """The rows that a load brought, in the order of the file."""
    query = sa.select(IMPORTED).where(IMPORTED.c.load == load_id).order_by(IMPORTED.c.row)
    return [dict(row) for row in connection.execute(query).mappings()]


def of_load(connection: Connection, load_id: int) -> Sequence[Row]:
    """The versions that a load brought."""
    return _rows(connection, sa.select(TABLE).where(TABLE.c.load == load_id))


def withdraw(connection: Connection, load_id: int) -> None:
    """Take the versions of a load out; what counted before counts again."""
    change = sa.update(TABLE).where(TABLE.c.load == load_id, TABLE.c.state == "accepted")
    connection.execute(change.values(state="withdrawn"))


def _first(connection: Connection, query: sa.Select[Any]) -> Row | None:
    found = _rows(connection, query.limit(1))
    return found[0] if found else None


def _rows(connection: Connection, query: sa.Select[Any]) -> Sequence[Row]:
    rows = connection.execute(query).mappings()
    return [dict(row) | {"values": json.loads(row["figures"])} for row in rows]
