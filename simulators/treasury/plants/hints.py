"""Payments that are only odd: on days off, and of round sums."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from simulators.treasury.books import Draft, method_for, money
from simulators.treasury.payees import Payee
from simulators.treasury.plants.field import ExhaustedError, Field
from simulators.treasury.plants.kinds import Kind
from simulators.treasury.units import Unit

WEEKEND = "weekend-payment"
ROUND_SUM = "round-sum"
_DEBIT = "委托收款"
_CLOSING = (12, 25)
"""From this month and day on the treasury closes the year, on days off too."""
_ON_DUTY = {
    "hospital": ("医院", "卫生院", "急救站", "疾病预防", "妇幼保健", "卫生健康"),
    "emergency": ("防汛", "应急", "水利局", "生态环境局"),
    "police": ("执法", "城市管理局", "市场监督管理局"),
}
"""Units whose work goes on on days off, by words of their names."""
_THOUSAND = 100_000


def _with_duty(field: Field, duty: str) -> list[Unit]:
    return [one for one in field.books.units if any(w in one.name for w in _ON_DUTY[duty])]


def _of_office_hours(field: Field) -> Unit:
    busy = {unit.code for duty in _ON_DUTY for unit in _with_duty(field, duty)}
    return field.drawn.choice([unit for unit in field.books.units if unit.code not in busy])


def _day_off(field: Field) -> date:
    """A day off on which neither a standing order is due nor the year is closed."""
    while True:
        day = field.drawn.choice(field.days.off)
        if day.day > 1 and (day.month, day.day) < _CLOSING:
            return day


def _amount(field: Field, row: dict[str, Any]) -> int:
    """As bills are: neither of whole thousands nor of whole hundreds."""
    amount = money(field.drawn, row["low"], row["high"])
    return amount + field.drawn.randint(1, 99) * 100 if amount % 10_000 == 0 else amount


def _bought(
    field: Field,
    row: dict[str, Any],
    unit: Unit,
    on: date,
    amount: int,
    payee: Payee | None = None,
) -> Draft:
    line = field.books.line(on.year, unit, row["item"])
    payee = payee or field.payees.to(row["to"], unit, field.drawn)
    purpose = field.drawn.choice(row["purposes"]).format(month=on.month)
    draft = field.books.pay(on, line, payee, amount, purpose)
    draft.settlement = row.get("settlement", "公务卡" if row["to"] == "person" else "转账")
    if row.get("bill", row["to"] != "person"):
        draft.invoice = field.invoice(on.year)
    return draft


def _weekend(field: Field) -> None:
    drawn = field.drawn
    hard, unit, on = field.hard, _of_office_hours(field), _day_off(field)
    table = field.words["weekend_quietly" if hard else "weekend"]
    made = []
    for _ in range(2 if drawn.random() < 0.15 else 1):
        row = drawn.choice(table)
        made.append(_bought(field, row, unit, on, _amount(field, row)))
    note = f"{made[0].purpose} on {on:%A}, {on}, a day off"
    if hard:
        note += ", the purpose says nothing"
    field.fault(WEEKEND, made, unit, on.year, note)


def _made_up(field: Field) -> None:
    """On a Saturday or Sunday that is worked."""
    row, unit = field.drawn.choice(field.words["weekend"]), _of_office_hours(field)
    on = field.drawn.choice(field.days.made_up)
    draft = _bought(field, row, unit, on, _amount(field, row))
    field.innocent(WEEKEND, [draft], unit, on.year, f"{on:%A}, {on}, is a working day")


def _on_duty(field: Field, duty: str, reason: str) -> None:
    units = _with_duty(field, duty)
    if not units:
        raise ExhaustedError
    row, unit = field.drawn.choice(field.words[f"weekend_{duty}"]), field.drawn.choice(units)
    on = _day_off(field)
    draft = _bought(field, row, unit, on, _amount(field, row))
    field.innocent(WEEKEND, [draft], unit, on.year, reason)


def _standing_order(field: Field) -> None:
    """Of some months one after the other, always on the first, whatever day it is."""
    drawn = field.drawn
    row, unit = drawn.choice(field.words["weekend_standing"]), _of_office_hours(field)
    first = drawn.choice([day for day in field.days.off if day.day == 1])
    payee = field.payees.to(row["to"], unit, drawn)
    start, amount = drawn.randint(max(first.month - 4, 1), first.month), _amount(field, row)
    days = [date(first.year, month, 1) for month in range(start, min(start + 6, 13))]
    made = [_bought(field, row, unit, on, amount, payee) for on in days]
    field.innocent(WEEKEND, made, unit, first.year, "a standing order of the first of each month")


def _direct_debit(field: Field) -> None:
    row, unit = field.drawn.choice(field.words["weekend_debit"]), _of_office_hours(field)
    on = _day_off(field)
    draft = _bought(field, row, unit, on, _amount(field, row))
    draft.settlement = _DEBIT
    field.innocent(WEEKEND, [draft], unit, on.year, "a bill by direct debit")


def _closing(field: Field) -> None:
    """The last days off of a year, on which the treasury works for all units."""
    drawn = field.drawn
    year = drawn.choice(field.days.years)
    first = date(year, *_CLOSING)
    on = drawn.choice([day for day in field.days.off if first <= day <= first + timedelta(6)])
    units = drawn.sample(field.books.units, drawn.randint(4, 7))
    made = []
    for unit in units:
        row = drawn.choice(field.words["weekend"])
        made.append(_bought(field, row, unit, on, _amount(field, row)))
    reason = "the treasury closes the year on its last days, for many units"
    field.innocent(WEEKEND, made, units[0], year, reason)


WEEKENDS = Kind(
    WEEKEND,
    1.2,
    2,
    _weekend,
    (
        _made_up,
        lambda field: _on_duty(field, "hospital", "a hospital works on days off"),
        _direct_debit,
        lambda field: _on_duty(field, "emergency", "an emergency does not wait"),
        _standing_order,
        lambda field: _on_duty(field, "police", "on duty, as every day off"),
        _closing,
    ),
)


def _round(field: Field, thousands: int = 100) -> int:
    """Whole thousands or ten thousands of yuan, at most so many thousands."""
    drawn = field.drawn
    if thousands > 10 and drawn.random() < 0.45:
        return drawn.randint(1, thousands // 10) * 10 * _THOUSAND
    return drawn.randint(1, min(thousands, 19)) * _THOUSAND


def _round_sum(field: Field) -> None:
    drawn = field.drawn
    hard, unit = field.hard, drawn.choice(field.books.units)
    row = drawn.choice(field.words["round_quietly" if hard else "round"])
    on = field.day(drawn.choice(field.days.years), 1, 12)
    payee, made = field.payees.to(row["to"], unit, drawn), []
    for _ in range(2 if drawn.random() < 0.2 else 1):
        made.append(_bought(field, row, unit, on, _round(field, row["thousands"]), payee))
        on = field.later(on, 35, 80)
    sums = " and ".join(f"{one.amount // 100}" for one in made)
    note = f"{sums} yuan to {payee.name} for {made[0].purpose}"
    if hard:
        note += ", a small sum to somebody who is paid every week"
    field.fault(ROUND_SUM, made, unit, made[0].line.year, note)


def _rightly_round(field: Field) -> None:
    """Rent, wages, subsidies, loans, and the like."""
    drawn = field.drawn
    row, unit = drawn.choice(field.words["rightly_round"]), drawn.choice(field.books.units)
    on = field.day(drawn.choice(field.days.years), 1, 12)
    draft = _bought(field, row, unit, on, _round(field, row["thousands"]))
    field.innocent(ROUND_SUM, [draft], unit, on.year, row["reason"])


def _not_round(field: Field) -> None:
    """The same things at what they cost, some of it close to a round sum."""
    drawn = field.drawn
    row, unit = drawn.choice(field.words["round"]), drawn.choice(field.books.units)
    on = field.day(drawn.choice(field.days.years), 1, 12)
    amount = _round(field, row["thousands"])
    amount += drawn.choice((-20_000, -1_000, -50, 50, 8_800, 30_000, 50_000, 86_400))
    draft = _bought(field, row, unit, on, amount)
    field.innocent(ROUND_SUM, [draft], unit, on.year, "the sum of a bill, not a round one")


def _by_contract(field: Field) -> None:
    """Instalments or a deposit, to those who get round sums without a contract too."""
    drawn = field.drawn
    row = drawn.choice([row for row in field.words["round"] if row.get("contract")])
    unit, year = drawn.choice(field.books.units), drawn.choice(field.days.years)
    on, thing = field.day(year, 3, 9), row["contract"]
    payee, amount = field.payees.to(row["to"], unit, drawn), _round(field, row["thousands"])
    steps = drawn.choice((("定金",), ("首期款", "尾款"), ("第1期款", "第2期款")))
    made: list[Draft] = []
    for step in steps:
        draft = _bought(field, row, unit, on, amount, payee)
        draft.purpose = f"{thing}{step}"
        if made:
            draft.deal = made[0].deal
        else:
            name, signed = f"{thing}合同", field.shortly_before(on)
            field.books.deal(draft, name, method_for(amount * len(steps)), signed)
        made.append(draft)
        on = field.later(on, 60, 90)
    reason = "due by contract: " + ("a deposit" if len(steps) == 1 else "instalments")
    field.innocent(ROUND_SUM, made, unit, year, reason)


_ALIKE: tuple[Callable[[Field], None], ...] = (
    _rightly_round,
    _by_contract,
    _rightly_round,
    _not_round,
    _rightly_round,
)
ROUNDS = Kind(ROUND_SUM, 1.2, 2, _round_sum, _ALIKE)
