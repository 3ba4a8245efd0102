"""A file of readings as its lines, one after another: a text of millions, or a workbook's rows.

The header stands wherever the columns do that somebody asks for: below a preamble, on any of a
workbook's sheets.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

from config.vocabulary.errors import Fault, FaultyInput
from tabular.files import texts
from tabular.files.texts import Writing
from tabular.files.unpacking import Content, content_of
from tabular.sheets import Cell, Sheet, sheets_of

DELIMITERS = ",;\t|"
HEADER_WITHIN = 200
"""Lines in which a header is searched for."""
_MOST_BYTES = 64 << 20
_SHOWN = 40
"""Names of a header that a fault lists."""
_ERROR = re.compile(r"#[A-Z/0]+[!?]?")
"""Errors that a spreadsheet shows in place of a value."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file at the lines below its header, whose names are as they stand there; ``above`` is the
    number of the last line that is passed over. ``rows`` are those of a workbook.
    """

    content: Content
    names: tuple[str, ...]
    above: int
    delimiter: str
    writing: Writing | None = None
    rows: tuple[tuple[int, list[str]], ...] = ()
    digest: str = ""

    def named(self, name: str) -> list[int]:
        """The positions of a column's name, which may be written without the header's blanks and
        line breaks.
        """
        exact = [position for position, own in enumerate(self.names) if own == name]
        return exact or [
            position for position, own in enumerate(self.names) if _bare(own) == _bare(name)
        ]

    def listed(self) -> str:
        """Its names, for a fault."""
        shown = [" ".join(name.split()) for name in self.names if name]
        more = f" and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
        return f"{', '.join(shown[:_SHOWN])}{more}" if shown else "no column"


class Lines:
    """The lines of a source below its header, read once."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._digest = hashlib.blake2b(digest_size=16)
        self._read, self._size = 0, 1 if source.rows else max(source.content.size(), 1)

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """Number and fields of each line that is neither blank nor a comment. A line is numbered
        as an editor does, from 1; one whose quotes run over several has the number of its last.

        Raises:
            FaultyInput: the file cannot be read to its end.
        """
        source = self._source
        if source.writing is None:
            yield from (
                (n, fields) for n, fields in source.rows if n > source.above and any(fields)
            )
            self._read = self._size
            return
        try:
            found = texts.numbered(source.content, source.writing, source.above, self._hear)
            yield from ((n, fields) for n, fields in found if _holds(fields))
        except UnicodeError as error:
            what, remedy = "was changed while it was read", "try again now that it stands still"
            raise FaultyInput([Fault(source.content.name, what, remedy)]) from error

    @property
    def share(self) -> float:
        """The share of the file that was read, 0 to 1."""
        return min(self._read / self._size, 1.0)

    @property
    def digest(self) -> str:
        """BLAKE2 of the bytes that were read, unpacked; of a workbook, of all."""
        return self._source.digest or self._digest.hexdigest()

    def _hear(self, chunk: bytes) -> None:
        self._digest.update(chunk)
        self._read += len(chunk)


def source_of(path: Path, wanted: Sequence[str], sheet: str = "") -> Source:
    """A file at the header that has most of the wanted names; ``sheet`` is one of a workbook.

    Raises:
        FaultyInput: it cannot be read, holds no table for certain, or a sheet has to be named.
    """
    try:
        path.open("rb").close()
    except OSError as error:
        what, remedy = f"cannot be read ({error.strerror})", "name a file that the centre may read"
        raise FaultyInput([Fault(str(path), what, remedy)]) from error
    content = content_of(path, str(path))
    if content.form != "text":
        return _of_workbook(content, wanted, sheet)
    if sheet:
        raise FaultyInput([Fault("--sheet", f"{path.name} is no workbook", "leave it out")])
    beginning = texts.beginning_of(content)
    lines = list(islice(io.StringIO(beginning.text, newline=""), HEADER_WITHIN))
    delimiter, above, names = _header(lines, wanted)
    writing = Writing(beginning.encoding, delimiter, quoted=True)
    return Source(content, tuple(names), above, delimiter, writing)


