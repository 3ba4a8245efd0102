"""Suppliers: suddenly one for most of the money, or one that came once for much of it."""

from __future__ import annotations

from simulators.treasury.books import (
    CONSULTATION,
    INQUIRY,
    SCATTERED,
    SINGLE,
    TENDER,
    Draft,
    Line,
    money,
)
from simulators.treasury.payees import Payee
from simulators.treasury.plants.field import Field
from simulators.treasury.plants.kinds import Kind
from simulators.treasury.plants.timing import plain, scale
from simulators.treasury.projects import Season

CONCENTRATION = "payee-concentration"
NEW = "new-payee"
_MOST_ROWS = 11
_TRADES = ("consulting", "software", "printing", "property", "environment", "building")


def _give(season: Season, payee: Payee, share: float) -> list[Draft]:
    """Give a share of a year's money to one payee, contract by contract, the greatest first."""
    wanted = season.paid() * share
    made: list[Draft] = []
    for draft in sorted(season.drafts, key=lambda one: -one.amount):
        if sum(one.amount for one in made) >= wanted:
            break
        if draft in made:
            continue
        together = [one for one in season.drafts if draft.deal and one.deal is draft.deal] or [
            draft
        ]
        for one in together:
            one.payee = payee
            if one.deal:
                one.deal.supplier, one.deal.method = payee, INQUIRY
        made += together
    return made


def _share(season: Season, made: list[Draft]) -> float:
    return sum(one.amount for one in made) / season.paid()


def _top(season: Season) -> float:
    """The share of the greatest payee of a year."""
    sums: dict[str, int] = {}
    for draft in season.drafts:
        sums[draft.payee.name] = sums.get(draft.payee.name, 0) + draft.amount
    return max(sums.values()) / season.paid()


def _varied(season: Season) -> bool:
    """Whether a year has few enough payments, and many payees."""
    return plain(season) and 6 <= len(season.drafts) <= _MOST_ROWS + 4 and _top(season) < 0.4


def _trade_payee(field: Field, season: Season) -> Payee:
    trade = field.drawn.choice([kind["to"] for kind in season.kinds])
    if field.drawn.random() < 0.3:
        return field.payees.fresh(trade)
    return field.drawn.choice(field.payees.favourites(season.project.unit, trade))


def _concentrated(field: Field) -> None:
    season = field.season(fits=_varied, before=1)
    wanted = field.drawn.uniform(0.42, 0.5) if field.hard else field.drawn.uniform(0.52, 0.92)
    made = _give(season, _trade_payee(field, season), wanted)[:_MOST_ROWS]
    note = f"{_share(season, made):.0%} of the year's money to one payee"
    field.fault(CONCENTRATION, made, season.project.unit, season.year, note, season.project)


def _monopoly(field: Field) -> None:
    season = field.season(fits=_varied, before=1)
    payee = field.payees.body(field.drawn.choice(("power", "water", "telecom", "gas")))
    named = {"国网": "电费", "南通市通州区自来水": "水费", "中国电信": "专线费"}
    made = _give(season, payee, field.drawn.uniform(0.5, 0.9))
    for draft in made:
        words = [word for start, word in named.items() if payee.name.startswith(start)]
        draft.purpose = f"项目{(words or ['燃气费'])[0]}"
        draft.deal = None
    reason = "a monopoly"
    field.innocent(CONCENTRATION, made, season.project.unit, season.year, reason, season.project)


def _tendered(field: Field) -> None:
    season = field.season(fits=_varied, before=1)
    payee = _trade_payee(field, season)
    made = _give(season, payee, field.drawn.uniform(0.5, 0.9))
    signed = field.day(season.year, 1, 1)
    deal = field.books.deal(made[0], f"{season.project.stem}年度总包合同", TENDER, signed)
    for at, draft in enumerate(sorted(made, key=lambda one: one.on)):
        draft.deal, draft.purpose = deal, f"{season.project.stem}年度总包第{at + 1}期款"
    reason = "won a public tender for the whole service"
    field.innocent(CONCENTRATION, made, season.project.unit, season.year, reason, season.project)


def _always(field: Field) -> None:
    season = field.season(fits=_varied, before=1)
    project = season.project
    years = field.years_of(project)
    payee = _trade_payee(field, season)
    field.pin(project, years)
    for year, one in years.items():
        if year != season.year:
            _give(one, payee, field.drawn.uniform(0.5, 0.85))
    made = _give(season, payee, field.drawn.uniform(0.5, 0.85))
    reason = "the same payee in every year"
    field.innocent(CONCENTRATION, made, project.unit, season.year, reason, project)


def _little(field: Field) -> None:
    season = field.season(fits=_varied, before=1)
    scale(season.drafts, field.drawn.uniform(800_000, 3_000_000) / season.paid())
    for draft in season.drafts:
        draft.deal = None
    made = _give(season, _trade_payee(field, season), field.drawn.uniform(0.5, 0.9))
    reason = "little money in all"
    field.innocent(CONCENTRATION, made, season.project.unit, season.year, reason, season.project)


def _rather_much(field: Field) -> None:
    season = field.season(fits=_varied, before=1)
    known = field.payees.favourites(season.project.unit, season.kinds[0]["to"])
    made = _give(season, known[0], field.drawn.uniform(0.2, 0.3))
    reason = f"{_share(season, made):.0%} to one payee, no more than usual"
    field.innocent(CONCENTRATION, made, season.project.unit, season.year, reason, season.project)


