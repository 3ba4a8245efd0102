"""Plans and budgets that stand, with the values by which payments are added up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.imports.standing import standing
from api.platforms.budget.comparison.records import MONTHS, Beside
from api.platforms.budget.tables import INDICATOR, LINE, PLAN

_NOTHING = Beside("", "", "", "", "", "", "", ())


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
    at = PLAN.c
    unit, indicator = sa.func.coalesce(at.unit_code, ""), sa.func.coalesce(at.indicator, "")
    query = (
        sa.select(indicator, unit, at.month, sa.func.sum(at.amount))
        .where(at.month.between(f"{year}-01", f"{year}-12"), standing(PLAN))
        .group_by(indicator, unit, at.month)
    )
    # Joined here: numbers of indicators have no index, and the database would go through all of
    # them for each plan.
    known = _indicators(connection)
    months: dict[Beside, list[int]] = defaultdict(lambda: [0] * MONTHS)
    for number, code, month, amount in connection.execute(query):
        of = known.get(number, _NOTHING)
        months[replace(of, unit=code or of.unit)][int(month[5:7]) - 1] += int(amount)
    return [replace(of, amounts=tuple(amounts)) for of, amounts in months.items()]


def _indicators(connection: Connection) -> Mapping[str, Beside]:
    """Units and projects of the indicators that stand, by their numbers."""
    of = INDICATOR.c
    texts = (
        sa.func.coalesce(of.unit_code, of.unit, ""),
        sa.func.coalesce(of.unit, ""),
        sa.func.coalesce(of.project_code, of.project, ""),
        sa.func.coalesce(of.project, ""),
        sa.func.coalesce(of.function, ""),
        sa.func.coalesce(of.economic, ""),
        sa.func.coalesce(of.fund, ""),
    )
    rows = connection.execute(sa.select(of.number, *texts).where(standing(INDICATOR)))
    return {row[0]: Beside(*row[1:], ()) for row in rows}