def _header(lines: Sequence[str], wanted: Sequence[str]) -> tuple[str, int, list[str]]:
    """Delimiter, last line and names of the header that has most of the wanted names; of the first
    line that could be one where none has any.
    """
    best, found = (0, 0, 0), (DELIMITERS[0], 1, [""])
    for position in range(len(lines)):
        for delimiter in DELIMITERS:
            names, above = _names(lines, position, delimiter)
            key = (_count(names, wanted), len(names), -position)
            if key > best and key[0]:
                best, found = key, (delimiter, above, names)
        if best[0] and best[0] == len(wanted):
            break
    if best[0]:
        return found
    for position, line in enumerate(lines):
        if line.strip() and not line.startswith("#"):
            read = ((of, *_names(lines, position, of)[::-1]) for of in DELIMITERS)
            return max(read, key=lambda one: len(one[2]))
    return found


def _names(lines: Sequence[str], position: int, delimiter: str) -> tuple[list[str], int]:
    """The names in a header that begins at a line, and the number of its last one."""
    reader = csv.reader(islice(lines, position, None), delimiter=delimiter)
    try:
        names = [name.strip() for name in next(reader, [])]
    except csv.Error:
        return [], position + 1
    if names and names[0].startswith("#") and len(names) > 1:
        names[0] = names[0].lstrip("# ")
    return names, position + reader.line_num


def _count(names: Sequence[str], wanted: Sequence[str]) -> int:
    there = {_bare(name) for name in names}
    return sum(_bare(name) in there for name in wanted)


def _bare(name: str) -> str:
    """A name without blanks and line breaks, its wide signs narrow."""
    return "".join((name if name.isascii() else unicodedata.normalize("NFKC", name)).split())


def _holds(fields: Sequence[str]) -> bool:
    """Whether a line is neither blank nor a comment."""
    if not any(map(str.strip, fields)):
        return False
    return not fields[0].startswith("#") or bool(_ERROR.fullmatch(fields[0].strip()))


def _of_workbook(content: Content, wanted: Sequence[str], sheet: str) -> Source:
    sheets = [one for one in sheets_of(content) if not one.hidden or one.name == sheet]
    names = [one.name for one in sheets]
    if sheet and sheet not in names:
        known = f"it has {', '.join(names)}"
        raise FaultyInput([Fault("--sheet", f"no {sheet!r} in {content.name}", known)])
    heads = [_head(one, wanted) for one in sheets if not sheet or one.name == sheet]
    most = max((count for count, _ in heads), default=0)
    best = [one for one, (count, _) in zip(sheets, heads, strict=False) if count == most]
    if not best:
        raise FaultyInput([Fault(content.name, "has no sheet", "name another file")])
    if sheet:
        best = [one for one in sheets if one.name == sheet]
    elif most and len(best) > 1:
        what = f"has these columns on {', '.join(one.name for one in best)}"
        raise FaultyInput([Fault(content.name, what, "name one of them with --sheet")])
    return _of_sheet(content, best[0], _head(best[0], wanted)[1])


def _head(sheet: Sheet, wanted: Sequence[str]) -> tuple[int, int]:
    """How many of the wanted names a sheet's header has, and in which row it is, from 0."""
    rows = [[_text(cell).strip() for cell in row] for row in sheet.rows[:HEADER_WITHIN]]
    counts = [_count(row, wanted) for row in rows]
    most = max(counts, default=0)
    if most:
        return most, counts.index(most)
    return 0, next((position for position, row in enumerate(rows) if sum(map(bool, row)) > 1), 0)


def _of_sheet(content: Content, sheet: Sheet, header: int) -> Source:
    """The rows of a sheet as texts; a text or date that is merged over rows stands in each."""
    width = max(map(len, sheet.rows), default=0)
    rows = [[*map(_text, row), *[""] * (width - len(row))] for row in sheet.rows]
    for (row, position), shown in sheet.marks.broken.items():
        if row < len(rows) and position < width and not rows[row][position]:
            rows[row][position] = shown
    for top, left, bottom, _ in sheet.merged:
        if top < len(rows) and isinstance(sheet.rows[top][left], str | date):
            for under in rows[top + 1 : bottom + 1]:
                under[left] = rows[top][left]
    names = tuple(name.strip() for name in rows[header]) if rows else ()
    below = tuple(enumerate(rows[header + 1 :], start=header + 2))
    digest = hashlib.blake2b(content.whole(_MOST_BYTES), digest_size=16).hexdigest()
    return Source(content, names, header + 1, ",", rows=below, digest=digest)


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    return cell.isoformat() if isinstance(cell, date) else str(cell)
