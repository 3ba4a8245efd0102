"""Measures in the state database."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.accounts.visibility import visible
from api.cases.means.procedure import PROCEDURE
from api.cases.permission import CasePermission
from api.cases.tables import MEASURE
from api.procedures.procedure import Row

_AT = MEASURE.c


def of_case(connection: Connection, account: Account, case_id: int) -> list[Row]:
    """The measures of a case as far as an account sees it, in the order in which they come."""
    seen = visible(account, CasePermission.SEE, PROCEDURE.marks)
    query = sa.select(MEASURE).where(seen, _AT.case_id == case_id).order_by(_AT.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def planned(connection: Connection, case_id: int) -> list[Row]:
    """The measures of a case that are open, whoever asks."""
    query = sa.select(MEASURE).where(_AT.case_id == case_id, _AT.state == "planned")
    return [dict(row) for row in connection.execute(query.order_by(_AT.id)).mappings()]


def done(connection: Connection, case_id: int, means: str) -> Collection[str]:
    """The steps of a means that were done in a case, by name."""
    query = sa.select(_AT.name).where(
        _AT.case_id == case_id, _AT.means == means, _AT.state == "done"
    )
    return set(connection.scalars(query))
