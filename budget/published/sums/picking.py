"""The figure of a table by what it stands for: income, total, 基本支出, 30217. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from budget.published.kinds import Checks
from budget.published.records import Column, Line, PublishedTable, Side
from budget.published.sums.equations import Known, Ref
from budget.published.sums.three_public import parts_of

_TOTAL = re.compile(r"[一-龥]{0,12}?(?:合计|总计|小计|共计)(?:数|金额)?(?:\(.*\))?")
_EARLIER = re.compile(
    r"上年(?!.*结)|去年(?!.*结)|前年|增减|增长|变动|比上年|年初(?:预算|结)|年末结|调整"
)
_YEAR = re.compile(r"(20\d\d)年?")
_FUNDS = ("general", "fund", "capital")
_CARRIED = re.compile(r"结转|结余")
_OF_YEAR = re.compile(r"本年|当年")


Sum = tuple[Ref, ...]
"""Figures that are added."""


class Picking:
    """Finds figures in tables that belong together."""

    def __init__(self, tables: Sequence[PublishedTable], known: Known, checks: Checks) -> None:
        self.tables, self._known, self._checks = tables, known, checks

    def number_of(self, kind: str) -> int | None:
        """The number of the first table of a kind."""
        return next((n for n, one in enumerate(self.tables) if one.kind.id == kind), None)

    def is_filled(self, kind: str) -> bool:
        """Whether the table of a kind has any figure."""
        number = self.number_of(kind)
        return number is not None and bool(self.tables[number].figures)

    def sums(self, figure: str) -> tuple[Sum, ...] | None:
        """The sums of figures that KIND/FIGURE may mean, the likeliest first; None where there is
        no table of the kind.
        """
        kind, _, name = figure.partition("/")
        number = self.number_of(kind)
        if number is None:
            return None
        table = self.tables[number]
        if "three-public" in kind:
            sets = parts_of(number, table, self._checks)
            return tuple((parts[name],) for parts in sets[:1] if name in parts)
        if name == "total" and len(table.sides) > 1:
            return self._of_all_sides(number, table)
        found = list[Sum]()
        for side, column in self._columns(table, name):
            if name.isdigit():
                lines = [line for line in side.lines if line.code == name]
            else:
                lines = self._totals(number, side)
            found += [((number, line.row, line.at[column]),) for line in lines]
        return tuple(found or self._of_fund(number, table, name))

    def _of_fund(self, number: int, table: PublishedTable, fund: str) -> list[Sum]:
        """The income of a fund where expense has no column of it: of the year, or all of it."""
        refs = [
            (number, line.row, line.at[column])
            for side, column in self._columns(table, "income")
            for line in side.lines
            if fund in _FUNDS and self._checks.is_role(fund, line.label)
        ]
        refs = [ref for ref in refs if ref in self._known]
        return [*((ref,) for ref in refs), *([tuple(refs)] if len(refs) > 1 else [])]

    def _of_all_sides(self, number: int, table: PublishedTable) -> tuple[Sum, ...]:
        """Where items go on beside each other (人员经费, 公用经费), the total is of all sides."""
        refs = list[Ref]()
        for side in table.sides:
            column = main_column(side)
            lines = self._totals(number, side)
            if column is None or not lines:
                return ()
            refs.append((number, lines[0].row, lines[0].at[column]))
        return (tuple(dict.fromkeys(refs)),)

    def carried(self, figure: str) -> Sum:
        """Lines of one side for money of other years: 上年结转, 结转下年."""
        kind, _, name = figure.partition("/")
        number = self.number_of(kind)
        if number is None or name not in ("income", "expense"):
            return ()
        refs = [
            (number, line.row, line.at[column])
            for side, column in self._columns(self.tables[number], name)
            for line in side.lines
            if _CARRIED.search(line.label) and not (line.is_total or line.is_part)
        ]
        return tuple(ref for ref in refs if ref in self._known)

    def is_of_year(self, ref: Ref) -> bool:
        """Whether a figure stands in a total of the year alone, without money carried over."""
        lines = (line for side in self.tables[ref[0]].sides for line in side.lines)
        return any(
            line.row == ref[1] and ref[2] in line.at and bool(_OF_YEAR.search(line.label))
            for line in lines
        )

    def carries(self, kind: str) -> bool:
        """Whether a table has columns for money carried over."""
        number = self.number_of(kind)
        columns = self.tables[number].columns if number is not None else ()
        return any("结转" in column.full or "结余" in column.full for column in columns)

    def lines(self, figure: str) -> dict[str, Ref]:
        """By code and by name the figures of lines under KIND/FIGURE; names that come twice are
        left out.
        """
        kind, _, name = figure.partition("/")
        number = self.number_of(kind)
        if number is None:
            return {}
        found, twice = dict[str, Ref](), set[str]()
        columns = self._columns(self.tables[number], name)
        for line, column in ((line, column) for side, column in columns for line in side.lines):
            ref = (number, line.row, line.at[column])
            if line.is_total or line.is_part or ref not in self._known:
                continue
            for key in {line.code, bare_name(line.label)} - {""}:
                (twice.add(key) if key in found else found.setdefault(key, ref))
        return {key: ref for key, ref in found.items() if key not in twice}

    def _columns(self, table: PublishedTable, name: str) -> list[tuple[Side, int]]:
        """The columns in which a figure stands, each with its side."""
        if name in ("income", "expense"):
            sides = [side for side in table.sides if side.direction == name][:1]
            found = [(side, main_column(side)) for side in sides]
        elif name == "total" or name.isdigit():
            found = [(side, main_column(side)) for side in table.sides]
        else:
            sides = [side for side in table.sides if side.direction != "income"]
            found = [(side, self._named(side, name)) for side in sides]
            found = [one for one in found if one[1] is not None][:1]
        return [(side, column) for side, column in found if column is not None]

    def _named(self, side: Side, role: str) -> int | None:
        """The column of a role; where each side is of one role, its only column."""
        column = _named(side, lambda text: self._checks.is_role(role, text))
        labels = [line.label for line in side.lines if line.is_total]
        if column is None and any(self._checks.is_role(role, label) for label in labels):
            return main_column(side)
        return column

    def _totals(self, number: int, side: Side) -> list[Line]:
        """Total lines, the last first; a table of one line has none."""
        filled = [
            line
            for line in side.lines
            if any((number, line.row, at) in self._known for at in line.at)
        ]
        totals = [line for line in filled if line.is_total]
        if not totals:
            return filled if len(filled) == 1 else []
        return sorted(totals, key=lambda line: (bool(_OF_YEAR.search(line.label)), -line.row))


def main_column(side: Side) -> int | None:
    """The column with the sums of lines: the total of this year, or the only one."""
    current = _current(side.columns)
    totals = [n for n in current if _TOTAL.fullmatch(side.columns[n].name)]
    if totals:
        return min(totals, key=lambda n: (len(side.columns[n].path), n))
    if len(current) == 1:
        return current[0]
    accounts = [n for n in current if "决算" in side.columns[n].full]
    return accounts[0] if len(accounts) == 1 else None


def _current(columns: Sequence[Column]) -> list[int]:
    """Columns of this year that compare nothing."""
    found = [n for n, column in enumerate(columns) if not _EARLIER.search(column.full)]
    years = {n: int(one[1]) for n in found if (one := _YEAR.search(columns[n].full))}
    return [n for n in found if n not in years or years[n] == max(years.values())]


def _named(side: Side, accepts: Callable[[str], bool]) -> int | None:
    for n in _current(side.columns):
        path = side.columns[n].path
        if accepts(path[-1]) and not _TOTAL.fullmatch(path[-1]):
            return n
        if len(path) > 1 and _TOTAL.fullmatch(path[-1]) and accepts(path[-2]):
            return n
    return None


def bare_name(label: str) -> str:
    """A name without its number and code, by which tables know it: 三、农林水支出."""
    text = re.sub(
        r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十\d]+\)|\d+[.、]?)", "", label
    )
    return re.sub(r"^\[?\d+\]?", "", text)
