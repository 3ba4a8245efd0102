"""Columns whose codes or numbering make a tree, with classes above their parts. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from itertools import pairwise

from tabular import figures
from tabular.files.indents import indent
from tabular.sheets import Cell
from tabular.structure.names import at, close

_BESIDE = "\0"
_CODE = re.compile(r"\d{3,}")
_LEADING = re.compile(r"[\[(【]?(\d{3,})(?=\D)")
"""A code in front of its name."""
_CODE_NAME = re.compile(r"编码|代码|科目")
_LEVEL_NAMES = ("类", "款", "项")
_SUBJECT = re.compile(r"科目|分类|类款项")
_OF_ONE_PAPER = re.compile(
    r"(?:凭证|申请|流水|单据|指标|计划|调整|合同|发票|资产|问题)\w{0,2}号|单号$|收款人|日期$"
)
"""Columns of one payment, paper or thing; no line of sums has them."""
_OWNER = re.compile(r"(?:预算)?单位(?:编码|代码|名称)|预算单位$|项目(?:编码|代码)")
"""Owners of a row; parts of a class of subjects have the same ones."""
_REMARK = re.compile(r"备注|说明|附注")
_LEVELS = tuple(
    re.compile(form)
    for form in (r"(?:[一二三四五六七八九十]+|[IVX]+)(?:[、.．]|$)",
                 r"[（(][一二三四五六七八九十]+[)）]",
                 r"\d{1,2}(?:[、.．](?!\d)|$)", r"\d{1,2}\.\d{1,2}(?!\d)(?!\.\d)",
                 r"\d{1,2}(?:\.\d{1,2}){2}(?!\d)", r"[（(]\d{1,2}[)）]")
)  # fmt: skip
_NUMBERED_WITHIN = 12
"""Columns in which numbered lines are looked for."""
DEEPEST = len(_LEVELS)


class Form(Enum):
    """Ways in which rows show how deep they are."""

    CODES = "codes"
    NUMBERS = "numbers"
    """Texts that begin with 一、（一）1. or are such numbers."""
    COLUMNS = "columns"
    """A class fills the first of several columns, its parts the next."""
    BLANKS = "blanks"
    """Blanks in front of a name."""


@dataclass(frozen=True, slots=True)
class Tree:
    """The columns by their positions that show how deep a row is."""

    positions: tuple[int, ...]
    form: Form = Form.CODES

    def key(self, cells: Sequence[Cell]) -> str:
        """The text of a row by which it stands in the tree."""
        if self.form is Form.COLUMNS:
            return _BESIDE.join(close(at(cells, n) or "") for n in self.positions).rstrip(_BESIDE)
        if self.form is Form.BLANKS:
            name = at(cells, self.positions[0])
            return "" if name is None else str(indent(name))
        parts = [figures.plain(close(cell)) for n in self.positions if (cell := at(cells, n))]
        text = "".join(parts)
        code = _LEADING.match(text) if self.form is Form.CODES else None
        return code[1] if code else text

    def is_below(self, upper: str, key: str) -> bool:
        """Whether a row is part of another: 20101 of 201, （一） of 一、."""
        if not key or not upper:
            return False
        if self.form is Form.NUMBERS:
            return level(key) > level(upper)
        if self.form is Form.COLUMNS:
            return _goes_on(upper.split(_BESIDE), key.split(_BESIDE))
        if self.form is Form.BLANKS:
            return int(key) > int(upper)
        return bool(_CODE.fullmatch(upper)) and len(key) > len(upper) and key.startswith(upper)


def _goes_on(upper: Sequence[str], key: Sequence[str]) -> bool:
    """Whether a row fills further columns, and repeats those of its class or leaves them empty."""
    same = all(
        not own or not above or own == above for above, own in zip(upper, key, strict=False)
    )
    return len(key) > len(upper) and same


def level(text: str) -> int:
    """How deep the number stands by which a text begins; deepest without one."""
    return next((n for n, form in enumerate(_LEVELS) if form.match(text)), DEEPEST)


def tree_of(names: Mapping[int, str], data: Sequence[Sequence[Cell]]) -> Tree | None:
    """The first columns that make a tree of the rows of data."""
    levels = {name.rpartition("/")[2]: position for position, name in names.items()}
    marks = _marks(names, data)
    if {"类", "款"} <= levels.keys():
        parts = tuple(levels[name] for name in _LEVEL_NAMES if name in levels)
        for form in (Form.CODES, Form.COLUMNS):
            if _stands(Tree(parts, form), data, marks, subjects=form is Form.CODES):
                return Tree(parts, form)
    for position, name in names.items():
        if _CODE_NAME.search(name):
            tree = Tree((position,))
            if _stands(tree, data, marks, subjects=bool(_SUBJECT.search(name))):
                return tree
    texts = [position for position in names if _are_texts(position, data)]
    ahead = [position for position in names if texts and position < texts[0]]
    shapes = [Tree((n,), Form.NUMBERS) for n in [*ahead, *texts][:_NUMBERED_WITHIN]]
    leading = texts[: next((n for n, one in enumerate(texts) if one != texts[0] + n), None)]
    shapes += [Tree(tuple(leading), Form.COLUMNS)] if len(leading) > 1 else []
    shapes += [Tree((position,), Form.BLANKS) for position in leading]
    return next((tree for tree in shapes if _stands(tree, data, marks, subjects=False)), None)


def _are_texts(position: int, data: Sequence[Sequence[Cell]]) -> bool:
    """Whether names stand in a column, and no figures."""
    cells = [cell for row in data if (cell := at(row, position)) is not None]
    return sum(figures.figure(cell) is not None for cell in cells) * 2 < len(cells)


@dataclass(frozen=True, slots=True)
class _Marks:
    """Columns by what they say of a row: ``unsummed`` numbers nobody adds up, ``papers`` are of
    one payment or thing, ``owners`` have its unit and project, ``texts`` any words or codes;
    ``levels`` are named as levels of a class, so that names of classes may stand behind them.
    """

    unsummed: frozenset[int]
    papers: frozenset[int]
    owners: frozenset[int]
    texts: frozenset[int]
    levels: frozenset[int]


def _marks(names: Mapping[int, str], data: Sequence[Sequence[Cell]]) -> _Marks:
    """Nobody adds up codes of units and subjects, and one number in every row, as the year. In a
    ledger they are often the same in two rows that follow each other.
    """
    codes = {n for n, name in names.items() if _CODE_NAME.search(name) or _SUBJECT.search(name)}
    same = {n for n in names if len({at(cells, n) for cells in data}) == 1}
    return _Marks(
        frozenset(codes | same),
        frozenset(n for n, name in names.items() if _OF_ONE_PAPER.search(name)),
        frozenset(n for n, name in names.items() if _OWNER.search(name)),
        frozenset(
            n
            for n, name in names.items()
            if n not in same and (n in codes or _are_texts(n, data)) and not _REMARK.search(name)
        ),
        frozenset(n for n, name in names.items() if name.rpartition("/")[2] in _LEVEL_NAMES),
    )


def _stands(tree: Tree, data: Sequence[Sequence[Cell]], marks: _Marks, *, subjects: bool) -> bool:
    """Whether classes stand above their parts. In a ledger codes of several lengths follow each
    other by chance, and sums of two rows agree by chance: a class is no row of one paper, and has
    parts of its own unit and project.
    """
    keys = [tree.key(cells) for cells in data]
    parents = [
        index for index, (key, below) in enumerate(pairwise(keys)) if tree.is_below(key, below)
    ]
    if not parents or any(_is_by_itself(tree, index, data, marks) for index in parents):
        return False
    times = Counter(filter(None, keys))
    if subjects and max(times.values()) == 1:
        return True
    parts = [_parts(tree, index, keys, data) for index in parents]
    unsummed = marks.unsummed | set(tree.positions)
    added = [
        index
        for index, some in zip(parents, parts, strict=True)
        if _adds_up(data[index], some, unsummed)
    ]
    sizes = [len(some) for index, some in zip(parents, parts, strict=True) if index in set(added)]
    once = sum(times[keys[index]] == 1 for index in parents)
    if tree.form is Form.CODES and once * 2 <= len(parents):
        return False
    numbered = tree.form is Form.NUMBERS and all(level(keys[n + 1]) < DEEPEST for n in added)
    return len(added) * 2 > len(parents) and (numbered or _is_sure(tree.form, sizes, len(keys)))


def _is_by_itself(tree: Tree, index: int, data: Sequence[Sequence[Cell]], marks: _Marks) -> bool:
    """Whether a row has what no class has: a paper or a code of its own, or another owner than the
    row below it.
    """
    cells, below = data[index], data[index + 1]
    if any(at(cells, n) is not None for n in marks.papers - set(tree.positions)):
        return True
    if tree.form is Form.COLUMNS and not marks.levels >= set(tree.positions):
        behind = (n for n in marks.texts if n > tree.positions[-1])
        return any(at(cells, n) is not None for n in behind)
    if tree.form is not Form.CODES:
        return False
    owners = marks.owners if not marks.owners & set(tree.positions) else ()
    return any(
        at(cells, n) is not None and at(below, n) is not None and at(cells, n) != at(below, n)
        for n in owners
    )


def _is_sure(form: Form, parts: Sequence[int], rows: int) -> bool:
    """Whether sums that agree are no chance, by how many parts make each. One row is often as
    large as the next one; and where columns or blanks alone show classes, one sum is not enough
    in a table that is more than one class.
    """
    if form in (Form.COLUMNS, Form.BLANKS) and len(parts) < 2:
        return form is Form.BLANKS and max(parts) > 1 and parts[0] == rows - 1
    return max(parts) > 1


def _parts(
    tree: Tree, index: int, keys: Sequence[str], data: Sequence[Sequence[Cell]]
) -> list[Sequence[Cell]]:
    """The rows under a class that have none under them."""
    last = index + 1
    while last < len(keys) and tree.is_below(keys[index], keys[last]):
        last += 1
    return [
        data[part]
        for part in range(index + 1, last)
        if not (part + 1 < last and tree.is_below(keys[part], keys[part + 1]))
    ]


def _adds_up(
    upper: Sequence[Cell], leaves: Sequence[Sequence[Cell]], plain: frozenset[int]
) -> bool:
    """Whether in a column the parts of a class make its sum."""
    for column in range(len(upper)):
        whole = figures.figure(at(upper, column))
        if column in plain or whole is None or not whole.value:
            continue
        parts = [figures.figure(at(cells, column)) for cells in leaves]
        total = sum((part.value for part in parts if part is not None), Decimal())
        if abs(total - whole.value) <= Decimal("0.01") * len(parts):
            return True
    return False
