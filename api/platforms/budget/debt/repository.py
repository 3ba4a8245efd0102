"""Projects that other tables know, so that debt may lead to their pages."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.imports.standing import standing
from api.platforms.budget.tables import LINE, PROJECT


def known_projects(connection: Connection, codes: Collection[str]) -> set[str]:
    """Those of these codes that the register of projects or the budget has."""
    found: set[str] = set()
    for column, table in ((PROJECT.c.code, PROJECT), (LINE.c.project_code, LINE)):
        query = sa.select(column).where(column.in_(codes), standing(table)).distinct()
        found |= set(connection.scalars(query))
    return found
