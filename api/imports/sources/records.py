"""Sources, what each owes for a period, and attempts to take what lies there. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

import msgspec

from api.deadlines.records import Responsible
from api.imports.permission import ImportPermission
from api.imports.records import Load
from api.imports.sources.periods import BY_MONTHS, PeriodKind
from api.ports import Reference
from config.law import Rule
from config.vocabulary.time import begins_ms

Way = Literal["hand", "folder", "sftp", "view", "token"]
WAYS: tuple[Way, ...] = get_args(Way)
DueUnit = Literal["working-day", "day"]
DUE_UNITS: tuple[DueUnit, ...] = get_args(DueUnit)
Outcome = Literal["loaded", "unchanged", "known", "refused", "failed", "unreached"]
"""Rows came into force; all of them stood before; the same content was loaded before; the content
has faults; it broke off; what it lies on was not reached.
"""


class Seen(msgspec.Struct, frozen=True, array_like=True):
    """A file as it lay there at the last turn; ``taken``: it needs no further one."""

    size: int
    modified: int
    taken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms of a source that may change: who must send, until when, and how it comes.

    ``username`` is a person, empty: whoever may load tables for the unit. ``server`` is the name
    of a server or a database in the settings, or the id of a token; ``remote`` a folder or a view.
    """

    unit: str
    username: str
    due_amount: int
    due_unit: DueUnit
    way: Way
    server: str = ""
    remote: str = ""
    hour: int = 6
    good_rows: bool = False

    @property
    def responsible(self) -> Responsible:
        """Who must send."""
        return Responsible(self.unit, ImportPermission.LOAD, self.username)


@dataclass(frozen=True, slots=True)
class Source:
    """Somebody who owes a table of a kind for each period; loads name it by ``name``."""

    id: int
    name: str
    kind: str
    permission: str
    """Of the kind, to see it."""
    period: PeriodKind
    since_day: str
    terms: Terms
    active: bool
    made_by: str
    made_ms: int
    tried_ms: int | None
    problem: str
    problem_ms: int | None
    seen: Mapping[str, Seen]

    @property
    def reference(self) -> Reference:
        """As its deadlines name it."""
        return Reference("imports", "source", str(self.id))

    @property
    def path(self) -> str:
        """Of its page."""
        return f"/imports/sources/{self.id}"

    @property
    def since(self) -> date:
        """The day from which on it owes."""
        return date.fromisoformat(self.since_day)

    @property
    def rule_id(self) -> str:
        """Of the term that the office set for it."""
        return f"imports.source.{self.id}"

    def rule(self, by: str, on: date) -> Rule:
        """The term as a rule of the office's own, by which its deadlines are reckoned."""
        return Rule(
            id=self.rule_id,
            topic="other",
            title_zh=f"报送{self.name}"[:100],
            title_en=f"Table of {self.name}"[:100],
            amount=self.terms.due_amount,
            unit=self.terms.due_unit,
            starts_zh="每期最后一日",
            starts_en="the last day of the period",
            clause_zh="数据来源登记",
            law_zh="本机关规定",
            source="数据来源登记",
            mark="memory",
            confirmed_by=by,
            confirmed_on=on,
        )


@dataclass(frozen=True, slots=True)
class Owed:
    """A table that is owed for a period: its deadline, and the load that met it."""

    source: int
    label: str
    last_day: str
    deadline: int
    load: int | None
    notified_ms: int | None

    @property
    def open_ms(self) -> int:
        """The instant from which on a table may be for it: its last day begins."""
        return begins_ms(date.fromisoformat(self.last_day))


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt to take something, and its outcome."""

    id: int
    source: int
    at_ms: int
    name: str
    outcome: Outcome
    load: int | None
    why: str


def covers(owed: Owed, load: Load) -> bool:
    """Whether a load has the last month of a period, by the dates in its rows."""
    return bool(load.from_month) and load.from_month <= owed.last_day[:7] <= load.until_month


def names_its_period(period: PeriodKind, *, dated: bool) -> bool:
    """Whether a table says itself for which period it is: its rows have a date or a month."""
    return dated and period in BY_MONTHS


def served(waiting: Iterable[tuple[Owed, int]], load: Load) -> Owed | None:
    """The period that a load without dates is for: of those whose last day had come, the
    first that was not overdue; where all were, the latest. Periods come with their due instants.
    """
    came_ms = load.made_ms
    over = [(owed, due_ms) for owed, due_ms in waiting if owed.open_ms <= came_ms]
    intime = [owed for owed, due_ms in over if came_ms <= due_ms]
    return intime[0] if intime else over[-1][0] if over else None
