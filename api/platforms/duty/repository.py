"""Suggestions as one account sees them, for the rooms that belong to one."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.accounts.visibility import in_charge, visible
from api.deadlines.kept import rows
from api.deadlines.records import Deadline
from api.deadlines.tables import DEADLINE
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.tables import MARKS, SUGGESTION
from api.procedures.procedure import Row
from api.web.forms import MOST_ID


def suggestion(connection: Connection, account: Account, item_id: str) -> Row | None:
    """The row of a suggestion that an account sees."""
    return _one(connection, item_id, visible(account, DutyPermission.SEE, MARKS))


def suggestion_to_act_on(
    connection: Connection, account: Account, item_id: str, permission: DutyPermission
) -> Row | None:
    """The row of a suggestion on which an account may act by a permission."""
    return _one(connection, item_id, in_charge(account, permission, MARKS))


def any_suggestion(connection: Connection, item_id: int) -> Row:
    """The row of a suggestion, whoever asks."""
    query = sa.select(SUGGESTION).where(SUGGESTION.c.id == item_id)
    return dict(connection.execute(query).mappings().one())


def last_terms(
    connection: Connection, kind: str, items: Collection[int]
) -> Mapping[int, Deadline]:
    """The last deadline of each of some things of the platform that has one."""
    at = DEADLINE.c
    query = sa.select(DEADLINE).where(
        at.platform == "duty", at.kind == kind, at.subject.in_([str(of) for of in items])
    )
    found = connection.execute(query.order_by(at.id))
    return {int(row.subject): rows.deadline_of(row) for row in found}


def _one(connection: Connection, item_id: str, condition: sa.ColumnElement[bool]) -> Row | None:
    if not (item_id.isascii() and item_id.isdecimal() and int(item_id[:11]) <= MOST_ID):
        return None
    query = sa.select(SUGGESTION).where(SUGGESTION.c.id == int(item_id[:11]), condition)
    found = connection.execute(query).mappings().first()
    return dict(found) if found else None
