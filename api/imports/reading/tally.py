"""Counts and exact sums of the rows of a file while they pass. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from api.imports.records import ReadRow, Unlike
from api.kinds.tables import Control, TableKind

_A_YEAR = 12
_MOST_MISSING = 240
_MOST_UNKNOWN = 50
"""Codes of a field that are listed."""
_CODES_KNOWN = 65_536


@dataclass(slots=True)
class Tally:
    """Of rows that hold: how many, totals in fen by field, both by month too, and by month and
    unit where control sheets are held against them; how many have a code of no classification.
    """

    kind: TableKind
    good: int = 0
    totals: Counter[str] = field(default_factory=Counter)
    months: dict[str, Counter[str]] = field(default_factory=dict)
    rows_of_months: Counter[str] = field(default_factory=Counter)
    _money: list[tuple[int, str]] = field(init=False)
    _period: int | None = field(init=False)
    _units: list[int] = field(init=False)
    _dated: int | None = field(init=False)
    _known: list[tuple[int, str, Callable[[str, str], bool]]] = field(init=False)
    _of_names: dict[tuple[str, str, str], list[int]] = field(default_factory=dict)
    _unknown: dict[str, Counter[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = [of.name for of in self.kind.fields]
        self._units = [names.index(of) for of in self.kind.units if self.kind.controls]
        dated = self.kind.dated or self.kind.period
        self._dated = names.index(dated) if dated else None
        self._known = [
            (names.index(of.name), of.name, lru_cache(_CODES_KNOWN)(of.known))
            for of in self.kind.fields
            if of.known and self._dated is not None
        ]
        self._money = [(names.index(of.name), of.name) for of in self.kind.money]
        self._period = names.index(self.kind.period) if self.kind.period else None

    def add(self, row: ReadRow, sign: int = 1) -> None:
        """Count a row; with ``sign`` -1 take one back."""
        self.good += sign
        period = row.values[self._period] if self._period is not None else None
        month = str(period)[:7] if period else ""
        by_month = self.months.setdefault(month, Counter()) if month else None
        for position, name in self._money:
            value = row.values[position]
            if value is None:
                continue
            self.totals[name] += sign * value
            if by_month is not None:
                by_month[name] += sign * value
        if month:
            self.rows_of_months[month] += sign
            if self._units:
                self._add_of_unit(row, month, sign)
        if self._known:
            self._add_unknown(row, sign)

    def _add_of_unit(self, row: ReadRow, month: str, sign: int) -> None:
        """By code and name as they are written; which of them are one unit is seen at the end."""
        values = row.values
        names = month, values[self._units[0]] or "", values[self._units[-1]] or ""
        made = self._of_names.get(names)
        if made is None:
            made = self._of_names[names] = [0, 0]
        made[0] += sign
        if self._money:
            made[1] += sign * (values[self._money[0][0]] or 0)

    def _add_unknown(self, row: ReadRow, sign: int) -> None:
        day = str(row.values[self._dated or 0] or "")
        for position, name, known in self._known:
            value = row.values[position]
            if value and not known(value, day):
                self._unknown.setdefault(name, Counter())[value] += sign

    @property
    def unknown(self) -> dict[str, dict[str, int]]:
        """Rows by field and value whose code no classification has on the day, most first."""
        return {
            name: {of: n for of, n in values.most_common(_MOST_UNKNOWN) if n > 0}
            for name, values in self._unknown.items()
            if values.total()
        }

    def unlike(self, controls: Sequence[Control]) -> tuple[Unlike, ...]:
        """Lines of control sheets that rows do not make, and units that such a sheet lacks, by
        month and unit.
        """
        codes, made = self._units_made()
        said = {(of.month, codes.get(of.unit, of.unit)): of for of in controls}
        months = {of.month for of in controls if of.unit}
        lacking = {of for of in made if of[0] in months and of not in said and made[of][0]}
        found = []
        for month, unit in sorted({*said, *lacking}):
            line = said.get((month, unit)) or Control(month, unit, None, None)
            whole = not unit and (month, unit) in said
            rows, fen = self._of_month(month) if whole else made.get((month, unit), (0, 0))
            differs = line.rows not in (None, rows) or line.amount not in (None, fen)
            if differs or (month, unit) in lacking:
                found.append(Unlike(month, unit, line.rows, rows, line.amount, fen))
        return tuple(found)

    def _units_made(self) -> tuple[dict[str, str], dict[tuple[str, str], tuple[int, int]]]:
        """The first of code and name of each unit, by both; rows and fen by month and that."""
        codes: dict[str, str] = {}
        made: dict[tuple[str, str], tuple[int, int]] = {}
        for (month, code, name), (rows, fen) in self._of_names.items():
            unit = code or name
            codes |= {of: unit for of in (code, name) if of}
            before = made.get((month, unit), (0, 0))
            made[month, unit] = before[0] + rows, before[1] + fen
        return codes, made

    def _of_month(self, month: str) -> tuple[int, int]:
        """Rows and fen of all units, as a line without a unit says them."""
        first = self._money[0][1] if self._money else ""
        return self.rows_of_months[month], self.months.get(month, Counter())[first]

    @property
    def months_with_rows(self) -> list[str]:
        """Months that have a row, the earliest first."""
        return sorted(month for month, rows in self.rows_of_months.items() if rows > 0)

    @property
    def missing(self) -> tuple[str, ...]:
        """Months between the first and the last of which there is no row."""
        known = self.months_with_rows
        if not known:
            return ()
        between = _months(known[0], known[-1])
        return tuple(month for month in between if month not in set(known))[:_MOST_MISSING]


def _months(first: str, last: str) -> Iterator[str]:
    begin, end = (int(of[:4]) * _A_YEAR + int(of[5:7]) - 1 for of in (first, last))
    for month in range(begin, end + 1):
        yield f"{month // _A_YEAR:04}-{month % _A_YEAR + 1:02}"
