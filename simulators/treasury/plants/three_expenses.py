"""Reception, vehicles and journeys abroad, booked as something else; and the other way."""

from __future__ import annotations

from typing import Any

from simulators.treasury.books import Draft, money
from simulators.treasury.plants.field import Field
from simulators.treasury.plants.kinds import Kind

OUTSIDE = "three-expenses-misbooked"
INSIDE = "three-expenses-wrongly-in"


def _paid(field: Field, row: dict[str, Any]) -> Draft:
    drawn = field.drawn
    unit, year = drawn.choice(field.books.units), drawn.choice(field.days.years)
    line = field.books.line(year, unit, row["item"])
    payee = field.payees.to(row["to"], unit, drawn)
    purpose = drawn.choice(row["purposes"])
    if drawn.random() < 0.3:
        purpose = f"支付{purpose}"
    amount = money(drawn, row["low"], row["high"])
    draft = field.books.pay(field.day(year, 1, 12), line, payee, amount, purpose)
    if row["to"] == "person":
        draft.settlement = "公务卡"
    elif drawn.random() < 0.9:
        draft.invoice = field.invoice(year)
    return draft


def _planted(field: Field, kind: str, table: str) -> None:
    hard = field.hard
    row = field.drawn.choice(field.words[f"{table}_quietly" if hard else table])
    draft = _paid(field, row)
    note = f"{draft.purpose} under {draft.line.item}"
    if hard:
        note += ", the purpose says nothing"
    field.fault(kind, [draft], draft.line.unit, draft.line.year, note)


def _seeming(field: Field, kind: str, table: str) -> None:
    row = field.drawn.choice(field.words[table])
    draft = _paid(field, row)
    field.innocent(kind, [draft], draft.line.unit, draft.line.year, row["reason"])


OUTSIDES = Kind(
    OUTSIDE,
    2.4,
    1,
    lambda field: _planted(field, OUTSIDE, "misbooked"),
    (lambda field: _seeming(field, OUTSIDE, "rightly_booked"),),
)
INSIDES = Kind(
    INSIDE,
    2.1,
    1,
    lambda field: _planted(field, INSIDE, "wrongly_in"),
    (lambda field: _seeming(field, INSIDE, "rightly_in"),),
)
