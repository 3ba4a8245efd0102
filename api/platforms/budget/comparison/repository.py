"""Plans and budgets that stand, with the values by which payments are added up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.imports.standing import IN_FORCE, standing
from api.imports.tables import LOAD
from api.platforms.budget.comparison.records import MONTHS, Beside
from api.platforms.budget.tables import INDICATOR, LINE, PLAN


def loads(connection: Connection, kinds: Collection[str]) -> tuple[int, ...]:
    """The loads in force of some kinds of tables."""
    kinds = [f"budget.{of}" for of in kinds]
    query = sa.select(LOAD.c.id).where(LOAD.c.kind.in_(kinds), LOAD.c.state == IN_FORCE)
    return tuple(connection.scalars(query.order_by(LOAD.c.id)))


def years(connection: Connection) -> list[int]:
    """Years that have a budget."""
    return list(connection.scalars(sa.select(LINE.c.year).where(standing(LINE)).distinct()))


def budget(connection: Connection, year: int) -> Sequence[Beside]:
    """Lines of a year: approved, and as they were changed last."""
    at = LINE.c
    texts = (
        sa.func.coalesce(at.unit_code, at.unit, ""),
        sa.func.coalesce(at.unit, ""),
        sa.func.coalesce(at.project_code, at.project, ""),
        sa.func.coalesce(at.project, ""),
        sa.func.coalesce(at.function, ""),
        sa.func.coalesce(at.economic, ""),
    )
    amounts = (sa.func.sum(at.approved), sa.func.sum(sa.func.coalesce(at.adjusted, at.approved)))
    query = sa.select(*texts, *amounts).where(at.year == year, standing(LINE)).group_by(*texts)
    return [Beside(*row[:6], "", (int(row[6]), int(row[7]))) for row in connection.execute(query)]


def plans(connection: Connection, year: int) -> Sequence[Beside]:
    """Money planned for each month of a year. A plan names its indicator, which has unit, project,
    items and fund; of one whose indicator is not there only the unit is known.
    """
    of = INDICATOR.alias()
    rows = sa.select(INDICATOR.c.id).where(standing(INDICATOR))
    texts = (
        sa.func.coalesce(PLAN.c.unit_code, of.c.unit_code, of.c.unit, ""),
        sa.func.coalesce(of.c.unit, ""),
        sa.func.coalesce(of.c.project_code, of.c.project, ""),
        sa.func.coalesce(of.c.project, ""),
        sa.func.coalesce(of.c.function, ""),
        sa.func.coalesce(of.c.economic, ""),
        sa.func.coalesce(of.c.fund, ""),
    )
    joined = PLAN.outerjoin(of, (of.c.number == PLAN.c.indicator) & of.c.id.in_(rows))
    query = (
        sa.select(*texts, PLAN.c.month, sa.func.sum(PLAN.c.amount))
        .select_from(joined)
        .where(PLAN.c.month.between(f"{year}-01", f"{year}-12"), standing(PLAN))
        .group_by(*texts, PLAN.c.month)
    )
    months: dict[Beside, list[int]] = defaultdict(lambda: [0] * MONTHS)
    for row in connection.execute(query):
        months[Beside(*row[:7], ())][int(row[7][5:7]) - 1] += int(row[8])
    return [replace(of, amounts=tuple(amounts)) for of, amounts in months.items()]
