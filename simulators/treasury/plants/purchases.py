"""Purchases: cut into parts below a limit, or of an asset that nobody recorded."""

from __future__ import annotations

from datetime import date

from simulators.treasury.books import (
    LIMIT_OF_LAW,
    LIMIT_WITHIN,
    SCATTERED,
    SINGLE,
    TENDER,
    Card,
    Draft,
    Line,
    money,
)
from simulators.treasury.payees import Payee
from simulators.treasury.plants.field import Field
from simulators.treasury.plants.kinds import Kind

SPLIT = "split-payment"
ASSET = "asset-not-recorded"
_ITEMS = {
    "office": "31002 办公设备购置",
    "software": "30227 委托业务费",
    "property": "30209 物业管理费",
    "building": "30213 维修(护)费",
    "printing": "30202 印刷费",
    "environment": "30227 委托业务费",
    "consulting": "30227 委托业务费",
}


def _parts(field: Field, sum_: int, limit: int) -> list[int]:
    """Unequal parts of a sum, each below the limit; some are far below it."""
    fewest = sum_ // limit + 1
    count = fewest + field.drawn.choice((0, 0, 1, 1, 2))
    while True:
        weights = [field.drawn.uniform(0.25, 1.0) ** 0.7 for _ in range(count)]
        parts = [round(sum_ * weight / sum(weights) / 100) * 100 for weight in weights]
        if max(parts) < limit:
            return parts
        if field.drawn.random() < 0.02:
            count += 1


def _record(field: Field, draft: Draft, thing: str) -> None:
    """The card of an asset, where an item asks for one."""
    if draft.line.item.startswith("310"):
        on = field.later(draft.on, 0, 30)
        unit = draft.line.unit
        field.books.cards.append(Card(unit, thing, "家具和用具", on, draft.amount, draft))


def _pay_parts(
    field: Field, line: Line, payee: Payee, parts: list[int], thing: str, days: int
) -> list[Draft]:
    on = field.day(line.year, 2, 9)
    last = field.later(on, days, days)
    suffixes = (
        "（一）",
        "（二）",
        "（三）",
        "（四）",
        "（五）",
        "（六）",
        "（七）",
        "（八）",
        "（九）",
    )
    style = field.drawn.randrange(3)
    made = []
    for at, part in enumerate(parts):
        day = field.days.between(on, last, field.drawn) if at else on
        suffix = (suffixes[at % 9], "款", f"第{at + 1}批")[style]
        draft = field.books.pay(day, line, payee, part, thing + suffix)
        draft.invoice = field.invoice(line.year)
        _record(field, draft, thing)
        made.append(draft)
    return made


def _split(field: Field) -> None:
    drawn = field.drawn
    limit = LIMIT_WITHIN if drawn.random() < 0.7 else LIMIT_OF_LAW
    sum_ = round(limit * (1.01 + 1.6 * drawn.random() ** 2))
    parts = _parts(field, sum_, limit)
    trade, thing = field.trade_and_thing()
    line = field.roomy(_ITEMS[trade], sum_)
    payee = drawn.choice(field.payees.favourites(line.unit, trade))
    hard = field.hard
    made = _pay_parts(
        field, line, payee, parts, thing, drawn.randint(40, 75) if hard else drawn.randint(0, 24)
    )
    note = f"a purchase of {sum_ // 100} yuan in {len(parts)} parts below {limit // 100}"
    if hard:
        named = [thing, f"{thing}配套", "零星采购", f"{thing}增补", "服务费", "材料款", "配件款"]
        for at, draft in enumerate(made):
            draft.purpose = named[at % len(named)]
        note += ", over weeks and under several names"
    elif drawn.random() < 0.4:
        for draft in made:
            field.books.deal(
                draft, f"{draft.purpose}协议", SCATTERED, field.shortly_before(draft.on, 0, 9)
            )
    field.fault(SPLIT, made, line.unit, line.year, note, line.project)


def _instalments(field: Field) -> None:
    drawn = field.drawn
    sum_ = round(LIMIT_OF_LAW * drawn.uniform(0.5, 1.8))
    trade, thing = field.trade_and_thing()
    line = field.roomy("30227 委托业务费", sum_)
    payee = drawn.choice(field.payees.favourites(line.unit, trade))
    parts = _parts(field, sum_, LIMIT_WITHIN if sum_ < 2 * LIMIT_WITHIN else LIMIT_OF_LAW)
    made = _pay_parts(field, line, payee, parts, f"{thing}合同款", drawn.randint(15, 60))
    deal = field.books.deal(made[0], f"{thing}合同", TENDER, field.shortly_before(made[0].on))
    for at, draft in enumerate(sorted(made, key=lambda one: one.on)):
        draft.purpose, draft.deal = f"{thing}合同第{at + 1}期款", deal
    if drawn.random() < 0.3:
        made[-1].deal = None
        deal.paid_share = (sum_ - made[-1].amount) / sum_
    field.innocent(
        SPLIT, made, line.unit, line.year, "instalments of a tendered contract", line.project
    )


