"""Tables on a sheet, one below the other: where each begins, its title, its header. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from budget.published.kinds import narrow
from tabular import figures
from tabular.files.marks import Position
from tabular.layout import unit_elsewhere
from tabular.sheets import Cell, Sheet
from tabular.structure.headings import is_value
from tabular.structure.names import at, filled

_TITLE = re.compile(r"表(?:\([^()]*\))*$")
_LONGEST_TITLE, _LONGEST_NAME = 60, 40
_LABEL = re.compile(
    r"(?:公开|部门公开|预算公开|财决公开|财决|附|部门|预算|决算|预|决)*\d*-?\d*表\d*|附[表件]?[\d-]*:?"
    r"|表[\d-]+|表[一二三四五六七八九十]+|附表[一二三四五六七八九十\d]+"
)
"""Numbers that a table has in one set and not in another."""
_INFORMATION = re.compile(
    r"(?:\w{0,8}(?:单位|部门|机关|日期|时间|币种|地区|名称|年度)|金额单位):|20\d\d年?度?$"
)
_NUMBERED = re.compile(r"[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\)|其中|\d+[.、]")
_TOTAL = re.compile(r"合计|总计")
_COUNTED = re.compile(r"\(?(\d{1,2})\)?(?:=.+)?|栏次|行次|栏目|[A-Z]|\*\*")
_MOST_HEADER = 6
_HEADER_WITHIN = 15


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of a sheet that belong to one table. ``first`` is the index of its first row in the
    sheet, from 0, ``merged`` has its merged cells by its own rows; ``broken`` are cells of the
    sheet that show nothing true.
    """

    file: str
    sheet: str
    first: int
    rows: tuple[tuple[Cell, ...], ...]
    merged: tuple[tuple[int, int, int, int], ...]
    titles: tuple[str, ...]
    title: str
    broken: Mapping[Position, str]

    def unit_of(self, rows: Sequence[Sequence[Cell]]) -> str:
        """The unit that a line among some rows names, empty where none does."""
        return unit_elsewhere((Sheet("", tuple(map(tuple, rows))),))


def blocks_of(sheet: Sheet, file: str) -> Iterator[Block]:
    """Each part of a sheet that begins with a title; one before the first title too."""
    starts = _starts(sheet)
    for first, end in zip(starts, [*starts[1:], len(sheet.rows)], strict=True):
        rows = sheet.rows[first:end]
        head = [_title_of(row) for row in rows[:4]]
        title = next(filter(None, head), "")
        own = [title] if title else _alone(rows)
        names = [sheet.name, file.rpartition(".")[0]] if len(starts) == 1 else []
        merged = tuple(
            (top - first, left, bottom - first, right)
            for top, left, bottom, right in sheet.merged
            if first <= top < end
        )
        titles = tuple(filter(None, map(narrow, [*own, *names])))
        shown = title or (own[0] if own else sheet.name)
        yield Block(file, sheet.name, first, rows, merged, titles, shown, sheet.marks.broken)


def _starts(sheet: Sheet) -> list[int]:
    found = list[int]()
    for index, row in enumerate(sheet.rows):
        if not _title_of(row):
            continue
        start = index
        while start and _is_lead(sheet.rows[start - 1]):
            start -= 1
        found.append(max(start, found[-1] + 1 if found else 0))
    if not found or any(filled(row) for row in sheet.rows[: found[0]]):
        return [0, *(start for start in found if start)]
    return found


def _title_of(row: Sequence[Cell]) -> str:
    """The title that a row holds, beside its number and unit at most."""
    texts = [cell for cell in row if cell is not None]
    own = [text for text in texts if not _is_label(text)]
    if not all(isinstance(text, str) for text in texts) or not own:
        return ""
    said = list(dict.fromkeys(map(narrow, own)))
    if len(said) != 1 or len(said[0]) > _LONGEST_TITLE or "。" in said[0]:
        return ""
    return " ".join(str(own[0]).split()) if _TITLE.search(said[0]) else ""


def _is_label(cell: Cell) -> bool:
    text = narrow(cell)
    return bool(_LABEL.fullmatch(text) or _INFORMATION.match(text))


