"""Lines of drafts and of the budgets beside them, indicators, audit problems, and points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.permission import Permission
from api.accounts.records import Account
from api.accounts.visibility import visible
from api.imports.standing import standing
from api.platforms.budget.drafts.records import Problem
from api.platforms.budget.drafts.records import Row as Line
from api.platforms.budget.drafts.tables import DRAFT_LINE, MARKS, POINT
from api.platforms.budget.findings.records import ASKED, UNSENT
from api.platforms.budget.findings.tables import FINDING
from api.platforms.budget.findings.tables import MARKS as FINDING_MARKS
from api.platforms.budget.ledger.records import item
from api.platforms.budget.ledger.repository import in_force, of_loads
from api.platforms.budget.permission import BudgetPermission
from api.platforms.budget.tables import INDICATOR, LINE, PROBLEM
from api.procedures.procedure import Row
from budget.ledger import Ledger

NAMES = ("unit", "unit_name", "project", "project_name", "function", "economic", "fund")
MOST_QUESTIONS = 500
_RECTIFIED = ("已整改", "已完成", "整改到位", "已销号", "整改完成")
"""States of audit problems, as offices write them, in which nothing is left to do."""
_Key = tuple[str, str, str, str, str]


def payments(connection: Connection) -> Ledger:
    """Of the loads in force."""
    return of_loads(connection, in_force(connection), NAMES)


def years(connection: Connection) -> list[int]:
    """Those of which there is a draft, the latest first."""
    query = sa.select(DRAFT_LINE.c.year).where(standing(DRAFT_LINE)).distinct()
    return sorted(connection.scalars(query), reverse=True)


def lines(connection: Connection, year: int) -> list[Line]:
    """Lines of the draft of a year, each with the budget of the year before as approved and as
    changed last, and the final account of the year before that. Budgets name no fund: theirs
    stand with the first line of the draft that has the same unit, project and items.
    """
    found: dict[_Key, Line] = {}
    of_key: dict[_Key, _Key] = {}
    for key, of in _drafted(connection, year):
        known = found.get(key)
        found[key] = _added(known, of) if known else of
        of_key.setdefault((*key[:4], ""), key)
    for years_before, fields in ((1, ("approved", "adjusted")), (2, ("final",))):
        for key, of in _budgeted(connection, year - years_before):
            at = of_key.setdefault(key, key)
            base = found.get(at) or replace(of, approved=None, adjusted=None, final=None)
            sums = {
                name: (getattr(base, name) or 0) + value
                for name in fields
                if (value := getattr(of, name)) is not None
            }
            found[at] = replace(base, **sums)
    return [found[key] for key in sorted(found)]


def indicators(connection: Connection, year: int) -> dict[str, int]:
    """Fen by fund that units may spend in a year."""
    at = INDICATOR.c
    fund = sa.func.coalesce(at.fund, "")
    issued = sa.func.substr(at.issued, 1, 4) == str(year)
    of_year = sa.or_(at.year == year, sa.and_(at.year.is_(None), issued))
    query = sa.select(fund, sa.func.sum(at.amount)).where(of_year, standing(INDICATOR))
    return {name: int(fen) for name, fen in connection.execute(query.group_by(fund))}


def problems(connection: Connection, units: dict[str, str]) -> list[Problem]:
    """Problems of the audit that are not rectified, of some units (names by code)."""
    at = PROBLEM.c
    query = sa.select(PROBLEM).where(at.rectified.is_(None), standing(PROBLEM))
    found = []
    for row in connection.execute(query.order_by(at.unit_code, at.year, at.number)):
        done = any((row.state or "").startswith(of) for of in _RECTIFIED)
        if row.unit_code in units and not done:
            name = units[row.unit_code]
            problem = Problem(name, row.year, row.text, row.amount, row.due or "", row.state or "")
            found.append(problem)
    return found


def questions(
    connection: Connection, account: Account, permission: Permission, units: Sequence[str]
) -> list[Row]:
    """Open findings about units, by the name that the treasury writes, as far as an account sees
    them by a permission.
    """
    at = FINDING.c
    seen = visible(account, permission, FINDING_MARKS)
    query = sa.select(FINDING).where(seen, at.state.in_((*UNSENT, *ASKED)))
    query = query.where(at.unit_name.in_(units)).order_by(at.unit_name, at.grade, at.id)
    return [dict(row) for row in connection.execute(query.limit(MOST_QUESTIONS)).mappings()]


def points(connection: Connection, account: Account, year: int) -> list[Row]:
    """Points of the review of a draft that an account sees, the first one first."""
    seen = visible(account, BudgetPermission.REVIEW, MARKS)
    query = sa.select(POINT).where(POINT.c.year == year, seen).order_by(POINT.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def taken_up(connection: Connection, year: int) -> list[Row]:
    """Points that the office took up, whoever wrote them."""
    at = POINT.c
    query = sa.select(POINT).where(at.year == year, at.state == "adopted").order_by(at.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def _drafted(connection: Connection, year: int) -> Iterator[tuple[_Key, Line]]:
    at = DRAFT_LINE.c
    query = sa.select(DRAFT_LINE).where(at.year == year, standing(DRAFT_LINE)).order_by(at.id)
    for row in connection.execute(query).mappings():
        of = replace(_named(row), draft=row["amount"], carried=row["carried"])
        yield _key(of), of


def _budgeted(connection: Connection, year: int) -> Iterator[tuple[_Key, Line]]:
    at = LINE.c
    query = sa.select(LINE).where(at.year == year, standing(LINE)).order_by(at.id)
    for row in connection.execute(query).mappings():
        adjusted = row["approved"] if row["adjusted"] is None else row["adjusted"]
        of = replace(_named(row), approved=row["approved"], adjusted=adjusted, final=row["final"])
        yield _key(of), of


def _named(row: Any) -> Line:
    return Line(
        unit=row["unit_code"],
        unit_name=row["unit"],
        project=row["project_code"] or row["project"] or "",
        project_name=row["project"] or row["project_code"] or "",
        function=row["function"],
        economic=row["economic"],
        fund=row.get("fund") or "",
    )


def _key(of: Line) -> _Key:
    return of.unit, of.project, item(of.function), item(of.economic), of.fund


def _added(known: Line, more: Line) -> Line:
    carried = [of for of in (known.carried, more.carried) if of is not None]
    return replace(
        known,
        draft=(known.draft or 0) + (more.draft or 0),
        carried=sum(carried) if carried else None,
    )
