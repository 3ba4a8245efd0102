"""Reads everything that stands into books: slice by slice, so that nobody waits for it."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import takewhile
from typing import Any

import numpy as np
import sqlalchemy as sa

from api.imports.standing import of_load_in_force, standing
from api.platforms.budget import tables
from api.platforms.budget.totals.repository import loads_in_force, overlapping
from budget.detection.books import (
    MISSING,
    NO_DAY,
    Adjustment,
    Asset,
    AuditProblem,
    Books,
    BudgetLine,
    Contract,
    Indicator,
    Payments,
    Texts,
)
from ingest.state.database import State

ROWS_READ = 20_000
EPOCH = date(1970, 1, 1).toordinal()
DEPARTMENT_DIGITS = 3
"""Of a unit's code the first ones are those of its department, as the treasury numbers units."""
_AT = tables.PAYMENT.c
_UNIT = sa.func.coalesce(_AT.unit_code, _AT.unit)
COLUMNS: Mapping[str, sa.ColumnElement[Any]] = {
    "unit": _UNIT,
    "payee": _AT.payee,
    "payee_account": _AT.payee_account,
    "payer": _AT.payer,
    "payer_account": _AT.payer_account,
    "use": _AT.use,
    "economic": _AT.economic,
    "function": _AT.function,
    "project": sa.func.coalesce(_AT.project_code, _AT.project),
    "indicator": _AT.indicator,
    "voucher": _AT.number,
    "application": _AT.application,
    "contract": _AT.contract,
    "invoice": _AT.invoice,
    "fund": _AT.fund,
}
CODED = ("economic", "function")
"""Columns of which the code alone is kept."""


def books(state: State, *, from_day: str = "", until_day: str = "") -> Books:
    """Payments of a span of days, both included and as ISO text, and all tables beside them."""
    units: dict[str, str] = {}
    payments = _payments(state, from_day, until_day, units)
    lines = _rows(state, tables.LINE)
    indicators = _rows(state, tables.INDICATOR)
    for row in (*lines, *indicators):
        units.setdefault(_unit(row), row["unit"])
    return Books(
        payments=payments,
        indicators=tuple(map(_indicator, indicators)),
        adjustments=tuple(map(_adjustment, _rows(state, tables.ADJUSTMENT))),
        lines=tuple(map(_line, lines)),
        assets=tuple(map(_asset, _rows(state, tables.ASSET))),
        problems=tuple(map(_problem, _rows(state, tables.PROBLEM))),
        contracts=tuple(map(_contract, _rows(state, tables.CONTRACT))),
        units=units,
        superiors=_superiors(units),
    )


def years(state: State) -> list[str]:
    """Years of which payments stand, the latest first."""
    first = sa.select(sa.func.min(_AT.paid), sa.func.max(_AT.paid))
    with state.read() as connection:
        least, most = connection.execute(first.where(of_load_in_force(tables.PAYMENT))).one()
    return [str(year) for year in range(int(most[:4]), int(least[:4]) - 1, -1)] if least else []


class _Coded:
    """A column that grows by slices: a number for each text."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}
        self.codes = array("i")

    def add(self, values: Sequence[str | None]) -> None:
        known = self.known
        self.codes.extend(
            known.setdefault(value, len(known)) if value else MISSING for value in values
        )

    def texts(self) -> Texts:
        return Texts(np.array(self.codes, dtype=np.int32), tuple(self.known))


def _payments(state: State, from_day: str, until_day: str, units: dict[str, str]) -> Payments:
    ids, cents = array("q"), array("q")
    days, columns = _Coded(), {name: _Coded() for name in COLUMNS}
    for slice_ in _slices(state, from_day, until_day):
        numbers, amounts, paid, names, *texts = zip(*slice_, strict=True)
        ids.extend(numbers)
        cents.extend(amounts)
        days.add(paid)
        units.update(zip(texts[0], names, strict=True))
        for column, values in zip(columns.values(), texts, strict=True):
            column.add(values)
    found = {name: column.texts() for name, column in columns.items()}
    for name in CODED:
        found[name] = _codes_alone(found[name])
    numbers_of_days = np.array([_day(text) for text in days.known], dtype=np.int32)
    return Payments(
        ids=np.array(ids, dtype=np.int64),
        cents=np.array(cents, dtype=np.int64),
        days=numbers_of_days[np.array(days.codes, dtype=np.int32)]
        if numbers_of_days.size
        else np.zeros(0, dtype=np.int32),
        **found,
    )


def _slices(state: State, from_day: str, until_day: str) -> Iterator[Sequence[sa.Row[Any]]]:
    with state.read() as connection:
        shared = bool(overlapping(connection, loads_in_force(connection)))
    stands = standing(tables.PAYMENT) if shared else of_load_in_force(tables.PAYMENT)
    query = sa.select(_AT.id, _AT.amount, _AT.paid, _AT.unit, *COLUMNS.values()).where(stands)
    if from_day:
        query = query.where(_AT.paid >= from_day)
    if until_day:
        query = query.where(_AT.paid <= until_day)
    query = query.order_by(_AT.id).limit(ROWS_READ)
    last = 0
    while True:
        with state.read() as connection:
            found = connection.execute(query.where(_AT.id > last)).all()
        if found:
            yield found
        if len(found) < ROWS_READ:
            return
        last = found[-1].id


def _codes_alone(column: Texts) -> Texts:
    """The codes before the names of items; of a text without one the text."""
    coded: dict[str, int] = {}
    of_text = [
        coded.setdefault("".join(takewhile(str.isdigit, text)) or text, len(coded))
        for text in column.values
    ]
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
    return "".join(takewhile(str.isdigit, text or "")) or text or ""


def _day(text: str | None) -> int:
    return date.fromisoformat(text).toordinal() - EPOCH if text else NO_DAY


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
