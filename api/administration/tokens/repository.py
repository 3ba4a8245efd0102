"""The tokens and units that an administrator sees: one condition for one and for all of them."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from api.accounts.records import Account
from api.accounts.visibility import Marks, visible
from api.administration.permission import AdministrationPermission
from api.tables import TOKEN, UNIT
from ingest.state.database import State


def seen(account: Account) -> sa.ColumnElement[bool]:
    """Whether an administrator sees a token: one of a unit that is administrated."""
    marks = Marks(TOKEN.c.unit, sa.literal(0), sa.false())
    return visible(account, AdministrationPermission.MANAGE_TOKENS, marks)


def units(state: State, account: Account) -> Mapping[str, str]:
    """Names of the units that an administrator administrates, by id, in the official order."""
    marks = Marks(UNIT.c.id, sa.literal(0), sa.false())
    query = sa.select(UNIT.c.id, UNIT.c.name).order_by(UNIT.c.official_order, UNIT.c.id)
    query = query.where(visible(account, AdministrationPermission.MANAGE_TOKENS, marks))
    with state.read() as connection:
        return {row.id: row.name for row in connection.execute(query)}
