"""Paid twice: the same invoice, the same instalment, or the same thing again within days."""

from __future__ import annotations

from simulators.treasury.books import TENDER, Draft, money
from simulators.treasury.plants.field import Field
from simulators.treasury.plants.kinds import Kind

NAME = "duplicate-payment"


def _again(field: Field, one: Draft, low: int, high: int) -> Draft:
    """The same payment, once more."""
    copy = field.books.pay(
        field.later(one.on, low, high), one.line, one.payee, one.amount, one.purpose
    )
    copy.deal, copy.settlement, copy.repeats = one.deal, one.settlement, True
    return copy


def _once(draft: Draft) -> bool:
    """Whether a payment can be one of its own: no wages, no bill of every month, no asset."""
    monthly = ("301", "303", "310", "30205", "30206", "30207", "30209", "30214", "30226", "30239")
    early = draft.on.month <= 10
    return early and draft.amount > 80_000 and not draft.line.item.startswith(monthly)


def _invoice(field: Field) -> None:
    one = field.draft(lambda draft: _once(draft) and bool(draft.invoice))
    copy = _again(field, one, 3, 70)
    copy.invoice = one.invoice
    note = "the same invoice paid twice"
    if field.hard:
        at = field.drawn.randrange(len(one.invoice) - 1)
        swapped = one.invoice[at + 1] + one.invoice[at]
        copy.invoice = one.invoice[:at] + swapped + one.invoice[at + 2 :]
        copy.purpose = f"补付{one.purpose.removeprefix('支付').removeprefix('付')}"
        note += ", its number mistyped"
    elif field.drawn.random() < 0.3:
        copy.purpose = one.purpose.removeprefix("支付").removeprefix("付") + "款"
        note += ", in other words"
    field.fault(NAME, [one, copy], one.line.unit, one.line.year, note, one.line.project)


def _instalment(field: Field) -> None:
    one = field.draft(
        lambda draft: _once(draft) and draft.deal is not None and "第" in draft.purpose
    )
    copy = _again(field, one, 4, 55)
    note = "the same instalment of a contract paid twice"
    if field.hard:
        copy.deal, copy.amount = None, round(one.amount * field.drawn.uniform(0.9, 0.98))
        note += ", the second time without the contract and less a deduction"
    elif field.drawn.random() < 0.6:
        copy.invoice = field.invoice(one.on.year)
    field.fault(NAME, [one, copy], one.line.unit, one.line.year, note, one.line.project)


def _within_days(field: Field) -> None:
    one = field.draft(lambda draft: _once(draft) and not draft.deal and draft.settlement == "转账")
    copy = _again(field, one, 1, 21)
    roll = field.drawn.random()
    if roll < 0.35:
        one.invoice = ""
    elif roll > 0.8:
        copy.invoice = field.invoice(one.on.year)
    note = "the same payee, amount and purpose again within days"
    if field.hard:
        copy.purpose = "费用报销"
        note += ", the purpose hidden"
    field.fault(NAME, [one, copy], one.line.unit, one.line.year, note, one.line.project)


def _plant(field: Field) -> None:
    field.drawn.choice((_invoice, _instalment, _within_days))(field)


def _batch(field: Field) -> None:
    drawn = field.drawn
    unit, year = drawn.choice(field.books.units), drawn.choice(field.days.years)
    line = field.books.line(year, unit, "30216 培训费")
    payee = drawn.choice(field.payees.favourites(unit, "training"))
    on, amount = field.day(year, 3, 11), money(drawn, 600, 4_800)
    purpose = drawn.choice(("培训费", "参训人员培训费", "考试报名费", "体检费"))
    made = [
        field.books.pay(on, line, payee, amount, purpose, invoice=field.invoice(year))
        for _ in range(drawn.randint(2, 5))
    ]
    for draft in made[1:]:
        draft.batch = made[0]
    field.innocent(NAME, made, unit, year, "lines of a batch, an invoice each")


