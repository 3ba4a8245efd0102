"""Ratings in the state database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.deadlines.tables import DEADLINE
from api.platforms.duty import terms
from api.platforms.duty.ratings.records import Rating, Round
from api.platforms.duty.signing import repository as signing
from api.platforms.duty.tables import ANSWER, RATING, SIGNATURE, SUGGESTION
from api.procedures.procedure import Row


@dataclass(frozen=True, slots=True)
class Rated:
    """A reply of a round, by id, and the last rating of each who rated it, by username."""

    answer: int
    round: int
    ratings: Mapping[str, Rating]


def round_of(connection: Connection, row: Row, now_ms: int) -> Round:
    """The ratings of the last reply to a suggestion."""
    signers = signing.signers(connection, "suggestion", row["id"], row["text_hash"])
    found = rounds(connection, row["id"])
    last = next((of.ratings for of in found if of.round == row["round"]), {})
    return Round(row["lead"], signers, last, _over(connection, row["id"], now_ms))


def rounds(connection: Connection, suggestion: int) -> Sequence[Rated]:
    """The replies to a suggestion that stand, the first one first, with their ratings."""
    at, reply = RATING.c, ANSWER.c
    replies = sa.select(reply.id, reply.round).where(
        reply.suggestion == suggestion, ~reply.withdrawn
    )
    known = connection.execute(replies.order_by(reply.round)).all()
    query = sa.select(RATING).where(at.answer.in_([of.id for of in known])).order_by(at.id)
    ratings: dict[int, dict[str, Rating]] = {}
    for one in connection.execute(query):
        ratings.setdefault(one.answer, {})[one.username] = _rating(one)
    return [Rated(of.id, of.round, ratings.get(of.id, {})) for of in known]


def add(connection: Connection, answer: int, rating: Rating) -> None:
    """Keep a rating of a reply: of somebody the last one counts."""
    connection.execute(
        sa.insert(RATING).values(
            answer=answer,
            username=rating.username,
            attitude=rating.attitude,
            outcome=rating.outcome,
            reason=rating.reason,
            asked_by=rating.asked_by,
            signed=rating.signed,
            at_ms=rating.at_ms,
        )
    )


def waiting(connection: Connection) -> Sequence[int]:
    """The suggestions that were answered and wait for ratings, by id."""
    at = SUGGESTION.c
    query = sa.select(at.id).where(at.state == "answered").order_by(at.id)
    return list(connection.execute(query).scalars())


def unrated(connection: Connection, username: str) -> Sequence[Row]:
    """Answered suggestions that somebody signed, does not lead, and has not rated: the lead has a
    term for it.
    """
    at, reply, rating, sign = SUGGESTION.c, ANSWER.c, RATING.c, SIGNATURE.c
    signed = sa.select(sign.item).where(
        sign.kind == "suggestion",
        sign.username == username,
        sign.state == "signed",
        sign.item == at.id,
        sign.text_hash == at.text_hash,
    )
    rated = (
        sa.select(rating.id)
        .join(ANSWER, reply.id == rating.answer)
        .where(
            reply.suggestion == at.id,
            reply.round == at.round,
            ~reply.withdrawn,
            rating.username == username,
        )
    )
    query = sa.select(SUGGESTION).where(
        at.state == "answered", at.lead != username, signed.exists(), ~rated.exists()
    )
    return [dict(row) for row in connection.execute(query.order_by(at.id)).mappings()]


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
    return Rating(
        row.username,
        row.attitude,
        row.outcome,
        row.reason,
        row.signed,
        row.at_ms,
        row.asked_by,
    )
