"""Reads everything that stands into books: slice by slice, so that nobody waits for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.imports.standing import standing
from api.platforms.budget import tables
from api.platforms.budget.disclosure import repository as disclosure
from api.platforms.budget.ledger.records import (
    DEPARTMENT_DIGITS,
    Narrowing,
    day_number,
    item,
    names,
    narrowed,
)
from api.platforms.budget.ledger.repository import whole
from budget.detection.books import (
    MISSING,
    NO_DAY,
    Adjustment,
    Asset,
    AuditProblem,
    Books,
    BudgetLine,
    Contract,
    Debt,
    Indicator,
    Payments,
    SpendingLimit,
    Texts,
)
from budget.ledger import Ledger, Mask
from ingest.state.database import State

ROWS_READ = 20_000
COLUMNS = tuple(of.name for of in fields(Payments) if of.name not in ("ids", "cents", "days"))
CODED = ("economic", "function")
"""Columns of which the code alone is kept."""


def books(state: State, *, period: str = "") -> Books:
    """The payments that stand, of a year or month or all, and all tables beside them."""
    ledger = whole(state)
    mask = narrowed(ledger, Narrowing(period=period))
    units = names(ledger, "unit")
    lines = _rows(state, tables.LINE)
    indicators = _rows(state, tables.INDICATOR)
    for row in (*lines, *indicators):
        units.setdefault(_unit(row), row["unit"])
    return Books(
        payments=_payments(ledger, mask),
        indicators=tuple(map(_indicator, indicators)),
        adjustments=tuple(map(_adjustment, _rows(state, tables.ADJUSTMENT))),
        lines=tuple(map(_line, lines)),
        limits=tuple(map(_limit, _rows(state, tables.LIMIT))),
        assets=tuple(map(_asset, _rows(state, tables.ASSET))),
        problems=problems(state),
        contracts=tuple(map(_contract, _rows(state, tables.CONTRACT))),
        debts=debts(state),
        published=disclosure.published(state),
        units=units,
        projects=names(ledger, "project"),
        superiors=_superiors(units),
    )


def of_year(state: State, year: int) -> Books:
    """The payments of a year that stand, the budget lines, and the indicators that say of which
    fund a project is: what published figures are held against.
    """
    ledger = whole(state)
    units, lines = names(ledger, "unit"), _rows(state, tables.LINE)
    for row in lines:
        units.setdefault(_unit(row), row["unit"])
    return Books(
        payments=_payments(ledger, narrowed(ledger, Narrowing(period=str(year)))),
        indicators=tuple(map(_indicator, _rows(state, tables.INDICATOR))),
        lines=tuple(map(_line, lines)),
        units=units,
        superiors=_superiors(units),
    )


def years(state: State) -> list[str]:
    """Years of which payments stand, the latest first."""
    days = whole(state, ()).days
    return [str(day) for day in np.unique(days.astype("datetime64[D]").astype("datetime64[Y]"))][
        ::-1
    ]


def problems(state: State) -> tuple[AuditProblem, ...]:
    """The problems of audits that stand, alone."""
    return tuple(map(_problem, _rows(state, tables.PROBLEM)))


def debts(state: State) -> tuple[Debt, ...]:
    """Government debt that stands, alone."""
    return tuple(map(_debt, _rows(state, tables.DEBT)))


def names_of_units(connection: Connection) -> dict[str, str]:
    """Names by the codes of units, as budgets and indicators have them."""
    found: dict[str, str] = {}
    for table in (tables.INDICATOR, tables.LINE):
        query = sa.select(table.c.unit_code, sa.func.max(table.c.unit)).where(standing(table))
        found |= {row[0]: row[1] for row in connection.execute(query.group_by(table.c.unit_code))}
    return {code: name for code, name in found.items() if code and name}


def _payments(ledger: Ledger, mask: Mask) -> Payments:
    columns = {}
    for name in COLUMNS:
        column = ledger.texts[name]
        chosen = Texts(column.codes[mask], column.values)
        columns[name] = _codes_alone(chosen) if name in CODED else chosen
    return Payments(
        ids=ledger.ids[mask], cents=ledger.cents[mask], days=ledger.days[mask], **columns
    )


def _codes_alone(column: Texts) -> Texts:
    """The codes before the names of items; of a text without one the text."""
    coded: dict[str, int] = {}
    of_text = [coded.setdefault(item(text), len(coded)) for text in column.values]
    numbers = np.array([*of_text, MISSING], dtype=np.int32)
    return Texts(numbers[column.codes], tuple(coded))


def _rows(state: State, table: sa.Table) -> list[Mapping[str, Any]]:
    query = sa.select(table).where(standing(table)).order_by(table.c.id).limit(ROWS_READ)
    found: list[Mapping[str, Any]] = []
    while True:
        last = found[-1]["id"] if found else 0
        with state.read() as connection:
            some = connection.execute(query.where(table.c.id > last)).mappings().all()
        found += [dict(row) for row in some]
        if len(some) < ROWS_READ:
            return found


def _unit(row: Mapping[str, Any]) -> str:
    return row["unit_code"] or row.get("unit") or ""


def _project(row: Mapping[str, Any]) -> str:
    return row["project_code"] or row.get("project") or ""


def _item(text: str | None) -> str:
    return item(text or "")


def _day(text: str | None) -> int:
    return day_number(text) if text else NO_DAY


def _indicator(row: Mapping[str, Any]) -> Indicator:
    return Indicator(
        id=row["number"],
        year=row["year"] or int(row["issued"][:4]),
        unit=_unit(row),
        project=_project(row),
        function=_item(row["function"]),
        economic=_item(row["economic"]),
        fund=row["fund"] or "",
        cents=row["amount"],
        day=_day(row["issued"]),
        source=row["source"] or "",
    )


def _adjustment(row: Mapping[str, Any]) -> Adjustment:
    return Adjustment(
        id=row["number"],
        year=row["year"] or int(row["decided"][:4]),
        unit=_unit(row),
        project=_project(row),
        economic=_item(row["economic"]),
        cents=row["amount"],
        day=_day(row["decided"]),
        kind=row["change"],
    )


def _line(row: Mapping[str, Any]) -> BudgetLine:
    return BudgetLine(
        year=row["year"],
        unit=_unit(row),
        project=_project(row),
        function=_item(row["function"]),
        economic=_item(row["economic"]),
        basic=row["part"] == "基本支出" if row["part"] else not _project(row),
        approved_cents=row["approved"],
        adjusted_cents=row["approved"] if row["adjusted"] is None else row["adjusted"],
        final_cents=row["final"],
    )


def _limit(row: Mapping[str, Any]) -> SpendingLimit:
    return SpendingLimit(
        year=row["year"],
        unit=_unit(row),
        approved_cents=row["approved"],
        adjusted_cents=row["approved"] if row["adjusted"] is None else row["adjusted"],
        last_cents=row["last"],
        requirement=row["requirement"] or "",
    )


def _asset(row: Mapping[str, Any]) -> Asset:
    return Asset(
        id=row["number"],
        unit=_unit(row),
        name=row["name"],
        day=_day(row["bought"]),
        cents=row["value"],
        voucher=row["voucher"] or "",
    )


def _problem(row: Mapping[str, Any]) -> AuditProblem:
    return AuditProblem(
        id=row["number"],
        year=row["year"] or 0,
        unit=_unit(row),
        kind=row["category"] or "",
        text=row["text"],
        cents=row["amount"] or 0,
    )


def _contract(row: Mapping[str, Any]) -> Contract:
    return Contract(
        id=row["number"],
        unit=_unit(row),
        supplier=row["supplier"],
        name=row["name"] or "",
        cents=row["amount"],
        day=_day(row["signed"]),
        way=row["way"] or "",
    )


def _debt(row: Mapping[str, Any]) -> Debt:
    return Debt(
        year=row["year"],
        kind=row["kind"],
        project=row["project_code"] or "",
        name=row["project"] or "",
        limit_cents=row["limit"],
        beginning_cents=row["beginning"],
        issued_cents=row["issued"],
        repaid_cents=row["repaid"],
        interest_cents=row["interest"] or 0,
        end_cents=row["ending"],
    )


def _superiors(units: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for code in units:
        department = code[:DEPARTMENT_DIGITS]
        if code.isdigit() and len(code) > DEPARTMENT_DIGITS and _head(department, units) != code:
            found[code] = _head(department, units)
    return {unit: head for unit, head in found.items() if head}


def _head(department: str, units: Mapping[str, str]) -> str:
    """The code of the department itself, in full or padded with zeros."""
    of = [code for code in units if code.startswith(department)]
    return min(of, key=lambda code: (len(code.rstrip("0")), code), default="")
