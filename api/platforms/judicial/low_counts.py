"""Which counts of a table are hidden so that none below five can be reckoned from others. Pure.

Low counts point at persons (个人信息保护法 第六条 keeps to the least that serves; no law names the
bound of five, it is this product's). In a table with totals a count that is left out alone stands
in its row and its column: further ones are left out beside it, until of every low count each
number from none to four stays possible for whoever has all that is shown. Counts and totals are a
network: what flows into a row flows out to its columns, so what stays possible is a flow through
the counts that are hidden, and whole numbers suffice. Whoever knows how the further ones are
chosen may still exclude some combinations.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LEAST = 5
"""Counts below are hidden, none included."""
Cells = Sequence[Sequence[int]]
"""Whole numbers from 0 on, by row and column, without totals."""
Shown = Sequence[Sequence[int | None]]
"""The same with a last row and a last column of totals; None is a count that is hidden."""
_TOTAL = -1
_Node = tuple[str, int]
_Key = tuple[str, int, int]
_Way = tuple[_Key, _Node, int]
_Path = tuple[tuple[_Key, int], ...]


@dataclass(frozen=True, slots=True)
class _Arc:
    """A count that flows from one sum into another."""

    tail: _Node
    head: _Node
    value: int


class _Network:
    """Counts between sums; at every node as much flows in as out, whatever they are."""

    def __init__(self, arcs: Mapping[_Key, _Arc]) -> None:
        self.arcs = arcs
        self._ways: dict[_Node, list[_Way]] = {}
        for key, arc in arcs.items():
            self._ways.setdefault(arc.tail, []).append((key, arc.head, 1))
            self._ways.setdefault(arc.head, []).append((key, arc.tail, -1))
        self.hidden = {key for key, arc in arcs.items() if arc.value < LEAST}

    def protect(self) -> frozenset[_Key]:
        """Hide further counts until none can be reckoned, and show again what need not be."""
        low = frozenset(self.hidden)
        for key in sorted(low):
            for units, up in self._ranges(key):
                self._moves(key, units, up=up, hides=True)
        further = self.hidden - low
        for key in sorted(further, key=lambda of: (-self.arcs[of].value, of)):
            self.hidden.discard(key)
            if not all(self._protected(of) for of in self.hidden):
                self.hidden.add(key)
        return frozenset(self.hidden)

    def _ranges(self, key: _Key) -> Sequence[tuple[int, bool]]:
        """By how much a low count must be able to differ, up and down."""
        value = self.arcs[key].value
        return ((LEAST - 1 - value, True), (value, False))

    def _protected(self, key: _Key) -> bool:
        if self.arcs[key].value >= LEAST:
            return any(self._moves(key, 1, up=up) for up in (True, False))
        return all(self._moves(key, units, up=up) for units, up in self._ranges(key))

    def _moves(self, key: _Key, units: int, *, up: bool, hides: bool = False) -> bool:
        """Whether a count can differ by ``units`` while all that is shown stays; where it
        ``hides``, the lowest counts that stand in the way are hidden.
        """
        arc = self.arcs[key]
        start, goal = (arc.head, arc.tail) if up else (arc.tail, arc.head)
        moved: dict[_Key, int] = {}
        for _unit in range(units):
            path = self._path(key, start, goal, moved, hides=hides)
            if path is None:
                return False
            for of, sign in path:
                moved[of] = moved.get(of, 0) + sign
                self.hidden.add(of)
        return True

    def _path(
        self, without: _Key, start: _Node, goal: _Node, moved: Mapping[_Key, int], *, hides: bool
    ) -> _Path | None:
        """The way on which one more unit can flow at the least cost; a hidden count costs none."""
        queue: list[tuple[int, _Node, _Path]] = [(0, start, ())]
        done: set[_Node] = set()
        while queue:
            cost, node, path = heapq.heappop(queue)
            if node == goal:
                return path
            if node in done:
                continue
            done.add(node)
            for of, other, sign in self._ways[node]:
                hidden, value = of in self.hidden, self.arcs[of].value
                free = sign > 0 or value + moved.get(of, 0) > 0
                if of != without and other not in done and free and (hidden or hides):
                    more = 0 if hidden else value + 1
                    heapq.heappush(queue, (cost + more, other, (*path, (of, sign))))
        return None


def two_way(cells: Cells) -> Shown:
    """A table of counts with its totals, those hidden that could tell of a low one."""
    rows, columns = range(len(cells)), range(len(cells[0]) if cells else 0)
    arcs = _cells("first", cells, "row", "column")
    for at in rows:
        arcs["first", at, _TOTAL] = _Arc(("all", 0), ("row", at), sum(cells[at]))
    for at in columns:
        arcs["first", _TOTAL, at] = _Arc(("column", at), ("end", 0), _of_column(cells, at))
    arcs["first", _TOTAL, _TOTAL] = _Arc(("end", 0), ("all", 0), sum(map(sum, cells)))
    hidden = _Network(arcs).protect()
    return _table(arcs, hidden, "first", "first", len(rows), len(columns))


def side_by_side(first: Cells, second: Cells) -> tuple[Shown, Shown]:
    """Two tables that count the same things by other rows and the same columns, hidden as one:
    neither tells what the other hides.

    Raises:
        ValueError: they do not add up to the same in every column.
    """
    columns = range(len(first[0]) if first else 0)
    totals = [_of_column(first, at) for at in columns]
    if totals != [_of_column(second, at) for at in columns]:
        raise ValueError("the tables do not count the same things")
    arcs = _cells("first", first, "row", "column")
    for at in columns:
        arcs["both", _TOTAL, at] = _Arc(("column", at), ("other", at), totals[at])
    for at, row in enumerate(second):
        for column, value in enumerate(row):
            arcs["second", at, column] = _Arc(("other", column), ("second", at), value)
        arcs["second", at, _TOTAL] = _Arc(("second", at), ("end", 0), sum(row))
    for at, row in enumerate(first):
        arcs["first", at, _TOTAL] = _Arc(("all", 0), ("row", at), sum(row))
    arcs["both", _TOTAL, _TOTAL] = _Arc(("end", 0), ("all", 0), sum(totals))
    hidden = _Network(arcs).protect()
    return (
        _table(arcs, hidden, "first", "both", len(first), len(columns)),
        _table(arcs, hidden, "second", "both", len(second), len(columns)),
    )


def _cells(name: str, cells: Cells, rows: str, columns: str) -> dict[_Key, _Arc]:
    return {
        (name, row, column): _Arc((rows, row), (columns, column), value)
        for row, values in enumerate(cells)
        for column, value in enumerate(values)
    }


def _of_column(cells: Cells, column: int) -> int:
    return sum(row[column] for row in cells)


def _table(
    arcs: Mapping[_Key, _Arc],
    hidden: frozenset[_Key],
    name: str,
    totals: str,
    rows: int,
    columns: int,
) -> Shown:
    def shown(row: int, column: int) -> int | None:
        key = (totals if row == _TOTAL else name, row, column)
        return None if key in hidden else arcs[key].value

    across = (*range(columns), _TOTAL)
    return [[shown(row, column) for column in across] for row in (*range(rows), _TOTAL)]
