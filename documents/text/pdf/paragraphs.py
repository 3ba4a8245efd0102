"""Rows of pages joined to paragraphs: by their indents, their ends and their labels."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from documents.text.labels import article_of, begins_with_label
from documents.text.lines import Line, joined, row
from documents.text.pdf.rows import Row

_INDENT, _CENTRED, _OFTEN = 1.2, 2.4, 0.1
"""Sizes of a character: from a margin to a paragraph, and to a title; share of rows from which on
a document is one that indents.
"""
_NEARLY, _SHORT = 2.6, 3.5
"""Sizes of a character that a full row may lack, and those that a short one lacks."""
_APART = 1.3
"""Of the usual distance of rows."""
_MANY, _FULL, _NEAR = 8, 4, 2.0
"""Rows of a page that has margins of its own, full ones that show its right one, and points within
which two rows begin or end alike.
"""
_ENDS = tuple("。；;：:！？!?”」》")


@dataclass(frozen=True, slots=True)
class Placed:
    """A row, or a row of a table; how far it stands from the margins, in sizes of a character, and
    how far below the row before it, in usual distances. Titles are centred.
    """

    row: Row
    indent: float
    lack: float
    distance: float
    is_centred: bool
    cells: tuple[str, ...] = ()


def placed(pages: Sequence[Sequence[Row]], widths: Sequence[float]) -> list[Placed]:
    """Rows of all pages with their distances; margins are those of a page, or of all where a page
    has few rows, or none that is not indented.
    """
    steps = [one.base - two.base for page in pages for one, two in pairwise(page)]
    usual = max(statistics.median(steps) if steps else 1.0, 1.0)
    sides = [_margins(page, width) for page, width in zip(pages, widths, strict=True)]
    leftmost = min((left for left, _ in sides), default=0.0)
    rightmost = max((right for _, right in sides), default=0.0)
    found = list[Placed]()
    for page, width, own in zip(pages, widths, sides, strict=True):
        shown = len(page) >= _MANY and own[0] - leftmost <= _INDENT * _size(page)
        left, right = own if shown else (leftmost, rightmost)
        before: Row | None = None
        for of in page:
            distance = (before.base - of.base) / usual if before else 1.0
            size = max(of.size, 1.0)
            indent, lack = (of.left - left) / size, (right - of.right) / size
            off = min(abs(of.left + of.right - both) for both in (width, left + right)) / 2 / size
            centred = min(indent, lack) > _CENTRED and off < _INDENT
            found.append(Placed(of, indent, lack, distance, centred, of.cells))
            before = of
    return found


def _margins(page: Sequence[Row], width: float) -> tuple[float, float]:
    """Left and right edge of the text, which some signs overhang; where hardly a row is full, the
    page itself says how far one might reach.
    """
    if not page:
        return math.inf, -math.inf
    left = _shared(sorted(of.left for of in page))
    right = -_shared(sorted(-of.right for of in page))
    full = sum(right - of.right <= of.size for of in page)
    return left, right if full >= _FULL else max(right, width - left)


def _size(page: Sequence[Row]) -> float:
    return statistics.median(of.size for of in page)


def _shared(places: Sequence[float]) -> float:
    """The outermost place at which two rows begin or end, else the outermost of all."""
    for one, two in pairwise(places):
        if two - one < _NEAR:
            return one
    return places[0]


def lines_of(rows: Sequence[Placed]) -> list[Line]:
    """Paragraphs in their order."""
    indents = _indents(rows)
    found, before = list[Line](), None
    for of in rows:
        if of.cells:
            found.append(row(of.cells))
            before = None
        elif before and found and _goes_on(before, of, found[-1].text, indents=indents):
            found[-1] = Line(joined(found[-1].text, of.row.text))
            before = of
        else:
            found.append(Line(of.row.text))
            before = of
    return found


def _indents(rows: Sequence[Placed]) -> bool:
    """Whether paragraphs of a document begin with an indent."""
    own = [of for of in rows if not of.cells and not of.is_centred]
    return sum(of.indent > _INDENT for of in own) > _OFTEN * len(own)


def _goes_on(before: Placed, of: Placed, text: str, *, indents: bool) -> bool:
    """Whether a row goes on with the paragraph before it."""
    if before.is_centred or of.is_centred or abs(before.row.size - of.row.size) > 2:
        return False
    labelled, ended = begins_with_label(of.row.text), text.endswith(_ENDS)
    if before.lack > _SHORT and not (indents and of.indent <= _INDENT and not ended):
        return False
    if indents:
        if of.indent > _INDENT:
            return not ended and not labelled and before.lack <= _NEARLY
        return not (labelled and (ended or before.lack > _NEARLY))
    if before.lack <= _NEARLY and not ended and not article_of(of.row.text):
        labelled = False  # 第（一）项 may be wrapped behind 第
    # of sentences that end where a row is full, four in five end a paragraph in laws
    return not (labelled or ended or of.distance > _APART)
