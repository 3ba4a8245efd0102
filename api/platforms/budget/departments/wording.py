"""Tables of departments, their rows and the classifications in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from api.accounts.repositories.units import Units
from api.platforms.budget.departments.records.descriptions import (
    FIRST_VERSION,
    Description,
    Field,
    NotDescribed,
)
from api.platforms.budget.departments.records.questions import Joined, Row
from api.platforms.budget.departments.repository import Version
from api.services import Services
from api.web.tables import Heads, Sheet, Value
from api.web.workbooks import Column, ValueKind
from budget.yuan import yuan
from config.catalogue.words import Words
from config.classifications import Classification, Code

COLUMNS = ("department", "name", "due", "last", "rows", "amount", "missed")
HEADS = Heads(
    "budget.departments.column", COLUMNS, {"last": "instant", "rows": "count", "amount": "number"}
)
CODE_COLUMNS = ("classification", "code", "name", "from", "until", "mark", "source")
CODE_HEADS = Heads("budget.departments.code-column", CODE_COLUMNS, {"from": "day", "until": "day"})
FIGURES: Mapping[str, ValueKind] = {
    "money": "number",
    "number": "number",
    "percent": "number",
    "integer": "count",
}
SHORT = 6
"""Fields of a row that a list shows."""


@dataclass(frozen=True, slots=True)
class Title:
    """A department with its unit's name as it is today."""

    id: str
    unit: str


def title(services: Services, department: str) -> Title:
    """A department; by its owner's name where the district has no such unit."""
    unit = Units(services.state).get(department)
    return Title(department, unit.name if unit else "")


def due(words: Words, of: Description) -> str:
    """How often a table is due, and until when."""
    return words(f"budget.departments.due-{of.due}", n=of.due_days)


def basis(words: Words, of: Version) -> str:
    """Where a description is from."""
    if of.version == FIRST_VERSION:
        return of.description.note or words("budget.departments.proposal")
    return words("budget.departments.version", n=of.version)


def value(of: Field, given: Any) -> str:
    """A cell as people read it."""
    if given is None or given == "":
        return "—"
    match of.kind:
        case "money":
            return yuan(int(given))
        case "percent":
            return f"{given:.10g}%"
        case "number":
            return f"{given:,.10g}"
        case "integer":
            return f"{given:,}"
        case _:
            return str(given)


def facts(version: Version, row: Row) -> list[tuple[str, str]]:
    """All fields of a row by their names; one that came by an older description may lack some."""
    fields = version.description.field
    return [(of.label, value(of, row.cells.get(of.name))) for of in fields]


def short(version: Version, row: Row) -> str:
    """The first fields of a row but unit, period and the sum, in a line."""
    of = version.description
    shown = [
        one
        for one in of.field
        if one.role not in ("unit", "period") and one != of.money and row.cells.get(one.name)
    ]
    parts = (f"{one.label} {value(one, row.cells[one.name])}" for one in shown[:SHORT])
    return " · ".join(parts)


def no_unit(words: Words, of: Joined) -> str:
    """Why a row is joined to no unit, empty where it is."""
    return words(f"budget.departments.unit-{of.lacking}") if of.lacking else ""


def no_project(words: Words, of: Joined) -> str:
    """Why a row is joined to no project, empty where it is."""
    return words(f"budget.departments.project-{of.lacking}") if of.lacking else ""


def faults(words: Words, refused: NotDescribed) -> dict[str, str]:
    """Words of each fault by the field of the form."""
    return {
        where: words(f"budget.departments.wrong-{key}") for where, key in refused.by_field.items()
    }


def rows_table(words: Words, version: Version, rows: Iterable[tuple[Row, str, str]]) -> Sheet:
    """Rows with the codes of unit and project that they are joined by, for a spreadsheet; money in
    yuan.
    """
    of = version.description
    columns = [
        *(Column(one.label, FIGURES.get(one.kind, "text")) for one in of.field),
        *(Column(words(f"budget.departments.row-{name}")) for name in ("unit", "project")),
        *(Column(words(f"budget.departments.row-{name}"), "count") for name in ("load", "row")),
    ]
    return Sheet(of.name, columns, _rows(of, rows))


def _rows(of: Description, rows: Iterable[tuple[Row, str, str]]) -> Iterator[Sequence[Value]]:
    for row, unit, project in rows:
        cells = [_cell(one, row.cells.get(one.name)) for one in of.field]
        yield [*cells, unit, project, row.load, row.row]


def _cell(of: Field, given: Any) -> Value:
    if given is None:
        return None
    if of.kind == "money":
        return int(given) / 100
    return given if of.kind in FIGURES else str(given)


def codes(words: Words, found: Iterable[Classification], day: date) -> Sheet:
    """Codes that are valid on a day, for a spreadsheet."""
    rows = (
        [of.name, one.code, one.name, *_days(of, one), *_basis(words, of, one)]
        for of in found
        for one in of.valid(day)
    )
    return CODE_HEADS.sheet(words, words("budget.departments.codes"), rows)


def _days(of: Classification, one: Code) -> list[Value]:
    begins = one.valid_from or of.valid_from
    return [begins and begins.isoformat(), one.valid_until and one.valid_until.isoformat()]


def _basis(words: Words, of: Classification, one: Code) -> list[Value]:
    mark = words(f"budget.departments.mark-{one.mark or of.mark}")
    return [mark, one.source or of.source]
