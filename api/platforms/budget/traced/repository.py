"""Findings and rectifications as comparisons need them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from api.platforms.budget.findings.tables import FINDING
from api.platforms.budget.rectification.tables import RECTIFICATION

_NO_QUESTION = ("excluded", "withdrawn")


def findings(connection: Connection, since_ms: int) -> Sequence[Row[Any]]:
    """Questions about money that were found since an instant, or are not over."""
    at = FINDING.c
    columns = (at.id, at.title, at.unit, at.subject, at.facts, at.found_ms)
    lasts = sa.or_(at.found_ms >= since_ms, at.state.not_in(("accepted", "closed")))
    query: sa.Select[Any] = sa.select(*columns).where(at.state.not_in(_NO_QUESTION), lasts)
    return connection.execute(query.order_by(at.id)).all()


def rectifications(connection: Connection, since_ms: int) -> Sequence[Row[Any]]:
    """Rectifications of problems of the audit that were opened since an instant, or go on."""
    at = RECTIFICATION.c
    columns = (at.id, at.title, at.text, at.unit, at.opened_ms)
    lasts = sa.or_(at.opened_ms >= since_ms, at.state != "closed")
    query: sa.Select[Any] = sa.select(*columns).where(at.state != "withdrawn", lasts)
    return connection.execute(query.order_by(at.id)).all()
