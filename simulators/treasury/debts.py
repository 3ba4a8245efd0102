"""Debts of the district's government and of what is below it: limits and balances by quarter, and
what is wrong with some of them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from simulators.treasury.records import Debt, Label

OVER, WRONG = "debt-over-limit", "debt-does-not-add-up"
BUREAU = "102001"
"""The unit that reports them."""
KINDS = ("一般债务", "专项债务")
PARKS = ("区本级", "南通高新区", "南通家纺城", "锡通科技产业园")
TOWNS = ("平潮镇", "石港镇", "二甲镇", "川姜镇", "西亭镇", "十总镇", "刘桥镇", "东社镇")
AREAS = (*PARKS, *TOWNS, "兴东街道", "金新街道")
_YEARLY = 2
"""Faults of each kind a year."""
_INNOCENTS = 5
_CENT = 100
"""A hundredth of 亿元, in 万元: what is written is rounded to it."""
_FEN = 1_000_000
"""In 万元."""
_TOLERANCE = 4
"""From so many hundredths on a difference is none of rounding."""


def _written(amount: int) -> int:
    """In hundredths of 亿元, as 万元."""
    return (amount + _CENT // 2) // _CENT * _CENT


@dataclass(slots=True)
class _Quarter:
    """Of a kind of debt of an area, in 万元 and as it is, not as it is written."""

    begin: int
    new: int
    refinanced: int
    repaid: int
    limit: int = 0
    wrong_repaid: int = 0
    """Written too much as repaid."""
    wrong_end: int = 0

    @property
    def end(self) -> int:
        return self.begin + self.new - self.repaid

    @property
    def shown(self) -> tuple[int, int, int, int, int, int]:
        """Beginning, new, refinanced, repaid, repaid by refinancing, end; as they are written."""
        out = self.repaid + self.refinanced
        one_sided = 0 < _written(self.refinanced) == -self.wrong_repaid
        return (
            _written(self.begin),
            _written(self.new),
            _written(self.refinanced),
            _written(out) + self.wrong_repaid,
            0 if one_sided else _written(self.refinanced),
            _written(self.end) + self.wrong_end,
        )

    @property
    def gap(self) -> int:
        """By what the written figures do not add up."""
        begin, new, refinanced, out, _, end = self.shown
        return begin + new + refinanced - out - end


@dataclass(slots=True)
class _Slot:
    """A year of a kind of debt of an area; ``limit`` is the one of January."""

    year: int
    area: str
    kind: str
    numbers: list[str]
    quarters: list[_Quarter] = field(default_factory=list)
    limit: int = 0


class _Table:
    """All slots, and the labels of those that are something."""

    def __init__(self, drawn: random.Random) -> None:
        self.drawn = drawn
        self.labels: list[Label] = []

    def label(
        self, kind: str, slot: _Slot, rows: Sequence[int], note: str, *, innocent: bool
    ) -> None:
        keys = tuple(slot.numbers[at] for at in rows)
        where = f"{slot.area}, {slot.kind}: "
        self.labels.append(Label(kind, (), BUREAU, slot.year, where + note, innocent, "", keys))

    def quarter(self, begin: int) -> _Quarter:
        drawn = self.drawn
        new = round(begin * drawn.uniform(0.01, 0.06)) if drawn.random() < 0.5 else 0
        refinanced = round(begin * drawn.uniform(0.01, 0.1)) if drawn.random() < 0.35 else 0
        repaid = round(begin * drawn.uniform(0.002, 0.03)) if drawn.random() < 0.7 else 0
        return _Quarter(begin, new, refinanced, repaid)

    def roomy(self, slot: _Slot, low: float = 1.03, high: float = 1.15) -> None:
        """A limit well above all balances."""
        top = max(_written(one.end) for one in slot.quarters)
        self.settle(slot, _written(round(top * self.drawn.uniform(low, high))) + _CENT)

    def settle(self, slot: _Slot, limit: int) -> None:
        slot.limit = limit
        for one in slot.quarters:
            one.limit = limit

    def over(self, slot: _Slot) -> None:
        """A limit below the greatest balance."""
        hard = self.drawn.random() < 0.1
        share = self.drawn.uniform(0.001, 0.003) if hard else self.drawn.uniform(0.003, 0.15)
        top = max(_written(one.end) for one in slot.quarters)
        limit = min(_written(round(top * (1 - share))), top - _CENT)
        self.settle(slot, limit)
        rows = [at for at, one in enumerate(slot.quarters) if one.shown[-1] > limit]
        note = f"{(top - limit) / 10_000:.2f} above a limit of {limit / 10_000:.2f}"
        self.label(OVER, slot, rows, note, innocent=False)

    def exact(self, slot: _Slot) -> None:
        """The greatest balance is the limit."""
        top = max(_written(one.end) for one in slot.quarters)
        self.settle(slot, top)
        rows = [at for at, one in enumerate(slot.quarters) if one.shown[-1] == top]
        self.label(OVER, slot, rows, "exactly at the limit", innocent=True)

    def raised(self, slot: _Slot) -> None:
        """The limit is raised in the third quarter, and money is borrowed up to the new one."""
        first, second, third, fourth = slot.quarters
        third.new += round(third.begin * self.drawn.uniform(0.05, 0.15)) + 4 * _CENT + third.repaid
        fourth.begin, fourth.new, fourth.repaid = third.end, 0, min(fourth.repaid, third.end // 50)
        slot.limit = max(_written(first.end), _written(second.end))
        slot.limit += self.drawn.randint(0, 2) * _CENT
        late = max(_written(third.end), _written(fourth.end))
        raised = _written(round(late * self.drawn.uniform(1.0, 1.05)))
        for one in (first, second):
            one.limit = slot.limit
        for one in (third, fourth):
            one.limit = max(raised, late)
        rows = [at for at in (2, 3) if slot.quarters[at].shown[-1] > slot.limit]
        self.label(OVER, slot, rows, "within the limit after it was raised", innocent=True)

    def _refinance(self, slot: _Slot) -> int:
        at = self.drawn.randrange(4)
        one = slot.quarters[at]
        one.refinanced = round(one.begin * self.drawn.uniform(0.2, 0.6)) + 5 * _CENT
        return at

    def turned_over(self, slot: _Slot) -> None:
        """So much refinanced that only the sum of both sides is below the limit."""
        at = self._refinance(slot)
        self.roomy(slot, 1.0, 1.02)
        note = "old bonds paid with new ones, the balance stays below the limit"
        self.label(OVER, slot, [at], note, innocent=True)

    def both_sides(self, slot: _Slot) -> None:
        """Refinanced: issued and repaid."""
        at = self._refinance(slot)
        self.roomy(slot)
        note = "refinancing bonds, issued and repaid alike"
        self.label(WRONG, slot, [at], note, innocent=True)

    def wrong(self, slot: _Slot) -> None:
        """A row that does not add up."""
        drawn = self.drawn
        self.roomy(slot, 1.6, 1.9)
        at = drawn.randrange(4)
        one = slot.quarters[at]
        roll = drawn.random()
        if roll < 0.1:
            one.wrong_end = drawn.choice((-1, 1)) * drawn.randint(6, 9) * _CENT
            note = "a few hundredths too much or too little"
        elif roll < 0.45:
            one.refinanced = round(one.begin * drawn.uniform(0.01, 0.4)) + 9 * _CENT
            one.wrong_repaid = -_written(one.refinanced)
            note = "refinancing counted as issued only"
        elif roll < 0.7:
            one.wrong_end = _turned(_written(one.end)) - _written(one.end)
            note = "two digits of the balance turned"
        else:
            one.repaid += round(one.begin * drawn.uniform(0.005, 0.02)) + 9 * _CENT
            _follow(slot, at)
            one.wrong_repaid = -_written(one.repaid)
            note = "what was repaid left out"
        note += f": {abs(one.gap) / 10_000:.2f} off"
        self.label(WRONG, slot, [at], note, innocent=False)

    def rounded(self, slot: _Slot) -> None:
        """Rows that do not add up by a hundredth or two, only because all is rounded."""
        said = {key for label in self.labels if label.kind == WRONG for key in label.keys}
        for at, one in enumerate(slot.quarters):
            if one.gap and slot.numbers[at] not in said:
                note = f"{abs(one.gap) / 10_000:.2f} off, by rounding"
                self.label(WRONG, slot, [at], note, innocent=True)


def _turned(amount: int) -> int:
    """The same hundredths with two digits turned, so that it shows."""
    text = str(amount // _CENT)
    for at in range(len(text) - 1):
        other = int(text[:at] + text[at + 1] + text[at] + text[at + 2 :])
        if _TOLERANCE + 2 <= abs(other - int(text)) < int(text) // 3:
            return other * _CENT
    return amount + 27 * _CENT


def _follow(slot: _Slot, after: int) -> None:
    """Let the quarters after one begin with what the one before left."""
    for before, one in zip(slot.quarters[after:], slot.quarters[after + 1 :], strict=False):
        one.begin = before.end


def _ways(table: _Table, slots: int, years: int) -> list[Callable[[_Slot], None]]:
    """Something for each slot: faults, look-alikes, and ordinary ones."""
    faults = _YEARLY * years
    alike = (table.exact, table.raised, table.turned_over)
    ways: list[Callable[[_Slot], None]] = [table.over, table.wrong] * faults
    ways += [alike[at % len(alike)] for at in range(_INNOCENTS * faults)]
    ways += [table.both_sides] * (2 * faults)
    ways += [table.roomy] * (slots - len(ways))
    table.drawn.shuffle(ways)
    return ways


def _rows(slot: _Slot) -> Iterable[Debt]:
    for at, one in enumerate(slot.quarters):
        begin, new, refinanced, out, by_refinancing, end = (sum_ * _FEN for sum_ in one.shown)
        yield Debt(
            slot.numbers[at],
            slot.year,
            at + 1,
            slot.area,
            slot.kind,
            slot.limit * _FEN,
            (one.limit - slot.limit) * _FEN,
            one.limit * _FEN,
            begin,
            new,
            refinanced,
            out,
            by_refinancing,
            end,
        )


def debts(years: Iterable[int], drawn: random.Random) -> tuple[list[Debt], list[Label]]:
    """Of every area, kind of debt and quarter; with the labels of what is wrong or seems so.

    Args:
        years: one after the other.
        drawn: decides everything.
    """
    span = list(years)
    table = _Table(drawn)
    chains = [(area, kind) for area in AREAS for kind in KINDS]
    ways = iter(_ways(table, len(chains) * len(span), len(span)))
    made: list[Debt] = []
    for chain, (area, kind) in enumerate(chains):
        begin = round(
            drawn.uniform(200_000, 600_000) if chain < 2 else 10 ** drawn.uniform(3.8, 5)
        )
        for year in span:
            numbers = [f"ZW{year}{at * len(chains) + chain + 1:04}" for at in range(4)]
            slot = _Slot(year, area, kind, numbers)
            for _ in range(4):
                slot.quarters.append(table.quarter(begin))
                begin = slot.quarters[-1].end
            next(ways)(slot)
            table.rounded(slot)
            begin = slot.quarters[-1].end
            made += _rows(slot)
    return sorted(made, key=lambda one: one.number), table.labels
