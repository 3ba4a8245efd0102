"""Descriptions and rows of departments' tables as they stand, control sheets, and the names by
which units and projects are known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.audit import Actor
from api.imports.records import Load
from api.imports.repository import load_of
from api.imports.standing import IN_FORCE, standing
from api.imports.tables import LOAD
from api.kinds.tables import Control
from api.platforms.budget.departments.records.descriptions import (
    FIRST_VERSION,
    Description,
    proposals,
)
from api.platforms.budget.departments.records.questions import Row, Summed
from api.platforms.budget.departments.tables import CONTROL, DESCRIPTION, ROW
from api.platforms.budget.tables import LINE, PROJECT

_COLUMNS = [
    ROW.c[name]
    for name in (
        *("id", "load", "row", "department", "version", "unit", "project", "period", "amount"),
        "cells",
    )
]
_NAMES = 500
"""Names that are asked for at once."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a description. That of the product has no author and was never saved."""

    description: Description
    version: int
    at_ms: int = 0
    who: str = ""
    why: str = ""


def versions(connection: Connection, department: str) -> list[Version]:
    """All versions of a description, the newest first."""
    query = sa.select(DESCRIPTION).where(DESCRIPTION.c.department == department)
    rows = connection.execute(query.order_by(DESCRIPTION.c.version.desc()))
    found = [_version(row) for row in rows]
    if not found or found[-1].version != FIRST_VERSION:
        found.append(Version(proposals()[department], FIRST_VERSION))
    return found


def described(connection: Connection, department: str, version: int) -> Version:
    """A description in a version; 0, or one that is not there: the newest."""
    found = versions(connection, department)
    return next((of for of in found if of.version == version), found[0])


def keep(
    connection: Connection, of: Description, version: int, by: Actor, why: str, at_ms: int
) -> None:
    """Write a version of a description."""
    values = {
        "department": of.department,
        "version": version,
        "content": msgspec.json.encode(of).decode(),
        "at_ms": at_ms,
        "who": by.who,
        "on_behalf": by.on_behalf,
        "why": why,
    }
    connection.execute(sa.insert(DESCRIPTION).values(values))


def keep_first(connection: Connection, department: str, by: Actor, at_ms: int) -> None:
    """Keep the product's proposal as it is now, so that an update cannot change it under rows that
    rest on it; nothing where it is kept already.
    """
    first = DESCRIPTION.c.department == department, DESCRIPTION.c.version == FIRST_VERSION
    if connection.execute(sa.select(DESCRIPTION.c.version).where(*first)).first() is None:
        keep(connection, proposals()[department], FIRST_VERSION, by, "", at_ms)


def rests_any(connection: Connection, kind: str) -> bool:
    """Whether a load of a kind is in force, or about to be."""
    states = ("loading", IN_FORCE)
    query = sa.select(LOAD.c.id).where(LOAD.c.kind == kind, LOAD.c.state.in_(states))
    return connection.execute(query.limit(1)).first() is not None


def summed(connection: Connection, units: Collection[str] = ()) -> dict[str, Summed]:
    """Rows that stand by department, of all units or of some names."""
    query = sa.select(ROW.c.department, sa.func.count(), sa.func.sum(ROW.c.amount))
    query = query.where(standing(ROW), *_of_names(ROW.c.unit, units)).group_by(ROW.c.department)
    return {row[0]: Summed(row[1], int(row[2] or 0)) for row in connection.execute(query)}


def periods(connection: Connection) -> Mapping[str, set[str]]:
    """Days or months of rows that stand, by department."""
    query = sa.select(ROW.c.department, ROW.c.period).where(standing(ROW)).distinct()
    found: dict[str, set[str]] = defaultdict(set)
    for department, period in connection.execute(query):
        found[department].add(period)
    return found


def load(connection: Connection, load_id: int) -> Load:
    """A load."""
    return load_of(connection.execute(sa.select(LOAD).where(LOAD.c.id == load_id)).one())


def last_loads(connection: Connection, kinds: Collection[str]) -> dict[str, Load]:
    """The load of each kind that came into force last and still is."""
    newest = (
        sa.select(sa.func.max(LOAD.c.ordinal))
        .where(LOAD.c.kind.in_(kinds), LOAD.c.state == IN_FORCE)
        .group_by(LOAD.c.kind)
    )
    rows = connection.execute(sa.select(LOAD).where(LOAD.c.ordinal.in_(newest)))
    return {row.kind: load_of(row) for row in rows}


