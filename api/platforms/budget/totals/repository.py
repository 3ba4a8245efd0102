"""Where totals are made, kept and asked for."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from api.imports.standing import IN_FORCE, of_load_in_force, standing
from api.imports.tables import LOAD
from api.platforms.budget.tables import PAYMENT
from api.platforms.budget.totals.records import By, Narrowing, Sum
from api.platforms.budget.totals.tables import (
    GENERATION,
    MADE,
    OF_LOAD,
    PAYEE_TOTAL,
    PHRASE,
    TOTAL,
)
from ingest.state.database import State

KIND = "budget.payments"
KEPT = {"total": TOTAL, "payee": PAYEE_TOTAL, "phrase": PHRASE}
ROWS_READ = 5000
SILENT_MS = 60_000
"""Whoever was not heard of for so long does not make totals any more."""
_AT = PAYMENT.c
_NAMES = ("id", "paid", "unit", "project_code", "project", "function", "economic", "fund")
_READ = [*(_AT[name] for name in _NAMES), _AT.payee, _AT.use, _AT.amount]
PROJECT = sa.func.coalesce(_AT.project_code, _AT.project, "")


def loads_in_force(connection: Connection) -> list[int]:
    """The loads of payments in force, by id."""
    query = sa.select(LOAD.c.id).where(LOAD.c.kind == KIND, LOAD.c.state == IN_FORCE)
    return list(connection.scalars(query.order_by(LOAD.c.id)))


def made_for(connection: Connection) -> list[int]:
    """The loads of which the totals are."""
    found = connection.scalar(sa.select(MADE.c.loads))
    return list(json.loads(found)) if found else []


def claim(state: State, now_ms: int) -> int | None:
    """Take the making in hand: the number of the claim; None where somebody else is at it."""
    with state.begin() as connection:
        row = connection.execute(sa.select(MADE.c.claim, MADE.c.beat_ms)).first()
        if row is None:
            first = {"id": 1, "loads": "[]", "claim": 1, "beat_ms": now_ms}
            connection.execute(sa.insert(MADE).values(first))
            return 1
        claimed: int = row.claim + 1
        changed = connection.execute(
            sa.update(MADE)
            .where(MADE.c.claim == row.claim, MADE.c.beat_ms < now_ms - SILENT_MS)
            .values(claim=claimed, beat_ms=now_ms)
        )
        return claimed if changed.rowcount else None


def beat(connection: Connection, claimed: int, now_ms: int) -> bool:
    """Give a sign of life; whether the claim still holds."""
    query = sa.update(MADE).where(MADE.c.claim == claimed).values(beat_ms=now_ms)
    return bool(connection.execute(query).rowcount)


def note(connection: Connection, claimed: int, loads: Sequence[int]) -> bool:
    """Say of which loads the totals are; whether the claim still holds."""
    values = {"loads": json.dumps(loads)}
    query = sa.update(MADE).where(MADE.c.claim == claimed).values(values)
    return bool(connection.execute(query).rowcount)


def release(connection: Connection, claimed: int) -> None:
    """Let go of the making."""
    connection.execute(sa.update(MADE).where(MADE.c.claim == claimed).values(beat_ms=0))


def overlapping(connection: Connection, loads: Collection[int]) -> set[int]:
    """Loads with a row of the same key as a row of one of these."""
    shared = sa.select(sa.func.count()).where(
        LOAD.c.kind == KIND, (LOAD.c.changed > 0) | (LOAD.c.same > 0)
    )
    if not connection.scalar(shared):
        return set()
    other = PAYMENT.alias()
    query = sa.select(other.c.load).distinct().join(PAYMENT, PAYMENT.c.key == other.c.key)
    query = query.where(PAYMENT.c.load.in_(loads), other.c.load != PAYMENT.c.load)
    return set(connection.scalars(query))


def standing_rows(state: State, load: int, *, alone: bool) -> Iterator[Row[Any]]:
    """The rows of a load that stand; ``alone``: no other load has a row of their keys."""
    query = sa.select(*_READ).where(_AT.load == load).order_by(_AT.id).limit(ROWS_READ)
    if not alone:
        query = query.where(standing(PAYMENT))
    last = 0
    while True:
        with state.read() as connection:
            found = connection.execute(query.where(_AT.id > last)).all()
        yield from found
        if len(found) < ROWS_READ:
            return
        last = found[-1].id


def generation(connection: Connection, load: int) -> int:
    """The number of a making that begins."""
    made = connection.execute(sa.insert(GENERATION).values(load=load))
    (number,) = made.inserted_primary_key or (0,)
    return int(number)


def put(connection: Connection, kept: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write some rows of a making, by the name of their table in :data:`KEPT`."""
    connection.execute(sa.insert(KEPT[kept]), rows)


def bring_into_force(connection: Connection, load: int, number: int) -> None:
    """Exchange the totals of a load for those of another making; 0: it has none."""
    connection.execute(sa.delete(OF_LOAD).where(OF_LOAD.c.load == load))
    if number:
        connection.execute(sa.insert(OF_LOAD).values(load=load, generation=number))


