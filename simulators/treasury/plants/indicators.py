"""Money without an indicator, or more than there is of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from simulators.treasury.books import ROUND, Draft, Line, even
from simulators.treasury.plants.field import ExhaustedError, Field
from simulators.treasury.plants.kinds import Kind

NONE = "no-indicator"
OVER = "over-indicator"
_RARE = {
    "30204 手续费": "wages",
    "30203 咨询费": "consulting",
    "30224 被装购置费": "office",
    "30225 专用燃料费": "fuel",
    "30240 税金及附加费用": "tax",
}
"""Items that few units have every year, with who is paid."""
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def _ordinary(draft: Draft) -> bool:
    return draft.amount > 100_000 and not draft.batch and not draft.line.item.startswith("301")


def _foreign_line(field: Field, draft: Draft, *, of_department: bool) -> Line:
    """A line of another unit with the same item and year."""
    own = draft.line.unit
    others = [
        unit
        for unit in field.books.units
        if unit is not own and (unit.department == own.department) is of_department
    ]
    if of_department:
        others = [unit for unit in others if unit.leads]
    if not others:
        raise ExhaustedError
    return field.books.line(draft.line.year, field.drawn.choice(others), draft.line.item)


def _plant(field: Field) -> None:
    drawn = field.drawn
    one = field.draft(_ordinary)
    line, drafts = one.line, [one]
    if drawn.random() < 0.3:
        on = field.later(one.on, 2, 40)
        amount = round(one.amount * drawn.uniform(0.4, 1.6))
        more = field.books.pay(on, line, one.payee, amount, one.purpose + "（补）")
        more.deal, more.repeats, more.invoice = one.deal, True, field.invoice(line.year)
        drafts.append(more)
    if drawn.random() < 0.45:
        foreign = _foreign_line(field, one, of_department=False)
        for draft in drafts:
            draft.charged = foreign
        note = "the indicator belongs to another unit"
    else:
        ghost = Line(
            line.year, line.unit, line.project, line.function, line.item, line.fund, "", one.on
        )
        number = f"ZB{line.year}{drawn.randint(700_000, 989_999):06}"
        for draft in drafts:
            draft.charged, draft.typed, draft.planted = ghost, lambda _: number, True
        note = "no such indicator"
    field.fault(NONE, drafts, line.unit, line.year, note, line.project)


def _noisy(field: Field) -> None:
    """The right number, badly typed."""
    one = field.draft(_ordinary)
    ways: tuple[Callable[[str], str], ...] = (
        lambda number: number + " ",
        lambda number: f" {number}",
        lambda number: number.translate(_WIDE),
        str.lower,
    )
    one.typed = field.drawn.choice(ways)
    reason = "the indicator's number typed with blanks or wide digits"
    field.innocent(NONE, [one], one.line.unit, one.line.year, reason, one.line.project)


def _of_the_department(field: Field) -> None:
    one = field.draft(lambda draft: _ordinary(draft) and not draft.line.unit.leads)
    one.charged = _foreign_line(field, one, of_department=True)
    reason = "the department budgets for the units below it"
    field.innocent(NONE, [one], one.line.unit, one.line.year, reason, one.line.project)


def _of_last_year(field: Field) -> None:
    """In January, before the carried-over indicator is issued."""
    years = field.days.years
    one = field.draft(
        lambda draft: (
            _ordinary(draft)
            and draft.deal is None
            and draft.line.year
            > (draft.line.project.first_year if draft.line.project else years[0])
        )
    )
    line = one.line
    before = field.books.line(line.year - 1, line.unit, line.item, line.project)
    one.on = field.days.in_month(line.year, 1, field.drawn)
    one.charged = before
    one.purpose = f"上年结转：{one.purpose}"
    reason = "carried over on last year's indicator until the new one is issued"
    field.innocent(NONE, [one], line.unit, line.year, reason, line.project)


def _bare(field: Field) -> None:
    one = field.draft(_ordinary)
    one.typed = lambda number: number.removeprefix("ZB")
    reason = "the indicator's number without its prefix"
    field.innocent(NONE, [one], one.line.unit, one.line.year, reason, one.line.project)


NONES = Kind(NONE, 1.8, 2, _plant, (_noisy, _bare, _of_the_department, _of_last_year))


def _fresh_line(field: Field, count: int) -> list[Draft]:
    """A line of its own with so many payments."""
    drawn = field.drawn
    unit, year = drawn.choice(field.books.units), drawn.choice(field.days.years)
    for item in drawn.sample(list(_RARE), len(_RARE)):
        if not field.books.opened(year, unit, item):
            break
    else:
        raise ExhaustedError
    line = field.books.line(year, unit, item)
    on, made = field.day(year, 2, 4), []
    for _ in range(count):
        amount = drawn.randint(20, 380) * 10_000 + drawn.randint(0, 9_999)
        payee = field.payees.to(_RARE[item], unit, drawn)
        draft = field.books.pay(on, line, payee, amount, item[6:], invoice=field.invoice(year))
        made.append(draft)
        on = field.later(on, 20, 60)
    return made


def _evenly(made: list[Draft]) -> int:
    """The sum of payments, after the last one was rounded up to hundreds of yuan."""
    made[-1].amount += -sum(one.amount for one in made) % ROUND
    return sum(one.amount for one in made)


def _over(field: Field) -> None:
    drawn = field.drawn
    made = _fresh_line(field, drawn.randint(1, 5))
    line, last = made[0].line, made[-1]
    share = drawn.uniform(0.001, 0.006) if field.hard else drawn.uniform(0.01, 0.35)
    paid = sum(one.amount for one in made)
    line.excess = min(max(round(paid * share), 1_00), last.amount)
    note = f"{line.excess / 100:.2f} yuan more than the indicator"
    field.fault(OVER, [last], line.unit, line.year, note)


def _used_up(field: Field) -> None:
    made = _fresh_line(field, field.drawn.randint(1, 4))
    _evenly(made)
    line = made[0].line
    line.unspent = 0
    field.innocent(OVER, made[-1:], line.unit, line.year, "used up to the last fen")


def _lifted(field: Field) -> None:
    made = _fresh_line(field, field.drawn.randint(2, 4))
    line, paid = made[0].line, _evenly(made)
    line.unspent = 0
    amount = even(paid * field.drawn.uniform(0.1, 0.5))
    on = field.days.about(date(line.year, 1, 12))
    change = field.change(line, on, amount, "追加", field.books.document(line.year))
    reason = "above what was issued, within what was added"
    field.innocent(OVER, made[-1:], line.unit, line.year, reason, rows=[change])


def _refunded(field: Field) -> None:
    made = _fresh_line(field, field.drawn.randint(2, 3))
    _evenly(made)
    line, last = made[0].line, made[-1]
    back = field.books.pay(
        field.later(last.on, 1, 8), line, last.payee, -last.amount, f"退回：{last.purpose}"
    )
    again = field.books.pay(
        field.later(back.on, 2, 9), line, last.payee, last.amount, last.purpose
    )
    for draft in (back, again):
        draft.batch, draft.invoice = last, last.invoice
    line.unspent = 0
    reason = "sent back and paid again, within the indicator by the sum"
    field.innocent(OVER, [last, back, again], line.unit, line.year, reason)


def _two_sources(field: Field) -> None:
    """Of the same item, with an indicator each."""
    made = _fresh_line(field, 2)
    first, second = made
    _evenly([first])
    _evenly([second])
    line = first.line
    added = field.books.line(line.year, line.unit, line.item, source="追加")
    added.issued_on = field.shortly_before(second.on)
    second.line = added
    line.unspent = added.unspent = 0
    reason = "more than the first indicator, by a second one"
    field.innocent(OVER, made, line.unit, line.year, reason, rows=[line, added])


OVERS = Kind(OVER, 1.8, 1, _over, (_used_up, _lifted, _refunded, _two_sources))
