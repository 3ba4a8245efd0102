"""Alerts as comparisons need them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from alerting.alert import State, Verdict
from alerting.tables import ALERT

_NO_POLLUTION = (Verdict.FALSE, Verdict.SENSOR, Verdict.PLANNED)
_AT = ALERT.c
_COLUMNS = (
    *(_AT.id, _AT.rule_id, _AT.rule_version, _AT.station, _AT.began_ms, _AT.resolved_ms),
    *(_AT.event_id, _AT.indicator),
)


def since(connection: Connection, since_ms: int) -> Sequence[Row[Any]]:
    """Alerts of pollution that stand on record and began or ended after an instant, or go on,
    without those that people found to be none.
    """
    ended = sa.or_(_AT.resolved_ms >= since_ms, _AT.resolved_ms.is_(None))
    query: sa.Select[Any] = sa.select(*_COLUMNS).where(
        _AT.about == "pollution",
        _AT.state != str(State.WITHDRAWN),
        sa.func.coalesce(_AT.reviewed_as, "").not_in([str(of) for of in _NO_POLLUTION]),
        sa.or_(_AT.began_ms >= since_ms, ended),
    )
    return connection.execute(query.order_by(_AT.began_ms, _AT.id)).all()
