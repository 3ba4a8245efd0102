"""Money that only changes its pocket: to the unit's own account, or to a unit below."""

from __future__ import annotations

from datetime import date

from simulators.treasury.books import SCATTERED, Draft, money
from simulators.treasury.payees import Payee
from simulators.treasury.plants.field import ExhaustedError, Field
from simulators.treasury.plants.kinds import Kind
from simulators.treasury.units import Unit

OWN = "own-account"
DOWN = "paying-down"
_TYPED = ("{name}", "{name}", "{name}", "{name}（基本户）", "{name}基本存款账户")


def _to_own(field: Field, unit: Unit, year: int, purpose: str) -> Draft:
    amount = money(field.drawn, 6_000, 900_000)
    item = field.drawn.choice(("30227 委托业务费", "30213 维修(护)费", "30201 办公费"))
    line = field.roomy(item, 10 * amount, first=year, last=year, unit=unit)
    payee = Payee(unit.name, unit.own_account)
    draft = field.books.pay(field.day(line.year, 2, 12), line, payee, amount, purpose)
    draft.name = field.drawn.choice(_TYPED).format(name=unit.name)
    return draft


def _own(field: Field) -> None:
    drawn = field.drawn
    unit, year = drawn.choice(field.books.units), drawn.choice(field.days.years)
    hard = field.hard
    words = field.words["own"]["quiet" if hard else "purposes"]
    made = [_to_own(field, unit, year, drawn.choice(words).format(month=drawn.randint(1, 12)))]
    if drawn.random() < 0.25:
        made.append(_to_own(field, unit, year, drawn.choice(words).format(month=3)))
    note = "money to the unit's own real account"
    if hard:
        short = unit.name.removeprefix("南通市")
        made[0].name = short
        note += ", under a quiet purpose and a short name"
    field.fault(OWN, made, unit, year, note, made[0].line.project)


def _lawful(field: Field, key: str, name: str, item: str, purpose: str, reason: str) -> None:
    """To an account that a unit may have."""
    drawn = field.drawn
    unit, year = drawn.choice(field.books.units), drawn.choice(field.days.years)
    payee = field.payees.own(unit.code, key, name.format(unit=unit.name))
    month = drawn.randint(1, 12)
    line = field.books.line(year, unit, item)
    amount = money(drawn, 3_000, 60_000)
    on = field.day(year, month, month)
    draft = field.books.pay(on, line, payee, amount, purpose.format(month=month))
    field.innocent(OWN, [draft], unit, year, reason)


def _wages(field: Field) -> None:
    _lawful(
        field,
        "wages",
        "{unit}",
        "30103 奖金",
        "代发{month}月奖金",
        "the unit's account for wages",
    )


def _canteen(field: Field) -> None:
    _lawful(
        field,
        "canteen",
        "{unit}机关食堂",
        "30229 福利费",
        "{month}月职工伙食补贴",
        "the unit's canteen has an account of its own",
    )


def _union(field: Field) -> None:
    _lawful(
        field,
        "union",
        "{unit}工会委员会",
        "30228 工会经费",
        "拨缴{month}月工会经费",
        "the union's account",
    )


def _housing(field: Field) -> None:
    _lawful(
        field,
        "housing",
        "{unit}（公积金户）",
        "30113 住房公积金",
        "补缴{month}月住房公积金",
        "the account for the housing fund",
    )


def _tax(field: Field) -> None:
    _lawful(
        field,
        "tax",
        "{unit}",
        "30101 基本工资",
        "代扣代缴{month}月个人所得税",
        "tax of wages, by the account that the tax office debits",
    )


def _party(field: Field) -> None:
    _lawful(
        field,
        "party",
        "中共{unit}机关委员会",
        "30299 其他商品和服务支出",
        "党组织活动经费",
        "the party committee's account",
    )


OWNS = Kind(OWN, 1.8, 2, _own, (_wages, _canteen, _union, _housing, _tax, _party))


def _department(field: Field) -> tuple[Unit, Unit]:
    """A department, and a unit below it."""
    leading = [one for one in field.books.units if one.leads and one.department in field.below]
    if not leading:
        raise ExhaustedError
    department = field.drawn.choice(leading)
    return department, field.drawn.choice(field.below[department.department])


