"""Counts and exact sums of the rows of a file while they pass. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from api.imports.records import ReadRow
from api.kinds.tables import TableKind

_A_YEAR = 12
_MOST_MISSING = 240


@dataclass(slots=True)
class Tally:
    """Of rows that hold: how many, totals in fen by field, both by month too, and which fields
    had a value at all.
    """

    kind: TableKind
    good: int = 0
    totals: Counter[str] = field(default_factory=Counter)
    months: dict[str, Counter[str]] = field(default_factory=dict)
    rows_of_months: Counter[str] = field(default_factory=Counter)
    _money: list[tuple[int, str]] = field(init=False)
    _period: int | None = field(init=False)

    def __post_init__(self) -> None:
        names = [of.name for of in self.kind.fields]
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
