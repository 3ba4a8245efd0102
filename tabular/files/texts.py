"""Records of a text file: its encoding, its delimiter, its quotes. Memory is bounded."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, Self

from config.vocabulary.errors import FaultyInput
from tabular.files.indents import AROUND, BLANKS, trimmed
from tabular.files.unpacking import HEAD, MOST_UNPACKED, Content, fault

if TYPE_CHECKING:
    from _csv import Reader

Heard = Callable[[bytes], object]
DELIMITERS = "\t,;|"
LONGEST = 1 << 20
"""Signs of a line; beyond it, it is no table that anybody wrote."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NARROW = frozenset(b"\t\r\n,;|.123456789")
"""Signs of any table of which no Chinese one is the other way round, as 一 is of N."""
_CHUNK = 1 << 20
_SAMPLE = 1 << 18
"""Bytes by which delimiter and quotes are judged."""
_SURELY = 20
"""Signs beyond ASCII after which a text is in UTF-8 for certain: one in GB 18030 fails sooner."""
_LINES_OF_A_CELL = 40
"""More, and a quote was opened that nobody closed."""
_MAY_BE_INDENTED = 6
"""Columns in which blanks in front of a text are kept in mind."""
_CLOSE = "close its quotes, or save it as xlsx"
_REMEDY = "save it as xlsx, or as text in UTF-8 or GB 18030"


@dataclass(frozen=True, slots=True)
class Writing:
    """The way in which a text is written; ``quoted`` where quotes stand around cells."""

    encoding: str
    delimiter: str
    quoted: bool


class Beginning(NamedTuple):
    """The first lines of a text, every byte of which was decoded; ``whole``: it has no others."""

    encoding: str
    text: str
    whole: bool


def beginning_of(content: Content) -> Beginning:
    """The beginning of a text.

    Raises:
        FaultyInput: it is in no encoding that is known, or a byte does not fit.
    """
    encoding = _encoding(content)
    with content.open() as file:
        sample = file.read(_SAMPLE)
    decoder = codecs.getincrementaldecoder(encoding)()
    text = decoder.decode(sample)
    whole = len(sample) < _SAMPLE
    if not whole:
        text = text.rpartition("\n")[0] or text
    return Beginning(encoding, text, whole)


def writing_of(content: Content) -> Writing:
    """The writing of a text, every byte of which was decoded.

    Raises:
        FaultyInput: see ``beginning_of``.
    """
    encoding, text, whole = beginning_of(content)
    delimiter = _delimiter(text)
    return Writing(encoding, delimiter, _quotes(text, delimiter, whole=whole))


def records(content: Content, writing: Writing) -> Iterator[tuple[str | None, ...]]:
    """Cells of each record without blanks at their ends, None where nothing is left.

    Raises:
        FaultyInput: a line is none of a table.
    """
    for _, fields in numbered(content, writing):
        cells = [field.strip(AROUND) or None for field in fields]
        for n, field in enumerate(fields[:_MAY_BE_INDENTED]):
            if field[:1] in BLANKS:
                cells[n] = trimmed(field)
        yield tuple(cells)


def numbered(
    content: Content, writing: Writing, above: int = 0, heard: Heard | None = None
) -> Iterator[tuple[int, list[str]]]:
    """Each record below so many lines: the number of its last line, as an editor counts, and its
    cells as they stand. Every byte of the file is ``heard``.

    Raises:
        FaultyInput: a line is none of a table.
    """
    with content.open() as file:
        source = file if heard is None else io.BufferedReader(_Hearing(file, heard), _CHUNK)
        lines = _Lines(content, io.TextIOWrapper(source, writing.encoding, newline=""))
        for _ in range(above):
            next(lines, "")
        reader = _reader(lines, writing.delimiter, quoted=writing.quoted)
        began = ended = 0
        try:
            for fields in reader:
                yield above + reader.line_num, fields
                began, ended = reader.line_num, began
        except csv.Error as error:
            what = f"line {above + reader.line_num} is no line of a table ({error})"
            raise fault(content.name, what, _CLOSE) from error
        if writing.quoted and lines.quotes % 2 and began > ended + 1:
            line = above + ended + 1
            raise fault(content.name, f"line {line} opens a quote that nobody closes", _CLOSE)


class _Hearing(io.RawIOBase):
    """A file whose bytes somebody hears as they are read."""

    def __init__(self, file: BinaryIO, heard: Heard) -> None:
        self._file, self._heard = file, heard

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """The next bytes."""
        view = memoryview(buffer)
        chunk = self._file.read(len(view))
        view[: len(chunk)] = chunk
        self._heard(chunk)
        return len(chunk)


def _reader(lines: Iterable[str], delimiter: str, *, quoted: bool) -> Reader:
    if quoted:
        return csv.reader(lines, delimiter=delimiter)
    return csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)


