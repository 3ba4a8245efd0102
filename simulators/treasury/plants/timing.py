"""When money goes: most of it in the last weeks, or hardly any of it all year."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from simulators.treasury.books import (
    ADDED,
    CONSULTATION,
    FROM_ABOVE,
    INITIAL,
    SMALL,
    TENDER,
    Draft,
    Line,
    even,
    method_for,
)
from simulators.treasury.plants.field import Field
from simulators.treasury.plants.kinds import Kind
from simulators.treasury.projects import Season

RUSH = "year-end-rush"
SLOW = "slow-progress"
_SPENDING = ("service", "school-year")


def plain(season: Season) -> bool:
    """Whether all its money is of the year's own budget, as it was approved."""
    own = all(one.line.source == INITIAL and not one.line.changes for one in season.drafts)
    return own and len(season.drafts) >= 4


def apart(field: Field, season: Season) -> bool:
    """Whether nothing is carried on into, out of, before or after a year."""
    years = field.years_of(season.project)
    near = [years[year] for year in range(season.year - 1, season.year + 2) if year in years]
    return all(
        line.unspent is None and line.source == INITIAL
        for one in near
        for line in {draft.line for draft in one.drafts}
    )


def scale(drafts: Iterable[Draft], factor: float) -> None:
    """Make payments greater or smaller."""
    for draft in drafts:
        draft.amount = max(round(draft.amount * factor), 100_00)


def _late(season: Season) -> int:
    return sum(one.amount for one in season.drafts if one.on.month >= 11)


def _line_of(season: Season) -> Line:
    return season.drafts[0].line


def _spend(
    field: Field, line: Line, sum_: int, count: int, table: str, first: date
) -> list[Draft]:
    """A sum in some payments to as many payees, from a day on to the end of the year."""
    weights = [field.drawn.uniform(0.5, 1.5) for _ in range(count)]
    taken: set[str] = set()
    made = []
    for weight in weights:
        trade, thing = field.trade_and_thing(table)
        known = field.payees.favourites(line.unit, trade)
        payee = field.drawn.choice([one for one in known if one.name not in taken] or known)
        taken.add(payee.name)
        on = field.days.between(first, date(line.year, 12, 30), field.drawn)
        amount = round(sum_ * weight / sum(weights))
        draft = field.books.pay(on, line, payee, amount, thing, invoice=field.invoice(line.year))
        if amount >= SMALL:
            signed = field.shortly_before(on, 3, 20)
            field.books.deal(draft, f"{thing}合同", method_for(amount), signed)
        made.append(draft)
    return made


def _table(field: Field) -> str:
    """Innocent money buys odd things too."""
    return "odd" if field.drawn.random() < 0.3 else "goods"


def _rush(field: Field) -> None:
    drawn = field.drawn
    season = field.season(_SPENDING, fits=plain)
    hard = field.hard
    share = drawn.uniform(0.44, 0.52) if hard else drawn.uniform(0.5, 0.95)
    early = season.paid() - _late(season)
    total = season.paid()
    scale(season.drafts, (1 - share) * total / early)
    sum_ = round(share * total) - _late(season)
    first = date(season.year, 11, 3) if hard else date(season.year, 11, drawn.randint(10, 28))
    count = drawn.randint(3, 6)
    made = _spend(field, _line_of(season), sum_, count, "goods" if hard else "odd", first)
    note = f"{share:.0%} of the year's money in its last two months"
    field.fault(RUSH, made, season.project.unit, season.year, note, season.project)


def _autumn_money(field: Field) -> None:
    drawn = field.drawn
    season = field.season(_SPENDING, fits=plain)
    unit, project = season.project.unit, season.project
    line = field.books.line(season.year, unit, _line_of(season).item, project, FROM_ABOVE)
    line.issued_on = field.day(season.year, 9, 11)
    sum_ = round(season.paid() * drawn.uniform(0.7, 3.0))
    first = max(date(season.year, 11, 15), line.issued_on)
    made = _spend(field, line, sum_, drawn.randint(2, 4), _table(field), first)
    field.innocent(RUSH, made, unit, season.year, "money from above that came in autumn", project)


