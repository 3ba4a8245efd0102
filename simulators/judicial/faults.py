"""Faults in sheets, and what seems one. A sheet or its neighbour is touched only once."""

from __future__ import annotations

import copy
import random
from collections.abc import Sequence
from datetime import timedelta

from simulators.judicial.flows import due, totalled
from simulators.judicial.records import Label, Row, Sheet

PLANTS = 3
"""Of each kind of fault, and twice as many look-alikes."""


class Faults:
    """Plants in the sheets of all bodies."""

    def __init__(self, sheets: Sequence[Sheet], drawn: random.Random) -> None:
        self.revisions: list[Sheet] = []
        self.labels: list[Label] = []
        self._sheets = {(one.body, one.month): one for one in sheets}
        self._order = list(sheets)
        self._drawn = drawn
        self._touched: set[int] = set()

    def plant(self) -> None:
        """All kinds."""
        for _ in range(PLANTS):
            self._wrong_sum()
            self._broken_carry()
            self._wrong_total()
            self._wrong_parts()
            self._late()
            self._missing()
            self._break_of_definition(stated=False)
            for _ in range(2):
                self._revised()
                self._break_of_definition(stated=True)
                self._corrected_before_sending()
                self._sent_on_the_last_day()

    def _free(self, *, parts: bool = False) -> int:
        """A place with an untouched sheet and untouched neighbours of the same body."""
        while True:
            at = self._drawn.randrange(1, len(self._order) - 1)
            around = {at - 1, at, at + 1}
            same = {self._order[one].body for one in around} == {self._order[at].body}
            if (
                same
                and not around & self._touched
                and (self._order[at].rows[0].parts or not parts)
            ):
                self._touched.add(at)
                return at

    def _label(self, at: int, kind: str, key: str, note: str, *, innocent: bool = False) -> None:
        self.labels.append(Label(self._order[at].file, kind, key, note, innocent))

    def _row(self, at: int) -> Row:
        return self._drawn.choice(self._order[at].rows)

    def _off(self, figure: int) -> int:
        return figure + self._drawn.choice((-9, -2, -1, 1, 2, 3, 10, 27))

    def _wrong_sum(self) -> None:
        at = self._free()
        row = self._row(at)
        row.pending = self._off(row.pending)
        self._order[at].total = totalled(self._order[at].rows)
        self._label(at, "wrong-sum", row.kind, "old and new less closed is not pending")

    def _broken_carry(self) -> None:
        """Old is another figure than the last pending; the rest of the row follows from it."""
        at = self._free()
        row = max(self._order[at].rows, key=lambda one: one.new)
        old = max(row.old + self._drawn.choice((-12, -5, 4, 15)), 0)
        row.new -= old - row.old
        row.old = old
        self._order[at].total = totalled(self._order[at].rows)
        self._label(at, "broken-carry", row.kind, "old is not what was pending the month before")

    def _wrong_total(self) -> None:
        at = self._free()
        total = list(self._order[at].total)
        column = self._drawn.randrange(4)
        total[column] = self._off(total[column])
        self._order[at].total = tuple(total)
        self._label(at, "wrong-total", "合计", "a total is not the sum of its rows")

    def _wrong_parts(self) -> None:
        at = self._free(parts=True)
        row = self._row(at)
        first, *rest = row.parts
        row.parts = (first + self._drawn.choice((1, 3, 8)), *rest)
        self._order[at].total = totalled(self._order[at].rows)
        self._label(at, "wrong-parts", row.kind, "the parts are more than what was closed")

    def _late(self) -> None:
        at = self._free()
        sheet = self._order[at]
        sheet.sent_on = due(sheet.month) + timedelta(days=self._drawn.randint(1, 25))
        self._label(at, "late-month", "", f"was due on {due(sheet.month)}")

    def _sent_on_the_last_day(self) -> None:
        at = self._free()
        self._order[at].sent_on = due(self._order[at].month)
        self._label(at, "late-month", "", "sent on the last day", innocent=True)

    def _missing(self) -> None:
        at = self._free()
        self._order[at].missing = True
        self._label(at, "missing-month", "", "was never sent")

    def _break_of_definition(self, *, stated: bool) -> None:
        """From this month on half as much again is counted, the stock as well."""
        at = self._free()
        sheet = self._order[at]
        row = self._row(at)
        factor = self._drawn.uniform(1.4, 1.9)
        added = round(row.old * (factor - 1)) + 1
        for one in (*self._order, *self.revisions):
            if one.body == sheet.body and one.month >= sheet.month:
                _widen(one, row.kind, added, factor - 1)
        note = "counts other things from here on"
        if stated:
            sheet.remark = (
                f"注：自{sheet.month.month}月起，“{row.kind}”统计口径调整，期初数相应重算。"
            )
            note += ", and says so"
        self._label(at, "break-of-definition", row.kind, note, innocent=stated)

    def _revised(self) -> None:
        """The sheet as first sent was wrong; the next month goes on from its revision."""
        at = self._free()
        sheet = self._order[at]
        revision = copy.deepcopy(sheet)
        revision.revised = True
        revision.sent_on = sheet.sent_on + timedelta(days=self._drawn.randint(3, 20))
        row = self._row(at)
        change = self._drawn.choice((1, 2, 4))
        row.new, row.pending = row.new + change, row.pending + change
        sheet.total = totalled(sheet.rows)
        revision.remark = f"更正：“{row.kind}”原报新收数多计{change}件，以本表为准。"
        self.revisions.append(revision)
        note = "the next month goes on from the revision"
        self._label(at, "broken-carry", row.kind, note, innocent=True)

    def _corrected_before_sending(self) -> None:
        at = self._free()
        self._order[at].remark = "注：本表已与上月数据核对，计算关系无误。"
        self._label(at, "wrong-sum", "", "its figures add up, as it says", innocent=True)


def _widen(sheet: Sheet, kind: str, added: int, share: float) -> None:
    """Count more in a row, and in the total by the same figures, right or wrong."""
    row = next(one for one in sheet.rows if one.kind == kind)
    more = round(row.new * share)
    row.old, row.pending = row.old + added, row.pending + added
    row.new, row.closed = row.new + more, row.closed + more
    changes = [added, more, more, added]
    if row.parts:
        row.parts = (row.parts[0] + more, *row.parts[1:])
        changes += [more, *([0] * (len(row.parts) - 1))]
    pairs = zip(sheet.total, changes, strict=True)
    sheet.total = tuple(figure + change for figure, change in pairs)
