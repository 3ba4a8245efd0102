"""Days from which terms of the law on budgets run, and how they came to be. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from api.deadlines.records import Deadline

Occasion = Literal[
    "session",
    "approved",
    "notified",
    "adjustment-meeting",
    "adjusted",
    "accounts-meeting",
    "accounts-approved",
    "accounts-notified",
    "audit-heard",
]
OCCASIONS: tuple[Occasion, ...] = get_args(Occasion)
RULES: Mapping[Occasion, Sequence[str]] = {
    "session": ("bgt.first",),
    "approved": ("bgt.approve.dept", "bgt.publish", "bgt.transfer", "bgt.transfer.earmarked"),
    "notified": ("bgt.approve.unit", "bgt.publish.dept"),
    "adjustment-meeting": ("bgt.adjust.draft",),
    "adjusted": ("bgt.publish",),
    "accounts-meeting": ("final.draft",),
    "accounts-approved": ("final.approve", "final.file", "bgt.publish"),
    "accounts-notified": ("final.approve.unit", "bgt.publish.dept"),
    "audit-heard": ("audit.fix",),
}
"""Terms that run from or back from a day, by rules of config/data/law: 预算法 art. 14, 44, 52, 69,
78, 80, 81; 监督法 art. 27.
"""
OF_EACH_YEAR = ("bgt.deploy", "final.window", "soe.report", "debt.report")
"""Terms that end on a day of the calendar: 预算法实施条例 art. 25, 监督法 art. 19, 24, 25."""
YEAR, DAY = "year", "year-day"
"""Kinds of items: a year, and a day that was entered."""
LONGEST_NOTE = 100
FIRST_YEAR = 2000
YEARS_AHEAD = 2
Kind = Literal["entered", "moved", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Entered:
    """A day of an occasion; ``note`` says of which one where a year has several. ``withdrawn``:
    it was entered by mistake. ``version`` counts the acts on it.
    """

    id: int
    occasion: Occasion
    day: date
    note: str
    withdrawn: bool
    version: int

    @property
    def year(self) -> int:
        """The year that it lies in."""
        return self.day.year


@dataclass(frozen=True, slots=True)
class Act:
    """An act on an entry, which never changes: by whom, why, and the day before and after it."""

    entry: int
    at_ms: int
    kind: Kind
    who: str
    on_behalf: str
    why: str
    before: date | None
    after: date


@dataclass(frozen=True, slots=True)
class Year:
    """Entries of a year with the acts on them, and its deadlines, the first due first."""

    year: int
    entries: Sequence[Entered]
    acts: Mapping[int, Sequence[Act]]
    deadlines: Sequence[Deadline]


def latest(deadlines: Sequence[Deadline]) -> list[Deadline]:
    """Of each thing and rule the deadline that was started last: those before it were moved."""
    found = {}
    for of in sorted(deadlines, key=lambda of: of.id):
        found[of.subject, of.rule.id] = of
    return list(found.values())
