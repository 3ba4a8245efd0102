"""Whether tables are understood as somebody wrote down who looked at them.

    python -m benchmarks.tables --cases DIR [--also FILE ...]

Beside each file of DIR may lie ``FILE.json`` with what must be understood: encoding, delimiter,
sheet, hidden sheets, rows of the header, columns, units, rows of data, rows that are none, dates,
totals to the fen; a workbook of several tables lists them under ``tables``. Each difference is
printed, and the run fails. Of other files only the summary is printed, or the fault.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from config.vocabulary.errors import FaultyInput
from tabular import figures
from tabular.figures import Dated
from tabular.structure.column_kinds import ColumnKind
from tabular.structure.row_kinds import Kind
from tabular.understanding import Table, Understanding, understood

Expected = Mapping[str, Any]


def main() -> int:
    """The exit status is the number of files that are understood in another way."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=Path, required=True)
    parser.add_argument("--also", type=Path, nargs="*", default=[], help="files without a JSON")
    given = parser.parse_args()
    wrong = 0
    for beside in sorted(given.cases.glob("*.json")):
        different = list(differences(beside))
        wrong += bool(different)
        print(f"{beside.stem}: {'as expected' if not different else 'OTHERWISE'}")
        for line in different:
            print(f"  {line}")
    for path in given.also:
        print(summary(path))
    return wrong


def summary(path: Path) -> str:
    """One line on a file of which nothing is known."""
    began = time.perf_counter()
    try:
        found = understood(path)
    except FaultyInput as error:
        return str(error)
    kinds = " ".join(seen.column.kind for seen in found.main.columns)
    took = time.perf_counter() - began
    faults = sum(table.fault_count for table in found.tables)
    return f"{path.name}: {found.main.rows} rows, {faults} faults, {took:.1f} s: {kinds}"


def differences(beside: Path) -> Iterator[str]:
    """Each thing that a file's JSON says otherwise than we do."""
    expected: Expected = json.loads(beside.read_text(encoding="utf-8"))
    try:
        found = understood(beside.with_suffix(""))
    except FaultyInput as error:
        yield str(error)
        return
    yield from _of_file(found, expected)
    if "tables" not in expected:
        yield from _of_table(found.main, expected)
        return
    by_sheet = {table.sheet: table for table in found.tables}
    for one in expected["tables"]:
        if one["sheet"] not in by_sheet:
            yield f"no table in sheet {one['sheet']}"
        else:
            yield from (
                f"{one['sheet']}: {line}" for line in _of_table(by_sheet[one["sheet"]], one)
            )
    if expected.get("adds_up"):
        yield from (str(fault) for table in found.tables for fault in table.faults)
    for gap in expected.get("gaps_seen_in_sums", ()):
        faults = by_sheet[gap["sheet"]].faults
        figures_ = {(Decimal(one.values["says"]), Decimal(one.values["should"])) for one in faults}
        if (Decimal(gap["total"]), Decimal(gap["lines"])) not in figures_:
            yield f"no fault {gap}"


def _of_file(found: Understanding, expected: Expected) -> Iterator[str]:
    own = {
        "encoding": found.encoding,
        "delimiter": found.delimiter.replace("\t", "\\t"),
        "hidden_sheets": list(found.hidden_sheets),
        "sheets_without_data": list(found.sheets_without_data),
    }
    yield from _unlike(own, expected)


def _unlike(own: Mapping[str, Any], expected: Expected) -> Iterator[str]:
    for key, value in own.items():
        if key in expected and expected[key] != value:
            yield f"{key}: {value}, not {expected[key]}"


def _of_table(table: Table, expected: Expected) -> Iterator[str]:
    numbers = [number for number, _ in table.data()]
    units = {seen.column.name: seen.column.unit for seen in table.columns if seen.column.unit}
    money = [seen for seen in table.columns if seen.column.kind is ColumnKind.MONEY]
    totals = {seen.column.name: seen.sum for seen in money}
    own: dict[str, Any] = {
        "sheet": table.sheet,
        "title": table.title,
        "header_rows": list(table.header),
        "columns": [seen.column.name for seen in table.columns],
        "empty_leading_columns": table.columns[0].column.position,
        "units": units,
    }
    yield from _unlike(own, expected)
    if "unit" in expected and {seen.column.unit for seen in money} != {expected["unit"]}:
        yield f"unit: {units}, not {expected['unit']}"
    yield from _of_rows(table, numbers, expected)
    for name, total in expected.get("totals_yuan", {}).items():
        if totals.get(name) != Decimal(total):
            yield f"total of {name}: {totals.get(name)}, not {total}"
    if "total_yuan" in expected and Decimal(expected["total_yuan"]) not in totals.values():
        yield f"total: {totals}, not {expected['total_yuan']}"
    yield from _of_values(table, expected)


def _of_rows(table: Table, numbers: list[int], expected: Expected) -> Iterator[str]:
    data = expected.get("data", {})
    rows = data.get("rows", data.get("leaf_rows"))
    if rows not in (None, table.rows):
        yield f"rows: {table.rows}, not {rows}"
    if data.get("leaf_row_numbers", numbers) != numbers:
        yield f"rows: {numbers}, not {data['leaf_row_numbers']}"
    parts = [row.row for row in table.aside if row.kind in (Kind.CLASS, Kind.TOTAL)]
    lines = sorted([*numbers, *parts])
    if data and (data["first"] not in lines or data["last"] not in lines):
        yield f"rows: {lines[0]} to {lines[-1]}, not {data['first']} to {data['last']}"
    none = [n for one in expected.get("not_data", ()) for n in one.get("rows", [one.get("row")])]
    aside = [row.row for row in table.aside]
    if "not_data" in expected and sorted(none) != aside:
        yield f"not data: {aside}, not {sorted(none)}"
    if expected.get("total_row", 0) not in (0, *aside):
        yield f"the total in row {expected['total_row']} is not seen"


def _of_values(table: Table, expected: Expected) -> Iterator[str]:
    dated = [seen for seen in table.columns if seen.column.dates]
    if "dates" in expected:
        at = table.columns.index(dated[0])
        days = [dated[0].column.value(cells[at]) for _, cells in table.data()]
        texts = [str(day) if isinstance(day, Dated) else None for day in days]
        if texts != expected["dates"]:
            yield f"dates: {texts}, not {expected['dates']}"
        refused = [fault.row for fault in table.faults if fault.column == dated[0].column.name]
        own = {"date_refused_rows": refused, "date_only_to_month_rows": list(dated[0].months)}
        yield from _unlike(own, expected)
    if "amounts_yuan" in expected:
        at = next(n for n, seen in enumerate(table.columns) if seen.sum is not None and n)
        sums = [
            figures.money(cells[at], table.columns[at].column.unit) for _, cells in table.data()
        ]
        if sums != [Decimal(text) for text in expected["amounts_yuan"]]:
            yield f"amounts: {sums}"
    if "first_row" in expected:
        _, cells = next(table.data())
        row = {
            seen.column.name: str(seen.column.value(cell))
            for seen, cell in zip(table.columns, cells, strict=True)
        }
        yield from _unlike(row, expected["first_row"])


if __name__ == "__main__":
    raise SystemExit(main())
