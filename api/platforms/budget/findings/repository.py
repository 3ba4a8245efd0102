"""Findings in the state database, and the runs of the rules."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.accounts.visibility import visible
from api.files.tables import ATTACHMENT
from api.imports.standing import standing
from api.platforms.budget.findings.records import (
    A_PAGE,
    CONFIRMED,
    KIND,
    SCREENED_BY,
    SHOWN,
    Asked,
    Basis,
    Extent,
    Known,
    Precision,
    Screening,
    Show,
)
from api.platforms.budget.findings.tables import FINDING, MARKS, SCREENING
from api.platforms.budget.permission import BudgetPermission
from api.platforms.budget.tables import (
    ADJUSTMENT,
    ASSET,
    CONTRACT,
    DEBT,
    INDICATOR,
    LIMIT,
    LINE,
    PAYMENT,
    PROBLEM,
)
from api.procedures.procedure import Row
from api.procedures.tables import EVENT
from ingest.state.database import State

AT_ONCE = 500
"""Values of one condition."""
TABLES: Mapping[str, sa.Table] = {
    "indicators": INDICATOR,
    "adjustments": ADJUSTMENT,
    "lines": LINE,
    "limits": LIMIT,
    "assets": ASSET,
    "problems": PROBLEM,
    "contracts": CONTRACT,
    "debts": DEBT,
}
"""Beside payments, by the names of inputs of rules."""
_AT = FINDING.c
_RANK: tuple[sa.ColumnElement[Any], ...] = (_AT.grade, _AT.amount.desc(), _AT.id)


def known(connection: Connection, key: str = "") -> Mapping[str, Known]:
    """The newest finding of every question, or of one, by key."""
    query = sa.select(FINDING).order_by(_AT.edition)
    if key:
        query = query.where(_AT.key == key)
    return {
        row.key: Known(
            row.key,
            row.id,
            row.state,
            row.edition,
            (row.grade, row.amount, row.facts),
            tuple(json.loads(row.payments)),
            row.rule,
            row.rule_version,
            msgspec.json.decode(row.basis, type=Basis) if row.basis else None,
            row.state == "withdrawn" and row.why is not None,
        )
        for row in connection.execute(query)
    }


def listed(connection: Connection, account: Account, asked: Asked) -> list[Row]:
    """A page of findings that an account sees, the gravest and greatest first."""
    query = sa.select(FINDING).where(*_conditions(account, asked)).order_by(*_RANK)
    query = query.limit(A_PAGE).offset((asked.page - 1) * A_PAGE)
    return [dict(row) for row in connection.execute(query).mappings()]


def every(connection: Connection, account: Account, asked: Asked, most: int) -> Iterator[Row]:
    """All pages of a question, ``most`` rows at most."""
    query = sa.select(FINDING).where(*_conditions(account, asked)).order_by(*_RANK).limit(most)
    for row in connection.execute(query).mappings():
        yield dict(row)


def count(connection: Connection, account: Account, asked: Asked) -> int:
    """How many findings a question has on all pages."""
    query = sa.select(sa.func.count()).select_from(FINDING)
    return connection.scalar(query.where(*_conditions(account, asked))) or 0


def counts(connection: Connection, account: Account) -> Mapping[Show, int]:
    """How many findings an account sees by each choice of the list."""
    query = sa.select(_AT.state, sa.func.count()).where(_seen(account)).group_by(_AT.state)
    by_state = {row[0]: row[1] for row in connection.execute(query)}
    return {
        show: sum(of for state, of in by_state.items() if not states or state in states)
        for show, states in SHOWN.items()
    }


def values(connection: Connection, account: Account) -> tuple[list[tuple[str, str]], list[str]]:
    """Rules with their kinds, and units, of the findings that an account sees."""
    seen = _seen(account)
    rules = sa.select(_AT.rule, sa.func.max(_AT.kind)).where(seen).group_by(_AT.rule)
    units = sa.select(_AT.unit_name).where(seen).distinct().order_by(_AT.unit_name)
    return (
        [(row[0], row[1]) for row in connection.execute(rules.order_by(_AT.rule))],
        list(connection.scalars(units)),
    )


def finding(connection: Connection, account: Account, item_id: int) -> Row | None:
    """One that an account sees."""
    query = sa.select(FINDING).where(_AT.id == item_id, _seen(account))
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def files_of(connection: Connection, ids: Sequence[int]) -> Mapping[int, int]:
    """How many files units put to findings, by id; none of those without any."""
    found: dict[int, int] = {}
    at = ATTACHMENT.c
    for first in range(0, len(ids), AT_ONCE):
        subjects = [str(of) for of in ids[first : first + AT_ONCE]]
        query = sa.select(at.subject, sa.func.count()).where(
            at.platform == "budget",
            at.kind == KIND,
            at.subject.in_(subjects),
            at.removed_ms.is_(None),
        )
        rows = connection.execute(query.group_by(at.subject))
        found |= {int(row[0]): row[1] for row in rows}
    return found


def screened(connection: Connection, since_ms: int) -> int:
    """How many findings the office screened since an instant."""
    found = sa.select(sa.cast(_AT.id, sa.String(100))).where(_AT.state == "found")
    query = sa.select(sa.func.count(sa.distinct(EVENT.c.item))).where(
        EVENT.c.platform == "budget",
        EVENT.c.kind == KIND,
        EVENT.c.step.in_(SCREENED_BY),
        EVENT.c.at_ms >= since_ms,
        EVENT.c.item.not_in(found),
    )
    return connection.scalar(query) or 0


def precisions(connection: Connection) -> list[Precision]:
    """Of every rule that found something, by its id."""

    def of(*states: str) -> sa.ColumnElement[int]:
        return sa.func.sum(sa.case((_AT.state.in_(states), 1), else_=0))

    columns = (_AT.rule, of("excluded"), of("accepted"), of(*CONFIRMED))
    query = sa.select(*columns).group_by(_AT.rule).order_by(_AT.rule)
    return [Precision(row[0], *map(int, row[1:])) for row in connection.execute(query)]


def numbers_of(state: State, ids: Sequence[int]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The numbers of the vouchers of payments by id, and the loads that brought them."""
    numbers: set[str] = set()
    loads: set[int] = set()
    for at in range(0, len(ids), AT_ONCE):
        some = ids[at : at + AT_ONCE]
        query = sa.select(PAYMENT.c.number, PAYMENT.c.load).where(PAYMENT.c.id.in_(some))
        with state.read() as connection:
            found = connection.execute(query).all()
        numbers |= {row.number for row in found}
        loads |= {row.load for row in found}
    return tuple(sorted(numbers)), tuple(sorted(loads))


