"""Problems of audits as they stand, and rectifications in the state database."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.accounts.visibility import visible
from api.deadlines.records import Standing
from api.deadlines.tables import DEADLINE
from api.imports.standing import standing
from api.platforms.budget.permission import BudgetPermission
from api.platforms.budget.rectification.records import A_PAGE, Asked, Problem
from api.platforms.budget.rectification.tables import MARKS, RECTIFICATION
from api.platforms.budget.tables import PROBLEM
from api.procedures.procedure import Row

REPORT_OF_THE_YEAR = "audit.fix"
"""The rule of the report on rectification to the standing committee (监督法 art. 27)."""
_AT = RECTIFICATION.c
_RANK: tuple[sa.ColumnElement[Any], ...] = (_AT.due_day, _AT.id)
_LIVE = _AT.state != "withdrawn"


def problems(connection: Connection, numbers: Collection[str] | None = None) -> list[Problem]:
    """Problems that stand, by year and number; all, or those of some numbers."""
    query = sa.select(PROBLEM).where(standing(PROBLEM))
    if numbers is not None:
        query = query.where(PROBLEM.c.number.in_(numbers))
    query = query.order_by(PROBLEM.c.year, PROBLEM.c.number)
    return [_problem(row) for row in connection.execute(query)]


def opened(connection: Connection) -> dict[str, tuple[int, int, bool]]:
    """The newest rectification of each problem by its number: id, edition, and whether it was not
    taken back.
    """
    query = sa.select(_AT.number, _AT.id, _AT.edition, _AT.state).order_by(_AT.edition)
    return {
        row.number: (row.id, row.edition, row.state != "withdrawn")
        for row in connection.execute(query)
    }


def unopened(connection: Connection) -> list[Problem]:
    """Problems that stand and that nobody was asked to put right."""
    return without_live(connection, problems(connection))


def without_live(connection: Connection, known: Sequence[Problem]) -> list[Problem]:
    """Of some problems those that nobody was asked to put right."""
    live = {of for of, (_, _, stands) in opened(connection).items() if stands}
    return [of for of in known if of.number not in live]


def named_units(connection: Connection) -> dict[str, str]:
    """Ids of the register by the codes of units, as the office gave them last."""
    query = sa.select(_AT.unit_code, _AT.unit).where(_LIVE, _AT.unit_code != "")
    return {row[0]: row[1] for row in connection.execute(query.order_by(_AT.id))}


def years(connection: Connection, account: Account) -> list[int]:
    """Of the rectifications that an account sees."""
    query = sa.select(_AT.year).where(_seen(account)).distinct()
    return list(connection.scalars(query))


def units(connection: Connection, account: Account) -> list[str]:
    """Of the rectifications that an account sees."""
    return list(connection.scalars(sa.select(_AT.unit).where(_seen(account)).distinct()))


def listed(
    connection: Connection, account: Account, asked: Asked, year: int, today: str
) -> list[Row]:
    """A page of rectifications that an account sees, the first due first."""
    query = sa.select(RECTIFICATION).where(*_conditions(account, asked, year, today))
    query = query.order_by(*_RANK).limit(A_PAGE).offset((asked.page - 1) * A_PAGE)
    return [dict(row) for row in connection.execute(query).mappings()]


def every(
    connection: Connection, account: Account, asked: Asked, year: int, today: str, most: int
) -> list[Row]:
    """All pages of a question, ``most`` rows at most."""
    query = sa.select(RECTIFICATION).where(*_conditions(account, asked, year, today))
    return [dict(row) for row in connection.execute(query.order_by(*_RANK).limit(most)).mappings()]


def count(connection: Connection, account: Account, asked: Asked, year: int, today: str) -> int:
    """How many rectifications a question has on all pages."""
    query = sa.select(sa.func.count()).select_from(RECTIFICATION)
    return connection.scalar(query.where(*_conditions(account, asked, year, today))) or 0


def counted(connection: Connection, account: Account, year: int) -> Sequence[Row]:
    """The figures of a year's rectifications that were not taken back."""
    columns = (_AT.unit, _AT.state, _AT.due_day, _AT.amount, _AT.put_right)
    query = sa.select(*columns).where(_seen(account), _LIVE, _AT.year == year)
    return [dict(row) for row in connection.execute(query).mappings()]


def report_due(connection: Connection) -> date | None:
    """Until when the report on rectification is due that was reckoned last; None: no day is known
    on which the audit's report was heard.
    """
    at = DEADLINE.c
    query = sa.select(at.due_day).where(
        at.platform == "budget", at.rule == REPORT_OF_THE_YEAR, at.state != Standing.CANCELLED
    )
    found = connection.scalar(query.order_by(at.id.desc()).limit(1))
    return date.fromisoformat(found) if found else None


def _seen(account: Account) -> sa.ColumnElement[bool]:
    return visible(account, BudgetPermission.SEE_FINDINGS, MARKS)


def _conditions(
    account: Account, asked: Asked, year: int, today: str
) -> Iterator[sa.ColumnElement[bool]]:
    yield _seen(account)
    yield _AT.year == year
    for column, value in ((_AT.unit, asked.unit), (_AT.state, asked.state), (_AT.way, asked.way)):
        if value:
            yield column == value
    if asked.late:
        yield _AT.state == "open"
        yield _AT.due_day < date.fromisoformat(today)


def _problem(row: sa.Row[Any]) -> Problem:
    return Problem(
        number=row.number,
        year=row.year or 0,
        unit_code=row.unit_code or "",
        category=row.category or "",
        text=row.text,
        amount=row.amount,
        due=row.due or "",
        state=row.state or "",
        rectified=row.rectified or "",
        load=row.load,
    )
