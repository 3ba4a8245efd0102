"""Questions in the state database."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.accounts.visibility import visible
from api.cases.permission import CasePermission
from api.cases.questions.procedure import PROCEDURE
from api.cases.questions.records import A_PAGE, Asked
from api.cases.tables import QUESTION
from api.procedures.procedure import Row

_AT = QUESTION.c


def listed(connection: Connection, account: Account, asked: Asked) -> tuple[list[Row], int]:
    """A page of the questions that an account sees, the first due first, and how many of all."""
    conditions = list(_conditions(account, asked))
    total = connection.scalar(sa.select(sa.func.count()).select_from(QUESTION).where(*conditions))
    return _rows(connection, conditions, A_PAGE, (asked.page - 1) * A_PAGE), total or 0


def every(connection: Connection, account: Account, asked: Asked, most: int) -> list[Row]:
    """All pages of a question, ``most`` rows at most."""
    return _rows(connection, list(_conditions(account, asked)), most, 0)


def of_case(connection: Connection, account: Account, case_id: int) -> list[Row]:
    """The questions of a case that an account sees, the first due first."""
    conditions = [_seen(account), _AT.case_id == case_id]
    query = sa.select(QUESTION).where(*conditions).order_by(_AT.due_day, _AT.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def _rows(
    connection: Connection, conditions: list[sa.ColumnElement[bool]], most: int, first: int
) -> list[Row]:
    query = sa.select(QUESTION).where(*conditions).order_by(_AT.due_day, _AT.id)
    return [dict(row) for row in connection.execute(query.limit(most).offset(first)).mappings()]


def _seen(account: Account) -> sa.ColumnElement[bool]:
    return visible(account, CasePermission.SEE, PROCEDURE.marks)


def _conditions(account: Account, asked: Asked) -> Iterator[sa.ColumnElement[bool]]:
    yield _seen(account)
    if asked.state:
        yield _AT.state == asked.state
    if asked.unit:
        yield _AT.unit == asked.unit
