"""Figures of published tables by what they stand for, whatever the table is called. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from budget.published import kinds
from budget.published.records import Figure, PublishedTable, Report, cell_name
from budget.published.sums.equations import Ref, known_of, position_of
from budget.published.sums.picking import Picking
from budget.published.sums.three_public import parts_of

Money = Literal["fiscal", "general", "all"]
"""财政拨款 of every fund, 一般公共预算 alone, or with the unit's own income."""
_TOTALS: Sequence[tuple[str, Money]] = (
    ("grant-balance/expense", "fiscal"),
    ("grant-expense/total", "fiscal"),
    ("general-function/total", "general"),
    ("expense/total", "all"),
    ("balance/expense", "all"),
)
_CLASSES: Sequence[tuple[str, Money]] = (
    ("grant-expense/total", "fiscal"),
    ("general-function/total", "general"),
    ("expense/total", "all"),
)
_THREE_PUBLIC = {
    "abroad": "abroad",
    "vehicle-purchase": "purchase",
    "vehicles": "running",
    "reception": "reception",
}
"""By name the role of a figure in its table."""
_CLASS_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Meaning:
    """A sum in fen by what it stands for: ``total``, ``class/208``, ``three-public/abroad``."""

    means: str
    label: str
    money: Money
    fen: int
    step: int
    file: str
    sheet: str
    cell: str


def meanings_of(report: Report, tables: Sequence[PublishedTable]) -> tuple[Meaning, ...]:
    """Of the tables of one set. A table whose unit is in doubt says nothing."""
    doubted = {(one.file, one.sheet) for one in report.breaks if one.check == "unit"}
    naming = _Naming([one for one in tables if (one.file, one.sheet) not in doubted])
    found = [*naming.total(), *naming.classes(), *naming.three_public()]
    return tuple(found)


class _Naming:
    def __init__(self, tables: Sequence[PublishedTable]) -> None:
        self._tables, self._known = tables, known_of(tables)
        self._checks = kinds.checks()
        self._picking = Picking(tables, self._known, self._checks)

    def total(self) -> Iterator[Meaning]:
        """The expense of the year: a total of the year, or all less what is carried on."""
        for figure, money in _TOTALS:
            sums = self._picking.sums(figure) or ()
            refs = [one[0] for one in sums if len(one) == 1 and one[0] in self._known]
            of_year = [ref for ref in refs if self._picking.is_of_year(ref)]
            if of_year or refs:
                ref = (of_year or refs)[0]
                carried = () if of_year else self._picking.carried(figure)
                less = sum(self._known[one].fen for one in carried)
                yield self._meaning("total", ref, money, less)
                return

    def classes(self) -> Iterator[Meaning]:
        """Expense by class of function, from the table that has the most of them."""
        for figure, money in _CLASSES:
            lines = self._picking.lines(figure)
            classes = {
                code: ref
                for code, ref in sorted(lines.items())
                if code.isdigit() and len(code) == _CLASS_DIGITS
            }
            if classes:
                for code, ref in classes.items():
                    yield self._meaning(f"class/{code}", ref, money)
                return

    def three_public(self) -> Iterator[Meaning]:
        """The parts of 三公经费 of the year. A cell that is empty says that there was none."""
        for number, table in enumerate(self._tables):
            if "three-public" not in table.kind.id:
                continue
            for parts in parts_of(number, table, self._checks)[:1]:
                yield from self._parts(parts)
            return

    def _parts(self, parts: Mapping[str, Ref]) -> Iterator[Meaning]:
        for name, role in _THREE_PUBLIC.items():
            ref = parts.get(role)
            if ref is not None and position_of(ref) not in self._tables[ref[0]].wrong:
                yield self._meaning(f"three-public/{name}", ref, "fiscal")

    def _meaning(self, means: str, ref: Ref, money: Money, less: int = 0) -> Meaning:
        table, position = self._tables[ref[0]], position_of(ref)
        figure = self._known.get(ref, Figure(0))
        lines = (line for side in table.sides for line in side.lines)
        line = next((one.label for one in lines if one.row == ref[1] and ref[2] in one.at), "")
        columns = (one.name for one in table.columns if one.position == ref[2])
        label = line if not means.startswith("three-public") else next(columns, "") or line
        return Meaning(
            means, label, money, figure.fen - less, figure.step, table.file, table.sheet,
            cell_name(position),
        )  # fmt: skip
