"""Answer a question with two axes out of the loads in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from api.accounts.repositories.units import Units
from api.imports.standing import loads_in_force
from api.platforms.budget.comparison import repository
from api.platforms.budget.comparison.records import (
    MONTHS,
    Asked,
    Axis,
    Beside,
    Cell,
    Column,
    Found,
    Ints,
    Line,
    Table,
    axis,
    beside,
    chosen,
    department_names,
    item_names,
    known,
    month_columns,
    percent,
    spread,
    to_month,
    year_columns,
)
from api.platforms.budget.ledger.actions import Ledgers, up_to_date
from api.platforms.budget.ledger.records import DEPARTMENT_DIGITS, EPOCH, names, ranks
from api.services import Services
from budget.ledger import Ledger

KINDS = {"plan": ("budget.plans", "budget.indicators"), "budget": ("budget.lines",)}
"""Kinds of tables that stand beside payments, by the columns that need them."""
QUARTER = 3


@dataclass(frozen=True, slots=True)
class _Parts:
    """All that a table is made of."""

    ledger: Ledger
    asked: Asked
    of: Axis
    year: int
    rows: Sequence[Beside]


def compared(services: Services, ledgers: Ledgers, asked: Asked) -> Found:
    """Payments side by side."""
    ledger = ledgers.now(services.state)
    years = _years(services, ledger)
    year = int(asked.period) if asked.period else _newest(ledger, years)
    rows = _beside(services, asked, year) if year else ()
    units = _units(ledger, rows)
    if year is None:
        empty = Table((), (), Line("", "", "", ()))
        return Found(empty, None, years, units, up_to_date(services.state))
    parts = _Parts(ledger, asked, axis(ledger, asked.lines), year, rows)
    match asked.columns:
        case "plan":
            table = _months_planned(parts) if asked.lines == "month" else _planned(parts)
        case "budget":
            table = _budgeted(parts)
        case _:
            table = _paid(parts)
    return Found(
        _in_order(services, table, parts, units),
        None if asked.columns == "years" else year,
        years,
        units,
        up_to_date(services.state),
        asked.columns in KINDS and not rows,
    )


def _years(services: Services, ledger: Ledger) -> Sequence[int]:
    with services.state.read() as connection:
        moment = loads_in_force(connection, KINDS["budget"])

    def read() -> list[int]:
        with services.state.read() as connection:
            return repository.years(connection)

    budgeted = services.shared.get("budget.comparison.years", moment, read)
    return sorted({*budgeted, *(int(of.name) for of in year_columns(ledger.days))}, reverse=True)


def _newest(ledger: Ledger, years: Sequence[int]) -> int | None:
    if not len(ledger):
        return years[0] if years else None
    return date.fromordinal(int(ledger.days.max()) + EPOCH).year


def _beside(services: Services, asked: Asked, year: int) -> Sequence[Beside]:
    """Kept by year: everybody asks for the same."""
    if asked.columns not in KINDS:
        return ()
    with services.state.read() as connection:
        moment = loads_in_force(connection, KINDS[asked.columns])
    ask = repository.plans if asked.columns == "plan" else repository.budget

    def read() -> Sequence[Beside]:
        with services.state.read() as connection:
            return ask(connection, year)

    return services.shared.get(("budget.comparison", asked.columns, year), moment, read)


def _units(ledger: Ledger, rows: Sequence[Beside]) -> Mapping[str, str]:
    beside = {of.unit: of.unit_name or of.unit for of in rows if of.unit}
    return beside | names(ledger, "unit")


def _paid(parts: _Parts) -> Table:
    """Payments by years, or by quarters or months of a year with their sum behind them."""
    asked, year = parts.asked, parts.year
    if asked.columns == "years":
        columns = year_columns(parts.ledger.days)
        if asked.period:
            columns = [of for of in columns if of.name == asked.period]
        period = ""
    else:
        columns = month_columns(year, QUARTER if asked.columns == "quarters" else 1)
        period = str(year)
    if not columns:
        return Table((), (), Line("", "", "", ()))
    mask = chosen(parts.ledger, asked, period)
    fen, count = spread(parts.ledger, mask, parts.of, columns)
    shown = columns
    if asked.columns != "years":
        first, last = columns[0].days, columns[-1].days
        assert first is not None
        assert last is not None
        shown = [*columns, Column("sum", (first[0], last[1]))]
        fen = np.hstack([fen, fen.sum(axis=1, keepdims=True)])
        count = np.hstack([count, count.sum(axis=1, keepdims=True)])
    lines = [
        _line(parts, key, [Cell(int(a), int(n)) for a, n in zip(fen[at], count[at], strict=True)])
        for at, key in enumerate((*parts.of.keys, ""))
        if count[at].any()
    ]
    total = [Cell(int(a), int(n)) for a, n in zip(fen.sum(axis=0), count.sum(axis=0), strict=True)]
    return Table(tuple(shown), tuple(lines), Line("", "", "", tuple(total)))


def _budgeted(parts: _Parts) -> Table:
    """The budget of a year as approved and as changed last, and the share that is paid."""
    columns = month_columns(parts.year, MONTHS)
    mask = chosen(parts.ledger, parts.asked, str(parts.year))
    paid, count = _by_key(parts, *spread(parts.ledger, mask, parts.of, columns))
    budget = beside(parts.rows, parts.asked, 2)

    def cells(of: Ints | None, fen: int, payments: int) -> list[Cell]:
        approved, adjusted = (None, None) if of is None else (int(of[0]), int(of[1]))
        return [
            Cell(approved),
            Cell(adjusted),
            Cell(fen, payments),
            Cell(percent(fen, adjusted)),
        ]

    keys = [*dict.fromkeys([*paid, *budget])]
    lines = [
        _line(parts, key, cells(budget.get(key), paid.get(key, 0), count.get(key, 0)))
        for key in keys
    ]
    whole = sum(budget.values(), np.zeros(2, np.int64)) if budget else None
    total = cells(whole, sum(paid.values()), sum(count.values()))
    shown = (
        Column("approved"),
        Column("adjusted"),
        Column("paid", columns[0].days),
        Column("share", kind="share"),
    )
    return Table(shown, tuple(lines), Line("", "", "", tuple(total)))


def _planned(parts: _Parts) -> Table:
    """Plans of a year and up to the month of its newest payment, and what is paid of them."""
    until = _until(parts)
    columns = to_month(parts.year, until)
    mask = chosen(parts.ledger, parts.asked, str(parts.year))
    paid, count = _by_key(parts, *spread(parts.ledger, mask, parts.of, columns))
    plans = beside(parts.rows, parts.asked, MONTHS)

    def cells(of: Ints | None, fen: int, payments: int) -> list[Cell]:
        whole, some = (None, None) if of is None else (int(of.sum()), int(of[:until].sum()))
        return [Cell(whole), Cell(some), Cell(fen, payments), Cell(percent(fen, some))]

    keys = [*dict.fromkeys([*paid, *plans])]
    lines = [
        _line(parts, key, cells(plans.get(key), paid.get(key, 0), count.get(key, 0)))
        for key in keys
    ]
    whole = sum(plans.values(), np.zeros(MONTHS, np.int64)) if plans else None
    total = cells(whole, sum(paid.values()), sum(count.values()))
    shown = (
        Column("planned-year"),
        Column("planned"),
        Column("paid", columns[0].days),
        Column("share", kind="share"),
    )
    unplanned = len(set(paid) - set(plans))
    return Table(shown, tuple(lines), Line("", "", "", tuple(total)), until, unplanned)


def _months_planned(parts: _Parts) -> Table:
    """Month by month: planned and paid, both added up from January on."""
    until = _until(parts)
    column = month_columns(parts.year, MONTHS)
    mask = chosen(parts.ledger, parts.asked, str(parts.year))
    fen, count = spread(parts.ledger, mask, parts.of, column)
    plans = beside(parts.rows, parts.asked, MONTHS).get("")
    lines, paid_sum = [], 0
    for month in range(1, MONTHS + 1):
        paid, payments = int(fen[month - 1, 0]), int(count[month - 1, 0])
        paid_sum += paid
        planned = None if plans is None else int(plans[month - 1])
        planned_sum = None if plans is None else int(plans[:month].sum())
        behind = month > until
        cells = [
            Cell(planned),
            Cell(None if behind else paid, payments),
            Cell(planned_sum),
            Cell(None if behind else paid_sum),
            Cell(None if behind else percent(paid_sum, planned_sum)),
        ]
        lines.append(_line(parts, f"{month:02}", cells))
    whole = None if plans is None else int(plans.sum())
    total = (Cell(whole), Cell(paid_sum, int(count.sum())), Cell(whole), Cell(paid_sum))
    shown = (
        Column("planned"),
        Column("paid", column[0].days),
        Column("planned-sum"),
        Column("paid-sum"),
        Column("share", kind="share"),
    )
    last = Line("", "", "", (*total, Cell(percent(paid_sum, whole))))
    return Table(shown, tuple(lines), last, until)


def _by_key(parts: _Parts, fen: Ints, count: Ints) -> tuple[dict[str, int], dict[str, int]]:
    """The one column of payments by the key of the line, lines without a payment left out."""
    keys = (*parts.of.keys, "")
    found = [at for at in range(len(keys)) if count[at, 0]]
    return (
        {keys[at]: int(fen[at, 0]) for at in found},
        {keys[at]: int(count[at, 0]) for at in found},
    )


def _until(parts: _Parts) -> int:
    """The month of the newest payment of the year, whoever made it; 12 where there is none."""
    mask = chosen(parts.ledger, Asked(), str(parts.year))
    if not mask.any():
        return MONTHS
    return date.fromordinal(int(parts.ledger.days[mask].max()) + EPOCH).month


def _line(parts: _Parts, key: str, cells: Sequence[Cell]) -> Line:
    value = key if parts.asked.lines == "department" else parts.of.values.get(key, "")
    return Line(key, "", value, tuple(cells))


def _in_order(services: Services, table: Table, parts: _Parts, units: Mapping[str, str]) -> Table:
    """Lines with their names: units and departments in the official order, projects by their
    money, all others by their key; what payments do not say is last. Nothing by a rate.
    """
    called = _names(parts, units)
    official = [of.name for of in Units(services.state).all()]
    order = ranks(units, official)

    def rank(of: Line) -> tuple[bool, int, str]:
        if parts.asked.lines in ("unit", "department"):
            return not of.key, order.get(of.key[:DEPARTMENT_DIGITS], len(official)), of.key
        if parts.asked.lines == "project":
            most = max((one.value or 0 for one in of.cells), default=0)
            return not of.key, -most, of.key
        return not of.key, 0, of.key

    lines = [replace(of, name=called.get(of.key, of.key)) for of in sorted(table.lines, key=rank)]
    return replace(table, lines=tuple(lines))


def _names(parts: _Parts, units: Mapping[str, str]) -> Mapping[str, str]:
    match parts.asked.lines:
        case "unit":
            return units
        case "department":
            return department_names(units)
        case "project":
            budgeted = {of.project: of.project_name or of.project for of in parts.rows}
            return budgeted | names(parts.ledger, "project")
        case "function" | "economic":
            column = parts.ledger.texts[parts.asked.lines]
            texts = [getattr(of, parts.asked.lines) for of in parts.rows]
            return item_names([*texts, *known(column, chosen(parts.ledger, parts.asked, ""))])
        case _:
            return {}
