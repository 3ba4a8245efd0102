"""Suggestions as they are compared, and what became of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.accounts.visibility import visible
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.similarity.records import Written
from api.platforms.duty.tables import ANSWER, MARKS, PROMISE, SUGGESTION

COMPARED = 20_000
"""The newest ones; a district has some 350 a year."""
UNSENT = ("draft", "discarded", "retracted")
_ASSIGNED = ("handling", "answered", "again", "conferring", "closed")
"""A unit signed for it: it is the right one as far as anybody knows."""
_UNIT = sa.case((SUGGESTION.c.state.in_(_ASSIGNED), SUGGESTION.c.unit))


def marks(connection: Connection) -> Mapping[int, tuple[Any, ...]]:
    """Of each suggestion that others are compared with, the newest first, what changes when it is
    to be compared anew.
    """
    at = SUGGESTION.c
    query = sa.select(at.id, at.text_hash, at.town, at.topic, _UNIT).where(at.state.not_in(UNSENT))
    rows = connection.execute(query.order_by(at.id.desc()).limit(COMPARED))
    return {row[0]: tuple(row[1:]) for row in rows}


def written(connection: Connection, ids: Collection[int]) -> Sequence[Written]:
    """Suggestions as they are compared."""
    at = SUGGESTION.c
    query = sa.select(at.id, at.title, at.body, at.town, at.topic, _UNIT).where(at.id.in_(ids))
    return [Written(*row) for row in connection.execute(query)]


def seen(
    connection: Connection, account: Account, ids: Collection[int]
) -> Mapping[int, Mapping[str, Any]]:
    """Of some suggestions that were submitted those that an account may see, by id."""
    at, condition = SUGGESTION.c, visible(account, DutyPermission.SEE, MARKS)
    query = sa.select(SUGGESTION).where(at.id.in_(ids), at.state.not_in(UNSENT), condition)
    return {row["id"]: dict(row) for row in connection.execute(query).mappings()}


def replies(connection: Connection, ids: Collection[int]) -> Mapping[int, str]:
    """The text of the last reply to each of some suggestions."""
    at = ANSWER.c
    query = sa.select(at.suggestion, at.text).where(at.suggestion.in_(ids), ~at.withdrawn)
    return {row.suggestion: row.text for row in connection.execute(query.order_by(at.round))}


def promises(connection: Connection, ids: Collection[int]) -> Mapping[int, Sequence[str]]:
    """The states of the promises of each of some suggestions."""
    at = PROMISE.c
    query = sa.select(at.suggestion, at.state).where(at.suggestion.in_(ids), at.state != "void")
    query = query.order_by(at.id)
    found: dict[int, list[str]] = {}
    for suggestion, state in connection.execute(query):
        found.setdefault(suggestion, []).append(state)
    return found
