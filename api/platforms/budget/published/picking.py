"""The figure of a table by what it stands for: income, total, 基本支出, 30217. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from api.platforms.budget.published.equations import Known, Ref
from api.platforms.budget.published.kinds import Checks
from api.platforms.budget.published.records import Column, Line, PublishedTable, Side
from api.platforms.budget.published.three_public import parts_of

_TOTAL = re.compile(r"[一-龥]{0,12}?(?:合计|总计|小计|共计)(?:数|金额)?(?:\(.*\))?")
_EARLIER = re.compile(r"上年(?!.*结)|去年(?!.*结)|前年|增减|增长|变动|比上年|年初(?:预算|结)|年末结|调整")
_YEAR = re.compile(r"(20\d\d)年?")
_OF_YEAR = re.compile(r"本年|当年")


class Picking:
    """Finds figures in tables that belong together."""

    def __init__(self, tables: Sequence[PublishedTable], known: Known, checks: Checks) -> None:
        self.tables, self._known, self._checks = tables, known, checks

    def number_of(self, kind: str) -> int | None:
        """The number of the first table of a kind."""
        return next((n for n, one in enumerate(self.tables) if one.kind.id == kind), None)

    def refs(self, figure: str) -> tuple[Ref, ...] | None:
        """The figures that KIND/FIGURE may mean, the likeliest first; None where there is no
        table of the kind.
        """
        kind, _, name = figure.partition("/")
        number = self.number_of(kind)
        if number is None:
            return None
        table = self.tables[number]
        if "three-public" in kind:
            sets = parts_of(number, table, self._checks)
            return tuple(parts[name] for parts in sets[:1] if name in parts)
        side, column = self._column(table, name)
        if side is None or column is None:
            return ()
        if name.isdigit():
            lines = [line for line in side.lines if line.code == name]
        else:
            lines = self._totals(number, side)
        return tuple((number, line.row, line.at[column]) for line in lines)

    def lines(self, figure: str) -> dict[str, Ref]:
        """By code and by name the figures of lines under KIND/FIGURE; names that come twice are
        left out.
        """
        kind, _, name = figure.partition("/")
        number = self.number_of(kind)
        if number is None:
            return {}
        side, column = self._column(self.tables[number], name)
        if side is None or column is None:
            return {}
        found, twice = dict[str, Ref](), set[str]()
        for line in side.lines:
            ref = (number, line.row, line.at[column])
            if line.is_total or line.is_part or ref not in self._known:
                continue
            for key in {line.code, bare_name(line.label)} - {""}:
                (twice.add(key) if key in found else found.setdefault(key, ref))
        return {key: ref for key, ref in found.items() if key not in twice}

    def _column(self, table: PublishedTable, name: str) -> tuple[Side | None, int | None]:
        if name in ("income", "expense"):
            sides = [side for side in table.sides if side.direction == name]
            return (sides[0], main_column(sides[0])) if sides else (None, None)
        if name == "total" or name.isdigit():
            return table.sides[0], main_column(table.sides[0])
        sides = [side for side in table.sides if side.direction != "income"]
        for side in sides:
            column = _named(side, lambda text: self._checks.is_role(name, text))
            if column is not None:
                return side, column
        return None, None

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
    text = re.sub(r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十\d]+\)|\d+[.、]?)", "", label)
    return re.sub(r"^\[?\d+\]?", "", text)
