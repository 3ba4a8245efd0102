"""Marks of the sheets of an xls ([MS-XLS], BIFF8)."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping

from tabular.files.compound import stream
from tabular.files.marks import NOT_COMPUTED, Marks, Position, Span, spans

_BOF, _EOF, _SHEET = 0x0809, 0x000A, 0x0085
_FORMULA, _BOOL_OR_ERROR, _ROW, _COLUMNS = 0x0006, 0x0205, 0x0208, 0x007D
_BIFF8 = 0x0600
_BEGIN, _1904 = b"\x09\x08\x10\x00", b"\x22\x00\x02\x00\x01\x00"
"""The record that begins a workbook, and that of 1904."""
_GLOBALS = 2048
_ERRORS: Mapping[int, str] = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_NO_NUMBER, _IS_ERROR, _IS_EMPTY = 0xFFFF, 2, 3
"""Of a formula's result: it is no number; its kinds."""
_ARITHMETIC = frozenset((*range(0x03, 0x08), *range(0x09, 0x0F), *range(0x12, 0x15)))
_OF_NUMBERS = frozenset((0, 4, 5, 6, 7, 24, 25, 27, 169, 183, 212, 213, 228, 344, 345, 346))
"""COUNT, SUM, AVERAGE, MIN, MAX, ABS, INT, ROUND and others that never make a text."""
_ATTRIBUTE, _TEXT, _PARENTHESIS = 0x19, 0x17, 0x15
_FUNCTION, _FUNCTION_OF_SOME = 0x21, 0x22
_SIZES: Mapping[int, int] = {
    **dict.fromkeys((*range(0x03, 0x15), 0x15, 0x16), 1),
    **dict.fromkeys((0x1C, 0x1D), 2),
    **dict.fromkeys((0x1E, 0x21, 0x29), 3),
    **dict.fromkeys((0x19, 0x22), 4),
    **dict.fromkeys((0x23, 0x24, 0x2A, 0x2C), 5),
    **dict.fromkeys((0x26, 0x27, 0x28, 0x39, 0x3A, 0x3C), 7),
    **dict.fromkeys((0x20,), 8),
    **dict.fromkeys((0x1F, 0x25, 0x2B, 0x2D), 9),
    **dict.fromkeys((0x3B, 0x3D), 11),
}
"""Bytes of the parts of a formula; the kinds of one part differ by bits above it."""


def marks_of(content: bytes) -> Mapping[str, Marks]:
    """By sheet what its values do not tell. A program that computes nothing leaves formulas with
    an empty text; so does one that makes an empty text. Where any of a workbook could make none,
    all of them were never computed. Of a damaged workbook nothing is known.
    """
    try:
        book = stream(content, ("Workbook",)) or b""
        if struct.unpack_from("<HxxH", book)[1] != _BIFF8:
            return {}
        found = {name: _Found(book, at) for name, at in _sheets(book)}
    except (ValueError, struct.error, IndexError):
        return {}
    computes = not any(sheet.never_computed for sheet in found.values())
    return {name: sheet.marks(computes=computes) for name, sheet in found.items()}


def counts_from_1904(content: bytes) -> bool:
    """Whether serial numbers of days in a workbook begin in 1904."""
    begin = content.find(_BEGIN)
    return begin >= 0 and _1904 in content[begin : begin + _GLOBALS]


def _records(book: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Kind, place and size of each record from a place to its end; what lies in it is left out."""
    depth = 0
    while at + 4 <= len(book):
        kind, size = struct.unpack_from("<HH", book, at)
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 1:
            yield kind, at + 4, size
        if kind == _EOF and depth <= 0:
            return
        at += 4 + size


def _sheets(book: bytes) -> Iterator[tuple[str, int]]:
    for kind, at, _ in _records(book, 0):
        if kind == _SHEET:
            begins, _, length, wide = struct.unpack_from("<IHBB", book, at)
            name = book[at + 8 : at + 8 + length * (1 + (wide & 1))]
            yield name.decode("utf-16-le" if wide & 1 else "latin-1", "replace"), begins


class _Found:
    """The marks of the sheet that begins at a place."""

    def __init__(self, book: bytes, begins: int) -> None:
        self.never_computed = False
        self._broken: dict[Position, str] = {}
        self._empty: list[Position] = []
        self._rows: list[int] = []
        self._columns: list[Span] = []
        takes = {
            _FORMULA: self._take_formula,
            _BOOL_OR_ERROR: self._take_error,
            _ROW: self._take_row,
            _COLUMNS: self._take_columns,
        }
        for kind, at, size in _records(book, begins):
            if kind in takes:
                takes[kind](book[at : at + size])

    def marks(self, *, computes: bool) -> Marks:
        """As far as the program computes that wrote the workbook."""
        empty = () if computes else self._empty
        broken = self._broken | dict.fromkeys(empty, NOT_COMPUTED)
        return Marks(broken, tuple(spans(sorted(self._rows))), tuple(sorted(self._columns)))

    def _take_formula(self, record: bytes) -> None:
        row, column, kind, error, is_number = struct.unpack_from("<HH2xBxB3xH", record)
        if is_number != _NO_NUMBER:
            return
        if kind == _IS_ERROR:
            self._broken[row, column] = _ERRORS.get(error, "#")
        elif kind == _IS_EMPTY:
            self._empty.append((row, column))
            (length,) = struct.unpack_from("<H", record, 20)
            self.never_computed |= _makes_a_number(record[22 : 22 + length])

    def _take_error(self, record: bytes) -> None:
        row, column, value, is_error = struct.unpack_from("<HH2xBB", record)
        if is_error:
            self._broken[row, column] = _ERRORS.get(value, "#")

    def _take_row(self, record: bytes) -> None:
        row, flags = struct.unpack_from("<H10xH", record)
        if flags & 0x20:
            self._rows.append(row)

    def _take_columns(self, record: bytes) -> None:
        first, last, flags = struct.unpack_from("<HH4xH", record)
        if flags & 0x01:
            self._columns.append((first, last))


def _makes_a_number(formula: bytes) -> bool:
    """Whether whatever stands last in a formula, in reverse Polish order, makes no text."""
    at, makes = 0, False
    while at < len(formula):
        kind = formula[at] if formula[at] < 0x20 else formula[at] & 0x1F | 0x20
        if kind == _TEXT:
            size = 3 + formula[at + 1] * (1 + (formula[at + 2] & 1))
        elif kind not in _SIZES:
            return False
        else:
            size = _SIZES[kind]
        if kind == _ATTRIBUTE:
            if formula[at + 1] & 0x04:  # places to choose from follow
                size += 2 * (1 + int.from_bytes(formula[at + 2 : at + 4], "little"))
            makes |= bool(formula[at + 1] & 0x10)  # SUM of one part
        elif kind in (_FUNCTION, _FUNCTION_OF_SOME):
            of = at + 1 + (kind == _FUNCTION_OF_SOME)
            makes = int.from_bytes(formula[of : of + 2], "little") in _OF_NUMBERS
        elif kind != _PARENTHESIS:
            makes = kind in _ARITHMETIC
        at += size
    return makes