def extent(state: State, name: str, unit: str, last: int | None) -> Extent:
    """The rows of a table that stand, of one unit or with an empty one of all, up to a row."""
    at = TABLES[name].c
    conditions = [standing(TABLES[name])]
    if unit and "unit_code" in at:
        code = sa.func.nullif(at.unit_code, "")
        conditions.append((sa.func.coalesce(code, at.unit) if "unit" in at else code) == unit)
    if last is not None:
        conditions.append(at.id <= last)
    query = sa.select(sa.func.max(at.id), sa.func.count(), sa.func.sum(at.id)).where(*conditions)
    with state.read() as connection:
        greatest, count, ids = connection.execute(query).one()
    return Extent((greatest or 0) if last is None else last, count, int(ids or 0))


def gone(state: State, numbers: Sequence[str]) -> bool:
    """Whether a payment of these numbers stands no more."""
    for at in range(0, len(numbers), AT_ONCE):
        some = numbers[at : at + AT_ONCE]
        keys = [msgspec.json.encode([of]).decode() for of in some]
        stand = sa.select(sa.func.count(sa.distinct(PAYMENT.c.key)))
        query = stand.where(PAYMENT.c.key.in_(keys), standing(PAYMENT))
        with state.read() as connection:
            if connection.scalar(query) != len(some):
                return True
    return False


def ask_for_screening(connection: Connection, at_ms: int) -> None:
    """Ask for a run of the rules; where one was asked for and is not done, it is that one."""
    if connection.scalar(sa.select(SCREENING.c.id).where(SCREENING.c.done_ms.is_(None))) is None:
        begun = {"asked_ms": at_ms, "found": 0, "withdrawn": 0, "deferred": "[]"}
        connection.execute(sa.insert(SCREENING).values(begun))


def last_screening(connection: Connection) -> Screening | None:
    """The run that was asked for last."""
    query = sa.select(SCREENING).order_by(SCREENING.c.id.desc()).limit(1)
    row = connection.execute(query).first()
    if row is None:
        return None
    deferred = tuple(json.loads(row.deferred))
    return Screening(row.asked_ms, row.done_ms, row.found, row.withdrawn, deferred)


def note_screening(connection: Connection, done: Screening) -> None:
    """Say that a run is done, also one that nobody asked for."""
    values = {
        "done_ms": done.done_ms,
        "found": done.found,
        "withdrawn": done.withdrawn,
        "deferred": json.dumps(done.deferred),
    }
    query = sa.update(SCREENING).where(SCREENING.c.done_ms.is_(None)).values(values)
    if not connection.execute(query).rowcount:
        connection.execute(sa.insert(SCREENING).values(values | {"asked_ms": done.asked_ms}))


def _seen(account: Account) -> sa.ColumnElement[bool]:
    return visible(account, BudgetPermission.SEE_FINDINGS, MARKS)


def _conditions(account: Account, asked: Asked) -> Iterator[sa.ColumnElement[bool]]:
    yield _seen(account)
    if states := SHOWN.get(asked.show, ()):
        yield _AT.state.in_(states)
    equal: Mapping[sa.Column[Any], str] = {
        _AT.state: asked.state,
        _AT.rule: asked.rule,
        _AT.unit_name: asked.unit,
    }
    for column, value in equal.items():
        if value:
            yield column == value
    if asked.grade:
        yield _AT.grade == int(asked.grade)
