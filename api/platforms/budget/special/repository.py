"""Payments that stand with the columns of a topic, budgets, adjustments, and findings."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.accounts.visibility import visible
from api.imports.standing import standing
from api.platforms.budget.findings.tables import FINDING, MARKS
from api.platforms.budget.ledger.repository import in_force, of_loads
from api.platforms.budget.permission import BudgetPermission
from api.platforms.budget.special.records import Adjustment, Budget
from api.platforms.budget.tables import ADJUSTMENT, LINE
from budget.ledger import Ledger

NAMES = ("unit", "unit_name", "project", "project_name", "payee", "use", "fund", "voucher")


def payments(connection: Connection) -> Ledger:
    """Of the loads in force."""
    return of_loads(connection, in_force(connection), NAMES)


def names(connection: Connection) -> tuple[dict[str, str], dict[str, str]]:
    """Units and projects in budgets: names by code."""
    at = LINE.c
    units = sa.select(at.unit_code, sa.func.max(at.unit)).where(standing(LINE))
    project = sa.func.coalesce(at.project_code, at.project)
    projects = sa.select(project, sa.func.max(at.project)).where(
        standing(LINE), project.is_not(None), project != ""
    )
    return (
        {code: name or code for code, name in connection.execute(units.group_by(at.unit_code))},
        {code: name or code for code, name in connection.execute(projects.group_by(project))},
    )


def budgets(connection: Connection, years: Sequence[int]) -> list[Budget]:
    """Sums of lines of years by unit and project."""
    at = LINE.c
    project = sa.func.coalesce(at.project_code, at.project, "")
    adjusted = sa.func.sum(sa.func.coalesce(at.adjusted, at.approved))
    query = sa.select(
        at.year, at.unit_code, project, sa.func.sum(at.approved), adjusted, sa.func.sum(at.final)
    )
    query = query.where(at.year.in_(years), standing(LINE))
    rows = connection.execute(query.group_by(at.year, at.unit_code, project))
    return [
        Budget(year, unit, code, int(a), int(b), None if c is None else int(c))
        for year, unit, code, a, b, c in rows
    ]


def adjustments(connection: Connection, first: str, last: str) -> list[Adjustment]:
    """Changes of budgets from one day to another, the earliest first."""
    at = ADJUSTMENT.c
    empty = sa.literal("")
    query = sa.select(
        at.decided,
        sa.func.coalesce(at.unit_code, empty),
        sa.func.coalesce(at.project_code, empty),
        at.change,
        at.amount,
        sa.func.coalesce(at.document, empty),
    )
    query = query.where(at.decided >= first, at.decided <= last, standing(ADJUSTMENT))
    return [Adjustment(*row) for row in connection.execute(query.order_by(at.decided, at.id))]


def findings(
    connection: Connection, account: Account, units: Collection[str]
) -> list[Mapping[str, Any]]:
    """Findings about units, by the name that the treasury writes, as far as whoever screens sees
    them; those that were withdrawn or excluded are none.
    """
    at = FINDING.c
    seen = visible(account, BudgetPermission.SCREEN, MARKS)
    stands = at.state.not_in(("withdrawn", "excluded"))
    query = sa.select(FINDING).where(seen, stands, at.unit_name.in_(units))
    rows = connection.execute(query.order_by(at.unit_name, at.grade, at.id)).mappings()
    return [dict(row) for row in rows]
