"""Figures in the state database."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account, Secrecy
from api.accounts.visibility import visible
from api.platforms.duty.figures.records import FigureRefused, checked
from api.platforms.duty.figures.tables import FIGURE, MARKS
from api.platforms.duty.permission import DutyPermission
from api.procedures.procedure import Given, Row

MOST = 5000


def check_new(connection: Connection, before: Row, given: Given) -> None:
    """Hold a new figure against its form, and against those that stand.

    Raises:
        FigureRefused: a field does not hold, or the figure of this period is there.
    """
    checked(given)
    if same(connection, before, other_than=before["id"]) is not None:
        remedy = "correct the one that is there"
        raise FigureRefused("name", "there", "has a figure of this period", remedy)


def check_corrected(_connection: Connection, _before: Row, given: Given) -> None:
    """Hold other values against their form.

    Raises:
        FigureRefused
    """
    checked(given)


def withdrawn(connection: Connection, before: Row, _given: Given) -> None:
    """The office alone sees it from now on."""
    own = FIGURE.c.id == before["id"]
    connection.execute(sa.update(FIGURE).where(own).values(secrecy=int(Secrecy.RESTRICTED)))


def same(connection: Connection, of: Row, other_than: int = 0) -> Row | None:
    """The published figure of the same indicator and period."""
    at = FIGURE.c
    names = ("topic", "name", "year", "span")
    query = sa.select(FIGURE).where(
        at.state == "published",
        at.id != other_than,
        sa.func.coalesce(at.measure, "") == (of["measure"] or ""),
        *(at[name] == of[name] for name in names),
    )
    found = connection.execute(query).mappings().first()
    return dict(found) if found else None


def published(connection: Connection, account: Account, topic: str) -> Sequence[Row]:
    """Figures of a topic, or of all, that an account sees, the last written first."""
    at = FIGURE.c
    query = sa.select(FIGURE).where(
        at.state == "published", visible(account, DutyPermission.SEE_BRIEFING, MARKS)
    )
    if topic:
        query = query.where(at.topic == topic)
    found = connection.execute(query.order_by(at.id.desc()).limit(MOST)).mappings()
    return [dict(row) for row in found]
