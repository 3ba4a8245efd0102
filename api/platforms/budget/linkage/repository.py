"""Where the stages of a year are read from the rows that stand, and its chain is kept."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.imports.standing import IN_FORCE, standing
from api.imports.tables import LOAD
from api.platforms.budget.ledger import repository as ledger
from api.platforms.budget.ledger.records import Narrowing, day_number, narrowed
from api.platforms.budget.linkage.records import (
    Adjusted,
    Joint,
    Linkage,
    Rows,
    project_key,
)
from api.platforms.budget.linkage.tables import MAKING, OF_YEAR, PART
from api.platforms.budget.tables import ADJUSTMENT, APPLICATION, INDICATOR, LINE, PAYMENT, PLAN
from budget.chain import STAGES, Entry, Stage
from budget.detection.books import Texts
from budget.ledger import packed, packed_values, unpacked32, unpacked64, unpacked_values
from ingest.state.database import State

ROWS_READ = 20_000
A_PART = 1 << 18
"""Bytes that are written in one transaction."""
BY_MONTH = ("budget.plans", "budget.applications", "budget.payments")
"""Kinds of tables of which the months say the year."""
KINDS = ("budget.lines", "budget.indicators", "budget.adjustments", *BY_MONTH)
NAMES = ("unit", "voucher", "application", "indicator")
"""The columns of payments that the chain needs."""
Part = tuple[str, int, bytes]
"""A part of a column: its name, its number, its bytes."""
Read = tuple[dict[Stage, list[Entry]], dict[Stage, list[int]]]
SHOWN: Mapping[Stage, tuple[sa.Table, sa.ColumnElement[Any], sa.ColumnElement[Any]]] = {
    "project": (LINE, LINE.c.project_code, sa.literal("")),
    "indicator": (INDICATOR, INDICATOR.c.number, INDICATOR.c.project_code),
    "plan": (PLAN, PLAN.c.number, PLAN.c.indicator),
    "application": (APPLICATION, APPLICATION.c.number, APPLICATION.c.indicator),
    "payment": (
        PAYMENT,
        PAYMENT.c.number,
        sa.func.coalesce(PAYMENT.c.application, PAYMENT.c.indicator),
    ),
}
"""The table of a stage, the number of a row in it, and the one that it names."""


def loads(connection: Connection, year: int | None = None) -> list[int]:
    """The loads in force that may have a row of a year, or all. One that changed rows of others
    may have taken them out of any year.
    """
    at = LOAD.c
    elsewhere = sa.and_(
        at.kind.in_(BY_MONTH),
        at.changed == 0,
        at.from_month != "",
        sa.or_(at.from_month > f"{year}-12", at.until_month < f"{year}-01"),
    )
    query = sa.select(at.id).where(at.kind.in_(KINDS), at.state == IN_FORCE)
    if year is not None:
        query = query.where(~elsewhere)
    return list(connection.scalars(query.order_by(at.id)))


def years(connection: Connection) -> list[int]:
    """Years of budgets and of indicators that stand."""
    queries = (sa.select(of.c.year).where(standing(of)).distinct() for of in (LINE, INDICATOR))
    return sorted({year for query in queries for year in connection.scalars(query) if year})


def kept(connection: Connection) -> Mapping[int, tuple[int, list[int]]]:
    """The makings in force by year, and the loads that each is of."""
    rows = connection.execute(sa.select(OF_YEAR))
    return {row.year: (row.making, json.loads(row.loads)) for row in rows}


def draw(connection: Connection, year: int) -> int:
    """The number of a making that begins."""
    made = connection.execute(sa.insert(MAKING).values(year=year))
    (number,) = made.inserted_primary_key or (0,)
    return int(number)


def put(connection: Connection, making: int, parts: Sequence[Part]) -> None:
    """Write parts of columns."""
    values = [
        {"making": making, "name": name, "part": part, "body": body} for name, part, body in parts
    ]
    connection.execute(sa.insert(PART), values)


def parts(of: Linkage) -> Iterator[list[Part]]:
    """The columns of a chain, cut and gathered so that each transaction writes little."""
    some: list[Part] = []
    size = 0
    for name, body in packed_columns(of):
        for part, begin in enumerate(range(0, len(body), A_PART)):
            some.append((name, part, body[begin : begin + A_PART]))
            size += len(some[-1][2])
            if size >= A_PART:
                yield some
                some, size = [], 0
    if some:
        yield some


def bring_into_force(connection: Connection, year: int, making: int, of: Sequence[int]) -> None:
    """Exchange the chain of a year for that of another making."""
    drop(connection, year)
    values = {"year": year, "making": making, "loads": json.dumps(list(of))}
    connection.execute(sa.insert(OF_YEAR).values(values))


def drop(connection: Connection, year: int) -> None:
    """Take the chain of a year out of force."""
    connection.execute(sa.delete(OF_YEAR).where(OF_YEAR.c.year == year))


def leftovers(connection: Connection) -> list[int]:
    """Makings that are not in force."""
    in_force = sa.select(OF_YEAR.c.making)
    return list(connection.scalars(sa.select(MAKING.c.id).where(MAKING.c.id.not_in(in_force))))


def remove_one(connection: Connection, making: int) -> bool:
    """Take away a part of a making, and the making once no part is left; whether one was."""
    at = PART.c
    row = connection.execute(sa.select(at.name, at.part).where(at.making == making)).first()
    if row is None:
        connection.execute(sa.delete(MAKING).where(MAKING.c.id == making))
        return False
    this = at.making == making, at.name == row.name, at.part == row.part
    connection.execute(sa.delete(PART).where(*this))
    return True


def packed_columns(of: Linkage) -> Iterator[tuple[str, bytes]]:
    """The chain as bytes by name."""
    yield "stages", packed_values(of.stages)
    for stage, rows in of.rows.items():
        yield f"{stage}.ids", packed(rows.ids)
        yield f"{stage}.cents", packed(rows.cents)
        yield f"{stage}.units", packed(rows.units.codes)
        yield f"{stage}.unit-values", packed_values(rows.units.values)
        yield f"{stage}.numbers", packed(rows.numbers)
    for at, hop in enumerate(of.hops):
        yield f"{at}.names", packed_values(hop.names)
        yield f"{at}.cents", packed(hop.cents)
        yield f"{at}.units", packed(hop.units.codes)
        yield f"{at}.unit-values", packed_values(hop.units.values)
        yield f"{at}.found", packed(hop.found)
        yield f"{at}.ways", packed(hop.ways)
    yield "adjusted.units", packed_values([one.unit for one in of.adjusted])
    yield "adjusted.projects", packed_values([one.project for one in of.adjusted])
    cents = np.array([one.cents for one in of.adjusted], dtype=np.int64)
    yield "adjusted.cents", packed(cents)


def linkage(connection: Connection, making: int) -> Linkage:
    """The chain of a making."""
    query = sa.select(PART.c.name, PART.c.body).where(PART.c.making == making)
    found: dict[str, bytes] = defaultdict(bytes)
    for name, body in connection.execute(query.order_by(PART.c.name, PART.c.part)):
        found[name] += body
    return unpacked(found)


def unpacked(of: Mapping[str, bytes]) -> Linkage:
    """The chain out of its bytes."""

    def units(name: str) -> Texts:
        return Texts(unpacked32(of[f"{name}.units"]), unpacked_values(of[f"{name}.unit-values"]))

    known = unpacked_values(of["stages"])
    stages = tuple(one for one in STAGES if one in known)
    rows = {
        one: Rows(
            unpacked64(of[f"{one}.ids"]),
            unpacked64(of[f"{one}.cents"]),
            units(one),
            unpacked32(of[f"{one}.numbers"]),
        )
        for one in stages
    }
    hops = tuple(
        Joint(
            unpacked_values(of[f"{at}.names"]),
            unpacked64(of[f"{at}.cents"]),
            units(str(at)),
            unpacked32(of[f"{at}.found"]),
            unpacked32(of[f"{at}.ways"]),
        )
        for at in range(max(len(stages) - 1, 0))
    )
    adjusted = zip(
        unpacked_values(of["adjusted.units"]),
        unpacked_values(of["adjusted.projects"]),
        unpacked64(of["adjusted.cents"]).tolist(),
        strict=True,
    )
    return Linkage(stages, rows, hops, tuple(Adjusted(*one) for one in adjusted))


def stages(state: State, year: int) -> Read:
    """The rows of a year that stand, by stage: entries, and their ids in the tables."""
    entries: dict[Stage, list[Entry]] = {}
    ids: dict[Stage, list[int]] = {}
    units: dict[str, str] = {}

    def add(stage: Stage, number: int, entry: Entry) -> None:
        entries.setdefault(stage, []).append(entry)
        ids.setdefault(stage, []).append(number)

    for row in _rows(state, LINE, LINE.c.year == year):
        cents = row["approved"] if row["adjusted"] is None else row["adjusted"]
        unit = _unit(row)
        add("project", row["id"], _entry(_project(row), "", unit, cents, None))
    for row in _rows(state, INDICATOR, _of_year(INDICATOR.c.issued, year, INDICATOR.c.year)):
        units[row["number"]] = _unit(row)
        entry = _entry(row["number"], _project(row), _unit(row), row["amount"], row["issued"])
        add("indicator", row["id"], entry)
    for row in _rows(state, PLAN, _of_year(PLAN.c.month, year)):
        of = row["indicator"] or ""
        unit = row["unit_code"] or units.get(of, "")
        # An application names the indicator, not the plan: plans of one are added up.
        add("plan", row["id"], _entry(of, of, unit, row["amount"], f"{row['month'][:7]}-01"))
    for row in _rows(state, APPLICATION, _of_year(APPLICATION.c.applied, year)):
        of = row["indicator"] or ""
        unit = row["unit_code"] or units.get(of, "")
        entry = _entry(row["number"], of, unit, row["amount"], row["applied"])
        add("application", row["id"], entry)
    _payments(state, year, entries, ids)
    return entries, ids


def adjusted(state: State, year: int) -> list[Adjusted]:
    """Changes of indicators of a year."""
    condition = _of_year(ADJUSTMENT.c.decided, year, ADJUSTMENT.c.year)
    return [
        Adjusted(
            row["unit_code"] or "",
            project_key(row["project_code"] or "", row["unit_code"] or ""),
            row["amount"],
        )
        for row in _rows(state, ADJUSTMENT, condition)
    ]


def shown(
    connection: Connection, stage: Stage, ids: Sequence[int]
) -> Mapping[int, tuple[str, str]]:
    """Of rows by id: their number, and the one that they name."""
    table, number, source = SHOWN[stage]
    query = sa.select(table.c.id, number, source).where(table.c.id.in_(ids))
    return {row[0]: (row[1] or "", row[2] or "") for row in connection.execute(query)}


def _payments(
    state: State, year: int, entries: dict[Stage, list[Entry]], ids: dict[Stage, list[int]]
) -> None:
    of = ledger.whole(state, NAMES)
    mask = narrowed(of, Narrowing(period=str(year)))
    source = of.texts["application" if "application" in entries else "indicator"]
    unit, voucher = of.texts["unit"], of.texts["voucher"]
    found = [
        Entry(
            id=voucher.at(at),
            source=source.at(at),
            unit=unit.at(at),
            cents=int(of.cents[at]),
            day=int(of.days[at]),
        )
        for at in mask.nonzero()[0].tolist()
    ]
    if found:
        entries["payment"], ids["payment"] = found, of.ids[mask].tolist()


def _entry(name: str, source: str, unit: str, cents: int, day: str | None) -> Entry:
    number = day_number(day) if day else None
    return Entry(id=name, source=source, unit=unit, cents=cents, day=number)


def _project(row: Mapping[str, Any]) -> str:
    return project_key(row["project_code"] or row["project"] or "", _unit(row))


def _unit(row: Mapping[str, Any]) -> str:
    return row["unit_code"] or row["unit"] or ""


def _of_year(
    day: sa.ColumnElement[Any], year: int, named: sa.ColumnElement[Any] | None = None
) -> sa.ColumnElement[bool]:
    """Whether a row is of a year: the one that it names, else that of its day or month."""
    by_day = day.between(f"{year}-", f"{year}-~")
    return by_day if named is None else sa.or_(named == year, named.is_(None) & by_day)


def _rows(
    state: State, table: sa.Table, condition: sa.ColumnElement[bool]
) -> Iterator[Mapping[str, Any]]:
    query = sa.select(table).where(condition, standing(table)).order_by(table.c.id)
    last = 0
    while True:
        with state.read() as connection:
            page = query.where(table.c.id > last).limit(ROWS_READ)
            some = connection.execute(page).mappings().all()
        yield from map(dict, some)
        if len(some) < ROWS_READ:
            return
        last = some[-1]["id"]
