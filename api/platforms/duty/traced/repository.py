"""Suggestions and motions as comparisons need them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from api.platforms.duty.motions.tables import MOTION
from api.platforms.duty.tables import CONTRIBUTION, SUGGESTION

_HIDDEN = ("draft", "discarded", "retracted")
_OVER = ("closed", "letter")


def suggestions(connection: Connection, since: date) -> Sequence[Row[Any]]:
    """Suggestions that were submitted or answered from a day on, or are not over."""
    at = SUGGESTION.c
    columns = (
        *(at.id, at.state, at.title, at.body, at.topic, at.town, at.location, at.source),
        *(at.unit, at.submitted_day, at.answered_day),
    )
    lasts = sa.or_(at.submitted_day >= since, at.answered_day >= since, at.state.not_in(_OVER))
    query: sa.Select[Any] = sa.select(*columns).where(at.state.not_in(_HIDDEN), lasts)
    return connection.execute(query.order_by(at.id)).all()


def further_units(connection: Connection) -> Mapping[int, Sequence[str]]:
    """Units beside the one in charge, by suggestion."""
    at = CONTRIBUTION.c
    found: dict[int, list[str]] = {}
    for row in connection.execute(sa.select(at.suggestion, at.unit).order_by(at.id)):
        found.setdefault(row.suggestion, []).append(row.unit)
    return found


def motions(connection: Connection, since: date) -> Sequence[Row[Any]]:
    """Motions that were submitted from a day on."""
    at = MOTION.c
    columns = (at.id, at.title, at.basis, at.plan, at.submitted_day, at.decided_day)
    query: sa.Select[Any] = sa.select(*columns).where(
        at.state.not_in(_HIDDEN), at.submitted_day >= since
    )
    return connection.execute(query.order_by(at.id)).all()
