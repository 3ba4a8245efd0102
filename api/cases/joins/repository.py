"""Things that belong to a case, and proposals that were set aside, in the state database."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.cases.joins.tables import ASIDE
from api.ports import Reference


def set_aside(
    connection: Connection, case_id: int, reference: Reference, *, why: str, who: str, at_ms: int
) -> bool:
    """Keep that a thing does not belong to a case; False where that is kept already."""
    if reference in aside(connection, case_id):
        return False
    connection.execute(
        sa.insert(ASIDE).values(
            case_id=case_id,
            platform=reference.platform,
            kind=reference.kind,
            item=reference.id,
            why=why,
            who=who,
            at_ms=at_ms,
        )
    )
    return True


def aside(connection: Connection, case_id: int) -> frozenset[Reference]:
    """Things that are not proposed for a case any more."""
    at = ASIDE.c
    query = sa.select(at.platform, at.kind, at.item).where(at.case_id == case_id)
    return frozenset(Reference(*row) for row in connection.execute(query))
