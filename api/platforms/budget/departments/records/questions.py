"""Questions to rows that departments sent, the rows, and tables that did not come. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.imports.sources.periods import Period, ended, period_of
from api.platforms.budget.departments.records.descriptions import Description
from budget.persons import masked, masked_account
from config.working_days import WorkingDays

A_PAGE = 50
MOST_MISSED = 36
"""Periods without a table that are listed, the latest ones."""
LONGEST_BEFORE = 10
"""Years: a month before is a slip of the pen, and owes nothing."""
_MONTH = len("2026-01")
Text = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)]
PeriodAsked = Annotated[str, StringConstraints(pattern=r"^(|(19|20|21)\d\d(-(0[1-9]|1[0-2]))?)$")]
Lacking = Literal["none", "unknown", "several"]
LACKING: tuple[Lacking, ...] = get_args(Lacking)
"""Why a row is joined to no project, or no unit: it names none, or one that nobody knows, or a
name that several projects have, none or more than one of them of the row's unit.
"""


class AskedTables(BaseModel):
    """A question to all departments: of rows that name a unit, by code or name; empty: all."""

    model_config = ConfigDict(extra="forbid")
    unit: Text = ""


class AskedRows(AskedTables):
    """A question to rows of one table: of a unit, of a project (its code or exact name), of a year
    or a month, with words that each are part of a text.
    """

    q: Annotated[str, StringConstraints(max_length=100, strip_whitespace=True)] = ""
    project: Text = ""
    period: PeriodAsked = ""
    page: Annotated[int, Field(ge=1, le=100_000)] = 1

    @property
    def narrowed(self) -> bool:
        """Whether anything was chosen."""
        return bool(self.model_dump(exclude={"page"}, exclude_defaults=True))

    def query(self, **changes: str) -> str:
        """As part of an address, from the first page on."""
        return urlencode(self.model_dump(exclude={"page"}, exclude_defaults=True) | changes)


@dataclass(frozen=True, slots=True)
class Row:
    """A row that stands: ``cells`` by field, money in fen, days and months ISO text; ``version``
    is that of the description by which it came.
    """

    id: int
    load: int
    row: int
    department: str
    version: int
    unit: str
    project: str
    period: str
    amount: int | None
    cells: Mapping[str, Any]

    def masked(self, of: Description) -> Row:
        """With what belongs to natural persons as nobody may see it by the way."""
        kinds = {one.name: one.kind for one in of.field if one.role == "person"}
        cells = {
            name: _masked(value, code=kinds[name] != "text") if name in kinds else value
            for name, value in self.cells.items()
        }
        return replace(self, cells=cells)


def _masked(value: object, *, code: bool) -> object:
    if value is None:
        return None
    text = str(value)
    plain = masked_account(text) if code else masked(text)
    return plain if plain != text else text[:1] + "*" * max(len(text) - 1, 1)


@dataclass(frozen=True, slots=True)
class Summed:
    """Rows of a department: how many, and the sum in fen of the field that is added up."""

    rows: int = 0
    amount: int = 0


@dataclass(frozen=True, slots=True)
class Joined:
    """The code that a row is joined by, or why it is joined to nothing."""

    code: str = ""
    lacking: Lacking | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """Codes of units by code and by name, empty where several have the name; those of projects,
    and the unit of each project.
    """

    units: Mapping[str, str]
    projects: Mapping[str, frozenset[str]]
    units_of_projects: Mapping[str, str]

    def unit(self, row: Row) -> Joined:
        """The unit of a row."""
        code = self.units.get(row.unit)
        if code:
            return Joined(code)
        if code is not None:
            return Joined(lacking="several")
        return Joined(lacking="unknown" if row.unit else "none")

    def project(self, row: Row) -> Joined:
        """The project of a row: that of its code, or of its exact name where one alone has it, or
        one alone of the row's unit.
        """
        if not row.project:
            return Joined(lacking="none")
        codes = self.projects.get(row.project, frozenset())
        if row.project in codes:
            return Joined(row.project)
        if len(codes) > 1:
            unit = self.units.get(row.unit, row.unit)
            codes = frozenset(of for of in codes if self.units_of_projects.get(of) == unit)
            if len(codes) != 1:
                return Joined(lacking="several")
        return Joined(min(codes)) if codes else Joined(lacking="unknown")

    def names_of_unit(self, unit: str) -> Collection[str]:
        """A unit's code with all of its names, whichever of them was given."""
        code = self.units.get(unit) or unit
        return {unit, code, *(name for name, of in self.units.items() if of == code)}

    def names_of_project(self, project: str) -> Collection[str]:
        """The same of a project."""
        codes = self.projects.get(project, frozenset()) | {project}
        return {project, *codes, *(name for name, of in self.projects.items() if of & codes)}


def owed(
    of: Description, periods: Collection[str], today: date, days: WorkingDays
) -> Sequence[Period]:
    """Periods whose table should be there and is not, the first one first. ``periods`` are days or
    months of rows that stand.
    """
    earliest = f"{today.year - LONGEST_BEFORE:04}"
    known = sorted(text for text in periods if text >= earliest)
    since = of.since or (known[0][:_MONTH] if known else "")
    if not since:
        return ()
    begin = date.fromisoformat(f"{since}-01")
    have = {_label(of, text) for text in known}
    due = timedelta(days=of.due_days)
    found = [
        period
        for period in ended(of.period_kind, begin, begin - timedelta(days=1), today, days)
        if period.last + due < today and period.label not in have
    ]
    return found[-MOST_MISSED:]


def due_day(of: Description, month: str) -> date:
    """The last day on which the table of a month is in time."""
    return period_of(of.period_kind, _last_of(month)).last + timedelta(days=of.due_days)


def _last_of(month: str) -> date:
    return period_of("month", date.fromisoformat(f"{month}-01")).last


def _label(of: Description, text: str) -> str:
    day = date.fromisoformat(text if len(text) > _MONTH else f"{text}-01")
    return period_of(of.period_kind, day).label