def leftovers(connection: Connection) -> list[int]:
    """Makings that are not in force."""
    kept = sa.select(OF_LOAD.c.generation)
    query = sa.select(GENERATION.c.id).where(GENERATION.c.id.not_in(kept))
    return list(connection.scalars(query))


def remove_some(connection: Connection, kept: str, number: int, most: int) -> int:
    """Take away some rows of a making; how many there were."""
    table = KEPT[kept]
    some = sa.select(table.c.id).where(table.c.generation == number).limit(most)
    return connection.execute(sa.delete(table).where(table.c.id.in_(some))).rowcount


def forget(connection: Connection, number: int) -> None:
    """Take away a making of which no row is left."""
    connection.execute(sa.delete(GENERATION).where(GENERATION.c.id == number))


def sums(connection: Connection, by: By, narrowing: Narrowing) -> list[Sum]:
    """Sums of the payments that stand by their values, the greatest first; months in order."""
    columns, conditions = _kept(by, narrowing)
    amount, payments = sa.func.sum(columns["amount"]), sa.func.sum(columns["payments"])
    query = sa.select(columns[by], amount, payments).where(*conditions).group_by(columns[by])
    query = query.order_by(columns[by] if by == "month" else amount.desc(), columns[by])
    return [Sum(value or "", int(of), int(n)) for value, of, n in connection.execute(query)]


def whole(connection: Connection, narrowing: Narrowing) -> Sum:
    """The sum of all payments that stand and are not left out."""
    columns, conditions = _kept("unit", narrowing)
    amount, payments = sa.func.sum(columns["amount"]), sa.func.sum(columns["payments"])
    found = connection.execute(sa.select(amount, payments).where(*conditions)).one()
    return Sum("", int(found[0] or 0), int(found[1] or 0))


def project_names(connection: Connection, codes: Collection[str]) -> Mapping[str, str]:
    """Of projects by their codes."""
    query = sa.select(TOTAL.c.project, sa.func.max(TOTAL.c.project_name)).where(
        TOTAL.c.project.in_(codes), TOTAL.c.generation.in_(_in_force())
    )
    return {row[0]: row[1] for row in connection.execute(query.group_by(TOTAL.c.project))}


def texts_with(connection: Connection, field: str, word: str, most: int) -> list[str]:
    """Payees or uses that a word is part of."""
    query = (
        sa.select(PHRASE.c.text)
        .distinct()
        .where(
            PHRASE.c.generation.in_(_in_force()),
            PHRASE.c.field == field,
            PHRASE.c.text.icontains(word, autoescape=True),
        )
    )
    return list(connection.scalars(query.limit(most)))


Columns = Mapping[str, sa.ColumnElement[Any]]


def _kept(by: By, narrowing: Narrowing) -> tuple[Columns, list[sa.ColumnElement[bool]]]:
    """The columns of the smallest table that has everything, and the conditions on it."""
    asked = {name for name in Narrowing.model_fields if getattr(narrowing, name)} | {by}
    if "payee" not in asked:
        return _columns(TOTAL), _conditions(TOTAL, _columns(TOTAL), narrowing)
    if asked <= {"payee", "unit", "period", "month"}:
        return _columns(PAYEE_TOTAL), _conditions(PAYEE_TOTAL, _columns(PAYEE_TOTAL), narrowing)
    rows: Columns = {
        **{name: _AT[name] for name in ("unit", "function", "economic", "fund", "payee")},
        "month": sa.func.substr(_AT.paid, 1, 7),
        "project": PROJECT,
        "amount": _AT.amount,
        "payments": sa.literal(1),
    }
    return rows, [standing(PAYMENT), *narrowed(narrowing)]


def narrowed(narrowing: Narrowing) -> Iterator[sa.ColumnElement[bool]]:
    """Conditions that hold of every payment that is asked for."""
    if narrowing.period:
        yield _AT.paid >= narrowing.period
        yield _AT.paid < narrowing.period + "~"
    for name in ("unit", "function", "economic", "fund", "payee"):
        if value := getattr(narrowing, name):
            yield _AT[name] == value
    if of := narrowing.project:
        yield (_AT.project_code == of) | (_AT.project_code.is_(None) & (_AT.project == of))


def _columns(table: sa.Table) -> Columns:
    return dict(table.c.items())


def _conditions(
    table: sa.Table, columns: Columns, narrowing: Narrowing
) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = [table.c.generation.in_(_in_force())]
    if narrowing.period:
        found += [table.c.month >= narrowing.period, table.c.month < narrowing.period + "~"]
    for name in Narrowing.model_fields.keys() - {"period"}:
        if value := getattr(narrowing, name):
            found.append(columns[name] == value)
    return found


def _in_force() -> sa.Select[tuple[int]]:
    return sa.select(OF_LOAD.c.generation).where(of_load_in_force(OF_LOAD))
