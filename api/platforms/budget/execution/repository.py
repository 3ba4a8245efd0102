"""Payments that stand with the columns of a report, and budgets by line."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.imports.standing import standing
from api.platforms.budget.execution.records import BudgetLine
from api.platforms.budget.ledger.repository import in_force, of_loads
from api.platforms.budget.tables import LINE
from budget.ledger import Ledger

NAMES = ("unit", "unit_name", "function", "economic", "fund", "payee")
_AT = LINE.c


def payments(connection: Connection) -> Ledger:
    """Of the loads in force."""
    return of_loads(connection, in_force(connection), NAMES)


def budget(connection: Connection, year: int) -> Sequence[BudgetLine]:
    """Lines of a year as they were changed last; as they were approved where they were not."""
    query = (
        sa.select(
            _AT.unit_code,
            sa.func.min(_AT.unit),
            sa.func.coalesce(_AT.function, ""),
            sa.func.coalesce(_AT.economic, ""),
            sa.func.sum(sa.func.coalesce(_AT.adjusted, _AT.approved)),
        )
        .where(_AT.year == year, standing(LINE))
        .group_by(_AT.unit_code, _AT.function, _AT.economic)
        .order_by(_AT.unit_code, _AT.function, _AT.economic)
    )
    return [BudgetLine(*of[:4], int(of[4])) for of in connection.execute(query)]
