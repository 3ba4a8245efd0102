"""Forms of the pages of loads."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.authentication.requests import WITHOUT_NUL
from api.imports.reading import matching
from api.imports.reading.cells import Bad, fen
from api.imports.reading.matching import Match
from api.imports.records import Mapping
from api.kinds.tables import TableField, TableKind
from api.web.forms import LONGEST_WHY, MOST_ID, NotAccepted, Typed
from config.vocabulary.errors import Fault
from tabular import figures
from tabular.figures import Order

LONGEST_SOURCE = 100
MOST_BYTES = 512 << 20
"""Of a file."""
Source = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=LONGEST_SOURCE, pattern=WITHOUT_NUL),
]
Name = Annotated[str, StringConstraints(max_length=500)]
Names = Annotated[list[Name], Field(max_length=200)]
Row = Annotated[int, Field(ge=0, le=1000)]


class Listed(BaseModel):
    """The choice of the list; empty: all. ``before`` is the id of a load."""

    model_config = ConfigDict(extra="forbid")
    kind: Annotated[str, StringConstraints(max_length=80)] = ""
    source: Source = ""
    state: Annotated[str, StringConstraints(max_length=20)] = ""
    before: Annotated[int, Field(ge=0, le=MOST_ID)] = 0


class Selected(BaseModel):
    """The columns that somebody chose: for each field of ``fields`` the column (empty: none), the
    unit, the order of day and month, and a total from a control sheet, in yuan.
    """

    model_config = ConfigDict(extra="forbid")
    sheet: Name = ""
    header: Row = 0
    fields: Names = []
    columns: Names = []
    units: Names = []
    orders: Names = []
    controls: Annotated[list[Typed], Field(max_length=200)] = []

    def over(self, match: Match) -> Match:
        """A proposal as somebody has changed it, so that a refusal loses nothing."""
        if match.field.name not in self.fields:
            return match
        at = self.fields.index(match.field.name)
        column, unit, order = (
            of[at] if at < len(of) else "" for of in (self.columns, self.units, self.orders)
        )
        return replace(match, column=column, unit=unit, order=order)

    def mapping(self, kind: TableKind) -> Mapping:
        """As a file is read by it.

        Raises:
            NotAccepted: a field that is needed has no column, a column was chosen twice, or a
                total is no sum of money.
        """
        known = {field.name: field for field in kind.fields}
        columns, units, orders, controls = {}, {}, {}, {}
        rows = zip(self.fields, self.columns, self.units, self.orders, self.controls, strict=False)
        for name, column, unit, order, control in rows:
            field = known.get(name)
            if field is None or not column:
                continue
            columns[name] = column
            if unit in matching.units_of(field):
                units[name] = unit
            if order in (Order.DAY.value, Order.MONTH.value):
                orders[name] = order
            if control.strip() and field.kind == "money":
                controls[name] = _sum(field, control)
        header = (self.header,) if self.header else ()
        found = Mapping(self.sheet, header, columns, units, orders, controls)
        return _checked(kind, found)


class Withdrawal(BaseModel):
    """Why a load is withdrawn."""

    model_config = ConfigDict(extra="forbid")
    why: Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_WHY)] = ""

    def reasoned(self) -> str:
        """The words of the person.

        Raises:
            NotAccepted: there are none.
        """
        if not self.why or "\0" in self.why:
            raise NotAccepted(Fault("why", "is empty", "say why it goes"), "why")
        return self.why


def _checked(kind: TableKind, mapping: Mapping) -> Mapping:
    if lacking := matching.missing(kind, mapping):
        fault = Fault(lacking[0].name, "has no column", "choose one")
        raise NotAccepted(fault, "needed", fields=lacking)
    taken = list(mapping.columns.values())
    for column in taken:
        if taken.count(column) > 1:
            fault = Fault("columns", f"{column!r} is chosen twice", "choose it once")
            raise NotAccepted(fault, "chosen-twice", column=column)
    return mapping


def _sum(field: TableField, text: str) -> int:
    value = figures.money(text)
    found = fen(value) if isinstance(value, Decimal) else None
    if found is None or isinstance(found, Bad):
        fault = Fault("controls", f"{text!r} is no sum of money", "write yuan in digits")
        raise NotAccepted(fault, "no-sum", text=text[:40], fields=[field])
    return found