def _autumn_approval(field: Field) -> None:
    drawn = field.drawn
    season = field.season(_SPENDING, fits=plain)
    unit, project = season.project.unit, season.project
    line = field.books.line(season.year, unit, _line_of(season).item, project, ADDED)
    line.issued_on = field.day(season.year, 9, 11)
    sum_ = round(season.paid() * drawn.uniform(0.7, 2.5))
    first = max(date(season.year, 11, 10), line.issued_on)
    made = _spend(field, line, sum_, drawn.randint(2, 4), _table(field), first)
    reason = "approved in autumn by the adjusted budget"
    field.innocent(RUSH, made, unit, season.year, reason, project)


def _each_december(field: Field) -> None:
    """Settled in December of every year, by contract."""
    drawn = field.drawn
    season = field.season(_SPENDING, before=1, fits=plain)
    project = season.project
    years = field.years_of(project)
    made: list[Draft] = []
    for year in range(season.year - 1, season.year + 1):
        one = years[year]
        sum_ = round(one.paid() * drawn.uniform(0.7, 1.6))
        payee = field.payees.favourites(project.unit, "property")[0]
        on = field.day(year, 12, 12)
        draft = field.books.pay(on, _line_of(one), payee, sum_, f"{year}年度服务费年终结算")
        draft.invoice = field.invoice(year)
        signed = field.day(year, 1, 1)
        field.books.deal(draft, f"{project.stem}年度服务合同（年终一次结算）", TENDER, signed)
        made.append(draft)
    reason = "settled by contract each December"
    for draft in made:
        field.innocent(RUSH, [draft], project.unit, draft.line.year, reason, project)


def _final_account(field: Field) -> None:
    drawn = field.drawn
    season = field.season(
        ("construction",), fits=lambda one: any(draft.deal for draft in one.drafts)
    )
    project = season.project
    first = next(one for one in season.drafts if one.deal)
    sum_ = round(season.paid() * drawn.uniform(0.8, 1.6))
    on = field.day(season.year, 12, 12)
    draft = field.books.pay(on, first.line, first.payee, sum_, "工程进度款（主体完工验收）")
    draft.deal, draft.invoice = first.deal, field.invoice(season.year)
    reason = "works done and measured in December, by contract"
    field.innocent(RUSH, [draft], project.unit, season.year, reason, project)


def _carried_on(field: Field) -> None:
    drawn = field.drawn

    season = field.season(_SPENDING, before=1, fits=lambda one: plain(one) and apart(field, one))
    project, unit = season.project, season.project.unit
    before = field.books.line(season.year - 1, unit, _line_of(season).item, project, FROM_ABOVE)
    before.issued_on = field.day(before.year, 10, 12)
    carried, made = field.carry(before, round(season.paid() * drawn.uniform(0.6, 1.2)))
    for draft in made:
        draft.on = field.day(season.year, 11, 12)
    reason = "carried-over money that a contract makes due at the year's end"
    field.innocent(RUSH, made, unit, season.year, reason, project, [carried])
    reason = "money from above came late in the year and was carried on"
    field.innocent(SLOW, [], unit, before.year, reason, project, [before, carried])


def _lively(field: Field) -> None:
    """Much in the last months, but less than most of it."""
    drawn = field.drawn
    season = field.season(_SPENDING, fits=plain)
    share, total = drawn.uniform(0.32, 0.47), season.paid()
    scale(season.drafts, (1 - share) * total / (total - _late(season)))
    sum_ = max(round(share * total) - _late(season), 300_000)
    first = date(season.year, 11, 3)
    made = _spend(field, _line_of(season), sum_, drawn.randint(2, 4), _table(field), first)
    reason = f"{share:.0%} in the last two months, for the project's own things"
    field.innocent(RUSH, made, season.project.unit, season.year, reason, season.project)


RUSHES = Kind(
    RUSH,
    0.9,
    6,
    _rush,
    (_autumn_money, _lively, _each_december, _autumn_approval, _final_account, _carried_on),
)


def _leave(season: Season, share: float) -> None:
    """Let a share of the year's money be spent, whatever was paid."""
    sums: dict[Line, int] = {}
    for draft in season.drafts:
        if not draft.dropped:
            sums[draft.line] = sums.get(draft.line, 0) + draft.amount
    total = sum(sums.values())
    rest = round(total / share) - total
    for line, paid in sums.items():
        line.unspent = rest * paid // total


