"""Where a sheet's header stands, and of how many rows it is. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tabular import figures
from tabular.sheets import Cell, Sheet
from tabular.structure.names import at, close, filled, names_of

HEADER_WITHIN = 40
"""Rows in which a header is looked for."""
MOST_ROWS = 4
"""Of a header."""
_BODY = 40
"""Rows below a header by which it is judged."""
_LABELS = 8
"""Rows that may say something of a table above its header."""
_LONGEST_NAME = 80
_INFORMATION = re.compile(
    r"(?:\w{0,6}(?:单位|部门|机关|日期|时间|人|期|币种|地区|名称)|(?:金额)?单位)\s*[:：]|sep=.$"
)
_LABEL = re.compile(r"(?:单位|部门|机关|联系人|负责人|电话|日期|时间|年度|地区|期间|名称)$")
_ALONE = re.compile(r"[A-Z0-9*-]*\d[A-Z0-9*-]*", re.ASCII)
"""A code in a table of one column."""
_LEAST_ALONE = 2
_YEAR = re.compile(r"(?:19|20)\d\d(?:年度?)?")
_PERIOD = re.compile(r"(?:19|20)\d\d(?:年|[-./])\d{1,2}月?(?:份)?")


@dataclass(frozen=True, slots=True)
class Heading:
    """Rows of a header, by index from 0; the row behind it; the name of each column by its
    position; columns that have cells and no name; units by column, where the lowest row of the
    header has them.
    """

    rows: tuple[int, ...]
    first: int
    names: Mapping[int, str]
    nameless: tuple[int, ...]
    units: Mapping[int, str]


def heading_of(sheet: Sheet) -> Heading | None:
    """The first rows that name most of the columns below them; None where there are none, or rows
    of values come before them.
    """
    for index, row in enumerate(sheet.rows[:HEADER_WITHIN]):
        if not (_is_header(row) or _are_years_above(sheet, index)):
            continue
        size = 1
        while size < MOST_ROWS and _goes_on(sheet, index, index + size):
            size += 1
        header = range(index, index + size)
        if _is_form(sheet, header):
            return None
        if _covers(sheet, header) and not _is_above_another(sheet, index + size, row):
            return None if _is_amid_data(sheet, header) else _heading(sheet, header)
    return _of_one_column(sheet)


def _of_one_column(sheet: Sheet) -> Heading | None:
    """A name above figures, days or codes, and nothing beside them; prose is no table."""
    cells = [
        (index, *one)
        for index, row in enumerate(sheet.rows[:HEADER_WITHIN])
        for one in _cells(row)
    ]
    names = [n for n, (_, _, cell) in enumerate(cells) if not _stands_alone(cell)]
    if len({position for _, position, _ in cells}) > 1 or not names:
        return None
    index, position, name = cells[names[-1]]
    if len(cells) - names[-1] <= _LEAST_ALONE or not _is_name(name):
        return None
    return Heading((index,), index + 1, {position: close(name)}, (), {})


def _stands_alone(cell: Cell) -> bool:
    return is_value(cell) or bool(_ALONE.fullmatch(str(cell)))


def is_value(cell: Cell) -> bool:
    """A number or a date. A year by itself may be a column's name."""
    if cell is None or _YEAR.fullmatch(figures.plain(str(cell))):
        return False
    return figures.figure(cell) is not None or figures.dated(cell) is not None


def _heading(sheet: Sheet, header: Sequence[int]) -> Heading:
    first = header[-1] + 1
    names = names_of(sheet, header)
    units: dict[int, str] = {}
    if first < len(sheet.rows) and _is_units(sheet.rows[first], names):
        units = {column: close(cell).strip("()（）") for column, cell in _cells(sheet.rows[first])}
        first += 1
    used = _used(sheet.rows[first : first + _BODY])
    often = {column for column, count in used.items() if count * 2 > max(used.values())}
    nameless = tuple(sorted(often - set(names)))
    return Heading(tuple(range(header[0], first)), first, names, nameless, units)


def _cells(row: Sequence[Cell]) -> list[tuple[int, Cell]]:
    return [(position, cell) for position, cell in enumerate(row) if cell is not None]


def _is_units(row: Sequence[Cell], names: Collection[int]) -> bool:
    """A row under the names that has nothing but units."""
    texts = [figures.plain(str(cell)) for cell in row if cell is not None]
    return (
        bool(texts)
        and filled(row) <= set(names)
        and all(figures.MEASURE.fullmatch(text.strip("()")) for text in texts)
        and not any(map(is_value, row))
        and not any(map(figures.nothing, texts))
    )


def _goes_on(sheet: Sheet, index: int, below: int) -> bool:
    """Whether a row belongs to the header above it: a merged cell reaches into it, or names in it
    are parts of names over them.
    """
    if below + 1 >= len(sheet.rows):
        return False
    upper, lower = sheet.rows[below - 1], sheet.rows[below]
    merged = [one for one in sheet.merged if index <= one[0] < below and one[1] <= one[3]]
    if any(bottom >= below for _, _, bottom, _ in merged):
        return True
    if not _is_header(lower, least=1):
        return False
    for top, left, _, right in merged:
        parts = filled(lower) & set(range(left, right + 1))
        if top == below - 1 and left < right and len(parts) > 1:
            return True
    alone = filled(upper) - filled(lower)
    if alone and not alone & _used(sheet.rows[below + 1 : below + 1 + _BODY]).keys():
        return False
    return _heads_values(sheet, below) and _is_group(upper, lower)


