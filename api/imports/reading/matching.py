"""Which column of a file is which field of a kind, and in which unit: a proposal. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Names
from dataclasses import dataclass

from api.imports.records import Mapping
from api.kinds.tables import TableField, TableKind
from tabular import figures
from tabular.figures import Order
from tabular.layout import Column
from tabular.structure.column_kinds import ColumnKind, names_label

MONEY_UNITS = ("元", "千元", "万元", "亿元")
PERCENT, FRACTION = "%", "1"
"""A percentage of 12.5 is written as 12.5 (%), or as 0.125."""
ORIGINS = ("name", "header", "sheet", "elsewhere", "assumed", "kept")
_SURE = ("name", "header", "sheet")
"""Where a file itself says in which unit its figures are."""
_EXACT, _LAST, _PART = 3, 2, 1
_BRACKETS = re.compile(r"[(（][^)）]*[)）]")
_BLANK = re.compile(r"[\s_\-·:：*]+")


@dataclass(frozen=True, slots=True)
class Match:
    """The column of a field (empty: none), its unit, why that one, and the order of its dates."""

    field: TableField
    column: str = ""
    unit: str = ""
    origin: str = ""
    order: str = ""


def matches(
    kind: TableKind, columns: Sequence[Column], kept: Mapping | None, said: Names[str, str]
) -> tuple[Match, ...]:
    """A match for each field. A column that the source had before is taken again; others by their
    names, of which ``said`` has one more for each field, that of the page.
    """
    by_name = {column.name: column for column in columns}
    known = kept.columns if kept else {}
    found = {field: name for field, name in known.items() if name in by_name}
    free = [column for column in columns if column.name not in found.values()]
    fields = [field for field in kind.fields if not field.above]
    open_fields = [field for field in fields if field.name not in found]
    pairs = sorted(
        (
            (_likeness(field, column, said.get(field.name, "")), -order, -column.position,
             field.name, column.name)
            for order, field in enumerate(open_fields)
            for column in free
        ),
        reverse=True,
    )  # fmt: skip
    for likeness, _, _, field_name, column_name in pairs:
        if likeness and field_name not in found and column_name not in found.values():
            found[field_name] = column_name
    return tuple(_match(field, by_name.get(found.get(field.name, "")), kept) for field in fields)


def mapping_of(
    found: Iterable[Match], sheet: str, header: Sequence[int], controls: Names[str, int]
) -> Mapping:
    """A proposal as the mapping by which a file is read."""
    taken = [match for match in found if match.column]
    return Mapping(
        sheet,
        tuple(header),
        {match.field.name: match.column for match in taken},
        {match.field.name: match.unit for match in taken if match.unit},
        {match.field.name: match.order for match in taken if match.order},
        dict(controls),
    )


def missing(kind: TableKind, mapping: Mapping) -> list[TableField]:
    """Fields that a row must have and for which there is no column."""
    there = mapping.columns
    return [of for of in kind.fields if of.needed and not of.above and of.name not in there]


def units_of(field: TableField) -> tuple[str, ...]:
    """The units from which a person chooses."""
    return {"money": MONEY_UNITS, "percent": (PERCENT, FRACTION)}.get(field.kind, ())


def _match(field: TableField, column: Column | None, kept: Mapping | None) -> Match:
    if column is None:
        return Match(field)
    before = kept.units.get(field.name, "") if kept else ""
    if field.kind == "money":
        return Match(field, column.name, *_unit(column, before))
    if field.kind == "percent":
        unit = before or (FRACTION if column.scale != 1 else PERCENT)
        return Match(field, column.name, unit, "kept" if before else "assumed")
    if field.kind in ("date", "month"):
        own_order = column.order if column.order is not Order.UNKNOWN else None
        order = own_order.value if own_order else (kept.orders.get(field.name, "") if kept else "")
        return Match(field, column.name, order=order)
    return Match(field, column.name)


def _unit(column: Column, before: str) -> tuple[str, str]:
    """The unit of money, and why: the file's own word goes before that of the last time."""
    own = column.unit if column.unit in MONEY_UNITS else ""
    if own and column.origin in _SURE:
        return own, column.origin
    if before:
        return before, "kept"
    return own or "元", column.origin if own else "assumed"


def _likeness(field: TableField, column: Column, said: str) -> int:
    """How well a column's name fits a field: as a whole, its last part, or a part of it."""
    if not _fits(field, column):
        return 0
    whole = _plain(column.name)
    last = _plain(column.name.rpartition("/")[2])
    names = [_plain(name) for name in (*field.headers, said, field.name) if name]
    if whole in names:
        return _EXACT * 100
    if last in names:
        return _LAST * 100
    longest = max((len(name) for name in names if name in whole or whole in name), default=0)
    return _PART * min(longest, 99)


def _fits(field: TableField, column: Column) -> bool:
    """Whether a column of texts, codes or dates may hold figures: it never does."""
    dated = column.kind in (ColumnKind.DATE, ColumnKind.MONTH, ColumnKind.TIME)
    if field.kind in ("money", "percent", "number", "integer"):
        return not dated and not names_label(column.name)
    if field.kind in ("date", "month"):
        return column.kind not in (ColumnKind.MONEY, ColumnKind.PERCENT)
    return True


def _plain(name: str) -> str:
    return _BLANK.sub("", _BRACKETS.sub("", figures.plain(name))).casefold()
