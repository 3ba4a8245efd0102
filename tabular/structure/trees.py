"""Columns whose codes or numbering make a tree, with classes above their parts. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from tabular import figures
from tabular.sheets import Cell
from tabular.structure.names import at, close

_CODE = re.compile(r"\d{3,}")
_LEADING = re.compile(r"\d{3,}(?=\D)")
"""A code in front of its name."""
_CODE_NAME = re.compile(r"编码|代码|科目")
_SUBJECT = re.compile(r"科目|分类|类款项")
_LEVELS = tuple(
    re.compile(form)
    for form in (r"[一二三四五六七八九十]+[、.．]", r"[（(][一二三四五六七八九十]+[)）]",
                 r"\d{1,2}[、.．](?!\d)", r"[（(]\d{1,2}[)）]")
)  # fmt: skip
_NUMBERED_WITHIN = 12
"""Columns in which numbered lines are looked for."""
_DEEPEST = len(_LEVELS)


@dataclass(frozen=True, slots=True)
class Tree:
    """A column by its position, or those of 类, 款 and 项; its texts are codes, or begin with a
    number (一、（一）1.).
    """

    positions: tuple[int, ...]
    numbered: bool = False

    def key(self, cells: Sequence[Cell]) -> str:
        """The text of a row by which it stands in the tree."""
        parts = [figures.plain(close(cell)) for n in self.positions if (cell := at(cells, n))]
        text = "".join(parts)
        code = None if self.numbered else _LEADING.match(text)
        return code[0] if code else text

    def is_below(self, upper: str, key: str) -> bool:
        """Whether a row is part of another: 20101 of 201, （一） of 一、."""
        if not key or not upper:
            return False
        if self.numbered:
            return level(key) > level(upper)
        return bool(_CODE.fullmatch(upper)) and len(key) > len(upper) and key.startswith(upper)


def level(text: str) -> int:
    """How deep the number stands by which a text begins; deepest without one."""
    return next((n for n, form in enumerate(_LEVELS) if form.match(text)), _DEEPEST)


def tree_of(names: Mapping[int, str], data: Sequence[Sequence[Cell]]) -> Tree | None:
    """The first column that makes a tree of the rows of data."""
    levels = {name.rpartition("/")[2]: position for position, name in names.items()}
    if {"类", "款", "项"} <= levels.keys():
        tree = Tree(tuple(levels[name] for name in ("类", "款", "项")))
        if _stands(tree, data, subjects=True):
            return tree
    for position, name in names.items():
        if _CODE_NAME.search(name):
            tree = Tree((position,))
            if _stands(tree, data, subjects=bool(_SUBJECT.search(name))):
                return tree
    for position in list(names)[:_NUMBERED_WITHIN]:
        tree = Tree((position,), numbered=True)
        if _stands(tree, data, subjects=False):
            return tree
    return None


def _stands(tree: Tree, data: Sequence[Sequence[Cell]], *, subjects: bool) -> bool:
    """In a ledger codes of several lengths follow each other by chance. In a tree of subjects no
    code comes twice; elsewhere the sums of parts are those of their classes.
    """
    keys = [tree.key(cells) for cells in data]
    parents = [
        index for index, (key, below) in enumerate(pairwise(keys)) if tree.is_below(key, below)
    ]
    if not parents:
        return False
    if subjects and max(Counter(filter(None, keys)).values()) == 1:
        return True
    right = sum(_adds_up(tree, index, keys, data) for index in parents)
    return right * 2 > len(parents)


def _adds_up(tree: Tree, index: int, keys: Sequence[str], data: Sequence[Sequence[Cell]]) -> bool:
    """Whether in a column the parts of a class make its sum."""
    last = index + 1
    while last < len(keys) and tree.is_below(keys[index], keys[last]):
        last += 1
    leaves = [
        data[part]
        for part in range(index + 1, last)
        if not (part + 1 < last and tree.is_below(keys[part], keys[part + 1]))
    ]
    for column in range(len(data[index])):
        whole = figures.figure(at(data[index], column))
        if column in tree.positions or whole is None or not whole.value:
            continue
        parts = [figures.figure(at(cells, column)) for cells in leaves]
        total = sum((part.value for part in parts if part is not None), Decimal())
        if abs(total - whole.value) <= Decimal("0.01") * len(parts):
            return True
    return False