def _are_years_above(sheet: Sheet, index: int) -> bool:
    """Whether years or months alone tell columns of one name apart in the row below."""
    upper, *rest = sheet.rows[index : index + 2]
    lower = rest[0] if rest else ()
    names = [close(lower[column]) for column in filled(upper) & filled(lower)]
    return (
        len(names) == len(filled(upper)) > 1
        and all(_is_period(cell) for cell in upper if cell is not None)
        and len(set(names)) < len(names) < len(filled(lower))
        and _is_header(lower)
    )


def _heads_values(sheet: Sheet, index: int) -> bool:
    """Whether under a text of a row numbers or dates are most of what stands there."""
    body = sheet.rows[index + 1 : index + 1 + _BODY]
    for column in filled(sheet.rows[index]):
        cells = [cell for row in body if not figures.nothing(cell := at(row, column))]
        if cells and sum(map(is_value, cells)) * 2 > len(cells):
            return True
    return False


def _is_group(upper: Sequence[Cell], lower: Sequence[Cell]) -> bool:
    """Whether names stand above parts of them. Label and value (填报单位 | 水利局) above a header
    that stands by itself are no group.
    """
    over, under = filled(upper), filled(lower)
    both, gaps = over & under, under - over
    if not gaps:  # a merged name that a text file repeats in each of its columns
        names = {column: close(upper[column]) for column in over}
        again = {
            column
            for column, name in names.items()
            if name in (names.get(column - 1), names.get(column + 1))
        }
        same = {column for column in both if close(lower[column]) == names[column]}
        return bool(again) and both <= again | same
    ends = {column: min((n for n in over if n > column), default=len(lower)) for column in both}
    if all(
        gaps & set(range(column + 1, end)) or close(upper[column]) == close(lower[column])
        for column, end in ends.items()
    ):
        return True
    own = [close(lower[column]) for column in under]
    return over <= under and (len(set(own)) < len(own) or min(over) > min(under))


def _is_above_another(sheet: Sheet, index: int, header: Sequence[Cell]) -> bool:
    """Whether a row soon behind a header is one by itself that names more columns, or as many
    where the one before is label and value.
    """
    texts = [close(cell) for cell in header if cell is not None]
    size = len(texts) + (not (len(texts) == 2 and _LABEL.search(texts[0])))
    for below, row in enumerate(sheet.rows[index : index + _LABELS], start=index):
        if not _is_header(row, least=1):
            return False
        if len(filled(row)) >= size and _heads_values(sheet, below):
            return not _is_units(row, filled(row))
    return False


def _is_form(sheet: Sheet, header: Sequence[int]) -> bool:
    """Whether a sheet has nothing but labels with a value each, as a cover does."""
    rows = [found for row in sheet.rows[header[0] :] if (found := _cells(row))]
    labels = [_LABEL.search(close(row[0][1])) for row in rows if len(row) == 2]
    known = {label[0] for label in labels if label}
    return len(known) == len(rows)


def _covers(sheet: Sheet, header: Sequence[int]) -> bool:
    """Whether most columns that are used below have names."""
    used = _used(sheet.rows[header[-1] + 1 : header[-1] + 1 + _BODY])
    named = {column for index in header for column in _spread_over(sheet, index)}
    often = {column for column, count in used.items() if count * 3 > max(used.values())}
    known = len(often & named)
    return len(named) > 1 and known > 0 and known * 10 >= 6 * len(often)


def _is_amid_data(sheet: Sheet, header: Sequence[int]) -> bool:
    """Whether a row above is filled as those below are, with values."""
    size = len({column for index in header for column in _spread_over(sheet, index)})
    above = sheet.rows[: header[0]]
    return any(len(filled(row)) * 4 >= size * 3 and any(map(is_value, row)) for row in above)


def _spread_over(sheet: Sheet, index: int) -> Collection[int]:
    found = filled(sheet.rows[index])
    for top, left, bottom, right in sheet.merged:
        if top <= index <= bottom and left in filled(sheet.rows[top]):
            found |= set(range(left, right + 1))
    return found


def _used(rows: Sequence[Sequence[Cell]]) -> dict[int, int]:
    """How often a column has a cell, by its position, in rows with several."""
    found: dict[int, int] = {}
    for row in rows:
        columns = filled(row)
        for column in columns if len(columns) > 1 else ():
            found[column] = found.get(column, 0) + 1
    return found


def _is_header(row: Sequence[Cell], least: int = 2) -> bool:
    """Names of columns: texts, which are no values, and no line of information."""
    texts = [cell for cell in row if cell is not None]
    return (
        len(texts) >= least
        and any(not _is_period(text) for text in texts)
        and all(len(str(text)) <= _LONGEST_NAME for text in texts)
        and all(_is_period(text) or _is_name(text) for text in texts)
    )


def _is_name(cell: Cell) -> bool:
    return not (is_value(cell) or figures.nothing(cell) or _INFORMATION.match(str(cell)))


def _is_period(cell: Cell) -> bool:
    """A year, a month or a day may be a column's name."""
    if isinstance(cell, date):
        return True
    text = figures.plain(str(cell))
    return bool(_YEAR.fullmatch(text) or (isinstance(cell, str) and _PERIOD.fullmatch(text)))