class _Lines:
    """Lines of a text, of which none is endless; the quotes in them are counted."""

    def __init__(self, content: Content, text: io.TextIOWrapper) -> None:
        self.quotes = 0
        self._content, self._text, self._number = content, text, 0

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = self._text.readline(LONGEST)
        if not line:
            raise StopIteration
        self._number += 1
        if len(line) == LONGEST:
            raise fault(self._content.name, f"line {self._number} has no end", _REMEDY)
        self.quotes += line.count('"')
        return line


def _encoding(content: Content) -> str:
    """GB 18030 contains GBK and GB 2312; UTF-8 is tried first, as it never fits by chance."""
    with content.open() as file:
        head = file.read(HEAD)
    marked = next((name for mark, name in _MARKS if head.startswith(mark)), None)
    candidates = (marked or _unmarked_utf16(head),)
    for encoding in candidates if candidates[0] else ("utf-8", "gb18030"):
        failed = _decoded(content, encoding or "")
        if failed is None:
            return encoding or ""
        line, known = failed
        if known >= _SURELY or encoding == marked:
            what = f"line {line} holds a sign that is broken in {encoding}"
            raise fault(content.name, what, _REMEDY)
    raise _unknown(content)


def _unknown(content: Content) -> FaultyInput:
    what = "is neither a workbook nor a text in UTF-8, UTF-16 or GB 18030"
    return fault(content.name, what, _REMEDY)


def _unmarked_utf16(head: bytes) -> str | None:
    """Of narrow signs, as delimiters are, every second byte is zero."""
    even, odd = head[0::2], head[1::2]
    if len(odd) < 8 or 0 not in head:
        return None
    little = sum(not high and low in _NARROW for low, high in zip(even, odd, strict=False))
    big = sum(not high and low in _NARROW for high, low in zip(even, odd, strict=False))
    if max(little, big) * 50 < len(odd) or max(little, big) < 4 * min(little, big):
        return None
    return "utf-16-le" if little > big else "utf-16-be"


def _decoded(content: Content, encoding: str) -> tuple[int, int] | None:
    """None where every byte fits; else the line that does not, and how many signs beyond ASCII
    stand before it.

    Raises:
        FaultyInput: it is too large, or holds bytes of zero.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    lines, beyond, size = 1, 0, 0
    with content.open() as file:
        while True:
            chunk = file.read(_CHUNK)
            size += len(chunk)
            if size > MOST_UNPACKED:
                what = f"has more than {MOST_UNPACKED >> 20} MB"
                raise fault(content.name, what, "send it in parts")
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                before = error.object[: error.start].decode(encoding, "ignore")
                return lines + before.count("\n"), beyond + _beyond(before)
            if "\0" in text:
                raise _unknown(content)
            lines += text.count("\n")
            beyond = min(_SURELY, beyond + _beyond(text)) if beyond < _SURELY else beyond
            if not chunk:
                return None


def _beyond(text: str) -> int:
    return 0 if text.isascii() else sum(not sign.isascii() for sign in text)


def _delimiter(text: str) -> str:
    """The sign that parts most records alike; a comma where none does."""
    first = text.lstrip("\ufeff").partition("\n")[0].strip()
    if first.lower().startswith("sep=") and len(first) == 5:  # as spreadsheets write it
        return first[4]

    def alike(sign: str) -> tuple[int, int]:
        widths = [len(fields) for fields in _sample(text, sign) if any(fields)]
        wide = [width for width in widths if width > 1]
        most = max(wide, key=lambda width: (wide.count(width), width), default=0)
        return wide.count(most), most

    best = max(DELIMITERS, key=alike)
    return best if alike(best)[0] else ","


def _sample(text: str, sign: str, most: int = 200) -> list[list[str]]:
    """The first records, as far as they are any."""
    found: list[list[str]] = []
    try:
        for fields in _reader(io.StringIO(text, newline=""), sign, quoted=True):
            found.append(fields)
            if len(found) == most:
                break
    except csv.Error:
        pass
    return found


def _quotes(text: str, delimiter: str, *, whole: bool) -> bool:
    """Whether quotes are around cells. One may be a plain sign, and would swallow the lines up to
    the next; then no line but its own has a fault where cells are parted without regard to quotes.
    """
    if _closes(text, delimiter, whole=whole):
        return True
    if delimiter == "\t":
        return False
    lines = [line for line in text.splitlines() if line.strip()]
    if len({line.count(delimiter) for line in lines}) == 1:
        return False
    found = _sample(text, delimiter, most=1 << 20)
    return all(cell.count("\n") < _LINES_OF_A_CELL for fields in found for cell in fields)


def _closes(text: str, delimiter: str, *, whole: bool) -> bool:
    """Whether each quote in front of a cell has one behind it; of a sample the last need not."""
    try:
        for _ in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        return "unexpected end" in str(error) and not whole
    return True
