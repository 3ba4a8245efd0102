"""Which counts of a small table are not shown, decided when a version is accepted. Pure.

Low counts are hidden, and further ones so that no hidden count can be derived exactly: not from
the sums of its row and column, not from the months beside it, and not from what was shown before.
Why that holds: below, hidden cells of a month can be moved together by one so that every sum
stays. New and closed are hidden of each row that has a hidden cell; what one row gives, another
one with at least one case takes, or else the total, which is hidden then as well.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from api.platforms.judicial.figures.records.series import Month
from api.platforms.judicial.figures.records.templates import TOTAL, Template, cell
from api.platforms.judicial.low_counts import LEAST


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that was shown or hidden before: of the same month the version that counted, and
    the months on both sides.
    """

    same: Month | None = None
    before: Month | None = None
    after: Month | None = None


def hidden(template: Template, month: Month, known: Known) -> frozenset[str]:
    """The names of the cells that are not shown of a version which is accepted now."""
    if not template.small:
        return frozenset()
    if known.same is not None:
        return _of_revision(template, month, known.same)
    table = _Table(template, month)
    olds = table.hidden_beside("old", known.before, "pending")
    pendings = table.hidden_beside("pending", known.after, "old")
    shown_old = table.shown_beside("old", known.before, "pending")
    shown_pending = table.shown_beside("pending", known.after, "old")
    olds = table.closed_group("old", olds | table.low("old"), shown_old)
    pendings = table.closed_group("pending", pendings | table.low("pending"), shown_pending)
    flows = olds | pendings | table.low("new") | table.low("closed")
    flows = table.flows(flows, olds, pendings)
    groups = {"old": olds, "new": flows, "closed": flows, "pending": pendings}
    return frozenset(cell(row, column) for column, rows in groups.items() for row in rows)


def _of_revision(template: Template, month: Month, same: Month) -> frozenset[str]:
    """A count that was shown and has not changed is known; all else stays or becomes hidden, so
    that what was hidden may as well be as it was before.
    """
    kept = {
        name
        for name in template.cells
        if name not in same.hidden and same.values.get(name) == month.values[name]
    }
    return frozenset(set(template.cells) - kept)


@dataclass(frozen=True, slots=True)
class _Table:
    template: Template
    month: Month

    def value(self, row: str, column: str) -> int:
        return self.month.values[cell(row, column)]

    def low(self, column: str) -> set[str]:
        return {row for row in self.template.lines if self.value(row, column) < LEAST}

    def hidden_beside(self, column: str, other: Month | None, there: str) -> set[str]:
        return self._beside(column, other, there, lambda name, of: name in of.hidden)

    def shown_beside(self, column: str, other: Month | None, there: str) -> set[str]:
        return self._beside(column, other, there, lambda name, of: name not in of.hidden)

    def _beside(
        self, column: str, other: Month | None, there: str, asked: Callable[[str, Month], bool]
    ) -> set[str]:
        """Rows whose count is the same in the month beside, and which it hides or shows."""
        if other is None:
            return set()
        return {
            row
            for row in self.template.lines
            if other.values.get(cell(row, there)) == self.value(row, column)
            and asked(cell(row, there), other)
        }

    def closed_group(self, column: str, rows: set[str], known: Collection[str]) -> set[str]:
        """With a further row where one stands alone, or where all of them have none."""
        rows = rows - set(known)
        if not rows or TOTAL in rows:
            return rows | self._partner(column, rows, known) if len(rows) == 1 else rows
        if len(rows) > 1 and any(self.value(row, column) for row in rows):
            return rows
        return rows | self._partner(column, rows, known)

    def _partner(self, column: str, rows: set[str], known: Collection[str]) -> set[str]:
        free = [
            row
            for row in self.template.rows
            if row not in rows and row not in known and self.value(row, column)
        ]
        most = sorted(free, key=lambda row: -min(self.value(row, of) for of in _MOVED))
        return {*most[:1]} or {TOTAL} - set(known)

    def flows(self, rows: set[str], olds: set[str], pendings: set[str]) -> set[str]:
        """The rows whose new and closed are hidden; with the total where no other row can take
        what one gives.
        """
        if not rows:
            return rows
        if len(rows) == 1:
            rows = rows | self._partner("new", rows, ())
        gives = [row for row in rows if self.value(row, "new") and self.value(row, "closed")]
        takes = all(self.value(row, "closed") for row in olds if self.value(row, "old"))
        takes &= all(self.value(row, "new") for row in pendings if self.value(row, "pending"))
        return rows if gives and takes else rows | {TOTAL}


_MOVED = ("new", "closed", "pending")
