"""Budgets: shifted bit by bit, carried on for two years, or spent on other things."""

from __future__ import annotations

from simulators.treasury.books import SMALL, Change, Draft, Line, Numbered, even, method_for, money
from simulators.treasury.plants.field import Field
from simulators.treasury.plants.kinds import Kind
from simulators.treasury.plants.timing import apart, plain
from simulators.treasury.projects import Season

SHIFT = "item-shift"
CARRY = "carry-over-two-years"
OTHER = "other-share"
OTHER_ITEM = "30299 其他商品和服务支出"
_LIMIT = 0.1
"""Of a line's approved budget: a shift below it is the unit's own affair."""
_ANY = ("service", "school-year", "equipment")


def _two_lines(season: Season) -> list[Line]:
    """The greatest lines of a season, greatest first."""
    sums: dict[Line, int] = {}
    for draft in season.drafts:
        sums[draft.line] = sums.get(draft.line, 0) + draft.amount
    return sorted(sums, key=lambda line: -sums[line])


def _paid(season: Season, line: Line) -> int:
    return sum(one.amount for one in season.drafts if one.line is line)


def _shiftable(season: Season) -> bool:
    return plain(season) and len(_two_lines(season)) >= 2


def _shift(field: Field, giver: Line, taker: Line, amounts: list[int]) -> list[Change]:
    made = []
    months = sorted(field.drawn.randint(3, 10) for _ in amounts)
    for month, amount in zip(months, amounts, strict=True):
        on = field.day(giver.year, month, month)
        document = field.books.document(giver.year)
        made.append(field.change(giver, on, -amount, "调剂", document))
        made.append(field.change(taker, on, amount, "调剂", document))
    return made


def _small_shifts(field: Field) -> None:
    """Each below the limit, together far above it."""
    drawn = field.drawn
    season = field.season(_ANY, fits=_shiftable)
    taker, giver = _two_lines(season)[:2]
    count = drawn.randint(4, 9)
    parts = [drawn.uniform(0.025, 0.099) for _ in range(count)]
    if field.hard:
        parts = [drawn.uniform(0.02, 0.035) for _ in range(5)]
    approved = round(_paid(season, taker) / (1 + sum(parts)))
    made = _shift(field, giver, taker, [even(approved * part) for part in parts])
    note = f"{len(parts)} shifts below {_LIMIT:.0%} that come to {sum(parts):.0%} of the item"
    field.fault(SHIFT, [], giver.unit, giver.year, note, giver.project, made)


def _one_shift(field: Field) -> None:
    season = field.season(_ANY, fits=_shiftable)
    taker, giver = _two_lines(season)[:2]
    share = field.drawn.uniform(0.12, 0.4)
    amount = even(_paid(season, taker) * share / (1 + share))
    made = _shift(field, giver, taker, [amount])
    reason = "one shift above the limit, approved by the finance bureau"
    field.innocent(SHIFT, [], giver.unit, giver.year, reason, giver.project, made)


def _few_shifts(field: Field) -> None:
    season = field.season(_ANY, fits=_shiftable)
    taker, giver = _two_lines(season)[:2]
    parts = [field.drawn.uniform(0.005, 0.024) for _ in range(field.drawn.randint(3, 4))]
    made = _shift(field, giver, taker, [even(_paid(season, taker) * part) for part in parts])
    reason = f"small shifts that come to {sum(parts):.0%} only"
    field.innocent(SHIFT, [], giver.unit, giver.year, reason, giver.project, made)


def _there_and_back(field: Field) -> None:
    season = field.season(_ANY, fits=_shiftable)
    taker, giver = _two_lines(season)[:2]
    base = _paid(season, taker)
    parts = [even(base * field.drawn.uniform(0.03, 0.08)) for _ in range(2)]
    made = _shift(field, giver, taker, [*parts, *(-part for part in parts)])
    reason = "shifts that were taken back in the year"
    field.innocent(SHIFT, [], giver.unit, giver.year, reason, giver.project, made)


def _from_outside(field: Field) -> None:
    season = field.season(_ANY, fits=_shiftable)
    line = _two_lines(season)[0]
    base, made = _paid(season, line), []
    for _ in range(field.drawn.randint(3, 6)):
        amount = even(base * field.drawn.uniform(0.02, 0.07))
        on = field.day(line.year, 3, 10)
        made.append(field.change(line, on, amount, "追加", field.books.document(line.year)))
    reason = "additions from the finance bureau, no shift between items"
    field.innocent(SHIFT, [], line.unit, line.year, reason, line.project, made)


