"""Figures of a frozen paper beside those of the data as they are now. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from api.kinds.reports import Paper, Table, Value
from api.web.workbooks import ValueKind

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that is another one now; ``row`` and ``column`` are empty of a figure. A row that
    is new or gone has no ``column``, and None on its other side.
    """

    name: str
    row: str
    column: str
    kind: ValueKind
    then: Value
    now: Value


def differences(then: Paper, now: Paper) -> Sequence[Difference]:
    """Every figure, cell and sentence that differs, in the order of the paper."""
    return [*_figures(then, now), *_texts(then, now), *_cells(then, now)]


def _figures(then: Paper, now: Paper) -> Iterator[Difference]:
    old, new = then.figures, now.figures
    for name in dict.fromkeys((*old, *new)):
        before, after = old.get(name), new.get(name)
        values = before.value if before else None, after.value if after else None
        either = before or after
        if either and values[0] != values[1]:
            yield Difference(either.label, "", "", either.kind, *values)


def _texts(then: Paper, now: Paper) -> Iterator[Difference]:
    old = {of.name: of for of in then.sections}
    new = {of.name: of for of in now.sections}
    for name in dict.fromkeys((*old, *new)):
        before, after = old.get(name), new.get(name)
        said = ["\n".join(of.text) if of else None for of in (before, after)]
        either = before or after
        if either and said[0] != said[1]:
            yield Difference(either.title, "", "", "text", *said)


def _cells(then: Paper, now: Paper) -> Iterator[Difference]:
    old, new = then.tables, now.tables
    for name in dict.fromkeys((*old, *new)):
        before, after = old.get(name), new.get(name)
        if either := after or before:
            yield from _of_table(either, _rows(before), _rows(after))


def _rows(table: Table | None) -> dict[tuple[Value, str, int], tuple[Value, ...]]:
    """By what names a row: its first cell with its link, and which of those it is."""
    found: dict[tuple[Value, str, int], tuple[Value, ...]] = {}
    seen: dict[tuple[Value, str], int] = {}
    for row in table.rows if table else ():
        key = row[0].value, row[0].path
        seen[key] = seen.get(key, 0) + 1
        found[*key, seen[key]] = tuple(cell.value for cell in row)
    return found


def _of_table(
    table: Table,
    old: dict[tuple[Value, str, int], tuple[Value, ...]],
    new: dict[tuple[Value, str, int], tuple[Value, ...]],
) -> Iterator[Difference]:
    first = table.columns[0]
    for key in dict.fromkeys((*old, *new)):
        before, after, row = old.get(key), new.get(key), str(key[0])
        if before is None or after is None:
            there = None if before is None else key[0], None if after is None else key[0]
            yield Difference(table.title, row, "", first.kind, *there)
            continue
        for column, was, value in zip(table.columns, before, after, strict=True):
            if was != value:
                yield Difference(table.title, row, column.label, column.kind, was, value)
