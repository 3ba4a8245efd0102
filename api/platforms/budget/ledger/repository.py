"""Where columns of payments are made from the rows that stand, kept, and read."""

from __future__ import annotations

import json
from array import array
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from api.imports.standing import of_load_in_force, standing
from api.imports.tables import LOAD
from api.platforms.budget.ledger.records import day_number
from api.platforms.budget.ledger.tables import GENERATION, MADE, OF_LOAD, PART
from api.platforms.budget.tables import PAYMENT
from budget.detection.books import Texts
from budget.ledger import (
    Coding,
    Ledger,
    joined,
    packed,
    packed_values,
    unpacked32,
    unpacked64,
    unpacked_values,
)
from ingest.state.database import State

KIND = "budget.payments"
ROWS_READ = 5000
A_PART = 1 << 18
"""Bytes that are written in one transaction."""
SILENT_MS = 60_000
"""Whoever was not heard of for so long does not make columns any more."""
_AT = PAYMENT.c
TEXTS: Mapping[str, sa.ColumnElement[Any]] = {
    "unit": sa.func.coalesce(_AT.unit_code, _AT.unit),
    "unit_name": _AT.unit,
    "project": sa.func.coalesce(_AT.project_code, _AT.project),
    "project_name": _AT.project,
    "payee": _AT.payee,
    "use": _AT.use,
    "function": _AT.function,
    "economic": _AT.economic,
    "fund": _AT.fund,
    "payee_account": _AT.payee_account,
    "payer": _AT.payer,
    "payer_account": _AT.payer_account,
    "indicator": _AT.indicator,
    "voucher": _AT.number,
    "application": _AT.application,
    "contract": _AT.contract,
    "invoice": _AT.invoice,
}
"""Columns of texts."""
ASKED = tuple(TEXTS)[:9]
"""Those by which people ask. The others are for rules: nearly every row has texts of its own."""


def made_for(connection: Connection) -> tuple[int, ...]:
    """The loads of which the columns are."""
    found = connection.scalar(sa.select(MADE.c.loads))
    return tuple(json.loads(found)) if found else ()


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
    """Say of which loads the columns are; whether the claim still holds."""
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


def columns(state: State, load: int, *, alone: bool) -> Iterator[tuple[str, bytes]]:
    """The payments of a load that stand, column by column; ``alone``: no other load has a row of
    their keys.
    """
    ids, cents, days = array("q"), array("q"), array("i")
    texts = {name: Coding() for name in TEXTS}
    for rows in _slices(state, load, alone=alone):
        numbers, amounts, paid, *values = zip(*rows, strict=True)
        ids.extend(numbers)
        cents.extend(amounts)
        days.extend(map(day_number, paid))
        for coding, of in zip(texts.values(), values, strict=True):
            coding.add(of)
    yield "ids", packed(np.array(ids, dtype=np.int64))
    yield "cents", packed(np.array(cents, dtype=np.int64))
    yield "days", packed(np.array(days, dtype=np.int32))
    for name, coding in texts.items():
        found = coding.texts()
        yield f"{name}.codes", packed(found.codes)
        yield f"{name}.values", packed_values(found.values)


def _slices(state: State, load: int, *, alone: bool) -> Iterator[Sequence[Row[Any]]]:
    query = sa.select(_AT.id, _AT.amount, _AT.paid, *TEXTS.values()).where(_AT.load == load)
    query = query.order_by(_AT.id).limit(ROWS_READ)
    if not alone:
        query = query.where(standing(PAYMENT))
    last = 0
    while True:
        with state.read() as connection:
            found = connection.execute(query.where(_AT.id > last)).all()
        if found:
            yield found
        if len(found) < ROWS_READ:
            return
        last = found[-1].id


def generation(connection: Connection, load: int) -> int:
    """The number of a making that begins."""
    made = connection.execute(sa.insert(GENERATION).values(load=load))
    (number,) = made.inserted_primary_key or (0,)
    return int(number)


def put(connection: Connection, number: int, name: str, part: int, body: bytes) -> None:
    """Write a part of a column."""
    values = {"generation": number, "name": name, "part": part, "body": body}
    connection.execute(sa.insert(PART).values(values))


def bring_into_force(connection: Connection, load: int, number: int) -> None:
    """Exchange the columns of a load for those of another making; 0: it has none."""
    connection.execute(sa.delete(OF_LOAD).where(OF_LOAD.c.load == load))
    if number:
        connection.execute(sa.insert(OF_LOAD).values(load=load, generation=number))


def leftovers(connection: Connection) -> list[int]:
    """Makings that are not in force."""
    kept = sa.select(OF_LOAD.c.generation)
    query = sa.select(GENERATION.c.id).where(GENERATION.c.id.not_in(kept))
    return list(connection.scalars(query))


def remove_one(connection: Connection, number: int) -> bool:
    """Take away a part of a making, and the making once no part is left; whether one was."""
    at = PART.c
    first = sa.select(at.name, at.part).where(at.generation == number).limit(1)
    row = connection.execute(first).first()
    if row is None:
        connection.execute(sa.delete(GENERATION).where(GENERATION.c.id == number))
        return False
    this = at.generation == number, at.name == row.name, at.part == row.part
    connection.execute(sa.delete(PART).where(*this))
    return True


def in_force(connection: Connection) -> tuple[int, ...]:
    """The makings of the loads in force, in ascending order."""
    query = sa.select(OF_LOAD.c.generation).where(of_load_in_force(OF_LOAD))
    return tuple(connection.scalars(query.order_by(OF_LOAD.c.generation)))


def ledger(connection: Connection, number: int, names: Sequence[str]) -> Ledger:
    """The columns of a making."""
    return Ledger(
        unpacked64(_body(connection, number, "ids")),
        unpacked64(_body(connection, number, "cents")),
        unpacked32(_body(connection, number, "days")),
        {
            name: Texts(
                unpacked32(_body(connection, number, f"{name}.codes")),
                unpacked_values(_body(connection, number, f"{name}.values")),
            )
            for name in names
        },
    )


def whole(state: State, names: Sequence[str] = tuple(TEXTS)) -> Ledger:
    """The payments that stand with these columns, for rules all."""
    with state.read() as connection:
        return of_loads(connection, in_force(connection), names)


def of_loads(connection: Connection, numbers: Sequence[int], names: Sequence[str]) -> Ledger:
    """The payments of several makings, of :func:`in_force` those that stand."""
    return joined([ledger(connection, of, names) for of in numbers], names)


def _body(connection: Connection, number: int, name: str) -> bytes:
    query = sa.select(PART.c.body).where(PART.c.generation == number, PART.c.name == name)
    return b"".join(connection.scalars(query.order_by(PART.c.part)))
