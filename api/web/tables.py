"""Tables as spreadsheets open them: CSV, or a workbook with real numbers and dates."""

from __future__ import annotations

import csv as csv_format
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Literal
from urllib.parse import quote

from fastapi.responses import Response, StreamingResponse

from api.web import workbooks
from api.web.workbooks import Column, Sheet, Value, ValueKind
from config.catalogue.words import Words
from config.vocabulary.time import ZONE
from tabular.files.formulas import BOM, inert

__all__ = ["MOST", "Column", "Form", "Sheet", "Value", "ValueKind", "csv", "download", "saved_as"]

Form = Literal["csv", "xlsx"]
MOST: Mapping[Form, int] = {"csv": 100_000, "xlsx": 20_000}
"""Rows that are handed out at once; the last line of a table that was cut says so."""
_MEDIA: Mapping[Form, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class Heads:
    """Headings of a table that is exported: keys of the words end with the names below ``words``;
    what is not named in ``kinds`` is text.
    """

    words: str
    names: Sequence[str]
    kinds: Mapping[str, ValueKind]

    def sheet(self, t: Words, title: str, rows: Iterable[Sequence[Value]]) -> Sheet:
        """Rows below these headings, in a language."""
        columns = [
            Column(t(f"{self.words}-{name}"), self.kinds.get(name, "text")) for name in self.names
        ]
        return Sheet(title, columns, rows)


def csv(rows: Iterable[Iterable[Value]]) -> Iterator[str]:
    """Lines of RFC 4180; a text that a spreadsheet would reckon as a formula stays text."""
    yield BOM
    for row in rows:
        line = io.StringIO()
        csv_format.writer(line).writerow(_safe(cell) for cell in row)
        yield line.getvalue()


def download(
    words: Words,
    name: str,
    form: Form,
    sheet: Sheet,
    *,
    total: int | None,
    whole: bool = False,
    most: int | None = None,
) -> Response:
    """A table that a browser saves under a name. ``total`` is how many rows there are, None where
    there are more and nobody knows how many. What is beyond ``most`` is left out, and the last
    line says so; a ``whole`` one is not cut as CSV.
    """
    most = None if whole and form == "csv" else most or MOST[form]
    last = _left_out(words, total, most)
    bounded = replace(sheet, rows=islice(sheet.rows, most))
    headers = saved_as(f"{name}.{form}")
    if form == "csv":
        lines = csv(_lines(bounded, last))
        return StreamingResponse(lines, media_type=_MEDIA[form], headers=headers)
    body = workbooks.written([bounded], last=last)
    return Response(body, media_type=_MEDIA[form], headers=headers)


def _left_out(words: Words, total: int | None, most: int | None) -> str:
    if total is None:
        return words("list.cut-more", n=most)
    return words("list.cut", n=most, of=total) if most is not None and total > most else ""


def saved_as(name: str) -> dict[str, str]:
    """The header that names a file, in any language (RFC 6266)."""
    if name.isascii():
        return {"Content-Disposition": f'attachment; filename="{name}"'}
    plain = f"file.{name.rpartition('.')[2]}"
    said = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    return {"Content-Disposition": said}


def _lines(sheet: Sheet, last: str) -> Iterator[list[Value]]:
    kinds = [column.kind for column in sheet.columns]
    yield [column.label for column in sheet.columns]
    for row in sheet.rows:
        yield [_written(value, kind) for value, kind in zip(row, kinds, strict=True)]
    if last:
        yield [last]


def _written(value: Value, kind: ValueKind) -> Value:
    if isinstance(value, int) and kind == "instant":
        return f"{datetime.fromtimestamp(value / 1000, ZONE):%Y-%m-%d %H:%M:%S}"
    return value


def _safe(cell: Value) -> str:
    if isinstance(cell, str):
        return inert(cell)
    if isinstance(cell, float):
        return f"{cell:.15g}"
    return "" if cell is None else str(cell)