def _is_lead(row: Sequence[Cell]) -> bool:
    """A row with nothing but the number of the table that follows."""
    texts = [cell for cell in row if cell is not None]
    return len(texts) == 1 and bool(_LABEL.fullmatch(narrow(texts[0])))


def _alone(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """Texts that fill a row by themselves above the first row of several."""
    found = list[str]()
    for row in rows[:_HEADER_WITHIN]:
        texts = [cell for cell in row if cell is not None and not _is_label(cell)]
        if len(texts) > 1:
            break
        found += [str(text) for text in texts if isinstance(text, str)]
    return [text for text in found if len(text) <= _LONGEST_TITLE]


def header_of(block: Block) -> tuple[int, int] | None:
    """First row and end of the header, by the block's own rows; None where it has none."""
    for index, row in enumerate(block.rows[:_HEADER_WITHIN]):
        texts = [cell for cell in row if cell is not None]
        if any(is_value(text) for text in texts) and not _counts(texts):
            return None
        if len(texts) < 2 or any(map(_is_label, texts)) or not all(map(_is_name, texts)):
            continue
        end = index + 1
        while end < min(len(block.rows), index + _MOST_HEADER) and _goes_on(block, index, end):
            end += 1
        return index, end
    return None


def _goes_on(block: Block, index: int, below: int) -> bool:
    """Whether a row is part of the header above it."""
    row = block.rows[below]
    texts = [cell for cell in row if cell is not None]
    above = [one for one in block.merged if index <= one[0] < below]
    if any(bottom >= below for _, _, bottom, _ in above):
        return True
    if _counts_only(row) or (texts and all(map(_is_unit, texts))):
        return True
    if len(texts) < 2 or not all(map(_is_name, texts)) or _NUMBERED.match(narrow(texts[0])):
        return False
    own, upper = filled(row), filled(block.rows[below - 1])
    wide = {n for _, left, _, right in above if left < right for n in range(left, right + 1)}
    is_total = _TOTAL.match(narrow(texts[0])) and len(own) < len(upper)
    return bool(own & wide) or (bool(own - upper) and not is_total)


def _is_unit(cell: Cell) -> bool:
    return bool(figures.MEASURE.fullmatch(narrow(cell).strip("()")))


def _counts(texts: Sequence[Cell]) -> bool:
    """Whether cells are the numbers of columns: 栏次, 1, 2, 3=1+2."""
    found = [_COUNTED.fullmatch(narrow(text)) for text in texts]
    numbers = [int(one[1]) for one in found if one and one[1]]
    return all(found) and bool(numbers) and numbers == list(range(1, len(numbers) + 1))


def _is_name(cell: Cell) -> bool:
    text = narrow(cell)
    return 0 < len(text) <= _LONGEST_NAME and not is_value(cell) and not figures.nothing(cell)


def paths_of(block: Block, header: tuple[int, int]) -> dict[int, tuple[str, ...]]:
    """By the position of a column its names from top to bottom, in narrow signs."""
    rows = range(*header)
    size = max(len(block.rows[index]) for index in rows)
    named = [index for index in rows if not _counts_only(block.rows[index])]
    spread = [_spread(block, index, named, size) for index in named]
    found = dict[int, tuple[str, ...]]()
    for column in range(size):
        texts = [narrow(row[column]) for row in spread]
        path = tuple(dict.fromkeys(text for text in texts if text))
        if path:
            found[column] = path
    return found


def _counts_only(row: Sequence[Cell]) -> bool:
    texts = [cell for cell in row if cell is not None]
    return len(texts) > 1 and _counts(texts)


def _spread(block: Block, index: int, named: Sequence[int], size: int) -> list[Cell]:
    """A row of the header with each group's name above all of its parts."""
    row = [at(block.rows[index], column) for column in range(size)]
    below = [block.rows[n] for n in named if n > index]
    parts = {n for n in range(size) if any(at(one, n) is not None for one in below)}
    here = [one for one in block.merged if one[0] <= index <= one[2]]
    for top, left, _, right in here:
        for column in range(left, min(right + 1, size)):
            row[column] = at(block.rows[top], left)
    if not any(left < right for _, left, _, right in here):
        for column in range(1, size):
            if row[column] is None and {column - 1, column} <= parts:
                row[column] = row[column - 1]
    return row
