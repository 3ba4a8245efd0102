"""Reception, vehicles and journeys abroad beyond what was approved, or beyond last year's."""

from __future__ import annotations

from dataclasses import dataclass

from simulators.treasury.books import ROUND, Draft, Line, even, money
from simulators.treasury.limits import ABROAD, CARS, ITEMS, RECEPTION, VEHICLES
from simulators.treasury.plants.field import ExhaustedError, Field
from simulators.treasury.plants.kinds import Kind
from simulators.treasury.units import Unit

NAME = "three-expenses-over"
_BOUGHT = {
    RECEPTION: ("restaurant", ("公务接待用餐费", "来访考察接待费", "上级检查接待费")),
    VEHICLES: ("garage", ("公务用车维修费", "公务车保养费", "轮胎更换")),
    ABROAD: ("agency", ("赴日本经贸考察团组费", "赴德国友好交流机票", "赴新加坡培训团组费")),
    CARS: ("dealer", ("购置公务用车", "更新公务用车购车款")),
}
"""Who is paid for what."""
_TRIES = 600
_LEAST = 150_000
"""Below it nobody speaks of a limit."""


@dataclass(frozen=True, slots=True)
class _Year:
    """An item of a unit in a year, taken."""

    field: Field
    unit: Unit
    year: int
    line: Line
    paid: int

    def pay(self, amount: int, count: int = 1, charged: Line | None = None) -> list[Draft]:
        """So much more of the item, from its own indicator or another one."""
        field, left, made = self.field, amount, []
        trade, purposes = _BOUGHT[self.line.item]
        for at in range(count, 0, -1):
            part = left if at == 1 else round(left * field.drawn.uniform(0.3, 0.7))
            left -= part
            payee = field.payees.to(trade, self.unit, field.drawn)
            on, words = field.day(self.year, 6, 12), field.drawn.choice(purposes)
            draft = field.books.pay(on, self.line, payee, part, words)
            draft.charged, draft.invoice = charged, field.invoice(self.year)
            made.append(draft)
        return made

    def limit(self, low: float, high: float) -> int:
        """A limit some way above what is paid, in hundreds of yuan."""
        return -(-round(self.paid * self.field.drawn.uniform(low, high)) // ROUND) * ROUND

    def fault(self, made: list[Draft], note: str) -> None:
        """Label it."""
        rows = [] if self.line.granted == 0 else [self.line]
        self.field.fault(NAME, made, self.unit, self.year, note, rows=rows)

    def innocent(self, made: list[Draft], reason: str) -> None:
        """Label what only seems one."""
        self.field.innocent(NAME, made, self.unit, self.year, reason, rows=[self.line])


def _lines(field: Field, unit: Unit, year: int) -> list[Line]:
    """Of the three expenses, those that there are."""
    books = field.books
    return [books.line(year, unit, item) for item in ITEMS if books.opened(year, unit, item)]


def _total(field: Field, unit: Unit, year: int) -> int:
    return sum(field.spent(line) for line in _lines(field, unit, year))


def _free(field: Field, unit: Unit, year: int) -> bool:
    taken = (unit.code, year) in field.held
    return not taken and not any(field.crossed(line) for line in _lines(field, unit, year))


def _hold(field: Field, unit: Unit, year: int, *, frozen: bool = False) -> None:
    field.held.add((unit.code, year))
    if (unit.code, year) not in field.books.frozen:
        field.books.frozen[unit.code, year] = frozen


def _take(field: Field, *, below: bool = False) -> _Year:
    """A running item of a unit in a year that is settled from now on."""
    drawn = field.drawn
    for _ in range(_TRIES):
        unit, year = drawn.choice(field.books.units), drawn.choice(field.days.years)
        line = field.books.line(year, unit, drawn.choice((RECEPTION, VEHICLES)))
        paid = field.spent(line)
        if paid < _LEAST or not _free(field, unit, year) or (below and unit.leads):
            continue
        _hold(field, unit, year)
        return _Year(field, unit, year, line, paid)
    raise ExhaustedError


def _take_two(field: Field, low: float, high: float, *, frozen: bool) -> tuple[_Year, int]:
    """The same with the year before, and what both years' totals differ by where the first one's
    is multiplied by a number of a range.
    """
    drawn = field.drawn
    for _ in range(_TRIES):
        unit, year = drawn.choice(field.books.units), drawn.choice(field.days.years[1:])
        before = _total(field, unit, year - 1)
        more = round(before * drawn.uniform(low, high)) - _total(field, unit, year)
        if before < _LEAST or more < _LEAST // 5:
            continue
        if not _free(field, unit, year) or not _free(field, unit, year - 1):
            continue
        _hold(field, unit, year - 1)
        _hold(field, unit, year, frozen=frozen)
        line = field.books.line(year, unit, RECEPTION)
        return _Year(field, unit, year, line, field.spent(line)), more
    raise ExhaustedError


def _above_approved(field: Field) -> None:
    one, drawn = _take(field), field.drawn
    hard = field.hard
    share = drawn.uniform(0.002, 0.01) if hard else drawn.uniform(0.01, 0.6)
    limit = one.line.granted = one.limit(1.0, 1.06)
    charged = field.books.line(one.year, one.unit, "30201 办公费")
    more = max(round(limit * (1 + share)), limit + 1_00) - one.paid
    made = one.pay(more, 2 if more > 200_000 and drawn.random() < 0.5 else 1, charged)
    note = f"{one.line.item} is {share:.1%} above {limit // 100} yuan approved"
    one.fault(made, note + (", at the limit" if hard else ""))


def _unapproved(field: Field) -> None:
    """A journey or a car in a year without any money for it."""
    drawn = field.drawn
    for _ in range(_TRIES):
        unit, year = drawn.choice(field.books.units), drawn.choice(field.days.years)
        item = ABROAD if drawn.random() < 0.7 else CARS
        if _free(field, unit, year) and not field.books.opened(year, unit, item):
            break
    else:
        raise ExhaustedError
    charged = field.books.line(year, unit, "30211 差旅费")
    _hold(field, unit, year)
    line = field.books.line(year, unit, item)
    line.granted = 0
    one = _Year(field, unit, year, line, 0)
    amount = money(drawn, 18_000, 90_000) if item == ABROAD else money(drawn, 98_000, 178_000)
    one.fault(one.pay(amount, charged=charged), f"{item} without any money approved for it")


def _grown(field: Field) -> None:
    hard = field.hard
    low, high = (1.002, 1.01) if hard else (1.01, 1.6)
    one, more = _take_two(field, low, high, frozen=True)
    made = one.pay(more, 2 if more > 200_000 else 1)
    last = _total(field, one.unit, one.year - 1)
    total = _total(field, one.unit, one.year) + more
    note = f"{total / last - 1:.1%} above last year's, though it must not grow"
    one.fault(made, note + (", at the limit" if hard else ""))


def _plant(field: Field) -> None:
    field.drawn.choices((_above_approved, _unapproved, _grown), (5, 2, 4))[0](field)


def _adjusted(field: Field) -> None:
    one, drawn = _take(field), field.drawn
    more = round(one.paid * drawn.uniform(0.05, 0.6))
    limit = one.line.granted = -(-(one.paid + more) // ROUND) * ROUND
    made = one.pay(more)
    added = min(even(more * drawn.uniform(0.7, 1.0)) + ROUND, limit - ROUND)
    on, document = field.day(one.year, 3, 5), field.books.document(one.year)
    change = field.change(one.line, on, added, "追加", document)
    reason = f"above the budget of January, within it after {change.amount // 100} yuan were added"
    one.innocent(made, reason)


def _refunded(field: Field) -> None:
    one, drawn = _take(field), field.drawn
    limit = one.line.granted = one.limit(1.0, 1.03)
    more = round(limit * drawn.uniform(1.02, 1.5)) - one.paid
    (first,) = one.pay(more)
    back = field.books.pay(
        field.later(first.on, 3, 25), one.line, first.payee, -more, f"退回：{first.purpose}"
    )
    back.batch, back.invoice = first, first.invoice
    one.innocent([first, back], "above the limit until money came back within the year")


def _exact(field: Field) -> None:
    one = _take(field)
    limit = one.line.granted = one.limit(1.02, 1.4)
    one.innocent(one.pay(limit - one.paid), "exactly as much as was approved")


def _close(field: Field) -> None:
    one = _take(field)
    limit = one.line.granted = one.limit(1.1, 1.5)
    share = field.drawn.uniform(0.94, 0.9995)
    more = max(round(limit * share) - one.paid, 1_00)
    one.innocent(one.pay(more), f"{share:.1%} of what was approved")


def _of_the_department(field: Field) -> None:
    """A unit below pays, and the department's indicator is charged."""
    one = _take(field, below=True)
    above = next(
        unit for unit in field.books.units if unit.leads and unit.department == one.unit.department
    )
    theirs = field.books.line(one.year, above, one.line.item)
    if not _free(field, above, one.year):
        raise ExhaustedError
    _hold(field, above, one.year)
    limit = one.line.granted = one.limit(1.0, 1.04)
    more = round(limit * field.drawn.uniform(1.03, 1.5)) - one.paid
    made = one.pay(more, charged=theirs)
    for draft in made:
        draft.purpose = f"代付主管部门{draft.purpose}"
    one.innocent(made, "paid for the department, with the department's money")


def _other_item(field: Field) -> None:
    """Close to the limit, and a word of the three expenses in another item."""
    one, drawn = _take(field), field.drawn
    limit = one.line.granted = one.limit(1.0, 1.02)
    row = drawn.choice(field.words["rightly_booked"])
    line = field.books.line(one.year, one.unit, row["item"])
    payee = field.payees.to(row["to"], one.unit, drawn)
    amount = limit - one.paid + money(drawn, row["low"], row["high"])
    draft = field.books.pay(
        field.day(one.year, 6, 12), line, payee, amount, drawn.choice(row["purposes"])
    )
    draft.invoice = field.invoice(one.year)
    one.innocent([draft], "another item, with a word of the three expenses")


def _allowed_to_grow(field: Field) -> None:
    one, more = _take_two(field, 1.02, 1.6, frozen=False)
    one.innocent(one.pay(more), "above last year's, within a budget that may grow")


def _as_last_year(field: Field) -> None:
    one, more = _take_two(field, 1.0, 1.0, frozen=True)
    one.innocent(one.pay(more), "must not grow, and is exactly last year's")


def leave_room(field: Field) -> None:
    """Where other faults are of these items but of other lines' money, see to it that the budget
    has room for them.
    """
    for draft in field.books.drafts:
        line = draft.line
        if draft.charged and line.item in ITEMS and line.granted is None:
            line.unspent = (line.unspent or 0) + draft.amount


KIND = Kind(
    NAME,
    0.8,
    2,
    _plant,
    (
        _adjusted,
        _allowed_to_grow,
        _exact,
        _refunded,
        _of_the_department,
        _other_item,
        _as_last_year,
        _close,
    ),
)