def _institute(field: Field) -> None:
    season = field.season(fits=_varied, before=1)
    payee = field.payees.body(field.drawn.choice(("university", "institute")))
    made = _give(season, payee, field.drawn.uniform(0.5, 0.8))
    signed = field.day(season.year, 1, 1)
    deal = field.books.deal(made[0], f"{season.project.stem}科研合作合同", SINGLE, signed)
    for at, draft in enumerate(sorted(made, key=lambda one: one.on)):
        draft.deal, draft.purpose = deal, f"{season.project.stem}技术合作第{at + 1}期款"
    reason = "a public institute by an approved single source"
    field.innocent(CONCENTRATION, made, season.project.unit, season.year, reason, season.project)


CONCENTRATIONS = Kind(
    CONCENTRATION,
    0.8,
    _MOST_ROWS,
    _concentrated,
    (_monopoly, _tendered, _always, _rather_much, _little, _institute),
)


def _new(field: Field, low: float, high: float, *, last: int = 0) -> tuple[Draft, str]:
    """Money to somebody whom nobody has paid before, from the second year on."""
    drawn = field.drawn
    trade = drawn.choice(_TRADES)
    thing = drawn.choice(field.words["goods"][trade])
    amount = money(drawn, low, high)
    item = "30202 印刷费" if trade == "printing" else "30227 委托业务费"
    years = field.days.years
    line = field.roomy(item, amount, first=years[0] + 1, last=years[-1] - last)
    draft = field.books.pay(
        field.day(line.year, 2, 8), line, field.payees.fresh(trade), amount, thing
    )
    draft.invoice = field.invoice(line.year)
    return draft, trade


def _newcomer(field: Field) -> None:
    hard = field.hard
    draft, _ = _new(field, 25_000 if hard else 80_000, 60_000 if hard else 196_000)
    line, made = draft.line, [draft]
    if field.drawn.random() < 0.5:
        field.books.deal(draft, f"{draft.purpose}合同", SCATTERED, field.shortly_before(draft.on))
    if field.drawn.random() < 0.25:
        rest = round(draft.amount * field.drawn.uniform(0.2, 0.5))
        on = field.later(draft.on, 10, 60)
        more = field.books.pay(on, line, draft.payee, rest, f"{draft.purpose}尾款")
        more.deal, more.invoice = draft.deal, field.invoice(line.year)
        draft.amount -= rest
        made.append(more)
    note = "much money to somebody never paid before or after"
    field.fault(NEW, made, line.unit, line.year, note, line.project)


def _stays(field: Field) -> None:
    """A new supplier that is paid again in the next year."""
    draft, _ = _new(field, 60_000, 196_000, last=1)
    line, made = draft.line, [draft]
    following = _next_year(field, line)
    for _ in range(field.drawn.randint(1, 3)):
        on = field.day(following.year)
        amount = round(draft.amount * field.drawn.uniform(0.2, 0.9))
        more = field.books.pay(on, following, draft.payee, amount, draft.purpose)
        more.invoice = field.invoice(following.year)
        made.append(more)
    reason = "a new supplier that stays"
    field.innocent(NEW, made, line.unit, line.year, reason, line.project)


def _next_year(field: Field, line: Line) -> Line:
    return field.books.line(line.year + 1, line.unit, line.item)


def _won(field: Field) -> None:
    draft, _ = _new(field, 200_000, 700_000)
    line = draft.line
    field.books.deal(draft, f"{draft.purpose}合同", TENDER, field.shortly_before(draft.on, 20, 60))
    reason = "won a public tender"
    field.innocent(NEW, [draft], line.unit, line.year, reason, line.project)


def _compared(field: Field) -> None:
    draft, _ = _new(field, 200_000, 480_000)
    line = draft.line
    signed = field.shortly_before(draft.on, 20, 60)
    field.books.deal(draft, f"{draft.purpose}合同", CONSULTATION, signed)
    reason = "won a consultation of three"
    field.innocent(NEW, [draft], line.unit, line.year, reason, line.project)


def _small(field: Field) -> None:
    draft, _ = _new(field, 800, 19_000)
    line = draft.line
    field.innocent(NEW, [draft], line.unit, line.year, "little money", line.project)


def _compensation(field: Field) -> None:
    drawn = field.drawn
    amount = money(drawn, 60_000, 900_000)
    line = field.roomy("31011 地上附着物和青苗补偿", amount, first=field.days.years[0] + 1)
    payee = drawn.choice(field.payees.group("villages"))
    purpose = drawn.choice(("征地青苗补偿款", "土地征收安置补助", "河道占地补偿款"))
    draft = field.books.pay(field.day(line.year), line, payee, amount, purpose)
    reason = "a compensation for land to a village"
    field.innocent(NEW, [draft], line.unit, line.year, reason, line.project)


def _judgement(field: Field) -> None:
    draft, _ = _new(field, 60_000, 190_000)
    line = draft.line
    draft.purpose, draft.invoice = "支付法院判决工程欠款", ""
    reason = "by the judgement of a court"
    field.innocent(NEW, [draft], line.unit, line.year, reason, line.project)


NEWCOMERS = Kind(
    NEW,
    1.9,
    2,
    _newcomer,
    (_stays, _won, _small, _compensation, _compared, _judgement),
)
