"""Sides of a published table, and the lines of each. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from budget.published.kinds import narrow
from budget.published.reading.columns import code_of, leading_code
from budget.published.records import Column, Line, Side, Use
from tabular import figures
from tabular.files.indents import indent
from tabular.sheets import Cell
from tabular.structure.headings import is_value
from tabular.structure.names import at

_TOTAL = re.compile(
    r"[一-龥()、.\d]{0,16}?(?:合计|总计|小计|共计)(?:数|金额)?(?:\([^()]*\))?:?|总计\(?.*"
)
_LEAST_CODE = 3
Numbered = tuple[int, Sequence[Cell]]
"""A row by its number in the file, from 1."""


@dataclass(slots=True)
class _Strip:
    """Columns that stand beside each other under one name of lines."""

    codes: list[Column] = field(default_factory=list)
    labels: list[Column] = field(default_factory=list)
    texts: list[Column] = field(default_factory=list)
    """Before the sums; the word of a total may stand in them."""
    money: list[Column] = field(default_factory=list)

    @property
    def group(self) -> str:
        """The name above all of it."""
        named = [*self.codes, *self.labels] or self.money
        return named[0].path[0] if named and len(named[0].path) > 1 else ""


def sides_of(columns: Sequence[Column], rows: Sequence[Numbered]) -> tuple[Side, ...]:
    """The sides of a table. Strips with codes under one group go on from one to the next, as the
    items of 公用经费 do in final accounts.
    """
    chains = list[list[_Strip]]()
    for strip in _strips(columns):
        last = chains[-1][-1] if chains else None
        goes_on = last is not None and last.codes and strip.codes and strip.group == last.group
        if goes_on and strip.group and len(last.money if last else ()) == len(strip.money):
            chains[-1].append(strip)
        else:
            chains.append([strip])
    found = []
    for number, chain in enumerate(chains):
        lines = tuple(_ordered(list(_lines(chain, rows))))
        direction = _direction(chain[0], lines) or ("income", "expense")[min(number, 1)]
        side = Side(direction if len(chains) > 1 else "", tuple(chain[0].money), lines)
        found.append(side)
    return tuple(found)


def _ordered(lines: list[Line]) -> list[Line]:
    """Lines of several strips with the totals under all of them at the end."""
    last = max((line.row for line in lines if not line.is_total), default=0)
    return sorted(lines, key=lambda line: line.is_total and line.row > last)


def _strips(columns: Sequence[Column]) -> list[_Strip]:
    found = [_Strip()]
    for column in columns:
        if column.use in (Use.CODE, Use.LABEL):
            if found[-1].money:
                found.append(_Strip())
            strip = found[-1]
            (strip.codes if column.use is Use.CODE else strip.labels).append(column)
        elif column.use is Use.MONEY:
            found[-1].money.append(column)
        elif column.use is Use.TEXT and not found[-1].money:
            found[-1].texts.append(column)
    return [strip for strip in found if strip.money]


def _direction(strip: _Strip, lines: Sequence[Line]) -> str:
    """Which way the money of a side goes, by its names, else by its totals."""
    names = [column.full for column in (*strip.labels, *strip.codes, *strip.money)]
    names += [line.label for line in lines if line.is_total]
    for name in names:
        ways = [way for way, sign in (("income", "收入"), ("expense", "支出")) if sign in name]
        if len(ways) == 1:
            return ways[0]
    return ""


def _lines(chain: Sequence[_Strip], rows: Sequence[Numbered]) -> Iterator[Line]:
    claimed = set[tuple[int, tuple[int, ...]]]()
    for strip in chain:
        above = [""] * len(strip.codes)
        for number, cells in rows:
            label, depth = _label(strip, cells)
            code = code_of(cells, strip.codes, above) or leading_code(label)
            at_ = tuple(column.position for column in strip.money)
            filled = any(at(cells, position) is not None for position in at_)
            is_total = bool(_TOTAL.fullmatch(label)) and len(code) < _LEAST_CODE
            if is_total and not filled:
                at_ = _of_the_chain(chain, strip, cells) or at_
                filled = any(at(cells, position) is not None for position in at_)
            if (number, at_) in claimed or not (filled or label):
                continue
            claimed.add((number, at_))
            is_part = label.startswith("其中")
            yield Line(number, label, code, depth, is_total, is_part, at_)


def _label(strip: _Strip, cells: Sequence[Cell]) -> tuple[str, int]:
    """The text of a line with the width of the blanks before it; of several the last."""
    found = [
        cell
        for column in (*strip.codes, *strip.labels)
        if isinstance(cell := at(cells, column.position), str)
        and not (column.use is Use.CODE and is_value(cell))
        and not figures.nothing(cell)
    ]
    texts = [*found, *(at(cells, column.position) for column in strip.texts)]
    total = [cell for cell in texts if isinstance(cell, str) and _TOTAL.fullmatch(narrow(cell))]
    text = (total or found or [""])[-1]
    return narrow(text), max((indent(cell) for cell in found), default=0)


def _of_the_chain(
    chain: Sequence[_Strip], strip: _Strip, cells: Sequence[Cell]
) -> tuple[int, ...] | None:
    """Positions of the sums of a total that stands over several strips, in the last of them."""
    for other in reversed(chain):
        own = tuple(column.position for column in other.money)
        if other is not strip and any(at(cells, position) is not None for position in own):
            return own
    return None
