"""Where in a sheet lies what: its header, units and rows, and the lines that are no data. Pure.

Made for tables as offices send them: a title, a line with the unit, a header of one or two rows,
totals and classes among the data, notes behind it. It is a proposal that a person confirms.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from config.vocabulary.errors import Fault, FaultyInput
from tabular import figures
from tabular.sheets import Cell, Sheet, width

HEADER_WITHIN = 40
"""Rows in which a header is looked for."""
_UNITS = "万元|亿元|千元|百元|元|%|人|件|个|吨|公顷|亩"
_UNIT_LINE = re.compile(rf"(?:金额)?单位[:：]?\s*(?:人民币)?({_UNITS})(?![\w])|以({_UNITS})为单位")
_UNIT_IN_NAME = re.compile(rf"[（(]({_UNITS})[)）]|(%)$")
_NO_MONEY = re.compile(r"编码|代码|科目|序号|编号|账号|年度|年份|[人户个件]数|数量|比例|[率%]$")
_MONEY = re.compile(r"金额|[数费款]$|支出|收入|预算|决算|合计|经费|小计|余额|支付")
_INFORMATION = re.compile(
    r"(?:\w{0,6}(?:单位|部门|日期|时间|人|期)|单位名称)\s*[:：]|(?:金额)?单位[:：]"
)
_TOTAL = re.compile(
    r"(?:本页|本月|本年|本期|本表|收入|支出|累计|全部|总)?(?:合计|总计|小计|共计|总额)(?:[:：].*)?"
)
_NOTE = re.compile(
    r"(?:附?注|备注|说明|填表说明|填报说明|制表|审核|填表|负责人|经办)\w{0,4}\s*[:：.、\d]"
)
_CODE_NAME = re.compile(r"编码|代码|科目")
_PART = re.compile(r"其中\s*[:：]")
_YEAR = re.compile(r"(?:19|20)\d\d年?")
_NUMBERING = re.compile(r"栏次|行次|序号|[A-Za-z甲乙丙丁]|\d{1,2}(?:=[\d+\-*/()]+)?")
_DATE_NAME = re.compile(r"日期|时间|年月")
_CODE = re.compile(r"\d{3,}")


class Kind(StrEnum):
    """Kinds of rows below the header."""

    DATA = "data"
    TOTAL = "total"
    CLASS = "class"
    """The sum of rows under it, by its code."""
    PART = "part"
    """A part of a row above it (其中)."""
    HEADER = "header"
    """The header again, or numbers of its columns."""
    NOTE = "note"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its position in a row (from 0), its name, its unit where one is known, and
    whether dates stand in it.
    """

    position: int
    name: str
    unit: str = ""
    dates: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row below the header by its number in the file (from 1)."""

    number: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts of one sheet; rows of the header by their numbers in the file."""

    sheet: Sheet
    header: tuple[int, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def data(self) -> Iterator[tuple[int, tuple[Cell, ...]]]:
        """Number and cells, one for each column, of every row of data."""
        for row in self.rows:
            if row.kind is Kind.DATA:
                cells = self.sheet.rows[row.number - 1]
                yield row.number, tuple(_at(cells, column.position) for column in self.columns)


def layouts(sheets: Sequence[Sheet]) -> tuple[Layout, ...]:
    """Every visible sheet that holds a table. A unit that another sheet names counts where a
    sheet names none itself.
    """
    elsewhere = next((unit for sheet in sheets if (unit := _unit_of(sheet.rows))), "")
    found = (_layout(sheet, elsewhere) for sheet in sheets if not sheet.hidden)
    return tuple(layout for layout in found if layout is not None)


def layout(sheets: Sequence[Sheet]) -> Layout:
    """The visible sheet with most rows of data.

    Raises:
        FaultyInput: none holds a table.
    """
    found = layouts(sheets)
    if not found:
        names = ", ".join(sheet.name for sheet in sheets)
        what, remedy = "holds no table", "put names above columns and a row under them"
        raise FaultyInput([Fault(names or "the file", what, remedy)])
    return max(found, key=lambda one: sum(row.kind is Kind.DATA for row in one.rows))


def _layout(sheet: Sheet, elsewhere: str) -> Layout | None:
    found = _header(sheet)
    if found is None:
        return None
    header, first = found
    names = _names(sheet, header)
    if len(names) < 2:
        return None
    unit = _unit_of(sheet.rows[: header[0]]) or elsewhere
    kinds = _kinds(sheet, header, first, names)
    rows = tuple(Row(index + 1, kind) for index, kind in kinds.items())
    data = [sheet.rows[row.number - 1] for row in rows if row.kind is Kind.DATA]
    if not data:
        return None
    columns = tuple(_column(position, name, unit, data) for position, name in names.items())
    return Layout(sheet, tuple(index + 1 for index in header), columns, rows)


def _header(sheet: Sheet) -> tuple[tuple[int, ...], int] | None:
    """Indices of the header's rows, and of the first row behind it."""
    rows = sheet.rows[:HEADER_WITHIN]
    filled = [sum(cell is not None for cell in row) for row in rows]
    for index in range(1, len(rows)):
        if not _has_value(rows[index]):
            continue
        above: list[int] = []
        while (
            len(above) < 3
            and index - len(above) - 1 >= 0
            and _is_header(rows[index - len(above) - 1])
        ):
            above.insert(0, index - len(above) - 1)
        if above:
            return tuple(above), index
    widest = max(filled, default=0)
    for index, row in enumerate(rows[:-1]):
        if filled[index] >= max(2, 0.6 * widest) and _is_header(row):
            return (index,), index + 1
    return None


def _is_header(row: Sequence[Cell]) -> bool:
    """Names of columns: two texts at least, which are no values, and no line of information."""
    texts = [cell for cell in row if cell is not None]
    return (
        len(texts) >= 2
        and any(not _YEAR.fullmatch(str(text)) for text in texts)
        and all(len(str(text)) <= 40 for text in texts)
        and not any(_is_value(text) or _INFORMATION.match(str(text)) for text in texts)
    )


def _is_value(cell: Cell) -> bool:
    """A year by itself may be a column's name."""
    if cell is None or _YEAR.fullmatch(figures.plain(str(cell))):
        return False
    return figures.figure(cell) is not None or figures.dated(cell) is not None


def _has_value(row: Sequence[Cell]) -> bool:
    return sum(cell is not None for cell in row) >= 2 and any(map(_is_value, row))


def _names(sheet: Sheet, header: Sequence[int]) -> Mapping[int, str]:
    """Name by position. Of two rows a group stands above its parts (group/part); where the lower
    one names every column by itself, the upper one tells columns apart (name (upper)).
    """
    columns = range(width(sheet.rows))
    own = [sheet.rows[index] for index in header]
    lowest = own[-1]
    whole = len(header) > 1 and all(
        _at(lowest, at) is not None for at in columns if any(_at(row, at) for row in own)
    )
    if whole and not _grouped(sheet, header[0]):
        named = {at: _distinguished(own, at) for at in columns}
        known = [name for name in named.values() if name]
        if len(set(known)) == len(known):
            return {at: name for at, name in named.items() if name}
    spread = [_spread(sheet, index) for index in header]
    named = {at: "/".join(_parts(spread, at)) for at in columns}
    return {at: name for at, name in named.items() if name}


def _parts(rows: Sequence[Sequence[Cell]], at: int) -> list[str]:
    """A column's texts from top to bottom, each once."""
    texts = [_close(text) for row in rows if (text := _at(row, at)) is not None]
    return list(dict.fromkeys(texts))


def _distinguished(rows: Sequence[Sequence[Cell]], at: int) -> str:
    *upper, name = _parts(rows, at) or [""]
    return f"{name} ({'/'.join(upper)})" if upper else name


def _grouped(sheet: Sheet, index: int) -> bool:
    return any(first == index and left < right for first, left, _, right in sheet.merged)


def _spread(sheet: Sheet, index: int) -> tuple[Cell, ...]:
    """A row of the header in which a merged cell stands at each of its positions; where nothing is
    merged, a group's name goes on to the right as long as the row below has parts.
    """
    row = list(sheet.rows[index]) + [None] * (width(sheet.rows) - len(sheet.rows[index]))
    for top, left, bottom, right in sheet.merged:
        if top <= index <= bottom:
            for at in range(left, min(right + 1, len(row))):
                row[at] = _at(sheet.rows[top], left)
    if not sheet.merged and index + 1 < len(sheet.rows) and _is_header(sheet.rows[index + 1]):
        below = sheet.rows[index + 1]
        for at in range(1, len(row)):
            blank = row[at] is None and _at(below, at) is not None
            if blank and row[at - 1] is not None and _at(below, at - 1) is not None:
                row[at] = row[at - 1]
    return tuple(row)


def _unit_of(rows: Sequence[Sequence[Cell]]) -> str:
    for row in rows:
        for cell in row:
            if isinstance(cell, str) and (found := _UNIT_LINE.search(cell)):
                return found[1] or found[2]
    return ""


def _column(position: int, name: str, unit: str, data: Sequence[Sequence[Cell]]) -> Column:
    cells = [cell for row in data if (cell := _at(row, position)) not in figures.NOTHING]
    numbers = [found for cell in cells if (found := figures.figure(cell)) is not None]
    days = [cell for cell in cells if figures.dated(cell) is not None]
    dates = len(days) * 2 > len(cells) and bool(
        _DATE_NAME.search(name) or any(not isinstance(cell, Decimal | str) for cell in days)
    )
    named = _UNIT_IN_NAME.search(figures.plain(name))
    if named:
        return Column(position, name, named[1] or named[2], dates)
    percent = any(number.percent for number in numbers) or name.endswith("率")
    fractions = len(numbers) * 2 > len(cells) and any(number.value % 1 for number in numbers)
    money = not dates and not _NO_MONEY.search(name) and (fractions or _MONEY.search(name))
    own = "%" if percent else unit if money and len(numbers) == len(cells) else ""
    return Column(position, name, own, dates)


def _kinds(
    sheet: Sheet, header: Sequence[int], first: int, names: Mapping[int, str]
) -> dict[int, Kind]:
    """Kind by index of every row behind the header."""
    kinds: dict[int, Kind] = {}
    heads = [[_close(cell) for cell in sheet.rows[index] if cell] for index in header]
    for index in range(first, len(sheet.rows)):
        kinds[index] = _kind(sheet.rows[index], heads, names)
    while kinds and kinds[max(kinds)] is Kind.EMPTY:
        del kinds[max(kinds)]
    for position in (at for at, name in names.items() if _CODE_NAME.search(name)):
        codes = {
            index: figures.plain(str(code))
            for index, kind in kinds.items()
            if kind is Kind.DATA and (code := _at(sheet.rows[index], position)) is not None
        }
        known = Counter(codes.values())
        longer = {code[:size] for code in known for size in range(3, len(code))}
        for index, code in codes.items():
            if _CODE.fullmatch(code) and code in longer:
                kinds[index] = Kind.CLASS
    return kinds


def _kind(row: Sequence[Cell], heads: Sequence[Sequence[str]], names: Mapping[int, str]) -> Kind:
    cells = [cell for cell in row if cell is not None]
    if not cells:
        return Kind.EMPTY
    close = [_close(cell) for cell in cells]
    if close in heads or (len(cells) >= 3 and all(map(_NUMBERING.fullmatch, close))):
        return Kind.HEADER
    texts = [text for cell, text in zip(cells, close, strict=True) if not _is_value(cell)]
    if any(map(_TOTAL.fullmatch, texts[:2])):
        return Kind.TOTAL
    alone = len(cells) == 1 and len(names) > 2 and bool(texts)
    if alone or (_NOTE.match(close[0]) and len(texts) == len(cells)):
        return Kind.NOTE
    return Kind.PART if texts and _PART.match(texts[0]) else Kind.DATA


def _close(cell: Cell) -> str:
    """A text without blanks and line breaks, as in 合　　计."""
    return re.sub(r"\s+", "", str(cell))


def _at(row: Sequence[Cell], position: int) -> Cell:
    return row[position] if position < len(row) else None