def _months_at_once(field: Field) -> None:
    drawn = field.drawn
    each = round(LIMIT_WITHIN * drawn.uniform(0.25, 0.9))
    line = field.roomy("30209 物业管理费", 3 * each)
    payee = drawn.choice(field.payees.favourites(line.unit, "property"))
    month = drawn.randint(3, 9)
    on = field.day(line.year, month, month)
    made = []
    for named in range(month - 2, month + 1):
        day = field.later(on, 0, 6)
        draft = field.books.pay(day, line, payee, each, f"{named}月物业服务费")
        draft.invoice = field.invoice(line.year)
        made.append(draft)
    deal = field.books.deal(
        made[0], "年度物业服务合同", TENDER, field.days.about(date(line.year, 1, 10))
    )
    deal.paid_share = 0.25
    for draft in made:
        draft.deal = deal
    reason = "months of a tendered service, paid together"
    field.innocent(SPLIT, made, line.unit, line.year, reason, line.project)


def _different_things(field: Field) -> None:
    drawn = field.drawn
    things = drawn.sample(
        ("灭火器", "窗帘", "应急照明", "监控探头", "会议桌", "碎纸机", "热水器", "标识牌"), 3
    )
    parts = [money(drawn, 50_000, 120_000) for _ in things]
    line = field.roomy("30218 专用材料费", sum(parts))
    payee = drawn.choice(field.payees.favourites(line.unit, "office"))
    on = field.day(line.year, 2, 9)
    made = []
    for part, thing in zip(parts, things, strict=True):
        draft = field.books.pay(field.later(on, 0, 20), line, payee, part, f"{thing}采购款")
        draft.invoice = field.invoice(line.year)
        made.append(draft)
    deal = field.books.deal(
        made[0], "定点采购框架协议", TENDER, field.days.about(date(line.year, 1, 8))
    )
    deal.paid_share = 0.6
    for draft in made:
        draft.deal = deal
    reason = "different things under a framework agreement"
    field.innocent(SPLIT, made, line.unit, line.year, reason, line.project)


def _just_below(field: Field) -> None:
    drawn = field.drawn
    sum_ = round(LIMIT_WITHIN * drawn.uniform(0.7, 0.995))
    trade, thing = field.trade_and_thing()
    line = field.roomy(_ITEMS[trade], sum_)
    payee = drawn.choice(field.payees.favourites(line.unit, trade))
    first = round(sum_ * drawn.uniform(0.3, 0.7) / 100) * 100
    made = _pay_parts(field, line, payee, [first, sum_ - first], thing, drawn.randint(5, 24))
    reason = "two deliveries that stay below the limit together"
    field.innocent(SPLIT, made, line.unit, line.year, reason, line.project)


def _emergency(field: Field) -> None:
    drawn = field.drawn
    parts = [money(drawn, 60_000, 190_000) for _ in range(drawn.randint(2, 3))]
    line = field.roomy("30213 维修(护)费", sum(parts))
    payee = drawn.choice(field.payees.favourites(line.unit, "building"))
    thing = drawn.choice(("防汛应急抢险", "台风灾后应急抢修", "道路塌陷应急抢险"))
    made = _pay_parts(field, line, payee, parts, thing, drawn.randint(4, 20))
    deal = field.books.deal(
        made[0], f"{thing}合同", SINGLE, field.shortly_before(made[0].on, 1, 4)
    )
    for draft in made:
        draft.deal = deal
    reason = "an emergency with an approved single source"
    field.innocent(SPLIT, made, line.unit, line.year, reason, line.project)


def _meters(field: Field) -> None:
    drawn = field.drawn
    parts = [money(drawn, 40_000, 160_000) for _ in range(drawn.randint(2, 4))]
    line = field.roomy("30206 电费", sum(parts))
    payee, month = field.payees.body("power"), drawn.randint(2, 10)
    made = []
    for at, part in enumerate(parts):
        on = field.day(line.year, month, month)
        draft = field.books.pay(on, line, payee, part, f"{month}月{at + 1}号泵站电费")
        draft.invoice = field.invoice(line.year)
        made.append(draft)
    reason = "several meters of a monopoly"
    field.innocent(SPLIT, made, line.unit, line.year, reason, line.project)


SPLITS = Kind(
    SPLIT,
    1.5,
    9,
    _split,
    (_instalments, _months_at_once, _different_things, _just_below, _emergency, _meters),
)


