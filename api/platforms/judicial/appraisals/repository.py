"""Appraisals in the state database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.accounts.visibility import visible
from api.ballots import repository as ballots
from api.platforms.judicial.appraisals.tables import APPRAISAL, MARKS
from api.platforms.judicial.permission import JudicialPermission
from api.procedures.procedure import Row


def not_open(connection: Connection, row: Row, _at_ms: int) -> str:
    """Ballots are opened on their own form, in the transaction of the step."""
    return "" if _state(connection, row) == "open" else "ballots"


def not_counted(connection: Connection, row: Row, _at_ms: int) -> str:
    """They are counted on their own form, in the transaction of the step."""
    return "" if _state(connection, row) == "closed" else "counting"


def one(connection: Connection, account: Account, item_id: int) -> Row | None:
    """An appraisal that an account sees."""
    seen = visible(account, JudicialPermission.SEE, MARKS)
    query = sa.select(APPRAISAL).where(APPRAISAL.c.id == item_id, seen)
    found = connection.execute(query).mappings().first()
    return dict(found) if found else None


def listed(connection: Connection, account: Account, most: int) -> Sequence[Row]:
    """Appraisals that an account sees, the newest first."""
    seen = visible(account, JudicialPermission.SEE, MARKS)
    query = sa.select(APPRAISAL).where(seen).order_by(APPRAISAL.c.id.desc()).limit(most)
    return [dict(row) for row in connection.execute(query).mappings()]


def of_polls(connection: Connection, polls: Collection[int]) -> Mapping[int, Row]:
    """Appraisals by their polls."""
    query = sa.select(APPRAISAL).where(APPRAISAL.c.poll.in_(polls))
    return {row["poll"]: dict(row) for row in connection.execute(query).mappings()}


def _state(connection: Connection, row: Row) -> str:
    poll = ballots.one(connection, row["poll"])
    return poll.state if poll else ""
