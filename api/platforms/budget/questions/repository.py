"""Saved questions in the state database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.platforms.budget.questions.records import SHARED, Kept, Question, proposed, written
from api.platforms.budget.questions.tables import BEGUN, QUESTION

_AT = QUESTION.c


def kept(connection: Connection, username: str) -> Kept:
    """A person's own ones, and those of everybody."""
    own = tuple(_of(connection, username)) if username else ()
    begun = connection.scalar(sa.select(BEGUN.c.id))
    return Kept(own, tuple(_of(connection, SHARED)) if begun else proposed())


def begin(connection: Connection, username: str, at_ms: int) -> None:
    """Make rows of those that the product proposes, once: from now on the office changes them."""
    if connection.scalar(sa.select(BEGUN.c.id)):
        return
    connection.execute(sa.insert(BEGUN).values(id=1, at_ms=at_ms))
    for of in proposed():
        add(connection, of, username, at_ms)


def add(connection: Connection, of: Question, username: str, at_ms: int) -> int:
    """Write a question behind the others of its owner; its number."""
    last = sa.select(sa.func.coalesce(sa.func.max(_AT.position), 0)).where(_AT.owner == of.owner)
    values = {
        "owner": of.owner,
        "name": of.name,
        "proposed": of.proposed,
        "page": of.page,
        "asked": written(of.asked),
        "position": (connection.scalar(last) or 0) + 1,
        "made_by": username,
        "made_ms": at_ms,
    }
    made = connection.execute(sa.insert(QUESTION).values(values))
    (number,) = made.inserted_primary_key or (0,)
    return int(number)


def rename(connection: Connection, number: int, name: str) -> None:
    """Write another name."""
    connection.execute(sa.update(QUESTION).where(_AT.id == number).values(name=name))


def remove(connection: Connection, number: int) -> None:
    """Take a question away."""
    connection.execute(sa.delete(QUESTION).where(_AT.id == number))


def put_in_order(connection: Connection, numbers: Sequence[int]) -> None:
    """Write the order of an owner's questions."""
    for position, number in enumerate(numbers, 1):
        query = sa.update(QUESTION).where(_AT.id == number)
        connection.execute(query.values(position=position))


def _of(connection: Connection, owner: str) -> Sequence[Question]:
    query = sa.select(QUESTION).where(_AT.owner == owner).order_by(_AT.position, _AT.id)
    return [_question(dict(row)) for row in connection.execute(query).mappings()]


def _question(row: Mapping[str, Any]) -> Question:
    asked = msgspec.json.decode(row["asked"], type=dict[str, Any])
    return Question(str(row["id"]), row["owner"], row["name"], row["proposed"], row["page"], asked)