def _pay_down(
    field: Field, low: float, high: float, item: str, purpose: str
) -> tuple[Draft, Unit]:
    department, below = _department(field)
    amount = money(field.drawn, low, high)
    year = field.drawn.choice(field.days.years)
    line = field.roomy(item, amount, first=year, last=year, unit=department)
    payee = Payee(below.name, below.own_account)
    draft = field.books.pay(field.day(line.year, 2, 10), line, payee, amount, purpose)
    return draft, below


def _down(field: Field) -> None:
    drawn = field.drawn
    hard = field.hard
    stem = drawn.choice(("业务工作", "设施维护", "专项整治", "能力建设", "宣传教育"))
    purpose = drawn.choice(field.words["paying_down"]["quiet" if hard else "purposes"])
    item = drawn.choice(("30227 委托业务费", "30213 维修(护)费", "30226 劳务费"))
    low, high = (20_000, 60_000) if hard else (50_000, 1_500_000)
    draft, below = _pay_down(field, low, high, item, purpose.format(stem=stem))
    line, made = draft.line, [draft]
    if drawn.random() < 0.25:
        rest = round(draft.amount * drawn.uniform(0.5, 1.5))
        on = field.later(draft.on, 15, 50)
        made.append(field.books.pay(on, line, draft.payee, rest, draft.purpose))
    note = f"money handed down to {below.code}, booked as spent"
    field.fault(DOWN, made, line.unit, line.year, note, line.project)


def _service(field: Field) -> None:
    drawn = field.drawn
    purpose = drawn.choice(("委托检测费", "场地使用费", "考务费", "技术服务费", "职工体检费"))
    draft, below = _pay_down(field, 3_000, 90_000, "30227 委托业务费", purpose)
    line = draft.line
    draft.invoice = field.invoice(line.year)
    if draft.amount > 4_000_000:
        name = f"{purpose}合同"
        field.books.deal(draft, name, SCATTERED, field.shortly_before(draft.on))
    reason = f"a service that {below.code} did, with its invoice"
    field.innocent(DOWN, [draft], line.unit, line.year, reason, line.project)


def _rent(field: Field) -> None:
    draft, below = _pay_down(field, 8_000, 120_000, "30214 租赁费", "年度会议室及场地租金")
    line = draft.line
    draft.invoice = field.invoice(line.year)
    reason = f"rent of rooms of {below.code}, with its invoice"
    field.innocent(DOWN, [draft], line.unit, line.year, reason, line.project)


def _seconded(field: Field) -> None:
    month = field.drawn.randint(1, 12)
    purpose = f"归还借用人员{month}月工资社保"
    draft, below = _pay_down(field, 6_000, 60_000, "30199 其他工资福利支出", purpose)
    line = draft.line
    reason = f"wages of staff seconded from {below.code}"
    field.innocent(DOWN, [draft], line.unit, line.year, reason, line.project)


def _to_town(field: Field) -> None:
    department, _ = _department(field)
    drawn = field.drawn
    amount = money(drawn, 60_000, 1_500_000)
    line = field.roomy("39908 对民间非营利组织和群众性自治组织补贴", amount, unit=department)
    payee = drawn.choice(field.payees.group("towns"))
    purpose = drawn.choice(("镇级专项转移支付", "以奖代补资金", "镇级配套补助"))
    draft = field.books.pay(field.day(line.year, 3, 10), line, payee, amount, purpose)
    reason = "a transfer to a town, which has a budget of its own"
    field.innocent(DOWN, [draft], line.unit, line.year, reason, line.project)


def _returned_deposit(field: Field) -> None:
    draft, below = _pay_down(field, 5_000, 80_000, "30206 电费", "代收代付水电费分摊")
    line = draft.line
    draft.on = field.days.about(date(line.year, draft.on.month, 25))
    draft.invoice = field.invoice(line.year)
    reason = f"the share of water and power that {below.code} had paid for both"
    field.innocent(DOWN, [draft], line.unit, line.year, reason, line.project)


DOWNS = Kind(DOWN, 1.7, 2, _down, (_service, _to_town, _seconded, _rent, _returned_deposit))
