"""Texts of suggestions as the search needs them."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Secrecy
from api.platforms.duty.searched.records import Text
from api.platforms.duty.tables import ANSWER, CONTRIBUTION, SUGGESTION
from api.procedures.tables import EVENT

KIND = "suggestion"
MOST_EVENTS = 5000


def texts(connection: Connection, items: Collection[int]) -> list[Text]:
    """Of some suggestions, by id."""
    at = SUGGESTION.c
    columns = (
        *(at.id, at.state, at.title, at.number, at.body),
        *(at.unit, at.secrecy, at.submitted_day),
    )
    answers: dict[int, list[str]] = {}
    replies = sa.select(ANSWER.c.suggestion, ANSWER.c.text).order_by(ANSWER.c.id)
    given = ANSWER.c.suggestion.in_(items)
    for reply in connection.execute(replies.where(given, ~ANSWER.c.withdrawn)):
        answers.setdefault(reply.suggestion, []).append(reply.text)
    units: dict[int, set[str]] = {}
    further = sa.select(CONTRIBUTION.c.suggestion, CONTRIBUTION.c.unit)
    for one in connection.execute(further.where(CONTRIBUTION.c.suggestion.in_(items))):
        units.setdefault(one.suggestion, set()).add(one.unit)
    query = sa.select(*columns).where(at.id.in_(items)).order_by(at.id)
    return [
        Text(
            item=row.id,
            state=row.state,
            title=row.title,
            number=row.number or "",
            body=row.body,
            answers=tuple(answers.get(row.id, ())),
            unit=row.unit,
            concerned=frozenset(units.get(row.id, ())),
            secrecy=Secrecy(row.secrecy),
            day=row.submitted_day,
        )
        for row in connection.execute(query)
    ]


def following(connection: Connection, after: int, most: int) -> list[int]:
    """Ids of suggestions after one, in their order."""
    query = sa.select(SUGGESTION.c.id).where(SUGGESTION.c.id > after)
    return list(connection.scalars(query.order_by(SUGGESTION.c.id).limit(most)))


def changed_since(connection: Connection, since_ms: int) -> list[int]:
    """Ids of suggestions with which something was done since an instant, out of the last
    ``MOST_EVENTS`` of all procedures: their table has no order by time.
    """
    at = EVENT.c
    last = sa.select(sa.func.max(at.id)).scalar_subquery()
    query = sa.select(at.item).where(
        at.id > last - MOST_EVENTS,
        at.platform == "duty",
        at.kind == KIND,
        at.at_ms >= since_ms,
    )
    return sorted({int(of) for of in connection.scalars(query)})
