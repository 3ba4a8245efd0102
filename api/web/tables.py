"""Tables as spreadsheets open them."""

from __future__ import annotations

import csv as csv_format
import io
from collections.abc import Iterable, Iterator

from fastapi.responses import StreamingResponse

_BOM = "\ufeff"
"""Without it spreadsheets take UTF-8 for the language's old encoding."""
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Some spreadsheets of East Asia take the signs of full width for the others."""


def csv(rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Lines of RFC 4180; a cell that a spreadsheet would reckon as a formula stays text."""
    yield _BOM
    for row in rows:
        line = io.StringIO()
        cells = (f"'{cell}" if cell.startswith(_FORMULAS) else cell for cell in row)
        csv_format.writer(line).writerow(cells)
        yield line.getvalue()


def download(name: str, rows: Iterable[Iterable[str]]) -> StreamingResponse:
    """A table that a browser saves under a name."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(csv(rows), media_type="text/csv; charset=utf-8", headers=headers)
