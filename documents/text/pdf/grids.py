"""Tables by the rules around their cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from documents.text.pdf.glyphs import Box, Glyph
from documents.text.pdf.rows import text_of

_NEAR = 3.0
"""Points within which rules touch."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its outline, and where its columns and rows are parted."""

    box: Box
    columns: tuple[float, ...]
    lines: tuple[float, ...]

    def holds(self, glyph: Glyph) -> bool:
        """Whether a character stands in the table."""
        x, y = (glyph.left + glyph.right) / 2, glyph.base + glyph.size / 4
        return self.box.left <= x <= self.box.right and self.box.bottom <= y <= self.box.top

    def rows(self, glyphs: Sequence[Glyph]) -> list[tuple[str, ...]]:
        """Cells row by row from above, without rows that are empty."""
        cells = dict[tuple[int, int], list[Glyph]]()
        for of in glyphs:
            place = (
                _band(self.lines, of.base + of.size / 4),
                _band(self.columns, (of.left + of.right) / 2),
            )
            cells.setdefault(place, []).append(of)
        found = []
        for line in range(len(self.lines) - 1, -1, -1):
            texts = [text_of(cells.get((line, at), ())) for at in range(1, len(self.columns))]
            if any(texts):
                found.append(tuple(texts))
        return found


def grids(rules: Sequence[Box]) -> list[Grid]:
    """Tables of at least two columns."""
    return [grid for group in _touching(rules) if (grid := _grid(group))]


def _grid(group: Sequence[Box]) -> Grid | None:
    columns = _distinct(
        (of.left + of.right) / 2 for of in group if of.top - of.bottom > of.right - of.left
    )
    lines = _distinct(
        (of.top + of.bottom) / 2 for of in group if of.right - of.left >= of.top - of.bottom
    )
    if len(columns) < 3 or len(lines) < 2:
        return None
    box = Box(columns[0], lines[0], columns[-1], lines[-1])
    return Grid(box, columns, lines)


def _touching(rules: Sequence[Box]) -> list[list[Box]]:
    """Rules that hang together."""
    groups = list[tuple[Box, list[Box]]]()
    for rule in rules:
        box, members, others = rule, [rule], list[tuple[Box, list[Box]]]()
        for outline, group in groups:
            if _touch(outline, box):
                box, members = _around(outline, box), [*group, *members]
            else:
                others.append((outline, group))
        groups = [*others, (box, members)]
    return [group for _, group in groups]


def _touch(one: Box, other: Box) -> bool:
    apart = (
        one.left > other.right + _NEAR
        or other.left > one.right + _NEAR
        or one.bottom > other.top + _NEAR
        or other.bottom > one.top + _NEAR
    )
    return not apart


def _around(one: Box, other: Box) -> Box:
    return Box(
        min(one.left, other.left), min(one.bottom, other.bottom),
        max(one.right, other.right), max(one.top, other.top),
    )  # fmt: skip


def _distinct(places: Iterable[float]) -> tuple[float, ...]:
    found = list[float]()
    for place in sorted(places):
        if not found or place - found[-1] > _NEAR:
            found.append(place)
    return tuple(found)


def _band(borders: Sequence[float], place: float) -> int:
    """The number of borders below a place."""
    return sum(border <= place for border in borders)
