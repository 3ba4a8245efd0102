"""Kinds of the rows below a header: data, totals, classes, notes. Pure, a row at a time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from tabular.figures import figure
from tabular.files.indents import indent
from tabular.sheets import Cell
from tabular.structure.headings import is_value
from tabular.structure.names import at, close
from tabular.structure.trees import DEEPEST, Tree, level

_TOTAL = re.compile(
    r"[一-龥\d、.（）()“”\"-]{0,12}?(?:合计|总计|小计|共计)(?:数|金额)?(?:[（(][^）)]*[）)])?(?:[:：].*)?"
    r"|(?:本页|本月|本年|本期|本季度?|全年|全部|支出|收入|历年|当年)?(?:累计|总额|总和|汇总)(?:[:：].*)?"
    r"|(?:算术|加权)?平均[值数]?|(?:grand|sub)?-?total(?:amount)?s?:?|sum:?",
    re.IGNORECASE,
)
_COUNT = re.compile(r"共\d+[笔条项件户人]")
"""Of rows; alone beside a figure it stands for the word of a total."""
_NOTE = re.compile(
    r"(?:附?注|备注|说明|填表说明|填报说明|制表|审核|复核|填表|填报|报送|负责人|经办|单位负责人"
    r"|财务负责人|联系|打印|数据来源|来源|口径|source|notes?)\w{0,6}\s*[:：.、\d]"
    r"|第\d+页|共\d+[页条笔行]|※",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    r"\w{0,6}(?:制表|制单|审核|复核|审批|填报|填表|负责|经办|领导|出纳|会计)\w{0,3}[:：]"
)
_PART_MARK = re.compile(r"其中(?:项)?[:：]?")
_PART = re.compile(r"其中(?!心)(?:项)?[:：]?\S?")
_HINT = re.compile(
    r"[合总小共累]\s*[计额和总]|汇总|平均|total|sum|其中|注|说明|制表|审核|复核|填|报送|负责|经办|联系"
    r"|打印|来源|口径|source|note|第\d+页|共\d+[页条笔行]|※",
    re.IGNORECASE,
)
"""Signs without which a row of several cells is neither a total, a note, nor a part."""
_LABEL = re.compile(r"栏次|行次|栏目|序号|[A-Za-z甲乙丙丁戊]|-+|—+")
_NUMBER_OF_COLUMN = re.compile(r"[（(]?(\d{1,2})[）)]?(?:=.+)?")


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


Numbered = tuple[int, Sequence[Cell]]
"""A row by its number in the file, from 1."""
Judged = tuple[int, Kind, Sequence[Cell]]
_MOST_PARTS = 12
"""Rows that may follow the first part of a row."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Everything by which rows are told apart: the positions of the columns, the texts of each of
    the header's rows, and the tree that a column makes, if one does.
    """

    columns: tuple[int, ...]
    heads: tuple[tuple[str, ...], ...]
    tree: Tree | None = None

    def kinds(self, rows: Iterable[Numbered]) -> Iterator[Judged]:
        """Number, kind and cells of each row; empty ones at the end are left out. A row is a class
        where the next row of data is part of it, and a part where it goes on with one.
        """
        return _with_parts(self._kinds(rows))

    def _kinds(self, rows: Iterable[Numbered]) -> Iterator[Judged]:
        waiting: list[Judged] = []
        above = Kind.HEADER
        for number, cells in rows:
            kind = self._kind(cells, above)
            above = above if kind is Kind.EMPTY else kind
            if kind is Kind.EMPTY:
                waiting.append((number, kind, cells))
                continue
            if kind is Kind.DATA and self.tree is not None and waiting:
                waiting[0] = self._classed(waiting[0], cells, self.tree)
            yield from waiting
            waiting = [(number, kind, cells)]
        yield from (one for one in waiting if one[1] is not Kind.EMPTY)

    def _classed(self, row: Judged, below: Sequence[Cell], tree: Tree) -> Judged:
        number, kind, cells = row
        if kind is Kind.DATA and tree.is_below(tree.key(cells), tree.key(below)):
            return number, Kind.CLASS, cells
        return row

    def _kind(self, row: Sequence[Cell], above: Kind) -> Kind:
        cells = [cell for cell in row if cell is not None]
        if not cells:
            return Kind.EMPTY
        texts = [cell for cell in cells if isinstance(cell, str)]
        if (
            len(cells) > 1
            and not _HINT.search("\0".join(texts))
            and not self._is_head(cells, above)
        ):
            return Kind.DATA
        own = [close(text) for text in texts if not is_value(text)][:2]
        if self._is_head(cells, above):
            return Kind.HEADER
        counted = len(own) == 1 and len(cells) > 1 and _COUNT.fullmatch(own[0])
        if (counted or any(map(_TOTAL.fullmatch, own))) and self._is_total(row, own):
            return Kind.TOTAL
        alone = len(cells) == 1 and len(self.columns) > 2 and bool(own)
        if alone or self._is_note(cells):
            return Kind.NOTE
        return Kind.PART if own and _PART.match(own[0]) else Kind.DATA

    def _is_head(self, cells: Sequence[Cell], above: Kind) -> bool:
        """Whether the header comes again, or under it numbers of its columns."""
        first = close(cells[0])
        if any(head[0] == first for head in self.heads):
            return tuple(map(close, cells)) in self.heads
        return above is Kind.HEADER and _numbers_columns(cells, len(self.columns))

    def _is_total(self, row: Sequence[Cell], own: Sequence[str]) -> bool:
        """Besides its word a total has a number, or nothing else at all."""
        filled = sum(cell is not None for cell in row)
        return filled <= len(own) or any(is_value(cell) for cell in row)

    def _is_note(self, cells: Sequence[Cell]) -> bool:
        """Signatures and remarks, which fill few columns, or hold texts alone; several signatures
        may have a day beside them.
        """
        if sum(bool(_SIGNED.match(close(cell))) for cell in cells) > 1:
            return True
        if len(cells) * 2 > len(self.columns) and any(map(is_value, cells)):
            return False
        return bool(_NOTE.match(close(cells[0])))


def _numbers_columns(cells: Sequence[Cell], width: int) -> bool:
    """Whether a row counts the columns: 栏次, 1, 2, 3=1+2; without a word all but the first."""
    counted = [_NUMBER_OF_COLUMN.fullmatch(close(cell)) for cell in cells]
    numbers = [int(found[1]) for found in counted if found]
    labels = [close(cell) for cell, found in zip(cells, counted, strict=True) if not found]
    named = any(label in ("栏次", "行次", "栏目", "甲") for label in labels)
    return (
        len(numbers) >= (1 if named else max(width - 1, 3))
        and numbers == list(range(1, len(numbers) + 1))
        and all(map(_LABEL.fullmatch, labels))
    )


def _with_parts(rows: Iterator[Judged]) -> Iterator[Judged]:
    """The word 其中 stands before the first of several parts; the rows behind it are parts too
    where all together make the row above.
    """
    whole: Sequence[Cell] = ()
    held: list[Judged] = []
    for number, kind, cells in rows:
        if held and (kind is not Kind.DATA or len(held) > _MOST_PARTS):
            yield from held
            held = []
        if held:
            beside = _is_beside(whole, held[0][2], cells)
            held.append((number, Kind.PART if beside else kind, cells))
            if _makes(whole, held):
                yield from ((one, Kind.PART, part) for one, _, part in held)
                held = []
        elif kind is Kind.PART:
            held = [(number, kind, cells)]
            if _makes(whole, held):
                yield from held
                held = []
        else:
            yield number, kind, cells
        whole = cells if not held and kind in (Kind.DATA, Kind.CLASS) else whole
    yield from held


def _is_beside(whole: Sequence[Cell], first: Sequence[Cell], cells: Sequence[Cell]) -> bool:
    """Whether a row is a part as the first one is: by its number, or the blanks in front."""
    above, part, own = (next(filter(_is_text, row), "") for row in (whole, first, cells))
    if indent(own) > indent(above):
        return True
    depth = level(close(own))
    return (
        depth == level(_PART_MARK.sub("", close(part))) > level(close(above)) and depth < DEEPEST
    )


def _is_text(cell: Cell) -> bool:
    return isinstance(cell, str) and not is_value(cell)


def _makes(whole: Sequence[Cell], parts: Sequence[Judged]) -> bool:
    """Whether parts make the sums of a row in each column in which it has one."""
    found = False
    for column, cell in enumerate(whole):
        total = figure(cell)
        if total is None or total.percent or not total.value:
            continue
        made = [figure(at(cells, column)) for _, _, cells in parts]
        if sum((one.value for one in made if one is not None), Decimal()) != total.value:
            return False
        found = True
    return found
