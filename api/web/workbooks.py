"""Workbooks: a sheet for each table, with real numbers and dates and nothing that is reckoned."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, islice
from typing import Any, Literal

import xlsxwriter

from config.vocabulary.time import DAY_MS, ZONE

Value = str | int | float | date | None
ValueKind = Literal["text", "count", "number", "percent", "instant", "day", "duration"]
"""Instants are UTC epoch ms, days ISO text or dates, durations ms, percent a share of 1."""
FIRST_MS = 0
"""The year 1970; a workbook knows no day before 1900."""
_FORMATS: Mapping[ValueKind, str] = {
    "text": "@",
    "count": "#,##0",
    "percent": "0.0%",
    "instant": "yyyy-mm-dd hh:mm:ss",
    "day": "yyyy-mm-dd",
    "duration": "[h]:mm:ss",
}
_WIDTHS: Mapping[ValueKind, int] = {"instant": 20, "day": 12, "duration": 12}
_HEAD: Mapping[str, Any] = {"bold": True, "bg_color": "#E3EEF0", "bottom": 1, "valign": "top"}
_NARROWEST, _WIDEST = 8, 60
_LOOKED_AT = 200
"""Rows by which a column's width is found."""
_LONGEST = 32_767
"""Characters of a cell."""
_SHEET_NAME = 31
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, the kind of what stands below it, and the decimals of numbers; None: as many as
    each has.
    """

    label: str
    kind: ValueKind = "text"
    decimals: int | None = 2


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its title; rows are as long as there are columns, and are read once. ``lines``
    stand above it.
    """

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]
    lines: Sequence[str] = ()


def written(
    sheets: Sequence[Sheet], *, last: str = "", title: str = "", made_ms: int = FIRST_MS
) -> bytes:
    """A workbook; ``last`` is a line below the only sheet's rows. Texts stay texts, whatever they
    begin with. The same rows give the same bytes.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_urls": False})
    made = datetime.fromtimestamp(made_ms / 1000, ZONE).replace(tzinfo=None)
    book.set_properties({"title": title, "author": "", "created": made})
    names: set[str] = set()
    for sheet in sheets:
        _write(book, sheet, _named(sheet.title, names), last)
    book.close()
    return out.getvalue()


def _write(book: Any, sheet: Sheet, name: str, last: str) -> None:
    rows = iter(sheet.rows)
    first = list(islice(rows, _LOOKED_AT))
    page = book.add_worksheet(name)
    _to_print(page)
    heads = [book.add_format({**_HEAD, **_side(of)}) for of in sheet.columns]
    formats = [
        book.add_format({"num_format": _format(of), "valign": "top", **_side(of)})
        for of in sheet.columns
    ]
    for n, column in enumerate(sheet.columns):
        page.set_column(n, n, _width(column, [row[n] for row in first]))
    for at, line in enumerate(sheet.lines):
        page.write_string(at, 0, _bounded(line))
    at = len(sheet.lines)
    page.freeze_panes(at + 1, 0)
    page.repeat_rows(at)
    for n, column in enumerate(sheet.columns):
        page.write_string(at, n, _bounded(column.label), heads[n])
    for row in chain(first, rows):
        at += 1
        for n, (value, column) in enumerate(zip(row, sheet.columns, strict=True)):
            _put(page, at, n, value, column.kind, formats[n])
    if sheet.columns:
        page.autofilter(len(sheet.lines), 0, max(at, len(sheet.lines) + 1), len(sheet.columns) - 1)
    if last:
        page.write_string(at + 1, 0, _bounded(last))


def _to_print(page: Any) -> None:
    """On A4, with every column on one page."""
    page.set_paper(9)
    page.set_landscape()
    page.fit_to_pages(1, 0)


def _side(column: Column) -> Mapping[str, Any]:
    """Texts stand a little apart from numbers at their left, and long ones take several lines."""
    if column.kind == "text":
        return {"align": "left", "indent": 1, "text_wrap": True}
    return {"align": "right"}


def _put(page: Any, row: int, column: int, value: Value, kind: ValueKind, style: Any) -> None:
    found = _cell(value, kind)
    if found is None:
        return
    if isinstance(found, str):
        page.write_string(row, column, _bounded(found), style)
    elif isinstance(found, date):
        page.write_datetime(row, column, found, style)
    else:
        page.write_number(row, column, found, style)


def _cell(value: Value, kind: ValueKind) -> Value:
    """As a workbook keeps it: a day, an instant of the district, a part of a day."""
    if isinstance(value, str):
        return date.fromisoformat(value) if kind == "day" and value else value or None
    if value is None or isinstance(value, date):
        return value
    if kind == "instant":
        return datetime.fromtimestamp(value / 1000, ZONE).replace(tzinfo=None)
    return value / DAY_MS if kind == "duration" else value


def _format(column: Column) -> str:
    if column.kind == "number":
        if column.decimals is None:
            return "General"
        return f"0.{'0' * column.decimals}" if column.decimals else "0"
    return _FORMATS[column.kind]


def _width(column: Column, values: Iterable[Value]) -> int:
    if column.kind in _WIDTHS:
        return max(_WIDTHS[column.kind], signs_of(column.label) + 2)
    texts = chain([column.label], (str(of) for of in values if of is not None))
    return min(max(_NARROWEST, *(signs_of(of) + 2 for of in texts)), _WIDEST)


def signs_of(text: str) -> int:
    """Width in characters of Latin: a Chinese one is two, and so is what Chinese fonts draw as
    wide, such as Ⅲ.
    """
    return sum(2 if unicodedata.east_asian_width(of) in "WFA" else 1 for of in text[:_WIDEST])


def _bounded(text: str) -> str:
    cut = _cut(text, _LONGEST)
    return text if cut == text else f"{_cut(text, _LONGEST - 1)}…"


def _cut(text: str, most: int) -> str:
    """So many characters as a workbook counts them: rare ones are two."""
    if 2 * len(text) <= most:
        return text
    units = text.encode("utf-16-le", "surrogatepass")[: 2 * most]
    return units.decode("utf-16-le", "ignore")


def _named(title: str, names: set[str]) -> str:
    """A name that a workbook takes and no other sheet of it has."""
    plain = _NOT_IN_A_NAME.sub(" ", title).strip(" '") or "1"
    found = next(of for of in _names(plain) if of.casefold() not in names)
    names.add(found.casefold())
    return found


def _names(plain: str) -> Iterator[str]:
    yield _cut(plain, _SHEET_NAME).strip(" '")
    for n in range(2, 1000):
        end = f" {n}"
        yield _cut(plain, _SHEET_NAME - len(end)).strip(" '") + end
