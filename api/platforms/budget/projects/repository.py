"""Projects, budgets, money and changes as they stand in the loads in force."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.imports.standing import standing
from api.imports.tables import LOAD
from api.platforms.budget.projects.records import (
    Adjustment,
    Budget,
    Origin,
    Registered,
    Source,
    said_yes,
    stations,
)
from api.platforms.budget.tables import ADJUSTMENT, INDICATOR, LINE, PAYMENT, PROJECT

_IDS = 500
"""Payments whose loads are asked for at once."""
_ADJUSTED = sa.func.sum(sa.func.coalesce(LINE.c.adjusted, LINE.c.approved))
_SUMS = (sa.func.sum(LINE.c.approved), _ADJUSTED, sa.func.sum(LINE.c.final))
_NAMED = (
    LINE.c.project_code,
    sa.func.max(LINE.c.project),
    sa.func.max(LINE.c.unit_code),
    sa.func.max(LINE.c.unit),
)
"""A project as lines of the budget name it."""


def registered(connection: Connection, code: str = "") -> dict[str, Registered]:
    """The register of projects, or one of them, by code."""
    query = sa.select(PROJECT).where(standing(PROJECT))
    if code:
        query = query.where(PROJECT.c.code == code)
    rows = connection.execute(query).mappings()
    return {
        row["code"]: Registered(
            code=row["code"],
            name=row["project"],
            unit=row["unit_code"] or row["unit"] or "",
            unit_name=row["unit"] or row["unit_code"] or "",
            begins=row["begins"],
            ends=row["ends"],
            environmental=said_yes(row["environmental"]),
            stations=stations(row["stations"]),
        )
        for row in rows
    }


def budgeted(connection: Connection, year: int) -> dict[str, tuple[Registered, Budget]]:
    """Projects in the budgets of a year, by code."""
    query = sa.select(*_NAMED, *_SUMS).where(
        LINE.c.year == year, LINE.c.project_code != "", standing(LINE)
    )
    rows = connection.execute(query.group_by(LINE.c.project_code)).all()
    return {row[0]: (_named(row), _budget(row[4:])) for row in rows}


def named_in_budget(connection: Connection, code: str) -> Registered | None:
    """A project as the budget names it."""
    query = sa.select(*_NAMED).where(LINE.c.project_code == code, standing(LINE))
    row = connection.execute(query.group_by(LINE.c.project_code)).first()
    return _named(row) if row else None


def years(connection: Connection) -> list[int]:
    """Those of which there are budgets."""
    return list(connection.scalars(sa.select(LINE.c.year).where(standing(LINE)).distinct()))


def budgets(connection: Connection, code: str) -> dict[int, Budget]:
    """The budget of a project by year."""
    return _by_year(connection, LINE.c.project_code == code)


def unit_budgets(connection: Connection, unit: str) -> dict[int, Budget]:
    """A unit's whole budget by year."""
    return _by_year(connection, LINE.c.unit_code == unit)


def sources(connection: Connection, code: str) -> tuple[Source, ...]:
    """A project's money by year and where it comes from, the latest first."""
    at = INDICATOR.c
    issued = sa.cast(sa.func.substr(at.issued, 1, 4), sa.BigInteger)
    year, source = sa.func.coalesce(at.year, issued), sa.func.coalesce(at.source, "")
    kinds = sa.select(year.label("year"), source.label("source"), at.amount)
    money = kinds.where(at.project_code == code, standing(INDICATOR)).subquery()
    query = sa.select(
        money.c.year, money.c.source, sa.func.sum(money.c.amount), sa.func.count()
    ).group_by(money.c.year, money.c.source)
    found = [Source(row[0], row[1], int(row[2]), row[3]) for row in connection.execute(query)]
    return tuple(sorted(found, key=lambda of: (-of.year, -of.amount, of.source)))


def adjustments(connection: Connection, code: str) -> tuple[Adjustment, ...]:
    """Changes of a project's budget, the latest first."""
    at = ADJUSTMENT.c
    query = sa.select(at.decided, at.change, at.amount, sa.func.coalesce(at.document, ""))
    query = query.where(at.project_code == code, standing(ADJUSTMENT))
    rows = connection.execute(query.order_by(at.decided.desc(), at.id.desc()))
    return tuple(Adjustment(*row) for row in rows)


def origins(connection: Connection, code: str, payments: Sequence[int]) -> tuple[Origin, ...]:
    """Loads in force with rows of a project, and with these payments."""
    loads: set[int] = set()
    for table in (LINE, INDICATOR, ADJUSTMENT):
        query = sa.select(table.c.load).where(table.c.project_code == code, standing(table))
        loads |= set(connection.scalars(query.distinct()))
    query = sa.select(PROJECT.c.load).where(PROJECT.c.code == code, standing(PROJECT))
    loads |= set(connection.scalars(query))
    for begin in range(0, len(payments), _IDS):
        some = payments[begin : begin + _IDS]
        query = sa.select(PAYMENT.c.load).where(PAYMENT.c.id.in_(some)).distinct()
        loads |= set(connection.scalars(query))
    kinds = sa.select(LOAD.c.id, LOAD.c.kind).where(LOAD.c.id.in_(loads)).order_by(LOAD.c.id)
    return tuple(Origin(*row) for row in connection.execute(kinds))


def _by_year(connection: Connection, of: sa.ColumnElement[bool]) -> dict[int, Budget]:
    query = sa.select(LINE.c.year, *_SUMS).where(of, standing(LINE)).group_by(LINE.c.year)
    return {row[0]: _budget(row[1:]) for row in connection.execute(query)}


def _named(row: Sequence[Any]) -> Registered:
    code, name, unit_code, unit = row[:4]
    return Registered(code, name or code, unit_code or unit, unit or unit_code)


def _budget(sums: Sequence[Any]) -> Budget:
    approved, adjusted, final = sums
    return Budget(int(approved), int(adjusted), None if final is None else int(final))
