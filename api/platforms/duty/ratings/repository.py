"""Ratings in the state database."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.deadlines.tables import DEADLINE
from api.platforms.duty import terms
from api.platforms.duty.ratings.records import Rating, Round
from api.platforms.duty.signing import repository as signing
from api.platforms.duty.tables import ANSWER, RATING
from api.procedures.procedure import Row


def round_of(connection: Connection, row: Row, now_ms: int) -> Round:
    """The ratings of the last reply to a suggestion."""
    signers = signing.signers(connection, "suggestion", row["id"], row["text_hash"])
    at, reply = RATING.c, ANSWER.c
    query = sa.select(RATING).join(ANSWER, reply.id == at.answer)
    query = query.where(
        reply.suggestion == row["id"], reply.round == row["round"], ~reply.withdrawn
    )
    found = [_rating(one) for one in connection.execute(query.order_by(at.id))]
    ratings = {of.username: of for of in found}
    return Round(row["lead"], signers, ratings, _over(connection, row["id"], now_ms))


def _over(connection: Connection, suggestion: int, now_ms: int) -> bool:
    """Whether the last window for ratings of a suggestion is over by its date."""
    at = DEADLINE.c
    query = sa.select(at.due_ms).where(
        at.platform == "duty",
        at.kind == "suggestion",
        at.subject == str(suggestion),
        at.rule == terms.RATE,
    )
    due_ms = connection.execute(query.order_by(at.id.desc()).limit(1)).scalar()
    return due_ms is not None and due_ms < now_ms


def _rating(row: sa.Row[Any]) -> Rating:
    return Rating(row.username, row.attitude, row.outcome, row.reason, row.signed, row.at_ms)
