"""Figures of a department's budget or final account, summed up in fen and rounded one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from simulators.treasury.books import CARRIED, GENERAL
from simulators.treasury.limits import ABROAD, CARS, RECEPTION, VEHICLES
from simulators.treasury.records import Treasury

BUDGET, FINAL = "预算", "决算"
Key = tuple[str, str, str]
"""A part of the account, a code or a name in it, and a column."""
FUNCTIONS, FUND, IN, OUT, THREE = "functions", "fund", "in", "out", "three"
ALL, BASIC, PROJECT, APPROVED, CHANGED = "all", "basic", "project", "approved", "changed"
TOTAL, REST = "", "rest"
"""The line above all others; what is left for the next year."""
_THREE = {ABROAD: "abroad", CARS: "cars", VEHICLES: "running", RECEPTION: "reception"}
_HUNDREDTH = 10_000
"""Of 万元, in fen."""


@dataclass(frozen=True, slots=True)
class Account:
    """Of a department, in hundredths of 万元, each rounded for itself; without what is zero."""

    year: int
    department: str
    name: str
    stage: str
    shown: dict[Key, int]
    names: dict[str, str]
    """Of classes of expenditure by function that its lines have."""

    def leaves(self, part: str = FUNCTIONS) -> list[str]:
        """The longest codes of a table by function."""
        return self.codes(part, 7)

    def codes(self, part: str, digits: int) -> list[str]:
        """The codes of so many digits in a table by function."""
        return sorted(
            code
            for of, code, column in self.shown
            if of == part and column == ALL and len(code) == digits
        )

    def get(self, part: str, name: str = TOTAL, column: str = ALL) -> int:
        """A figure; zero where there is none."""
        return self.shown.get((part, name, column), 0)

    def add(self, part: str, name: str, column: str, amount: int) -> None:
        """Show more or less of a figure."""
        key = (part, name, column)
        self.shown[key] = self.shown.get(key, 0) + amount


class _Sums:
    """In fen."""

    def __init__(self) -> None:
        self.of: Counter[Key] = Counter()
        self.names: dict[str, str] = {}

    def spend(self, function: str, item: str, column: str, amount: int, *, general: bool) -> None:
        """Sum up an expenditure in every table that has it."""
        code, _, name = function.partition(" ")
        self.names[code] = name
        part = FUNCTIONS if general else FUND
        for at in (TOTAL, code[:3], code[:5], code):
            self.of[part, at, ALL] += amount
            self.of[part, at, column] += amount
        self.of[OUT, code[:3], ALL] += amount
        self.of[OUT, TOTAL, ALL] += amount
        if item in _THREE:
            self.of[THREE, _THREE[item], ALL] += amount
            self.of[THREE, TOTAL, ALL] += amount
            if item in (CARS, VEHICLES):
                self.of[THREE, "vehicles", ALL] += amount

    def column(self, function: str, column: str, amount: int) -> None:
        """Sum up a column of the table by function that is no expenditure of its own."""
        code = function.partition(" ")[0]
        for at in (TOTAL, code[:3], code[:5], code):
            self.of[FUNCTIONS, at, column] += amount


def _sums(made: Treasury) -> dict[tuple[int, str, str], _Sums]:
    found: dict[tuple[int, str, str], _Sums] = {}
    funds = {one.project: one.fund for one in made.indicators if one.project}
    changed: Counter[tuple[int, str]] = Counter()
    for line in made.budget_lines:
        at = line.year, line.unit[:3]
        general = funds.get(line.project, GENERAL) == GENERAL
        column = PROJECT if line.project else BASIC
        budget = found.setdefault((*at, BUDGET), _Sums())
        budget.spend(line.function, line.item, column, line.approved, general=general)
        changed[at] += line.changed
        if general:
            final = found.setdefault((*at, FINAL), _Sums())
            final.column(line.function, APPROVED, line.approved)
            final.column(line.function, CHANGED, line.changed)
    for one in made.payments:
        final = found.setdefault((one.paid_on.year, one.unit[:3], FINAL), _Sums())
        column = PROJECT if one.project else BASIC
        general = one.fund == GENERAL
        final.spend(one.function, one.item, column, one.amount, general=general)
    for (year, department, stage), sums in found.items():
        if stage == FINAL:
            rest = max(changed[year, department] - sums.of[OUT, TOTAL, ALL], 0)
            sums.of[OUT, REST, ALL] = rest
            sums.of[OUT, TOTAL, ALL] += rest
    return found


def _income(made: Treasury, sums: dict[tuple[int, str, str], _Sums]) -> None:
    """As much as is spent and left, by where it is from."""
    carried: Counter[tuple[int, str]] = Counter()
    fund: Counter[tuple[int, str]] = Counter()
    for one in made.indicators:
        of = carried if one.source == CARRIED else fund if one.fund != GENERAL else None
        if of is not None:
            of[one.year, one.unit[:3]] += one.amount
    for (year, department, stage), one_of in sums.items():
        total = one_of.of[OUT, TOTAL, ALL]
        final = stage == FINAL
        back = carried[year, department] if final else 0
        own = fund[year, department] if final else one_of.of[FUND, TOTAL, ALL]
        one_of.of[IN, "一般公共预算拨款收入", ALL] = total - back - own
        one_of.of[IN, "政府性基金预算拨款收入", ALL] = own
        one_of.of[IN, "年初结转和结余", ALL] = back
        one_of.of[IN, TOTAL, ALL] = total


def rounded(fen: int) -> int:
    """In hundredths of 万元, a half upwards."""
    return (fen + _HUNDREDTH // 2) // _HUNDREDTH


def accounts(made: Treasury) -> Iterable[Account]:
    """Budgets and final accounts of all departments and years, in their order."""
    sums = _sums(made)
    _income(made, sums)
    names = {one.unit: one.unit_name for one in made.payments}
    for (year, department, stage), one in sorted(sums.items()):
        shown = {key: rounded(amount) for key, amount in one.of.items() if rounded(amount)}
        name = names[f"{department}001"]
        yield Account(year, department, name, stage, shown, one.names)
