"""Faults of a table: the same for the form, the API and files. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.platforms.judicial.figures.records.templates import (
    TOTAL,
    Figures,
    Template,
    cell,
    column_of,
    row_of,
)

NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Wrong:
    """A field that does not hold: ``key`` ends the words, ``expected`` is what it should be."""

    field: str
    key: str
    expected: int = 0
    given: int = 0

    @property
    def row(self) -> str:
        """Of a cell; empty for another field."""
        return row_of(self.field) if "." in self.field else ""

    @property
    def column(self) -> str:
        """Of a cell; empty for another field."""
        return column_of(self.field)


def faults(
    template: Template, given: Mapping[str, str], before: Figures | None
) -> Sequence[Wrong]:
    """All that does not hold in a table as it was typed: numbers and sums, and that what was
    pending at the end of the month ``before`` is what is old now. Cell by cell in their order.
    """
    found = [Wrong(name, "number") for name in template.cells if not NUMBER.fullmatch(given[name])]
    if found:
        return found
    return unsound(template, {name: int(given[name]) for name in template.cells}, before)


def unsound(template: Template, values: Figures, before: Figures | None) -> Sequence[Wrong]:
    """The same of whole numbers."""
    found = []
    for row in template.rows:
        old, new, closed = (values[cell(row, of)] for of in ("old", "new", "closed"))
        earlier = before.get(cell(row, "pending")) if before is not None else None
        expected = {"old": old if earlier is None else earlier, "pending": old + new - closed}
        keys = {"old": "old", "pending": "pending", "closed": "parts"}
        if template.parts:
            expected["closed"] = sum(values[cell(row, of)] for of in template.parts)
        found += [
            Wrong(cell(row, of), keys[of], should, values[cell(row, of)])
            for of, should in expected.items()
            if values[cell(row, of)] != should
        ]
    for column in template.columns:
        total, name = sum(values[cell(row, column)] for row in template.rows), cell(TOTAL, column)
        if values[name] != total:
            found.append(Wrong(name, "total", total, values[name]))
    order = list(template.cells)
    return sorted(found, key=lambda of: order.index(of.field))
