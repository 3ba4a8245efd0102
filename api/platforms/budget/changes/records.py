"""Changes of a year's budget, added up, and the cases of the law that they may be. Pure; money is
fen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, get_args
from urllib.parse import urlencode

from pydantic import BaseModel, Field, StringConstraints

Trigger = Literal["total", "fund", "key", "debt"]
"""预算法 art. 67: total expenditure up or down; money of the stabilisation fund brought in;
planned key expenditure cut; more debt.
"""
TRIGGERS: tuple[Trigger, ...] = get_args(Trigger)
DERIVED: tuple[Trigger, ...] = ("total", "key")
"""Those that the tables show; of the others no table says enough."""
SHIFT = "调剂"
"""The kind of a change between items, which alters no total (预算法 art. 72)."""
A_PAGE = 50
LONGEST_NOTE = 500
MOST_CODES = 100
CODE = r"\d{3,7}"


class Asked(BaseModel):
    """A question as the addresses of its answers write it; ``unit`` is a code. An empty ``year``
    is the newest.
    """

    year: Annotated[str, StringConstraints(pattern=r"^(|\d{4})$")] = ""
    unit: Annotated[str, StringConstraints(max_length=200)] = ""
    page: Annotated[int, Field(ge=1, le=10_000)] = 1
    items: Annotated[int, Field(ge=1, le=10_000)] = 1

    def query(self, **changes: str) -> str:
        """As part of an address, from the first pages on."""
        kept = self.model_dump(exclude={"page", "items"}, exclude_defaults=True)
        return urlencode(kept | changes)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A row of the table of changes; ``item`` is the code of its economic item."""

    number: str
    unit: str
    project: str
    item: str
    day: str
    amount: int
    kind: str
    document: str

    @property
    def change(self) -> str:
        """The document that joins rows, or the row alone where it names none."""
        return self.document or self.number

    @property
    def shifts(self) -> bool:
        """Whether money moves between items."""
        return self.kind.strip() == SHIFT


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the budget; ``function`` and ``item`` are codes."""

    unit: str
    project: str
    function: str
    item: str
    approved: int
    adjusted: int


@dataclass(frozen=True, slots=True)
class Cumulated:
    """Changes of an item, or of a unit, in a year. ``up`` and ``down`` (below 0) are of
    changes that are no shifts; ``moved_in`` and ``moved_out`` (below 0) of shifts.
    """

    unit: str
    project: str
    item: str
    approved: int
    adjusted: int
    up: int
    down: int
    moved_in: int
    moved_out: int
    moves: int

    @property
    def net(self) -> int:
        """All changes of the table together."""
        return self.up + self.down + self.moved_in + self.moved_out

    @property
    def moved_share(self) -> float | None:
        """All that was shifted, in and out, of what was approved, of 1; None of nothing."""
        moved = self.moved_in - self.moved_out
        return moved / self.approved if self.approved else None

    @property
    def differs(self) -> int:
        """The budget as changed by its own table, beyond what the changes explain."""
        return self.adjusted - self.approved - self.net


@dataclass(frozen=True, slots=True)
class Decision:
    """Which cases the office holds a change to be, none where it is no adjustment by law.
    ``id`` counts up with each decision.
    """

    id: int
    change: str
    triggers: tuple[Trigger, ...]
    note: str
    who: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Change:
    """Rows of one document, or one row without a document."""

    name: str
    first: str
    last: str
    rows: int
    up: int
    down: int
    kinds: Sequence[str]
    decision: Decision | None

    @property
    def net(self) -> int:
        """Of all its rows."""
        return self.up + self.down


@dataclass(frozen=True, slots=True)
class Keys:
    """Codes of functions that the office holds to be key expenditure; ``id`` 0: nobody said."""

    id: int
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposed:
    """A case that the tables show: from what to what, of which function for key expenditure."""

    trigger: Trigger
    function: str
    approved: int
    adjusted: int

    @property
    def change(self) -> int:
        """Up, or below 0 down."""
        return self.adjusted - self.approved


@dataclass(frozen=True, slots=True)
class Term:
    """The term of a draft that runs back from a meeting."""

    id: int
    title: str
    due_day: str
    state: str


@dataclass(frozen=True, slots=True)
class Found:
    """A year as it was asked for. ``names`` are of units, ``projects`` of projects by code."""

    year: int | None
    years: Sequence[int]
    whole: Cumulated
    by_unit: Sequence[Cumulated]
    items: Sequence[Cumulated]
    changes: Sequence[Change]
    keys: Keys
    proposed: Sequence[Proposed]
    terms: Sequence[Term]
    names: Mapping[str, str]
    projects: Mapping[str, str]

    def decided(self, trigger: Trigger) -> int:
        """How many changes the office holds to be a case."""
        return sum(trigger in of.decision.triggers for of in self.changes if of.decision)


def pages(rows: Sequence[object]) -> int:
    """At least one."""
    return max(1, -(-len(rows) // A_PAGE))


Key = tuple[str, str, str]


def cumulated(
    lines: Iterable[Line],
    adjustments: Iterable[Adjustment],
    key_of: Callable[[Line | Adjustment], Key],
) -> list[Cumulated]:
    """Lines and their changes added up by key, in its order."""
    found: dict[Key, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for line in lines:
        sums = found[key_of(line)]
        sums["approved"] += line.approved
        sums["adjusted"] += line.adjusted
    for of in adjustments:
        sums = found[key_of(of)]
        names = ("moved_in", "moved_out") if of.shifts else ("up", "down")
        sums[names[of.amount < 0]] += of.amount
        sums["moves"] += of.shifts
    return [
        Cumulated(
            *key,
            approved=sums["approved"],
            adjusted=sums["adjusted"],
            up=sums["up"],
            down=sums["down"],
            moved_in=sums["moved_in"],
            moved_out=sums["moved_out"],
            moves=sums["moves"],
        )
        for key, sums in sorted(found.items())
    ]


def of_item(of: Line | Adjustment) -> Key:
    """Of unit, project and economic item."""
    return of.unit, of.project, of.item


def of_unit(of: Line | Adjustment) -> Key:
    """Of the unit alone."""
    return of.unit, "", ""


def of_all(_of: Line | Adjustment) -> Key:
    """Of the whole district."""
    return "", "", ""


def changes(adjustments: Iterable[Adjustment], decisions: Mapping[str, Decision]) -> list[Change]:
    """By document, the newest first."""
    found: dict[str, list[Adjustment]] = defaultdict(list)
    for of in adjustments:
        found[of.change].append(of)
    every = [
        Change(
            name,
            min(of.day for of in rows),
            max(of.day for of in rows),
            len(rows),
            sum(of.amount for of in rows if of.amount > 0),
            sum(of.amount for of in rows if of.amount < 0),
            sorted({of.kind for of in rows}),
            decisions.get(name),
        )
        for name, rows in found.items()
    ]
    by_name = sorted(every, key=lambda of: of.name)
    return sorted(by_name, key=lambda of: of.last, reverse=True)


def proposed(lines: Sequence[Line], whole: Cumulated, keys: Keys) -> list[Proposed]:
    """Cases that the tables show: the total is another by the budget or by its changes, or a key
    function has less than was approved.
    """
    found = []
    outside = whole.up + whole.down
    if whole.adjusted != whole.approved:
        found.append(Proposed("total", "", whole.approved, whole.adjusted))
    elif outside:
        found.append(Proposed("total", "", whole.approved, whole.approved + outside))
    for code in keys.codes:
        own = [of for of in lines if of.function.startswith(code)]
        approved, adjusted = sum(of.approved for of in own), sum(of.adjusted for of in own)
        if adjusted < approved:
            found.append(Proposed("key", code, approved, adjusted))
    return found
