"""Open suggestions whose lead deputy left, in the state database."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.accounts.repositories.people import holds_on
from api.accounts.visibility import in_charge
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.tables import MARKS, SUGGESTION
from api.procedures.procedure import Row
from api.tables import ACCOUNT, ROLE_GRANT

MOST = 500
OVER = ("draft", "closed", "letter", "retracted", "discarded")


def deputies(connection: Connection, roles: Collection[str], day: str) -> Sequence[str]:
    """The usernames of those who hold one of some roles on this platform on a day, and can sign
    in.
    """
    grant = ROLE_GRANT.c
    query = sa.select(ACCOUNT.c.username).join(
        ROLE_GRANT, ROLE_GRANT.c.username == ACCOUNT.c.username
    )
    query = query.where(
        ACCOUNT.c.disabled_ms.is_(None),
        grant.role.in_(roles),
        grant.platform.in_(("", "duty")),
        holds_on(ROLE_GRANT, day),
    )
    return list(connection.execute(query.distinct().order_by(ACCOUNT.c.username)).scalars())


def orphaned(connection: Connection, account: Account, present: Collection[str]) -> Sequence[Row]:
    """Open suggestions on which an account may act and whose lead is none of some deputies, by
    lead and number.
    """
    at = SUGGESTION.c
    query = sa.select(SUGGESTION).where(
        at.state.notin_(OVER),
        at.lead.notin_(present),
        in_charge(account, DutyPermission.CHECK, MARKS),
    )
    rows = connection.execute(query.order_by(at.lead, at.id).limit(MOST)).mappings()
    return [dict(row) for row in rows]
