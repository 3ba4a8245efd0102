"""Tables of two sides, as income and expense stand beside each other. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tabular.sheets import Cell
from tabular.structure.column_kinds import Column, ColumnKind
from tabular.structure.trees import Tree, tree_of

_APART = re.compile(r" \(.*\)$")


def beside_of(
    columns: Sequence[Column], tree: Tree | None, data: Sequence[Sequence[Cell]]
) -> frozenset[int]:
    """Positions of the side on which every row stands for itself, while on the other one rows may
    be classes and parts. Empty in a table of one side.
    """
    labels = [column for column in columns if column.kind is ColumnKind.TEXT]
    again = [column for column in labels[1:] if _base(column) == _base(labels[0])]
    if not again:
        return frozenset()
    border = again[0].position
    sides = [
        {one.position: one.name for one in columns if (one.position < border) is left}
        for left in (True, False)
    ]
    money = [
        any(one.kind is ColumnKind.MONEY and one.position in side for one in columns)
        for side in sides
    ]
    other = sides[tree is None or tree.positions[0] < border]
    return frozenset(other) if all(money) and tree_of(other, data) is None else frozenset()


def _base(column: Column) -> str:
    """A name without its group or number."""
    return _APART.sub("", column.name.rpartition("/")[2])
