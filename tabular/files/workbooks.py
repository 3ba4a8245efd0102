"""Sheets of a workbook, opened in this process: whoever sends one decides how much memory and time
that takes, so :mod:`tabular.files.apart` and other children with bounds alone do it.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from types import ModuleType

import python_calamine

from config.vocabulary.errors import FaultyInput
from tabular.files import unpacking, xls, xlsx
from tabular.files.indents import trimmed
from tabular.files.marks import Marks
from tabular.files.unpacking import Content

Cell = str | Decimal | date | None
"""A text without blanks at its ends, a number as it is shown (15 digits), a date, or nothing."""

MOST_BYTES = 64 << 20
"""Of a file, and of what an xlsx unpacks to times eight."""
MOST_CELLS = 5_000_000
_KINDS: Mapping[str, ModuleType] = {"xlsx": xlsx, "xls": xls}
"""Of workbooks, those of which more is known than the values."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; ``rows[0]`` is row 1 of the file. Of a text file a row is a record, which may
    run over several lines. ``merged`` has first row, first column, last row and last column of
    cells that are shown as one, counted from 0; ``marks`` what an xlsx or xls tells beside the
    values; ``from_1904`` where serial numbers of days begin in that year.
    """

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    hidden: bool = False
    merged: tuple[tuple[int, int, int, int], ...] = ()
    marks: Marks = field(default_factory=Marks)
    from_1904: bool = False


def opened(content: Content) -> tuple[Sheet, ...]:
    """Every sheet of a workbook, in its order.

    Raises:
        FaultyInput: it cannot be read, or is too large.
    """
    whole = content.whole(MOST_BYTES)
    if content.form != "xls":
        unpacked = _unpacked_size(content, whole)
        if unpacked > 8 * MOST_BYTES:
            what = f"unpacks to {unpacked >> 20} MB, more than {8 * MOST_BYTES >> 20}"
            raise unpacking.fault(content.name, what, "send it in parts")
    try:
        book = python_calamine.load_workbook(io.BytesIO(whole))
        kind = _KINDS.get(content.form)
        marks = kind.marks_of(whole) if kind else {}
        early = kind is not None and kind.counts_from_1904(whole)
        return tuple(replace(one, from_1904=early) for one in _sheets(content, book, marks))
    except python_calamine.PasswordError as error:
        raise _unreadable(content, "it has a password") from error
    except (FaultyInput, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # its reader in Rust panics with a kind of its own
        raise _unreadable(content, re.sub(r"\s+", " ", str(error))[:200]) from error


def _unpacked_size(content: Content, whole: bytes) -> int:
    try:
        with zipfile.ZipFile(io.BytesIO(whole)) as packed:
            return sum(part.file_size for part in packed.infolist())
    except (zipfile.BadZipFile, ValueError) as error:
        raise _unreadable(content, str(error)) from error


def _unreadable(content: Content, why: str) -> FaultyInput:
    what = f"is no workbook that can be read ({why})"
    return unpacking.fault(content.name, what, "save it as xlsx without a password")


def too_many(content: Content) -> FaultyInput:
    """The fault of a file with more cells than are borne."""
    what = f"has more than {MOST_CELLS:,} cells"
    return unpacking.fault(content.name, what, "send it in parts, or as csv")


def _sheets(
    content: Content,
    book: python_calamine.CalamineWorkbook,
    marks: Mapping[str, Marks],
) -> Iterator[Sheet]:
    room = MOST_CELLS
    for about in book.sheets_metadata:
        if about.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(about.name)
        height, width = (n + 1 for n in sheet.end or (-1, -1))
        room -= height * width
        if room < 0:
            raise too_many(content)
        rows = sheet.to_python(skip_empty_area=False)
        merged = tuple((*first, *last) for first, last in sheet.merged_cell_ranges or ())
        hidden = about.visible != python_calamine.SheetVisibleEnum.Visible
        cells = tuple(tuple(map(_cell, row)) for row in rows)
        yield Sheet(about.name, cells, hidden, merged, marks.get(about.name, Marks()))


def _cell(value: object) -> Cell:
    if isinstance(value, str):
        return trimmed(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return Decimal(f"{value:.15g}")
    if isinstance(value, datetime):
        return value.date() if value.time() == datetime.min.time() else value.isoformat(" ")
    return value if isinstance(value, date) else str(value)
