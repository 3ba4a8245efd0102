"""Procuratorial advice in the state database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.accounts.visibility import visible
from api.deadlines.kept import rows
from api.deadlines.records import OPEN, Deadline
from api.deadlines.tables import DEADLINE
from api.platforms.judicial.advice.records import A_PAGE, COUNTED, KIND, SENT, Asked, Counted
from api.platforms.judicial.advice.tables import ADVICE, MARKS
from api.platforms.judicial.permission import JudicialPermission
from api.procedures.procedure import Row

_AT = ADVICE.c


def listed(
    connection: Connection, account: Account, asked: Asked, most: int = A_PAGE + 1
) -> Sequence[Row]:
    """Advice that an account sees, the newest first, from the page that was asked for on."""
    query = sa.select(ADVICE).where(*_conditions(account, asked)).order_by(_AT.id.desc())
    found = connection.execute(query.limit(most).offset((asked.page - 1) * A_PAGE)).mappings()
    return [dict(row) for row in found]


def count(connection: Connection, account: Account, asked: Asked) -> int:
    """How much advice answers a question."""
    query = sa.select(sa.func.count()).select_from(ADVICE).where(*_conditions(account, asked))
    return connection.scalar(query) or 0


def counts(connection: Connection, account: Account) -> Mapping[str, Mapping[Counted, int]]:
    """All that an account sees, by topic and column."""
    columns = [sa.func.sum(sa.case((_counted(name), 1), else_=0)).label(name) for name in COUNTED]
    query = sa.select(_AT.topic, *columns).where(_seen(account)).group_by(_AT.topic)
    found = connection.execute(query).mappings()
    return {row["topic"]: {name: int(row[name]) for name in COUNTED} for row in found}


def addressees(connection: Connection, account: Account) -> frozenset[str]:
    """Everybody to whom advice was sent that an account sees, by id."""
    query = sa.select(_AT.addressee).where(_seen(account)).distinct()
    return frozenset(connection.scalars(query))


def open_terms(connection: Connection, ids: Collection[int]) -> Mapping[int, Deadline]:
    """The term that runs for each of some advice."""
    at = DEADLINE.c
    query = sa.select(DEADLINE).where(
        at.platform == "judicial",
        at.kind == KIND,
        at.subject.in_([str(of) for of in ids]),
        at.state.in_(OPEN),
    )
    return {int(row.subject): rows.deadline_of(row) for row in connection.execute(query)}


def put_into_hands(connection: Connection, advice: int, unit: str) -> None:
    """Hand it to a unit, whose turn it is, in the transaction of a step."""
    connection.execute(sa.update(ADVICE).where(_AT.id == advice).values(unit=unit))


def _counted(name: Counted) -> sa.ColumnElement[bool]:
    if name == "all":
        return _AT.state.in_(SENT)
    if name == "sent":
        return _AT.state == "sent"
    if name == "replied":
        return _AT.state.in_(("replied", "checked"))
    return sa.and_(_AT.state == "closed", _AT.effect == name)


def _seen(account: Account) -> sa.ColumnElement[bool]:
    return visible(account, JudicialPermission.SEE, MARKS)


def _conditions(account: Account, asked: Asked) -> list[sa.ColumnElement[bool]]:
    found = [_seen(account)]
    if asked.show:
        found.append(_counted(asked.show))
    if asked.topic:
        found.append(_AT.topic == asked.topic)
    if asked.addressee:
        found.append(_AT.addressee == asked.addressee)
    if asked.q:
        found.append(_AT.title.contains(asked.q, autoescape=True))
    return found
