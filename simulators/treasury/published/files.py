"""Writes published tables: a workbook a set, or a CSV file a table."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter

from simulators.treasury.records import Published

FOLDER = "published"
_MADE = datetime(2021, 1, 1, tzinfo=UTC)
"""The same for all, so that the same seed gives the same bytes."""


def _text(hundredths: int, style: str, at: int) -> str:
    thousands = style == "thousands" or (style == "mixed" and at % 2)
    return f"{hundredths / 100:,.2f}" if thousands else f"{hundredths / 100:.2f}"


def _workbook(path: Path, one: Published) -> None:
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"created": _MADE, "author": one.name})
        title = book.add_format({"bold": True, "align": "center"})
        money = book.add_format({"num_format": "#,##0.00"})
        for sheet in one.sheets:
            page = book.add_worksheet(sheet.name)
            width = len(sheet.rows[0])
            for down, row in enumerate(sheet.rows):
                for across, cell in enumerate(row):
                    if isinstance(cell, str):
                        if cell:
                            page.write_string(down, across, cell)
                    elif one.style == "plain" or (one.style == "mixed" and (down + across) % 3):
                        page.write_number(down, across, cell / 100, money)
                    else:
                        page.write_string(down, across, _text(cell, one.style, across))
            page.merge_range(0, 0, 0, width - 1, sheet.rows[0][0], title)


def _tables(folder: Path, one: Published) -> None:
    for sheet in one.sheets:
        with (folder / f"{one.number}-{sheet.name[2:4]}.csv").open(
            "w", encoding="utf-8", newline=""
        ) as file:
            csv.writer(file, lineterminator="\n").writerows(
                [
                    cell if isinstance(cell, str) else _text(cell, one.style, at)
                    for at, cell in enumerate(row)
                ]
                for row in sheet.rows
            )


def write_published(sets: Iterable[Published], folder: Path) -> None:
    """Each set as ``NUMBER.xlsx``, or its tables as ``NUMBER-NN.csv``, NN by the sheet's name.

    Args:
        sets: what to write.
        folder: that of the treasury; a folder ``published`` is made in it.

    Raises:
        OSError: the disk does not take them.
    """
    inside = folder / FOLDER
    inside.mkdir(parents=True, exist_ok=True)
    for one in sets:
        if one.form == "xlsx":
            _workbook(inside / f"{one.number}.xlsx", one)
        else:
            _tables(inside, one)