def _adjusted(field: Field) -> None:
    season = field.season(_ANY, fits=_shiftable)
    taker, giver = _two_lines(season)[:2]
    amount = even(_paid(season, taker) * field.drawn.uniform(0.1, 0.3))
    on, document = field.day(taker.year, 8, 9), f"通人常〔{taker.year}〕28号"
    made = [
        field.change(giver, on, -amount, "调整", document),
        field.change(taker, on, amount, "调整", document),
    ]
    reason = "by the adjustment that the standing committee approved"
    field.innocent(SHIFT, [], giver.unit, giver.year, reason, giver.project, made)


SHIFTS = Kind(
    SHIFT,
    0.8,
    0,
    _small_shifts,
    (_one_shift, _few_shifts, _there_and_back, _from_outside, _adjusted),
)


def _free_line(field: Field, after: int) -> tuple[Season, Line]:
    """The greatest line of a year after which no other money is carried on."""

    def fits(season: Season) -> bool:
        years = field.years_of(season.project)
        span = [years[year] for year in range(season.year, season.year + after + 1)]
        return all(plain(one) and apart(field, one) for one in span)

    season = field.season(_ANY, after=after, fits=fits)
    return season, _two_lines(season)[0]


def _carry_twice(field: Field) -> None:
    """Money that nobody spends or gives back for two years."""
    drawn = field.drawn
    season, line = _free_line(field, 2)
    left = round(_paid(season, line) * drawn.uniform(0.04, 0.22))
    once, first = field.carry(
        line, left, 0.0 if drawn.random() < 0.5 else drawn.uniform(0.05, 0.6)
    )
    twice, _ = field.carry(once, left - sum(one.amount for one in first), 0.0)
    if field.hard:
        spent = drawn.uniform(0.7, 0.9)
        paid = round((twice.unspent or 0) * spent)
        payee = field.payees.favourites(line.unit, "consulting")[1]
        field.books.pay(field.day(twice.year, 2, 9), twice, payee, paid, "项目尾款")
        twice.unspent = (twice.unspent or 0) - paid
    note = f"{left // 100} yuan of {line.year} still there two years later"
    rows = [line, once, twice]
    field.fault(CARRY, [], line.unit, twice.year, note, line.project, rows)


def _carry_once(field: Field) -> None:
    season, line = _free_line(field, 1)
    left = round(_paid(season, line) * field.drawn.uniform(0.04, 0.22))
    once, made = field.carry(line, left)
    for draft in made:
        if field.drawn.random() < 0.5:
            draft.on = field.day(once.year, 1, 1)
    reason = "carried on once and spent"
    field.innocent(CARRY, made, line.unit, once.year, reason, line.project, [line, once])


def _taken_back(field: Field) -> None:
    season, line = _free_line(field, 1)
    left = round(_paid(season, line) * field.drawn.uniform(0.04, 0.22))
    once, made = field.carry(line, left, field.drawn.uniform(0.0, 0.6))
    rest, once.unspent = once.unspent or 0, 0
    document = field.books.document(once.year)
    change = field.change(once, field.day(once.year, 9, 11), -rest, "追减", document)
    reason = "carried on once, the rest taken back by the finance bureau"
    rows: list[Numbered] = [line, once, change]
    field.innocent(CARRY, made, line.unit, once.year, reason, line.project, rows)


def _fresh_each_year(field: Field) -> None:
    """Two years one after the other, each with the rest of its own money, spent at once."""
    season, line = _free_line(field, 2)
    left = round(_paid(season, line) * field.drawn.uniform(0.04, 0.22))
    once, made = field.carry(line, left)
    own = _two_lines(field.years_of(season.project)[line.year + 1])[0]
    later = round(left * field.drawn.uniform(0.6, 1.4))
    twice, more = field.carry(own, later)
    reason = "each year the rest of its own money, spent in the next"
    rows = [line, once, own, twice]
    field.innocent(CARRY, [*made, *more], line.unit, twice.year, reason, line.project, rows)


def _taken_back_after_two(field: Field) -> None:
    season, line = _free_line(field, 2)
    left = round(_paid(season, line) * field.drawn.uniform(0.04, 0.22))
    once, made = field.carry(line, left, field.drawn.uniform(0.5, 0.9))
    rest, once.unspent = once.unspent or 0, 0
    month = field.day(once.year, 12, 12)
    document = field.books.document(once.year)
    change = field.change(once, month, -rest, "追减", document)
    reason = "what was left after the second year went back"
    rows: list[Numbered] = [line, once, change]
    field.innocent(CARRY, made, line.unit, once.year, reason, line.project, rows)


