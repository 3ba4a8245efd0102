"""`qingyuan tables`: what a file with tables holds, before anything is imported."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from config.vocabulary.errors import FaultyInput
from qingyuan.arguments import Parser
from tabular import figures
from tabular.faults import TableFault
from tabular.structure.column_kinds import ColumnKind
from tabular.structure.row_kinds import Kind
from tabular.sums import written
from tabular.tallies import Seen
from tabular.understanding import Table, Understanding, understood

WHY = {
    Kind.TOTAL: "a total",
    Kind.CLASS: "the sum of lines under it",
    Kind.PART: "a part of a line above it",
    Kind.HEADER: "the header again, or numbers of columns",
    Kind.NOTE: "a note",
    Kind.EMPTY: "empty",
}
"""By kind, why a row is no data."""


def run(argv: list[str]) -> int:
    """Print what a file holds. 0 also where single cells have faults, which are named.

    Raises:
        FaultyInput: the file holds no table that can be read.
    """
    parser = Parser("qingyuan tables", "what a file with tables holds, and its faults")
    verbs = parser.add_subparsers(dest="verb", required=True, parser_class=argparse.ArgumentParser)
    check = verbs.add_parser("check", help="read a file to its end, and keep nothing")
    check.add_argument("file", type=Path, help="xlsx, xls, ods, csv or txt; gzip, or a zip of one")
    check.add_argument("--json", action="store_true", help="as JSON, for a program")
    given = parser.parse_args(argv)
    try:
        found = understood(given.file)
    except FaultyInput as error:
        if given.json:
            print(_json(_refused(error)))
        raise
    print(_json(_document(found)) if given.json else "\n".join(_lines(found)))
    return 0


def _json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1)


def _refused(error: FaultyInput) -> dict[str, Any]:
    """The document of a file in which nothing was understood."""
    faults = [
        {"row": None, "column": None, "what": fault.what, "remedy": fault.remedy}
        for fault in error.faults
    ]
    empty: dict[str, Any] = {"encoding": None, "sheet": None, "header_row": None, "columns": []}
    return empty | {"rows": 0, "faults": faults}


def _document(found: Understanding) -> dict[str, Any]:
    main = found.main
    tables = [_table(table) for table in found.tables]
    faults = [_fault(fault) for table in found.tables for fault in table.faults]
    return {
        "encoding": found.encoding,
        "delimiter": found.delimiter or None,
        "packed": found.packed or None,
        "member": found.member or None,
        **_table(main),
        "faults": faults,
        "fault_count": sum(table.fault_count for table in found.tables),
        "hidden_sheets": list(found.hidden_sheets),
        "sheets_without_data": list(found.sheets_without_data),
        "tables": tables if len(tables) > 1 else [],
    }


def _table(table: Table) -> dict[str, Any]:
    units = {seen.column.name: seen.column.unit for seen in table.columns if seen.column.unit}
    money = [seen for seen in table.columns if seen.column.kind is ColumnKind.MONEY]
    one = {seen.column.unit for seen in money}
    yuan = {
        seen.column.name: written(seen.sum)
        for seen in money
        if seen.sum is not None and seen.column.unit in figures.UNITS
    }
    return {
        "sheet": table.sheet or None,
        "title": table.title or None,
        "header_row": table.header[-1],
        "header_rows": list(table.header),
        "empty_leading_columns": min(seen.column.position for seen in table.columns),
        "unit": one.pop() if len(one) == 1 else None,
        "units": units,
        "columns": [_column(seen) for seen in table.columns],
        "rows": table.rows,
        "not_data": [{"row": row.row, "why": WHY[row.kind]} for row in table.aside],
        "totals_yuan": yuan,
        "faults": [_fault(fault) for fault in table.faults],
        "hidden_rows": [list(span) for span in table.hidden.rows],
        "hidden_columns": list(table.hidden.columns),
    }


def _column(seen: Seen) -> dict[str, Any]:
    column = seen.column
    found: dict[str, Any] = {"name": column.name, "kind": column.kind.value, "empty": seen.empty}
    if column.unit:
        found |= {"unit": column.unit, "unit_from": column.origin or "name"}
    if seen.sum is not None:
        in_yuan = column.kind is ColumnKind.MONEY
        yuan = figures.UNITS.get(column.unit, Decimal(1)) if in_yuan else Decimal(1)
        found["sum"] = written(seen.sum / yuan)
    if seen.months:
        found["months"] = list(seen.months)
    return found


def _fault(fault: TableFault) -> dict[str, Any]:
    found: dict[str, Any] = {
        "row": fault.row,
        "column": fault.column or None,
        "what": fault.what,
        "remedy": fault.remedy,
        "kind": fault.kind,
    }
    found |= {key: fault.values[key] for key in ("says", "should") if key in fault.values}
    return found | ({"sheet": fault.sheet} if fault.sheet else {})


def _lines(found: Understanding) -> list[str]:
    """For people: each table with its columns, then its faults."""
    packed = f" in a {found.packed}" if found.packed else ""
    lines = [f"{found.encoding}{packed}, {len(found.tables)} table(s)"]
    if found.hidden_sheets:
        lines.append(f"hidden sheets, left out: {', '.join(found.hidden_sheets)}")
    for table in found.tables:
        name = f"{table.sheet}: " if table.sheet else ""
        header = ", ".join(map(str, table.header))
        lines.append(f"{name}{table.rows} rows of data under the header in row {header}")
        lines += [f"  {_described(seen)}" for seen in table.columns]
        by_kind = {kind: [row.row for row in table.aside if row.kind is kind] for kind in WHY}
        lines += [
            f"  no data, {WHY[kind]}: row {', '.join(map(str, rows[:20]))}"
            for kind, rows in by_kind.items()
            if rows
        ]
        if table.hidden.rows:
            spans = ", ".join(map(_spanned, table.hidden.rows[:20]))
            lines.append(f"  hidden, and read: {table.hidden.count} row(s), {spans}")
        if table.hidden.columns:
            lines.append(f"  hidden, and read: column {', '.join(table.hidden.columns)}")
        lines += [
            f"  row {one.row}, {one.column}: {one.what}; {one.remedy}" for one in table.faults
        ]
    return lines


def _spanned(span: tuple[int, int]) -> str:
    first, last = span
    return str(first) if first == last else f"{first} to {last}"


def _described(seen: Seen) -> str:
    column = seen.column
    unit = f", {column.unit}" if column.unit else ""
    empty = f", {seen.empty} empty" if seen.empty else ""
    total = (
        f", {written(seen.sum)} yuan"
        if seen.sum is not None and column.unit in figures.UNITS
        else ""
    )
    return f"{column.name}: {column.kind}{unit}{empty}{total}"
