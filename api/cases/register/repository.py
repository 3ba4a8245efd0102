"""Lists of cases in the state database."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account, Secrecy
from api.accounts.visibility import visible
from api.cases.permission import CasePermission
from api.cases.records import RUNNING
from api.cases.register.records import A_PAGE, Asked, Listed
from api.cases.tables import CASE, MARKS, secrecy_of
from api.procedures.procedure import Row

_AT = CASE.c


def listed(connection: Connection, account: Account, asked: Asked) -> Listed:
    """A page of the cases that an account sees, the newest first."""
    conditions = list(_conditions(account, asked))
    total = connection.scalar(sa.select(sa.func.count()).select_from(CASE).where(*conditions))
    return Listed(_rows(connection, conditions, A_PAGE, (asked.page - 1) * A_PAGE), total or 0)


def every(connection: Connection, account: Account, asked: Asked, most: int) -> list[Row]:
    """All pages of a question, ``most`` rows at most."""
    return _rows(connection, list(_conditions(account, asked)), most, 0)


def newest(connection: Connection, account: Account, most: Secrecy) -> tuple[Row | None, int]:
    """Of the cases that run and that an account sees the newest that is no more secret than
    ``most``; and how many are more secret.
    """
    known = secrecy_of(_AT.id) <= int(most)
    seen = visible(account, CasePermission.SEE, MARKS), _AT.state.in_(RUNNING)
    found = _rows(connection, [*seen, known], 1, 0)
    query = sa.select(sa.func.count()).select_from(CASE)
    hidden = connection.scalar(query.where(*seen, ~known))
    return (found[0] if found else None), hidden or 0


def _rows(
    connection: Connection, conditions: list[sa.ColumnElement[bool]], most: int, first: int
) -> list[Row]:
    query = sa.select(CASE).where(*conditions).order_by(_AT.id.desc())
    return [dict(row) for row in connection.execute(query.limit(most).offset(first)).mappings()]


def _conditions(account: Account, asked: Asked) -> Iterator[sa.ColumnElement[bool]]:
    yield visible(account, CasePermission.SEE, MARKS)
    if asked.state:
        yield _AT.state == asked.state
    if asked.means:
        yield _AT.means == asked.means
    if asked.q:
        yield sa.or_(*(of.contains(asked.q, autoescape=True) for of in (_AT.title, _AT.matter)))
