"""Key supervisions in the state database."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.accounts.visibility import visible
from api.platforms.duty.key_supervision.records import RUNNING, Show
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.tables import KEY_SUPERVISION, KEY_SUPERVISION_MARKS, SUGGESTION
from api.procedures.procedure import Row

KIND = "key-supervision"
MOST = 200


def of_suggestion(connection: Connection, account: Account, suggestion: int) -> Sequence[Row]:
    """The key supervisions of a suggestion that an account sees."""
    at = KEY_SUPERVISION.c
    seen = visible(account, DutyPermission.SEE, KEY_SUPERVISION_MARKS)
    query = sa.select(KEY_SUPERVISION).where(at.suggestion == suggestion, seen)
    return [dict(row) for row in connection.execute(query.order_by(at.id)).mappings()]


def runs(connection: Connection, suggestion: int) -> bool:
    """Whether one of a suggestion is not over."""
    at = KEY_SUPERVISION.c
    query = sa.select(at.id).where(at.suggestion == suggestion, at.state.in_(RUNNING))
    return connection.execute(query.limit(1)).first() is not None


def listed(connection: Connection, account: Account, show: Show) -> Sequence[Row]:
    """Those that an account sees, the newest first, with the number of their suggestion."""
    at = KEY_SUPERVISION.c
    shown = {"running": at.state.in_(RUNNING), "done": at.state.notin_(RUNNING), "all": sa.true()}
    query = sa.select(KEY_SUPERVISION, SUGGESTION.c.number.label("number"))
    query = query.join(SUGGESTION, SUGGESTION.c.id == at.suggestion).where(
        shown[show], visible(account, DutyPermission.SEE, KEY_SUPERVISION_MARKS)
    )
    rows = connection.execute(query.order_by(at.id.desc()).limit(MOST)).mappings()
    return [dict(row) for row in rows]
