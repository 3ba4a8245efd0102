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

_CODE = re.compile(r"\d{3,}")
_LEADING = re.compile(r"[\[(【]?(\d{3,})(?=\D)")
"""A code in front of its name."""
_CODE_NAME = re.compile(r"编码|代码|科目")
_SUBJECT = re.compile(r"科目|分类|类款项")
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
            filled = [n for n, at_ in enumerate(self.positions) if at(cells, at_) is not None]
            return str(filled[-1]) if filled else ""
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
        if self.form is not Form.CODES:
            return int(key) > int(upper)
        return bool(_CODE.fullmatch(upper)) and len(key) > len(upper) and key.startswith(upper)


def level(text: str) -> int:
    """How deep the number stands by which a text begins; deepest without one."""
    return next((n for n, form in enumerate(_LEVELS) if form.match(text)), DEEPEST)


def tree_of(names: Mapping[int, str], data: Sequence[Sequence[Cell]]) -> Tree | None:
    """The first columns that make a tree of the rows of data."""
    levels = {name.rpartition("/")[2]: position for position, name in names.items()}
    plain = _without_sums(names, data)
    if {"类", "款"} <= levels.keys():
        parts = tuple(levels[name] for name in ("类", "款", "项") if name in levels)
        for form in (Form.CODES, Form.COLUMNS):
            if _stands(Tree(parts, form), data, plain, subjects=form is Form.CODES):
                return Tree(parts, form)
    for position, name in names.items():
        if _CODE_NAME.search(name):
            tree = Tree((position,))
            if _stands(tree, data, plain, subjects=bool(_SUBJECT.search(name))):
                return tree
    texts = [position for position in names if _are_texts(position, data)]
    ahead = [position for position in names if texts and position < texts[0]]
    shapes = [Tree((n,), Form.NUMBERS) for n in [*ahead, *texts][:_NUMBERED_WITHIN]]
    leading = texts[: next((n for n, one in enumerate(texts) if one != texts[0] + n), None)]
    shapes += [Tree(tuple(leading), Form.COLUMNS)] if len(leading) > 1 else []
    shapes += [Tree((position,), Form.BLANKS) for position in leading]
    return next((tree for tree in shapes if _stands(tree, data, plain, subjects=False)), None)


def _are_texts(position: int, data: Sequence[Sequence[Cell]]) -> bool:
    """Whether names stand in a column, and no figures."""
    cells = [cell for row in data if (cell := at(row, position)) is not None]
    return sum(figures.figure(cell) is not None for cell in cells) * 2 < len(cells)


def _without_sums(names: Mapping[int, str], data: Sequence[Sequence[Cell]]) -> frozenset[int]:
    """Columns whose numbers nobody adds up: codes of units and subjects, and one number in every
    row, as the year. In a ledger they are often the same in two rows that follow each other.
    """
    codes = {n for n, name in names.items() if _CODE_NAME.search(name) or _SUBJECT.search(name)}
    same = {n for n in names if len({at(cells, n) for cells in data}) == 1}
    return frozenset(codes | same)


def _stands(
    tree: Tree, data: Sequence[Sequence[Cell]], plain: frozenset[int], *, subjects: bool
) -> bool:
    """In a ledger codes of several lengths follow each other by chance. In a tree of subjects no
    code comes twice; elsewhere the sums of parts are those of their classes, of which most come
    once and one has several parts: a payment of a unit may be as large as the next one of a unit
    below it.
    """
    keys = [tree.key(cells) for cells in data]
    parents = [
        index for index, (key, below) in enumerate(pairwise(keys)) if tree.is_below(key, below)
    ]
    if not parents:
        return False
    times = Counter(filter(None, keys))
    if subjects and max(times.values()) == 1:
        return True
    parts = [_parts(tree, index, keys, data) for index in parents]
    unsummed = plain | set(tree.positions)
    added = [
        len(some)
        for index, some in zip(parents, parts, strict=True)
        if _adds_up(data[index], some, unsummed)
    ]
    if tree.form is Form.CODES:
        once = sum(times[keys[index]] == 1 for index in parents)
        return min(len(added), once) * 2 > len(parents) and max(added) > 1
    by_chance = tree.form in (Form.COLUMNS, Form.BLANKS) and len(added) < 2 and len(keys) > 3
    return len(added) * 2 > len(parents) and not by_chance


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
