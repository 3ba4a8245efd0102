"""Payments that stand, row by row, and budgets beside them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.imports.standing import standing
from api.platforms.budget.payments.records import Payment
from api.platforms.budget.tables import LINE, PAYMENT

_AT = PAYMENT.c
_COLUMNS = [_AT[of.name] for of in fields(Payment)]


def payments(connection: Connection, ids: Sequence[int]) -> list[Payment]:
    """Payments by id, the newest first."""
    rows = sa.select(*_COLUMNS).where(_AT.id.in_(ids)).order_by(_AT.paid.desc(), _AT.id.desc())
    return [Payment(*row) for row in connection.execute(rows)]


def payment(connection: Connection, payment_id: int) -> Payment | None:
    """One that stands."""
    query = sa.select(*_COLUMNS).where(_AT.id == payment_id, standing(PAYMENT))
    row = connection.execute(query).first()
    return Payment(*row) if row else None


def numbered(connection: Connection, number: str) -> int | None:
    """The id of the payment of a voucher that stands."""
    key = msgspec.json.encode([number]).decode()
    query = sa.select(_AT.id).where(_AT.key == key, standing(PAYMENT))
    return connection.scalar(query)


def of_vouchers(connection: Connection, numbers: Collection[str]) -> list[Payment]:
    """The payments of some vouchers that stand, the earliest first."""
    keys = [msgspec.json.encode([of]).decode() for of in numbers]
    query = sa.select(*_COLUMNS).where(_AT.key.in_(keys), standing(PAYMENT))
    return [Payment(*row) for row in connection.execute(query.order_by(_AT.paid, _AT.id))]


def paid_back(connection: Connection, payment: Payment, from_day: str) -> list[Payment]:
    """Negative payments that stand of the unit and payee of a payment, from a day on, the earliest
    first.
    """
    query = sa.select(*_COLUMNS).where(
        _AT.unit == payment.unit,
        _AT.payee == payment.payee,
        _AT.amount < 0,
        _AT.paid >= from_day,
        standing(PAYMENT),
    )
    return [Payment(*row) for row in connection.execute(query.order_by(_AT.paid, _AT.id))]


def approved(connection: Connection, year: str) -> dict[str, int]:
    """Fen of the budget of a year by unit (its code, or its name), as it was changed last."""
    amount = sa.func.sum(sa.func.coalesce(LINE.c.adjusted, LINE.c.approved))
    query = sa.select(LINE.c.unit_code, amount).where(LINE.c.year == int(year), standing(LINE))
    return {unit: int(of) for unit, of in connection.execute(query.group_by(LINE.c.unit_code))}
