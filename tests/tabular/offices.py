"""Small files in the shapes in which offices send tables; every name and sum is made up."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path

import xlsxwriter
import xlwt

Rows = Sequence[Sequence[object]]


def text(rows: Sequence[str], encoding: str = "utf-8", end: str = "\r\n") -> bytes:
    """Lines as an office's program writes them."""
    return "".join(row + end for row in rows).encode(encoding)


def book(**sheets: Rows) -> bytes:
    """An xlsx; a sheet whose name begins with ``hidden`` is. A text that begins with ``=`` is a
    formula nobody computed; days are dated cells.
    """
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as workbook:
        as_day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            if name.startswith("hidden"):
                sheet.hide()
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, str) and cell.startswith("="):
                        shown = "#REF!" if "#REF!" in cell else ""
                        sheet.write_formula(row, column, cell, None, shown)
                    elif isinstance(cell, date):
                        sheet.write_datetime(row, column, datetime.combine(cell, time()), as_day)
                    elif cell is not None:
                        sheet.write(row, column, cell)
    return made.getvalue()


def merged(rows: Rows, *ranges: tuple[int, int, int, int], name: str = "表") -> bytes:
    """An xlsx of one sheet with merged cells: first row, first column, last row, last column."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as workbook:
        sheet = workbook.add_worksheet(name)
        for top, left, bottom, right in ranges:
            sheet.merge_range(top, left, bottom, right, rows[top][left])
        inside = {
            (row, column)
            for top, left, bottom, right in ranges
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        }
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if cell is not None and (row, column) not in inside:
                    sheet.write(row, column, cell)
    return made.getvalue()


def old_book(**sheets: Rows) -> bytes:
    """An xls."""
    workbook = xlwt.Workbook()
    as_day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for name, rows in sheets.items():
        sheet = workbook.add_sheet(name)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    sheet.write(row, column, cell, as_day)
                elif cell is not None:
                    sheet.write(row, column, cell)
    made = io.BytesIO()
    workbook.save(made)
    return made.getvalue()


def from_1904(rows: Rows, *, old: bool) -> bytes:
    """An xlsx, or an xls, whose days count from 1904."""
    made = io.BytesIO()
    if old:
        before = xlwt.Workbook()
        before.dates_1904 = True
        sheet = before.add_sheet("表")
        as_day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                sheet.write(row, column, cell, *([as_day] if isinstance(cell, date) else []))
        before.save(made)
        return made.getvalue()
    with xlsxwriter.Workbook(made, {"date_1904": True}) as workbook:
        page, form = (
            workbook.add_worksheet("表"),
            workbook.add_format({"num_format": "yyyy-mm-dd"}),
        )
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    page.write_datetime(row, column, datetime.combine(cell, time()), form)
                else:
                    page.write(row, column, cell)
    return made.getvalue()


def hidden_and_broken(path: Path) -> Path:
    """A table with hidden rows 3, 4 and 6 and a hidden column C; formulas in D were never computed
    but the last one, which is an error, as is a plain cell in row 3.
    """
    head = ["编号", "部门", "备注", "金额"]
    if path.suffix == ".xlsx":
        with xlsxwriter.Workbook(path) as made:
            page = made.add_worksheet("台账")
            page.write_row(0, 0, head)
            for row in range(1, 7):
                page.write_row(row, 0, [f"A{row}", "教体局", "是"])
                page.write_formula(row, 3, "=2*A9", None, "#DIV/0!" if row == 6 else "")
            for row in (2, 3, 5):
                page.set_row(row, None, None, {"hidden": True})
            page.set_column(2, 2, None, None, {"hidden": True})
        return path
    book = xlwt.Workbook()
    sheet = book.add_sheet("台账")
    for column, name in enumerate(head):
        sheet.write(0, column, name)
    for row in range(1, 7):
        for column, text in enumerate([f"A{row}", "教体局", "是"]):
            sheet.write(row, column, text)
        if row == 6:
            sheet.row(row).set_cell_error(3, "#DIV/0!")
        else:
            sheet.write(row, 3, xlwt.Formula("2*A9"))
        sheet.row(row).hidden = row in (2, 3, 5)
    sheet.col(2).hidden = True
    book.save(str(path))
    return path
