"""Classes, parts and totals among the lines of one side of a table. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from budget.published.records import Line, Side
from budget.published.sums.equations import Equation, Known, Ref, sum_of
from tabular.structure.trees import DEEPEST, level

Parents = tuple[int | None, ...]
"""For each line the number of the line of which it is part."""
_FIRST = re.compile(r"一、|\(一\)|1[.、](?!\d)|\(1\)")
_PART = re.compile(r"^其中(?:项)?:?")
_OF_YEAR = re.compile(r"本年|当年|收入小计|支出小计")
_LEAST_LINES = 3


class Tree:
    """The lines of a side with the parts that each has."""

    def __init__(self, number: int, side: Side, parents: Parents) -> None:
        self.lines = side.lines
        self._number, self._slots = number, len(side.columns)
        self._below: list[list[int]] = [[] for _ in side.lines]
        self.top: list[int] = []
        self._beside = _beside(side.lines)
        for index, parent in enumerate(parents):
            if index in self._beside or side.lines[index].is_total:
                continue
            (self.top if parent is None else self._below[parent]).append(index)

    def ref(self, index: int, slot: int) -> Ref:
        """The figure of a line in one of the side's columns."""
        line = self.lines[index]
        return self._number, line.row, line.at[slot]

    def is_filled(self, index: int, known: Known) -> bool:
        """Whether a line has any figure."""
        return any(self.ref(index, slot) in known for slot in range(self._slots))

    def items(self, indexes: Sequence[int], known: Known) -> list[int]:
        """Lines with figures; in place of one without any those that are part of it."""
        found = list[int]()
        for index in indexes:
            if self.is_filled(index, known):
                found.append(index)
            else:
                found += self.items(self._below[index], known)
        return found

    def equations(self, known: Known) -> list[Equation]:
        """Each class is the sum of its parts, each total that of its lines."""
        found = list[Equation]()
        for index, below in enumerate(self._below):
            parts = self.items(below, known)
            if parts and self.is_filled(index, known):
                found += self._sums("class", index, parts, known)
        found += self._totals(known)
        for index in sorted(self._beside):
            found += self._limits(index, known)
        return found

    def covers(self, equations: Sequence[Equation], known: Known) -> bool:
        """Whether each line with a figure is in some equation."""
        rows = {(ref[1], ref[2]) for one in equations for ref in one.refs}
        lines = [n for n in range(len(self.lines)) if self.is_filled(n, known)]
        return all(any((self.lines[n].row, at) in rows for at in self.lines[n].at) for n in lines)

    def _sums(
        self, check: str, whole: int, parts: Sequence[int], known: Known
    ) -> Iterator[Equation]:
        for slot in range(self._slots):
            one = sum_of(check, self.ref(whole, slot), [self.ref(part, slot) for part in parts])
            if one.is_filled(known):
                yield one

    def _limits(self, index: int, known: Known) -> Iterator[Equation]:
        """A part that is named for itself is no more than its whole."""
        wholes = [n for n in range(index) if n not in self._beside]
        if not wholes or self.lines[wholes[-1]].is_total:
            return
        for slot in range(self._slots):
            part, whole = self.ref(index, slot), self.ref(wholes[-1], slot)
            if part in known and whole in known and known[whole].fen >= 0:
                yield Equation("part", part, ((whole, 1),), is_limit=True)

    def _totals(self, known: Known) -> Iterator[Equation]:
        """A total at the top is the sum of the lines below; another one of those above it, or
        since the total before; then it stands for them in the next one.
        """
        totals = [n for n, line in enumerate(self.lines) if line.is_total]
        totals = [n for n in totals if self.is_filled(n, known)]
        items, since, reached = list[int](), list[int](), -1
        for order, index in enumerate(totals):
            fresh = self.items([n for n in self.top if reached < n < index], known)
            items, since, reached = [*items, *fresh], fresh, index
            following = totals[order + 1] if order + 1 < len(totals) else len(self.lines)
            below = self.items([n for n in self.top if index < n < following], known)
            meant = _meant(self.lines[index], items=items, since=since, below=below)
            choices = [meant, items, since, below, self.items(self.top, known)]
            choices += [totals[:order]] if order > 1 else []
            parts = self._first_right(index, [one for one in choices if one], known)
            if parts:
                yield from self._sums("total", index, parts, known)
            if parts == below and below != items:
                items = []
            elif parts == since and since != items:
                items = [n for n in items if n not in since] + [index]
            else:
                items = [index]

    def _first_right(self, index: int, choices: Sequence[list[int]], known: Known) -> list[int]:
        for parts in choices:
            sums = list(self._sums("total", index, parts, known))
            if all(one.holds(known) for one in sums):
                return parts
        return choices[0] if choices else []