def _slowable(field: Field) -> Season:
    return field.season(_SPENDING, before=1, fits=lambda one: plain(one) and apart(field, one))


def _slow(field: Field) -> None:
    drawn = field.drawn
    season = _slowable(field)
    share = drawn.uniform(0.55, 0.66) if field.hard else drawn.uniform(0.06, 0.55)
    total = season.paid()
    kept = drawn.sample(season.drafts, min(4, len(season.drafts)))
    share = min(share, sum(one.amount for one in kept) / total)
    for draft in season.drafts:
        draft.dropped = draft not in kept
    scale(kept, share * total / sum(one.amount for one in kept))
    _leave(season, share)
    note = f"{share:.0%} of the year's money spent, after more in each earlier year"
    field.fault(SLOW, kept, season.project.unit, season.year, note, season.project)


def _unspent_autumn(field: Field) -> None:
    drawn = field.drawn
    season = field.season(
        _SPENDING, after=1, before=1, fits=lambda one: plain(one) and apart(field, one)
    )
    project, unit = season.project, season.project.unit
    line = field.books.line(season.year, unit, _line_of(season).item, project, FROM_ABOVE)
    line.issued_on = field.day(season.year, 10, 12)
    carried, made = field.carry(line, round(season.paid() * drawn.uniform(0.5, 1.6)))
    reason = "money from above came late in the year and was spent in the next"
    field.innocent(SLOW, made, unit, season.year, reason, project, [line, carried])


def _cut(field: Field) -> None:
    drawn = field.drawn
    season = _slowable(field)
    line, left = _line_of(season), drawn.uniform(0.35, 0.7)
    total = season.paid()
    scale(season.drafts, left)
    on = field.day(season.year, 6, 9)
    document = field.books.document(season.year)
    change = field.change(line, on, -even(total * (1 - left)), "追减", document)
    reason = "the budget was cut in the year, the rest is spent"
    field.innocent(
        SLOW, season.drafts[:2], season.project.unit, season.year, reason, season.project, [change]
    )


def _third(field: Field, season: Season) -> bool:
    """Whether it is the third year, and nothing was carried on in any."""
    years = field.years_of(season.project)
    first = season.project.first_year
    return season.year == first + 2 and all(
        plain(years[year]) and apart(field, years[year]) for year in range(first, first + 3)
    )


def _own_pace(field: Field) -> None:
    season = field.season(_SPENDING, before=2, fits=lambda one: _third(field, one))
    project = season.project
    share = field.drawn.uniform(0.5, 0.7)
    for year in range(season.year - 2, season.year + 1):
        _leave(field.years_of(project)[year], share + field.drawn.uniform(-0.03, 0.03))
    reason = "as much as in each earlier year: settlement by law comes after the year"
    field.innocent(SLOW, season.drafts[:2], project.unit, season.year, reason, project)


def _somewhat_slow(field: Field) -> None:
    season = _slowable(field)
    share = field.drawn.uniform(0.76, 0.88)
    _leave(season, share)
    reason = f"{share:.0%} spent: the tender came in cheaper"
    field.innocent(
        SLOW, season.drafts[:2], season.project.unit, season.year, reason, season.project
    )


def _beginning(field: Field) -> None:
    """The works of a first year, with a contract that makes the rest due in the next."""
    season = field.season(("construction",), after=1, fits=lambda one: apart(field, one))
    line = _line_of(season)
    project = season.project
    carried, made = field.carry(line, round(season.paid() * field.drawn.uniform(0.5, 1.2)))
    for draft in made:
        draft.deal = None
        field.books.deal(draft, f"{project.name}合同", CONSULTATION, field.day(carried.year, 1, 1))
    reason = "works that wait for their measuring; the rest is carried on and paid"
    rows = [line, carried]
    field.innocent(SLOW, season.drafts[:2], project.unit, season.year, reason, project, rows)


SLOWNESS = Kind(
    SLOW, 0.8, 4, _slow, (_cut, _somewhat_slow, _unspent_autumn, _own_pace, _beginning)
)
