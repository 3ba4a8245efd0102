"""The upkeep of units: wages, insurance, bills, and many small things."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from typing import Any

from config.files import read_toml
from simulators.treasury.books import Books, Draft, money
from simulators.treasury.payees import Payee
from simulators.treasury.units import DATA, REMEDY, Unit

_PUBLIC = {"wages", "pensions", "medical", "housing", "union"}
"""They write no invoices."""
_OWN_WAGES = 0.3
"""Share of units that pay wages through an account of their own."""
_FLAT_FUEL = 0.35
"""Share of months in which a unit fills its fuel card."""


@dataclass(frozen=True, slots=True)
class Stream:
    """Everyday payments of one item."""

    item: str
    to: str
    weight: float
    low: float
    high: float
    bill: float
    purposes: tuple[str, ...]


def streams() -> tuple[Stream, ...]:
    """Everyday ones."""
    rows = read_toml(DATA / "streams.toml", REMEDY)["everyday"]
    return tuple(
        Stream(
            row["item"],
            row["to"],
            row["weight"],
            row["low"],
            row["high"],
            row.get("bill", 0.9),
            tuple(row["purposes"]),
        )
        for row in rows
    )


def write_monthly(books: Books, drawn: random.Random, *, thin: bool) -> None:
    """Wages and bills of every unit and month; where ``thin``, only the greatest."""
    rows = read_toml(DATA / "streams.toml", REMEDY)["monthly"]
    for unit in books.units:
        own = _wages_account(books, unit, drawn)
        for row in rows:
            if (thin and not row.get("rare")) or drawn.random() >= row.get("some", 1.0):
                continue
            payee = (
                own if own and row["to"] == "wages" else books.payees.to(row["to"], unit, drawn)
            )
            _write_stream(books, unit, row, payee, drawn)


def _wages_account(books: Books, unit: Unit, drawn: random.Random) -> Payee | None:
    if drawn.random() >= _OWN_WAGES:
        return None
    name = unit.name if drawn.random() < 0.5 else f"{unit.name}（工资户）"
    return books.payees.own(unit.code, "wages", name)


def _write_stream(
    books: Books, unit: Unit, row: dict[str, Any], payee: Payee, drawn: random.Random
) -> None:
    per_head = row["per_head"] * drawn.uniform(0.85, 1.2)
    spread = 0.3 if row.get("varies") else 0.0
    public = row["to"] in _PUBLIC
    books.regulars.add((unit.code, payee.name))
    for year in books.days.years:
        line = books.line(year, unit, row["item"], function=row.get("function", ""))
        sum_ = round(unit.staff * per_head * 1.03 ** (year - 2021)) * 100
        for month in range(1, 13):
            amount = round(sum_ * (1 + spread * (2 * drawn.random() - 1)))
            if row["to"] == "wages" and drawn.random() < 0.3:
                amount += drawn.randint(-8, 12) * 10_000
            draft = books.pay(
                books.days.in_month(year, month, drawn),
                line,
                payee,
                max(amount, 100_00),
                row["purpose"].format(month=month),
            )
            draft.by_treasury = row["to"] == "wages"
            draft.settlement = "代发" if row["to"] == "wages" else "转账"
            if not public:
                draft.invoice = books.invoice(drawn, year)


class Everyday:
    """A source of small payments of any unit on any day."""

    def __init__(self, books: Books, drawn: random.Random) -> None:
        self._books = books
        self._drawn = drawn
        self._streams = streams()
        self._weights = [stream.weight for stream in self._streams]
        self._staff = [10 + unit.staff**0.5 * 6 for unit in books.units]

    def write(self, count: int, *, small: bool = False) -> None:
        """So many of them; ``small`` ones change no share of anything."""
        drawn, books = self._drawn, self._books
        units = drawn.choices(books.units, self._staff, k=count)
        chosen = drawn.choices(self._streams, self._weights, k=count)
        months = drawn.choices(range(1, 13), (9, 5, 8, 8, 8, 9, 8, 8, 9, 8, 10, 10), k=count)
        years = drawn.choices(books.days.years, k=count)
        for unit, stream, month, year in zip(units, chosen, months, years, strict=True):
            one = self._streams[2] if small else stream
            self._one(unit, one, books.days.in_month(year, month, drawn))

    def _one(self, unit: Unit, stream: Stream, on: date) -> Draft:
        drawn, books = self._drawn, self._books
        purposes = stream.purposes
        purpose = purposes[int(drawn.random() * len(purposes))]
        roll = drawn.random()
        if roll < 0.25:
            purpose = f"付{on.month}月{purpose}"
        elif roll < 0.5:
            purpose = f"支付{purpose}"
        if stream.item == "30231 公务用车运行维护费" and drawn.random() < _FLAT_FUEL:
            payee, purpose = books.payees.body("fuel"), f"{on.month}月公务用车加油费"
        else:
            payee = books.payees.to(stream.to, unit, drawn)
        line = books.line(on.year, unit, stream.item)
        draft = books.pay(on, line, payee, money(drawn, stream.low, stream.high), purpose)
        if stream.to == "person":
            draft.settlement = "公务卡" if drawn.random() < 0.6 else "转账"
        if drawn.random() < stream.bill:
            draft.invoice = books.invoice(drawn, on.year)
        return draft
