"""Normative documents and points of reviews of some days, as somebody may see them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.accounts.visibility import visible
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.reviews.tables import POINT, POINT_MARKS, REVIEW
from api.platforms.documents.series.records import Raised, Text
from api.platforms.documents.texts.tables import TEXT

MOST = 20_000


def published(connection: Connection, first: date, last: date) -> Sequence[Text]:
    """Documents on file that were published from a day to another: whoever may see any sees
    them all.
    """
    at = TEXT.c
    query = sa.select(at.id, at.title, at.published, at.unit)
    query = query.where(at.published.between(first.isoformat(), last.isoformat()))
    return [Text(*row) for row in connection.execute(query.order_by(at.id).limit(MOST))]


def in_force(connection: Connection, day: date) -> Sequence[Text]:
    """Documents on file that hold on a day, each with the day from which it does, where somebody
    wrote one, else with that of its publication.
    """
    at, on = TEXT.c, day.isoformat()
    since = sa.func.coalesce(at.in_force, at.published, on)
    query = sa.select(at.id, at.title, since, at.unit).where(
        since <= on,
        sa.func.coalesce(at.valid_until, on) >= on,
        sa.or_(at.repealed.is_(None), at.repealed > on),
    )
    return [Text(*row) for row in connection.execute(query.order_by(at.id).limit(MOST))]


def raised(connection: Connection, account: Account, first: date, last: date) -> Sequence[Raised]:
    """Points of reviews that were opened from a day to another; not those that were dropped."""
    at = POINT.c
    query = (
        sa.select(at.id, at.title, REVIEW.c.opened_day, at.unit)
        .join(REVIEW, REVIEW.c.id == at.review)
        .where(
            *(REVIEW.c.opened_day.between(first, last), at.state != "dropped"),
            visible(account, DocumentsPermission.SEE, POINT_MARKS),
        )
    )
    return [Raised(*row) for row in connection.execute(query.order_by(at.id).limit(MOST))]
