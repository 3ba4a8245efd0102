"""Looks sign-ins up: one condition for list, count and export."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

import sqlalchemy as sa

from api.accounts.visibility import Usernames
from api.administration.sign_ins.records import WELL, Asked, SignIn
from api.tables import SIGN_IN
from ingest.state.database import State

ROWS_A_SLICE = 1000
_COLUMNS = tuple(SIGN_IN.c[field.name] for field in fields(SignIn))


def search(
    state: State, asked: Asked, people: Usernames | None, *, before: int, most: int
) -> list[SignIn]:
    """Sign-ins that are asked for, the newest first; ``people`` are those whose may be seen, None:
    everybody's; ``before`` is the last that was seen.
    """
    query = sa.select(*_COLUMNS).where(*_conditions(asked, people))
    if before:
        query = query.where(SIGN_IN.c.id < before)
    with state.read() as connection:
        found = connection.execute(query.order_by(SIGN_IN.c.id.desc()).limit(most))
        return [SignIn(*row) for row in found]


def slices(state: State, asked: Asked, people: Usernames | None) -> Iterator[list[SignIn]]:
    """All of them, some at a time."""
    before = 0
    while found := search(state, asked, people, before=before, most=ROWS_A_SLICE):
        yield found
        before = found[-1].id


def count(state: State, asked: Asked, people: Usernames | None) -> int:
    """How many there are."""
    query = sa.select(sa.func.count()).select_from(SIGN_IN).where(*_conditions(asked, people))
    with state.read() as connection:
        return connection.scalar(query) or 0


def _conditions(asked: Asked, people: Usernames | None) -> Iterator[sa.ColumnElement[bool]]:
    row = SIGN_IN.c
    if people is not None:
        yield row.username.in_(people)
    if asked.q:
        columns = (row.username, row.address)
        yield sa.or_(*(of.icontains(asked.q, autoescape=True) for of in columns))
    if asked.username:
        yield row.username == asked.username
    if asked.address:
        yield row.address == asked.address
    if asked.outcome == "refused":
        yield row.outcome.not_in(WELL)
    elif asked.outcome:
        yield row.outcome == asked.outcome
    if asked.from_ms is not None:
        yield row.at_ms >= asked.from_ms
    if asked.until_ms is not None:
        yield row.at_ms < asked.until_ms
