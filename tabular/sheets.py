"""A workbook (xlsx, xls) or a text file (csv, txt) as sheets of cells, read whole.

For what people send: a hundred thousand rows, not a century of readings (see ``lines``), nor a
million rows of payments (see ``understanding``).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tabular.files import apart, texts, unpacking
from tabular.files.unpacking import Content
from tabular.files.workbooks import MOST_BYTES, MOST_CELLS, Cell, Sheet, too_many

__all__ = ["MOST_BYTES", "Cell", "Sheet", "parsed", "read", "sheets_of", "width"]


def read(path: Path) -> tuple[Sheet, ...]:
    """Every sheet of a file, in its order.

    Raises:
        FaultyInput: it cannot be read, is too large, or is none of xlsx, xls, csv and txt.
    """
    return sheets_of(unpacking.content_of(path))


def parsed(path: Path, content: bytes) -> tuple[Sheet, ...]:
    """Every sheet of a file's content, in its order; ``path`` is what faults call it.

    Raises:
        FaultyInput: it is too large unpacked, or is none of xlsx, xls, csv and txt.
    """
    return sheets_of(unpacking.content_of(content, path.name))


def sheets_of(content: Content) -> tuple[Sheet, ...]:
    """Every sheet of a content, in its order.

    Raises:
        FaultyInput: see ``read``.
    """
    if content.form != "text":
        return apart.opened(content)
    content.whole(MOST_BYTES)
    rows: list[tuple[Cell, ...]] = []
    room = MOST_CELLS
    for cells in texts.records(content, texts.writing_of(content)):
        room -= len(cells) + 1
        if room < 0:
            raise too_many(content)
        rows.append(cells)
    return (Sheet(Path(content.name).stem, tuple(rows)),)


def width(rows: Sequence[Sequence[Cell]]) -> int:
    """Columns of the widest row."""
    return max(map(len, rows), default=0)
