"""Points on lists of rectification in the state database."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.accounts.visibility import visible
from api.cases.permission import CasePermission
from api.cases.rectification.procedure import PROCEDURE
from api.cases.tables import RECTIFICATION
from api.procedures.procedure import Row

_AT = RECTIFICATION.c


def of_case(connection: Connection, account: Account, case_id: int) -> list[Row]:
    """The list of a case as far as an account sees it, the first due first."""
    seen = visible(account, CasePermission.SEE, PROCEDURE.marks)
    query = sa.select(RECTIFICATION).where(seen, _AT.case_id == case_id)
    return [
        dict(row) for row in connection.execute(query.order_by(_AT.due_day, _AT.id)).mappings()
    ]


def watched(connection: Connection) -> list[Row]:
    """Every point that is open and waits for evidence."""
    query = sa.select(RECTIFICATION).where(_AT.state == "open", _AT.evidence.is_not(None))
    return [dict(row) for row in connection.execute(query.order_by(_AT.id)).mappings()]
