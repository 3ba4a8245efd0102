"""Payments that stand, as somebody asks for them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import fields
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.imports.standing import standing
from api.platforms.budget.payments.records import Asked, Payment
from api.platforms.budget.tables import LINE, PAYMENT
from api.platforms.budget.totals import repository as totals
from api.platforms.budget.totals.records import Sum
from budget.persons import is_person

COUNTED = 10_000
"""More payments are not added up where totals do not answer."""
TEXTS = 300
"""Texts with a word in them by which payments are looked up; of more the rows are read."""
_AT = PAYMENT.c
_COLUMNS = [_AT[of.name] for of in fields(Payment)]
_ORDER: tuple[sa.ColumnElement[Any], ...] = (_AT.paid.desc(), _AT.id.desc())


def payments(connection: Connection, asked: Asked, most: int, *, persons: bool) -> list[Payment]:
    """The newest first. ``persons``: whether words may find natural persons."""
    conditions = _conditions(connection, asked, persons=persons)
    query = sa.select(_AT.id).where(standing(PAYMENT), *conditions)
    if asked.before:
        day, _, number = asked.before.partition(".")
        seen = sa.and_(_AT.paid == day, _AT.id < int(number))
        query = query.where(_AT.paid <= day, sa.or_(_AT.paid < day, seen))
    ids = connection.scalars(query.order_by(*_ORDER).limit(most)).all()
    rows = sa.select(*_COLUMNS).where(_AT.id.in_(ids)).order_by(*_ORDER)
    return [Payment(*row) for row in connection.execute(rows)]


def payment(connection: Connection, payment_id: int) -> Payment | None:
    """One that stands."""
    query = sa.select(*_COLUMNS).where(_AT.id == payment_id, standing(PAYMENT))
    row = connection.execute(query).first()
    return Payment(*row) if row else None


def numbered(connection: Connection, numbers: Collection[str]) -> list[Payment]:
    """Those of some vouchers, the earliest first."""
    query = sa.select(*_COLUMNS).where(_AT.number.in_(numbers), standing(PAYMENT))
    return [Payment(*row) for row in connection.execute(query.order_by(_AT.paid, _AT.id))]


def counted(connection: Connection, asked: Asked, *, persons: bool) -> Sum:
    """Sum and number of the payments, of :data:`COUNTED` and one at most."""
    conditions = _conditions(connection, asked, persons=persons)
    some = sa.select(_AT.amount).where(standing(PAYMENT), *conditions).limit(COUNTED + 1)
    columns = some.subquery().c
    found = connection.execute(sa.select(sa.func.sum(columns.amount), sa.func.count())).one()
    return Sum("", int(found[0] or 0), int(found[1]))


def approved(connection: Connection, year: str) -> dict[str, int]:
    """Fen of the budget of a year by the name of the unit, as it was changed last."""
    amount = sa.func.sum(sa.func.coalesce(LINE.c.adjusted, LINE.c.approved))
    query = sa.select(LINE.c.unit, amount).where(LINE.c.year == int(year), standing(LINE))
    return {unit: int(of) for unit, of in connection.execute(query.group_by(LINE.c.unit))}


def _conditions(
    connection: Connection, asked: Asked, *, persons: bool
) -> Iterator[sa.ColumnElement[bool]]:
    yield from totals.narrowed(asked)
    if asked.least is not None:
        yield _AT.amount >= int(asked.least * 100)
    if asked.most is not None:
        yield _AT.amount <= int(asked.most * 100)
    if asked.from_day:
        yield _AT.paid >= asked.from_day
    if asked.until_day:
        yield _AT.paid <= asked.until_day
    for word in asked.q.split():
        yield _with(connection, word, persons=persons)


def _with(connection: Connection, word: str, *, persons: bool) -> sa.ColumnElement[bool]:
    """Payments that have a word in payee, use or number."""
    parts: list[sa.ColumnElement[bool]] = [_AT.number == word]
    for field in ("payee", "use"):
        texts = totals.texts_with(connection, field, word, TEXTS + 1)
        if field == "payee" and not persons:
            texts = [of for of in texts if not is_person(of)]
        if len(texts) <= TEXTS:
            parts.append(_AT[field].in_(texts))
        else:
            parts.append(_AT[field].icontains(word, autoescape=True))
    return sa.or_(*parts)