def _meant(line: Line, *, items: list[int], since: list[int], below: list[int]) -> list[int]:
    """The lines that a total is of by its word and where it stands."""
    if not items:
        return below
    if "小计" in line.label and not _OF_YEAR.search(line.label) and since:
        return since
    return items


def equations_of_side(number: int, side: Side, known: Known) -> list[Equation]:
    """The sums of one side. Codes make a tree for certain; without them lines may be parts by
    their numbers or blanks, and that is meant which makes most sums right.
    """
    found = list[tuple[float, list[Equation]]]()
    for structure in (_by_codes, _by_numbers, _by_adoption, _by_blanks, _flat):
        parents = structure(side.lines)
        if parents is None:
            continue
        tree = Tree(number, side, parents)
        equations = tree.equations(known)
        if structure is _by_codes:
            return equations
        if not found or (equations and tree.covers(equations, known)):
            wrong = sum(not one.holds(known) for one in equations)
            found.append((wrong / max(len(equations), 1), equations))
    return min(found, key=lambda one: one[0])[1]


def _by_codes(lines: Sequence[Line]) -> Parents | None:
    """The nearest line before whose code is the beginning of a line's own."""
    coded = [line for line in lines if line.code]
    if len(coded) * 2 <= len([line for line in lines if not line.is_total]):
        return None
    last = dict[str, int]()
    found = list[int | None]()
    for index, line in enumerate(lines):
        ahead = (line.code[:size] for size in range(len(line.code) - 1, 0, -1))
        found.append(next((last[code] for code in ahead if code in last), None))
        if line.code:
            last[line.code] = index
    return tuple(found)


def _by_numbers(lines: Sequence[Line]) -> Parents | None:
    """By 一、（一）1. in front of names, and by blanks where a line has no number."""
    return _by(lines, lambda line, above: line.indent > above.indent)


def _by_adoption(lines: Sequence[Line]) -> Parents | None:
    """As by numbers, but a line without one belongs to the numbered line before it."""
    return _by(lines, lambda _line, above: level(above.label) < DEEPEST)


def _by(lines: Sequence[Line], adopts: Callable[[Line, Line], bool]) -> Parents | None:
    if not any(level(line.label) < DEEPEST for line in lines):
        return None
    open_ = list[int]()
    found = list[int | None]()
    for index, line in enumerate(lines):
        own = level(line.label)
        if line.is_total or line.is_part:
            open_ = [] if line.is_total else open_
            found.append(None)
            continue
        if own == DEEPEST:
            while open_ and not adopts(line, lines[open_[-1]]):
                open_.pop()
        else:
            while open_ and not _is_above(lines[open_[-1]], line, own):
                if level(lines[open_.pop()].label) == own:
                    break
        found.append(open_[-1] if open_ else None)
        open_.append(index)
    return tuple(found)


def _is_above(upper: Line, line: Line, own: int) -> bool:
    """Whether a numbered line is part of one before it: of a lesser number, or, where numbers
    begin anew, of one without.
    """
    above = level(upper.label)
    if above == DEEPEST:
        return bool(_FIRST.match(line.label))
    return above < own


def _by_blanks(lines: Sequence[Line]) -> Parents | None:
    if len({line.indent for line in lines}) < 2:
        return None
    open_ = list[int]()
    found = list[int | None]()
    for index, line in enumerate(lines):
        if line.is_total:
            open_ = []
            found.append(None)
            continue
        while open_ and lines[open_[-1]].indent >= line.indent:
            open_.pop()
        found.append(open_[-1] if open_ else None)
        open_.append(index)
    return tuple(found)


def _flat(lines: Sequence[Line]) -> Parents:
    return (None,) * len(lines)


def _beside(lines: Sequence[Line]) -> frozenset[int]:
    """Lines that are named as parts (其中), and those that go on with them."""
    found = set[int]()
    part: Line | None = None
    whole: Line | None = None
    for index, line in enumerate(lines):
        if line.is_part:
            part = line
            found.add(index)
        elif part and whole and not line.is_total and _goes_on(whole, part, line):
            found.add(index)
        else:
            part, whole = None, line
    return frozenset(found)


def _goes_on(whole: Line, part: Line, line: Line) -> bool:
    if line.code:
        return False
    depth = level(line.label)
    named = level(_PART.sub("", part.label))
    if depth < DEEPEST:
        return depth == named > level(whole.label)
    return line.indent > whole.indent and named == DEEPEST
