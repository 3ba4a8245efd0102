"""Occasions, matters and advice as comparisons need them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from api.platforms.judicial.advice.records import SENT
from api.platforms.judicial.advice.tables import ADVICE
from api.platforms.judicial.hearings.tables import HEARING
from api.platforms.judicial.matters.tables import LINE, MATTER

_GONE = ("draft", "cancelled", "dropped", "called-off", "revoked")


def hearings(connection: Connection, since_ms: int) -> Sequence[Row[Any]]:
    """Occasions that were announced and begin from an instant on."""
    at = HEARING.c
    columns = (at.id, at.title, at.matter, at.unit, at.location, at.from_ms, at.until_ms)
    query: sa.Select[Any] = sa.select(*columns).where(
        at.from_ms >= since_ms, at.state.not_in(_GONE)
    )
    return connection.execute(query.order_by(at.id)).all()


def matters(connection: Connection, since_ms: int, since: date) -> Sequence[Row[Any]]:
    """Matters that were opened or answered from an instant on, or are not over."""
    at = MATTER.c
    texts = (at.requests, at.problem, at.report, at.decided, at.opinions, at.answer, at.class_of)
    columns = (at.id, at.title, at.unit, at.law, at.opened_ms, at.answered_day, *texts)
    lasts = sa.or_(at.opened_ms >= since_ms, at.answered_day >= since, at.state != "closed")
    query: sa.Select[Any] = sa.select(*columns).where(at.state.not_in(_GONE), lasts)
    return connection.execute(query.order_by(at.id)).all()


def lines(connection: Connection) -> Mapping[int, str]:
    """Groups and findings of inspections as one text, by matter."""
    found: dict[int, list[str]] = {}
    at = LINE.c
    for row in connection.execute(sa.select(at.matter, at.label, at.text).order_by(at.id)):
        found.setdefault(row.matter, []).append(f"{row.label}\n{row.text}")
    return {matter: "\n".join(of) for matter, of in found.items()}


def advice(connection: Connection, since: date) -> Sequence[Row[Any]]:
    """Advice that was sent or replied to from a day on, or is not over."""
    at = ADVICE.c
    columns = (
        *(at.id, at.title, at.text, at.topic, at.addressee, at.reply),
        *(at.issued_day, at.replied_day),
    )
    lasts = sa.or_(at.issued_day >= since, at.replied_day >= since, at.state != "closed")
    query: sa.Select[Any] = sa.select(*columns).where(at.state.in_(SENT), lasts)
    return connection.execute(query.order_by(at.id)).all()