@dataclass(frozen=True, slots=True)
class Chosen:
    """The rows of a department that are asked for. ``words`` are searched in rows that came by one
    of ``versions``; empty tuples: all.
    """

    department: str
    units: Collection[str] = ()
    projects: Collection[str] = ()
    period: str = ""
    words: Sequence[str] = ()
    versions: Collection[int] = ()

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """As a query has them."""
        at = ROW.c
        found = [at.department == self.department, standing(ROW)]
        found += _of_names(at.unit, self.units) + _of_names(at.project, self.projects)
        if self.period:
            found.append(at.period.startswith(self.period, autoescape=True))
        if self.words:
            found.append(at.version.in_(self.versions))
        return found + [at.words.contains(of.casefold(), autoescape=True) for of in self.words]


def counted(connection: Connection, chosen: Chosen) -> Summed:
    """How many rows there are, and their sum."""
    query = sa.select(sa.func.count(), sa.func.sum(ROW.c.amount)).where(*chosen.conditions())
    count, amount = connection.execute(query).one()
    return Summed(count, int(amount or 0))


def rows(connection: Connection, chosen: Chosen, skipped: int, most: int) -> list[Row]:
    """Some of them, those of the newest period first."""
    query = sa.select(*_COLUMNS).where(*chosen.conditions())
    query = query.order_by(ROW.c.period.desc(), ROW.c.id).offset(skipped).limit(most)
    return [_row(row) for row in connection.execute(query).mappings()]


def row(connection: Connection, department: str, row_id: int) -> Row | None:
    """One that stands."""
    own = ROW.c.department == department, ROW.c.id == row_id
    query = sa.select(*_COLUMNS).where(*own, standing(ROW))
    found = connection.execute(query).mappings().first()
    return _row(found) if found else None


def naming(connection: Connection, projects: Collection[str], most: int) -> list[Row]:
    """Rows of all departments that name a project so, the newest period first."""
    query = sa.select(*_COLUMNS).where(ROW.c.project.in_(projects), standing(ROW))
    query = query.order_by(ROW.c.period.desc(), ROW.c.id).limit(most)
    return [_row(row) for row in connection.execute(query).mappings()]


def budgeted_units(connection: Connection) -> list[tuple[str, str]]:
    """Code and name of each unit of the budgets and of the register of projects."""
    found: list[tuple[str, str]] = []
    for table in (LINE, PROJECT):
        query = sa.select(table.c.unit_code, table.c.unit).where(standing(table)).distinct()
        found += [(code or name, name or code) for code, name in connection.execute(query)]
    return found


def registered_projects(connection: Connection) -> list[tuple[str, str, str]]:
    """Code, name and unit's code (or name) of each project of the budgets and the register."""
    of_lines = sa.select(LINE.c.project_code, LINE.c.project, LINE.c.unit_code)
    of_lines = of_lines.where(LINE.c.project_code != "", standing(LINE)).distinct()
    unit = sa.func.coalesce(PROJECT.c.unit_code, PROJECT.c.unit)
    of_register = sa.select(PROJECT.c.code, PROJECT.c.project, unit).where(standing(PROJECT))
    return [
        (code, name or code, unit)
        for query in (of_lines, of_register)
        for code, name, unit in connection.execute(query)
    ]


def controls(
    connection: Connection, tables: Collection[str], months: Collection[str]
) -> list[Control]:
    """Lines of control sheets in force, of tables by the names that sheets give them."""
    at = CONTROL.c
    years = {int(of[:4]) for of in months}
    name = sa.func.coalesce(at["table"], "")
    query = sa.select(at.year, at.month, at.unit_code, at.unit, at["rows"], at.amount).where(
        name.in_(tables), at.year.in_(years), standing(CONTROL)
    )
    found = [
        Control(f"{year:04}-{month:02}", code or unit or "", rows, amount)
        for year, month, code, unit, rows, amount in connection.execute(query)
    ]
    return [of for of in found if of.month in set(months)]


def _of_names(column: sa.Column[Any], names: Iterable[str]) -> list[sa.ColumnElement[bool]]:
    listed = sorted(names)[:_NAMES]
    return [column.in_(listed)] if listed else []


def _version(row: sa.Row[Any]) -> Version:
    description = msgspec.json.decode(row.content, type=Description)
    return Version(description, row.version, row.at_ms, row.who, row.why)


def _row(row: sa.RowMapping) -> Row:
    return Row(**{**row, "cells": msgspec.json.decode(row["cells"])})