CARRIES = Kind(
    CARRY,
    0.6,
    0,
    _carry_twice,
    (_carry_once, _fresh_each_year, _taken_back, _taken_back_after_two),
)


def _other_payments(field: Field, line: Line, sum_: int, count: int) -> list[Draft]:
    weights = [field.drawn.uniform(0.8, 1.2) for _ in range(count)]
    payees = field.drawn.sample(field.payees.favourites(line.unit, "consulting"), count)
    made = []
    for weight, payee in zip(weights, payees, strict=True):
        purpose = field.drawn.choice(("其他支出", "工作经费", "综合业务支出", "专项工作支出"))
        amount = round(sum_ * weight / sum(weights))
        on = field.day(line.year)
        draft = field.books.pay(on, line, payee, amount, purpose, invoice=field.invoice(line.year))
        if amount >= SMALL:
            signed = field.shortly_before(on)
            field.books.deal(draft, f"{purpose}协议", method_for(amount), signed)
        made.append(draft)
    return made


def _others(field: Field) -> None:
    """More than a fifth of all that the unit spends, but for wages and works."""
    drawn = field.drawn
    season = field.season(("service",), fits=plain)
    line = field.books.line(season.year, season.project.unit, OTHER_ITEM, season.project)
    share = drawn.uniform(0.2, 0.23) if field.hard else drawn.uniform(0.23, 0.5)
    bought = field.bought(line.unit, line.year)
    sum_ = round(bought * share / (1 - share))
    made = _other_payments(field, line, sum_, drawn.randint(4, 5))
    note = f"other items are {share:.0%} of what is spent but for wages and works"
    field.fault(OTHER, made, line.unit, line.year, note, line.project)


def _below_a_fifth(field: Field) -> None:
    season = field.season(("service",), fits=plain)
    line = field.books.line(season.year, season.project.unit, OTHER_ITEM, season.project)
    share = field.drawn.uniform(0.12, 0.195)
    sum_ = round(season.paid() * share / (1 - share))
    made = _other_payments(field, line, sum_, field.drawn.randint(2, 4))
    reason = f"other items are {share:.1%} of the project"
    field.innocent(OTHER, made, line.unit, line.year, reason, line.project)


def _named_other(field: Field) -> None:
    """An item whose name only begins with the word."""
    drawn = field.drawn
    season = field.season(("service",), fits=plain)
    line = field.books.line(season.year, season.project.unit, "30239 其他交通费用", season.project)
    sum_ = round(season.paid() * drawn.uniform(0.25, 0.6))
    payee = drawn.choice(field.payees.favourites(line.unit, "labour"))
    on = field.day(line.year)
    draft = field.books.pay(
        on, line, payee, sum_, "作业船艇租用", invoice=field.invoice(line.year)
    )
    field.books.deal(draft, "作业船艇租用合同", method_for(sum_), field.shortly_before(on))
    reason = "an item with a content of its own in spite of its name"
    field.innocent(OTHER, [draft], line.unit, line.year, reason, line.project)


def _small_unit_item(field: Field) -> None:
    drawn = field.drawn
    unit, year = drawn.choice(field.books.units), drawn.choice(field.days.years)
    line = field.books.line(year, unit, OTHER_ITEM)
    payee = drawn.choice(field.payees.favourites(unit, "office"))
    on, amount = field.day(year), money(drawn, 4_000, 16_000)
    draft = field.books.pay(on, line, payee, amount, "退休干部活动费", invoice=field.invoice(year))
    field.innocent(OTHER, [draft], unit, year, "a large other item of a small part of the budget")


def _reclassified(field: Field) -> None:
    """Booked as other at first, then moved to the right item."""
    drawn = field.drawn
    season = field.season(("service",), fits=plain)
    unit, project = season.project.unit, season.project
    line = field.books.line(season.year, unit, OTHER_ITEM, project)
    sum_ = round(season.paid() * drawn.uniform(0.3, 0.6))
    made = _other_payments(field, line, sum_, 1)
    first, right = made[0], _two_lines(season)[0]
    on = field.later(first.on, 5, 50)
    back = field.books.pay(on, line, first.payee, -sum_, f"更正科目：{first.purpose}")
    again = field.books.pay(on, right, first.payee, sum_, f"更正科目：{first.purpose}")
    back.deal = again.deal = first.deal
    back.repeats = again.repeats = True
    reason = "moved to the right item within the year"
    field.innocent(OTHER, [first, back, again], unit, line.year, reason, project)


OTHERS = Kind(
    OTHER, 0.6, 5, _others, (_below_a_fifth, _named_other, _small_unit_item, _reclassified)
)
