"""A workbook (xlsx, xls) or a text file (csv, txt) as sheets of cells, read whole.

For what people send: a hundred thousand rows, not a century of readings (see ``lines``).
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import python_calamine

from config.vocabulary.errors import Fault, FaultyInput

Cell = str | Decimal | date | None
"""A text without blanks at its ends, a number as it is shown (15 digits), a date, or nothing."""

MOST_BYTES = 64 << 20
"""Of a file, and of what an xlsx unpacks to times eight."""
MOST_CELLS = 5_000_000
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))
_DELIMITERS = "\t,;|"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; ``rows[0]`` is row 1 of the file. Of a text file a row is a record, which may
    run over several lines. ``merged`` has first row, first column, last row and last column of
    cells that are shown as one, counted from 0.
    """

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    hidden: bool = False
    merged: tuple[tuple[int, int, int, int], ...] = ()


def read(path: Path) -> tuple[Sheet, ...]:
    """Every sheet of a file, in its order.

    Raises:
        FaultyInput: it cannot be read, is too large, or is none of xlsx, xls, csv and txt.
    """
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            what = f"has {size >> 20} MB, more than {MOST_BYTES >> 20}"
            raise _fault(path, what, "send it in parts")
        content = path.read_bytes()
    except OSError as error:
        raise _fault(path, f"cannot be read ({error.strerror})", "send it again") from error
    return parsed(path, content)


def parsed(path: Path, content: bytes) -> tuple[Sheet, ...]:
    """Every sheet of a file's content, in its order; ``path`` is what faults call it.

    Raises:
        FaultyInput: it is too large unpacked, or is none of xlsx, xls, csv and txt.
    """
    if content.startswith((_ZIP, _OLE)):
        return _workbook(path, content)
    return (Sheet(path.stem, _records(path, content)),)


def _workbook(path: Path, content: bytes) -> tuple[Sheet, ...]:
    try:
        if content.startswith(_ZIP):
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                unpacked = sum(part.file_size for part in packed.infolist())
            if unpacked > 8 * MOST_BYTES:
                what = f"unpacks to {unpacked >> 20} MB, more than {8 * MOST_BYTES >> 20}"
                raise _fault(path, what, "send it in parts")
        book = python_calamine.load_workbook(io.BytesIO(content))
        return tuple(_sheets(path, book))
    except (python_calamine.CalamineError, zipfile.BadZipFile) as error:
        remedy = "save it as xlsx without a password"
        raise _fault(path, f"is no workbook that can be read ({error})", remedy) from error


def _sheets(path: Path, book: python_calamine.CalamineWorkbook) -> Iterator[Sheet]:
    room = MOST_CELLS
    for about in book.sheets_metadata:
        if about.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(about.name)
        height, width = (n + 1 for n in sheet.end or (-1, -1))
        room -= height * width
        if room < 0:
            raise _fault(path, f"has more than {MOST_CELLS:,} cells", "send it in parts")
        rows = sheet.to_python(skip_empty_area=False)
        merged = tuple((*first, *last) for first, last in sheet.merged_cell_ranges or ())
        hidden = about.visible != python_calamine.SheetVisibleEnum.Visible
        yield Sheet(about.name, tuple(tuple(map(_cell, row)) for row in rows), hidden, merged)


def _cell(value: object) -> Cell:
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return Decimal(f"{value:.15g}")
    if isinstance(value, datetime):
        return value.date() if value.time() == datetime.min.time() else value.isoformat(" ")
    return value if isinstance(value, date) else str(value)


def _records(path: Path, content: bytes) -> tuple[tuple[Cell, ...], ...]:
    text = _decoded(path, content)
    delimiter = _delimiter(text)
    source = io.StringIO(text, newline="")
    if _quotes(text, delimiter):
        reader = csv.reader(source, delimiter=delimiter)
    else:
        reader = csv.reader(source, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    rows: list[tuple[Cell, ...]] = []
    room = MOST_CELLS
    try:
        for fields in reader:
            room -= len(fields) + 1
            if room < 0:
                raise _fault(path, f"has more than {MOST_CELLS:,} cells", "send it in parts")
            rows.append(tuple(field.strip() or None for field in fields))
    except csv.Error as error:
        what = f"line {reader.line_num} is no line of a table ({error})"
        raise _fault(path, what, "save it as xlsx") from error
    return tuple(rows)


def _decoded(path: Path, content: bytes) -> str:
    """GB 18030 contains GBK and GB 2312; UTF-8 is tried first, as it never fits by chance."""
    marked = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    remedy = "save it as xlsx, or as text in UTF-8 or GB 18030"
    raise _fault(path, "is neither a workbook nor a text in UTF-8, UTF-16 or GB 18030", remedy)


def _delimiter(text: str) -> str:
    """The sign that parts most lines alike; a comma where none does."""
    lines = [line for line in text.splitlines()[:50] if line.strip()]

    def alike(sign: str) -> tuple[int, int]:
        counts = [line.count(sign) for line in lines if sign in line]
        most = max(counts, key=counts.count, default=0)
        return counts.count(most), most

    best = max(_DELIMITERS, key=alike)
    return best if any(best in line for line in lines) else ","


def _quotes(text: str, delimiter: str) -> bool:
    """Whether quotes are around fields. In what is parted by tabs one may be a plain sign, and
    would swallow the lines up to the next.
    """
    if delimiter != "\t":
        return True
    fields = [field for line in text.splitlines() for field in line.split(delimiter)]
    opened = [field for field in fields if field.startswith('"')]
    return bool(opened) and all(len(field) > 1 and field.endswith('"') for field in opened)


def _fault(path: Path, what: str, remedy: str) -> FaultyInput:
    return FaultyInput([Fault(path.name, what, remedy)])


def width(rows: Sequence[Sequence[Cell]]) -> int:
    """Columns of the widest row."""
    return max(map(len, rows), default=0)
