"""Lines of the budget of a year as they stand."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.imports.standing import standing
from api.platforms.budget.series.records import Line
from api.platforms.budget.tables import LINE


def lines(connection: Connection, first: int, last: int, most: int) -> Sequence[Line]:
    """Of the years from one to another."""
    at = LINE.c
    texts = (at.unit_code, at.unit, at.project_code, at.project, at.function)
    query = sa.select(
        at.year,
        *(sa.func.coalesce(of, "") for of in texts),
        sa.func.coalesce(at.adjusted, at.approved),
    ).where(at.year.between(first, last), standing(LINE))
    rows = connection.execute(query.order_by(at.id).limit(most))
    return [Line(*row[:7]) for row in rows]
