"""Departments and what they published of a year, and a set as its page shows it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from api.accounts.records import Unit
from api.platforms.budget.disclosure.records import (
    Kept,
    KeptFigure,
    KeptTable,
    Whole,
)
from api.platforms.budget.year.records import Occasion, Year
from budget.detection.books import Stage

KIND = "published"
"""The kind of item that a set is; its files stand at it."""
PUBLISHING = ("department", "supervision", "court", "procuratorate", "town")
"""Kinds of units that have a budget of their own to publish."""
DUTY = "bgt.publish.dept"
"""The rule of the term: 预算法 art. 14, twenty days after the department was told."""
OCCASIONS: Mapping[Stage, tuple[Occasion, int]] = {
    "budget": ("notified", 0),
    "accounts": ("accounts-notified", 1),
}
"""By stage the day from which the term runs, and how many years behind that of the tables."""
COLUMNS = ("department", "stage", "tables", "breaks", "deferred", "confirmed", "due")
FIGURE_COLUMNS = ("file", "sheet", "table", "cell", "code", "label", "heading", "yuan")


@dataclass(frozen=True, slots=True)
class Publication:
    """The set of a department at a stage, and until when it had to be published; None where
    nobody knows.
    """

    stage: Stage
    kept: Kept | None
    due: date | None


@dataclass(frozen=True, slots=True)
class Line:
    """A department of the list."""

    department: str
    unit: str | None
    publications: Sequence[Publication]


@dataclass(frozen=True, slots=True)
class Listed:
    """Departments of a year in the official order, and sets that nobody has confirmed."""

    year: int
    years: Sequence[int]
    lines: Sequence[Line]
    drafts: Sequence[Kept]


def lines(
    kept: Iterable[Kept], units: Sequence[Unit], dues: Mapping[Stage, Mapping[str, date]]
) -> Iterator[Line]:
    """Units that publish or have published, in the order of the register; behind them departments
    that it does not know, by name. ``dues`` have terms by what their note says.
    """
    own: dict[tuple[str, str], Kept] = {(of.unit or of.department, of.stage): of for of in kept}
    known = [unit for unit in units if unit.kind in PUBLISHING and unit.span.until_day is None]
    known += [unit for unit in units if unit not in known and _has(own, unit.id)]
    known.sort(key=units.index)
    for unit in known:
        yield Line(unit.name, unit.id, _publications(own, unit.id, unit.name, dues))
    others = {of.department for of in own.values() if of.unit is None}
    for name in sorted(others):
        yield Line(name, None, _publications(own, name, name, dues))


def _has(own: Mapping[tuple[str, str], Kept], key: str) -> bool:
    return any((key, stage) in own for stage in OCCASIONS)


def _publications(
    own: Mapping[tuple[str, str], Kept],
    key: str,
    name: str,
    dues: Mapping[Stage, Mapping[str, date]],
) -> list[Publication]:
    return [
        Publication(stage, own.get((key, stage)), _due(dues[stage], name)) for stage in OCCASIONS
    ]


def _due(dues: Mapping[str, date], name: str) -> date | None:
    """The term whose note names a department, else that without a note."""
    named = [due for note, due in dues.items() if note and name in note]
    return max(named) if named else dues.get("")


def dues_of(year: Year, occasion: Occasion) -> Mapping[str, date]:
    """By the note of each day of an occasion the end of the term to publish; of several the
    latest.
    """
    found = dict[str, date]()
    ends = {of.subject.id: of.reckoned.due for of in year.deadlines if of.rule.id == DUTY}
    for entry in year.entries:
        if entry.occasion == occasion and str(entry.id) in ends:
            due = ends[str(entry.id)]
            found[entry.note] = max(due, found.get(entry.note, due))
    return found


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table as it was read: its figures by column, empty where it has none there."""

    number: int
    code: str
    label: str
    is_total: bool
    figures: Sequence[KeptFigure | None]


@dataclass(frozen=True, slots=True)
class Side:
    """Lines of one side of a table under the names of their columns."""

    headings: Sequence[str]
    rows: Sequence[Row]


def sides(whole: Whole, table: KeptTable) -> list[Side]:
    """A table as it was read, side by side."""
    own = [of for of in whole.figures if of.table == table.id]
    return [
        _side([of for of in own if of.side == number])
        for number in sorted({of.side for of in own})
    ]


def _side(own: Sequence[KeptFigure]) -> Side:
    headings = {of.position: of.heading for of in sorted(own, key=lambda of: of.position)}
    by_line = dict[tuple[int, str], dict[int, KeptFigure]]()
    for of in own:
        by_line.setdefault((of.row, of.label), {})[of.position] = of
    rows = [
        Row(
            number, next(iter(cells.values())).code, label,
            next(iter(cells.values())).is_total, [cells.get(at) for at in headings],
        )
        for (number, label), cells in by_line.items()
    ]  # fmt: skip
    return Side(list(headings.values()), rows)
