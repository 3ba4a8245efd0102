"""Appraisals in the state database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.accounts.visibility import in_charge, visible
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


def listed(connection: Connection, account: Account, most: int) -> Sequence[Row]:
    """Appraisals that an account sees, the newest first."""
    seen = visible(account, JudicialPermission.SEE, MARKS)
    query = sa.select(APPRAISAL).where(seen).order_by(APPRAISAL.c.id.desc()).limit(most)
    return [dict(row) for row in connection.execute(query).mappings()]


def to_count(connection: Connection, account: Account, today: str) -> Sequence[Row]:
    """Appraisals in an account's hands of which the last day of voting is over."""
    mine = in_charge(account, JudicialPermission.APPRAISE, MARKS)
    over = APPRAISAL.c.last_day < date.fromisoformat(today)
    query = sa.select(APPRAISAL).where(mine, APPRAISAL.c.state == "open", over)
    return [dict(row) for row in connection.execute(query.order_by(APPRAISAL.c.id)).mappings()]


def of_polls(connection: Connection, polls: Collection[int]) -> Mapping[int, Row]:
    """Appraisals by their polls."""
    query = sa.select(APPRAISAL).where(APPRAISAL.c.poll.in_(polls))
    return {row["poll"]: dict(row) for row in connection.execute(query).mappings()}


def _state(connection: Connection, row: Row) -> str:
    poll = ballots.one(connection, row["poll"])
    return poll.state if poll else ""
