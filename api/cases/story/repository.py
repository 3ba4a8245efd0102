"""When things were taken out of a case, in the state database."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.cases.tables import CASE, COPY, REMOVAL


def removals(connection: Connection, case_id: int) -> Mapping[int, tuple[int, str]]:
    """The instant, UTC epoch ms, and the username of each removal, by the id of the copy."""
    query = sa.select(REMOVAL.c.copy, REMOVAL.c.at_ms, REMOVAL.c.who).join(COPY)
    found = connection.execute(query.where(COPY.c.case_id == case_id))
    return {row.copy: (row.at_ms, row.who) for row in found}


def newest(connection: Connection) -> int:
    """The id of the newest case; 1 where there is none."""
    return connection.scalar(sa.select(sa.func.max(CASE.c.id))) or 1