def _late_rent(field: Field) -> None:
    drawn = field.drawn
    unit, year = drawn.choice(field.books.units), drawn.choice(field.days.years)
    line = field.books.line(year, unit, "30214 租赁费")
    payee = drawn.choice(field.payees.favourites(unit, "rent"))
    amount, month = drawn.randint(20, 280) * 10_000, drawn.randint(3, 9)
    first = field.day(year, month, month)
    days = [first, first if drawn.random() < 0.5 else field.later(first, 1, 12)]
    made = [
        field.books.pay(on, line, payee, amount, f"{named}月仓库租金", invoice=field.invoice(year))
        for on, named in zip(days, (month - 1, month), strict=True)
    ]
    field.innocent(NAME, made, unit, year, "two months of a rent, one of them late")


def _returned(field: Field) -> None:
    one = field.draft(
        lambda draft: draft.amount > 30_000 and draft.on.month <= 10 and not draft.batch
    )
    back = _again(field, one, 1, 6)
    back.amount, back.purpose = -one.amount, f"退回：{one.purpose}"
    again = _again(field, one, 7, 16)
    for draft in (back, again):
        draft.batch, draft.invoice, draft.by_treasury = one, one.invoice, one.by_treasury
    reason = "sent back by the bank and paid once more"
    field.innocent(
        NAME, [one, back, again], one.line.unit, one.line.year, reason, one.line.project
    )


def _equal_instalments(field: Field) -> None:
    drawn = field.drawn
    amount = drawn.randint(12, 90) * 100_000
    line = field.roomy("30227 委托业务费", 3 * amount)
    payee = drawn.choice(field.payees.favourites(line.unit, "consulting"))
    on = field.day(line.year, 2, 7)
    thing = drawn.choice(("规划编制", "驻场服务", "评估服务"))
    made: list[Draft] = []
    for part in range(drawn.randint(2, 3)):
        draft = field.books.pay(on, line, payee, amount, f"{thing}第{part + 1}期款")
        draft.invoice = field.invoice(line.year)
        if made:
            draft.deal = made[0].deal
        else:
            field.books.deal(draft, f"{thing}合同", TENDER, field.shortly_before(on))
        made.append(draft)
        on = field.later(on, 12, 40)
    reason = "equal instalments of a contract, each due"
    field.innocent(NAME, made, line.unit, line.year, reason, line.project)


def _halves(field: Field) -> None:
    drawn = field.drawn
    unit, year = drawn.choice(field.books.units), drawn.choice(field.days.years)
    line = field.books.line(year, unit, "30213 维修(护)费")
    payee = drawn.choice(field.payees.favourites(unit, "repair"))
    on, amount, invoice = field.day(year), money(drawn, 2_000, 18_000), field.invoice(year)
    thing = drawn.choice(("中央空调维修", "电梯大修", "消防改造"))
    first = field.books.pay(on, line, payee, amount, f"{thing}首付50%", invoice=invoice)
    second = field.books.pay(
        field.later(on, 10, 60), line, payee, amount, f"{thing}余款50%", invoice=invoice
    )
    field.innocent(NAME, [first, second], unit, year, "an invoice paid in two halves, as agreed")


def _shared(field: Field) -> None:
    drawn = field.drawn
    year, units = drawn.choice(field.days.years), drawn.sample(field.books.units, 2)
    payee = drawn.choice(field.payees.favourites(units[0], "software"))
    on, amount = field.day(year), money(drawn, 1_500, 30_000)
    made = [
        field.books.pay(
            on,
            field.books.line(year, unit, "30213 维修(护)费"),
            payee,
            amount,
            "财务软件年度服务费",
            invoice=field.invoice(year),
        )
        for unit in units
    ]
    reason = "two units with the same service at the same price"
    field.innocent(NAME, made, units[0], year, reason)


def _weekly(field: Field) -> None:
    drawn = field.drawn
    unit, year = drawn.choice(field.books.units), drawn.choice(field.days.years)
    line = field.books.line(year, unit, "30201 办公费")
    payee = drawn.choice(field.payees.favourites(unit, "canteen"))
    on, amount = field.day(year, 2, 9), drawn.randint(4, 40) * 6_000
    made = []
    for _ in range(drawn.randint(4, 8)):
        made.append(
            field.books.pay(on, line, payee, amount, "桶装水款", invoice=field.invoice(year))
        )
        on = field.later(on, 6, 9)
    field.innocent(NAME, made, unit, year, "a delivery each week at a fixed price")


KIND = Kind(
    NAME,
    3.0,
    2,
    _plant,
    (_returned, _batch, _late_rent, _halves, _equal_instalments, _shared, _weekly),
)
