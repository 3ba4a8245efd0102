"""A question out of rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from budget.detection.books import Payments, Texts
from budget.detection.records import Fact, Grade, Question

_EPOCH = date(1970, 1, 1)


def asked(
    payments: Payments, rows: Iterable[int], grade: Grade, cents: int, **facts: Fact
) -> Question:
    """With what every question about payments tells: unit, payee, how many, from when to when."""
    rows = tuple(sorted(rows))
    days = [int(payments.days[row]) for row in rows]
    unit, payee = named(payments.unit, rows), named(payments.payee, rows)
    own: dict[str, Fact] = {
        "unit": unit,
        "payee": payee,
        "n": len(rows),
        "first": iso(min(days)),
        "last": iso(max(days)),
        "sum_cents": sum(int(payments.cents[row]) for row in rows),
    }
    return Question(grade, unit, payee, cents, rows, own | facts)


def named(texts: Texts, rows: Iterable[int]) -> str:
    """The first of the rows' texts in the order of signs."""
    return min((text for row in rows if (text := texts.at(row))), default="")


def iso(day: int) -> str:
    """A number of a day as an ISO date."""
    return str(_EPOCH + timedelta(day))