def _bought(
    field: Field, item: str = "", low: float = 1_600, high: float = 150_000
) -> tuple[Draft, str]:
    """An asset, paid, without its card."""
    drawn = field.drawn
    trades = {
        "31002 办公设备购置": (
            "office",
            ("台式计算机", "多功能一体机", "投影仪", "空调机", "文件柜"),
        ),
        "31003 专用设备购置": ("equipment", ("检测仪", "教学一体机", "无人机", "采样器")),
        "31007 信息网络及软件购置更新": ("software", ("服务器", "交换机", "业务软件")),
    }
    item = item or drawn.choice(list(trades))
    trade, things = trades[item]
    amount, thing = money(drawn, low, high), drawn.choice(things)
    line = field.roomy(item, amount)
    payee = drawn.choice(field.payees.favourites(line.unit, trade))
    on = field.day(line.year, 2, 9)
    draft = field.books.pay(
        on, line, payee, amount, f"购置{thing}", invoice=field.invoice(line.year)
    )
    if amount >= 4_000_000:
        field.books.deal(draft, f"{thing}采购合同", SCATTERED, field.shortly_before(on))
    return draft, thing


def _unrecorded(field: Field) -> None:
    draft, thing = _bought(field)
    line = draft.line
    note = "no card in the register of assets"
    if field.hard:
        wrong = Card(
            line.unit, thing, "设备", field.later(draft.on, 5, 40), draft.amount // 3, None
        )
        field.books.cards.append(wrong)
        note = "a card of a third of the value only"
    field.fault(ASSET, [draft], line.unit, line.year, note, line.project)


def _one_card(field: Field) -> None:
    """Bought by instalments, recorded as one."""
    draft, thing = _bought(field, low=8_000)
    line, part = draft.line, field.drawn.uniform(0.2, 0.6)
    rest = field.books.pay(
        field.later(draft.on, 20, 80), line, draft.payee, draft.amount, f"购置{thing}尾款"
    )
    draft.amount = round(draft.amount * part)
    draft.purpose += "预付款"
    rest.amount -= draft.amount
    rest.deal, rest.invoice = draft.deal, draft.invoice
    whole = draft.amount + rest.amount
    card = Card(line.unit, thing, "设备", field.later(rest.on, 1, 30), whole, rest)
    field.books.cards.append(card)
    reason = "instalments of one asset, recorded with its whole value"
    field.innocent(ASSET, [draft, rest], line.unit, line.year, reason, line.project, [card])


def _several_cards(field: Field) -> None:
    draft, thing = _bought(field, low=6_000)
    line, count = draft.line, field.drawn.randint(2, 6)
    on, each = field.later(draft.on, 0, 30), draft.amount // count
    values = [each] * (count - 1) + [draft.amount - each * (count - 1)]
    linked = draft if field.drawn.random() < 0.6 else None
    cards = [Card(line.unit, thing, "设备", on, value, linked) for value in values]
    field.books.cards += cards
    reason = "one purchase, a card for each piece"
    field.innocent(ASSET, [draft], line.unit, line.year, reason, line.project, cards)


def _late_card(field: Field) -> None:
    draft, thing = _bought(field)
    line = draft.line
    card = Card(line.unit, thing, "设备", field.later(draft.on, 50, 110), draft.amount, None)
    field.books.cards.append(card)
    reason = "recorded months later, without the voucher's number"
    field.innocent(ASSET, [draft], line.unit, line.year, reason, line.project, [card])


def _consumables(field: Field) -> None:
    drawn = field.drawn
    row = drawn.choice(field.words["consumable"])
    amount = money(drawn, 900, 60_000)
    line = field.roomy(row["item"], amount)
    payee = drawn.choice(field.payees.favourites(line.unit, "equipment"))
    purpose = f"购置{drawn.choice(row['purposes'])}"
    draft = field.books.pay(field.day(line.year), line, payee, amount, purpose)
    draft.invoice = field.invoice(line.year)
    reason = "consumables are no assets"
    field.innocent(ASSET, [draft], line.unit, line.year, reason, line.project)


def _exchanged(field: Field) -> None:
    """Returned to the seller, money and all."""
    draft, _ = _bought(field)
    line = draft.line
    back = field.books.pay(
        field.later(draft.on, 5, 40), line, draft.payee, -draft.amount, f"{draft.purpose}退货退款"
    )
    back.deal, back.repeats = draft.deal, True
    reason = "returned to the seller, the money came back"
    field.innocent(ASSET, [draft, back], line.unit, line.year, reason, line.project)


ASSETS = Kind(
    ASSET, 1.9, 1, _unrecorded, (_one_card, _several_cards, _late_card, _consumables, _exchanged)
)
