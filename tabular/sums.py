"""Whether totals and classes of a table are the sums of its rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from tabular.faults import Faults

_OF_A_PART = re.compile(r"小计|本页|本月|本期|本季|当月")
_SO_FAR = re.compile(r"累计")
_MOST_TOTALS = 2000

Figures = Mapping[str, Decimal]
"""By name of a column."""


@dataclass(frozen=True, slots=True)
class _Total:
    """A total line, the sums of all rows before it, and how many these are."""

    row: int
    label: str
    says: Figures
    before: Figures
    rows: int


@dataclass(slots=True)
class Sums:
    """Total and class lines while rows pass. ``steps`` is the last decimal of a column's cells, by
    which rounded parts may miss their sum; ``made`` gives the sums of the rows of data so far.
    """

    steps: Mapping[str, Decimal]
    made: Callable[[], Figures]
    _totals: list[_Total] = field(default_factory=list)
    _classes: list[tuple[str, _Total]] = field(default_factory=list)

    def total(self, row: int, label: str, says: Figures, rows: int) -> None:
        """Take a total line behind so many rows of data."""
        if len(self._totals) < _MOST_TOTALS:
            self._totals.append(_Total(row, label, says, self.made(), rows))

    def open(self, row: int, code: str, says: Figures, rows: int) -> None:
        """Take the line of a class, above its parts."""
        self._classes.append((code, _Total(row, "", says, self.made(), rows)))

    def close(self, goes_on: Sequence[bool], faults: Faults, rows: int) -> None:
        """Judge the open classes that do not go on."""
        made = self.made() if not all(goes_on) else {}
        kept = []
        for one, more in zip(self._classes, goes_on, strict=True):
            if more:
                kept.append(one)
                continue
            _, line = one
            for name, value in line.says.items():
                should = made[name] - line.before[name]
                if not self._near(name, value, should, rows - line.rows):
                    self._fault(faults, line.row, name, "class", value, should)
        self._classes = kept

    @property
    def codes(self) -> list[str]:
        """Codes of the classes that are open."""
        return [code for code, _ in self._classes]

    def judge(self, faults: Faults, rows: int) -> None:
        """Compare every total with the sums that it may be of."""
        end = _Total(0, "", {}, self.made() if self._totals else {}, rows)
        for index, total in enumerate(self._totals):
            for name, value in total.says.items():
                sums = self._sums(index, name, end)
                if any(self._near(name, value, *one) for one in sums.values()):
                    continue
                should, _ = sums[self._meant(index)]
                self._fault(faults, total.row, name, "total", value, should)

    def _sums(self, index: int, name: str, end: _Total) -> dict[str, tuple[Decimal, int]]:
        """Sums that a total may be of, each with the number of rows."""
        totals, own = self._totals, self._totals[index]
        start = _Total(0, "", {}, {}, 0)
        like = [one for one in totals if one.label == own.label]
        at = like.index(own)
        spans = {
            "all": (start, end),
            "before": (start, own),
            "since": (totals[index - 1] if index else start, own),
            "since like": (like[at - 1] if at else start, own),
            "until": (own, totals[index + 1] if index + 1 < len(totals) else end),
            "until like": (own, like[at + 1] if at + 1 < len(like) else end),
        }
        return {
            key: (last.before[name] - first.before.get(name, Decimal()),
                  last.rows - first.rows)
            for key, (first, last) in spans.items()
        }  # fmt: skip

    def _meant(self, index: int) -> str:
        """The sum that a total is of by its word."""
        own = self._totals[index]
        several = sum(one.label == own.label for one in self._totals) > 1
        if _SO_FAR.search(own.label):
            return "before"
        if not (several or _OF_A_PART.search(own.label)):
            return "all"
        above = self._totals[index - 1].rows if index else 0
        return "since" if own.rows > above else "until"

    def _near(self, name: str, says: Decimal, should: Decimal, rows: int) -> bool:
        """Each of the rows, and the sum, may be rounded by half a step."""
        return abs(says - should) * 2 <= self.steps[name] * (rows + 1)

    def _fault(
        self, faults: Faults, row: int, name: str, kind: str, says: Decimal, should: Decimal
    ) -> None:
        faults.add(row, name, kind, says=written(says), should=written(should))


def written(value: Decimal) -> str:
    """An exact number in plain digits, two decimals at least."""
    text = f"{value:f}"
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"
