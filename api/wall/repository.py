"""Terms that are over, counted by platform; never their titles."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.deadlines.records import Standing
from api.deadlines.tables import DEADLINE
from api.wall.records import Overdue


def overdue(connection: Connection, platforms: Collection[str], now_ms: int) -> dict[str, Overdue]:
    """By slug, for those of some platforms that have any. A term that pauses is not late, and a
    rule that nobody stands for makes none late.
    """
    at = DEADLINE.c
    query = (
        sa.select(at.platform, sa.func.count(), sa.func.min(at.due_day))
        .where(at.state == Standing.RUNNING, at.due_ms < now_ms, at.verified)
        .where(at.platform.in_(platforms))
        .group_by(at.platform)
    )
    return {
        slug: Overdue(slug, count, date.fromisoformat(first))
        for slug, count, first in connection.execute(query)
    }
