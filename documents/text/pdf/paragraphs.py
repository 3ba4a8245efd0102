"""Rows of pages joined to paragraphs: by their indents, their ends and their labels."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from documents.text.labels import begins_with_label
from documents.text.lines import Line, joined, row
from documents.text.pdf.rows import Row

_INDENT, _OFTEN = 1.2, 0.1
"""Sizes of a character; share of rows from which on a document is one that indents."""
_NEARLY, _SHORT = 2.6, 3.5
"""Sizes of a character that a full row may lack, and those that a short one lacks."""
_APART = 1.6
"""Of the usual distance of rows."""
_ENDS = tuple("。；;：:！？!?”」》")


@dataclass(frozen=True, slots=True)
class Placed:
    """A row, or a row of a table; how far it stands from the margins, in sizes of a character, and
    how far below the row before it, in usual distances.
    """

    row: Row
    indent: float
    lack: float
    distance: float
    cells: tuple[str, ...] = ()

    @property
    def is_centred(self) -> bool:
        """Whether it stands in the middle, as titles do."""
        return (
            self.indent > _INDENT * 2 and self.lack > _INDENT
            and abs(self.indent - self.lack) < 2.5
        )  # fmt: skip


def placed(pages: Sequence[Sequence[Row]]) -> list[Placed]:
    """Rows of all pages with their distances; margins are those of a page, or of all."""
    lefts = [min(of.left for of in page) for page in pages if page]
    rights = [max(of.right for of in page) for page in pages if page]
    steps = [one.base - two.base for page in pages for one, two in pairwise(page)]
    usual = statistics.median(steps) if steps else 1.0
    found = list[Placed]()
    for page in pages:
        many = len(page) >= 8
        left = min(of.left for of in page) if many else statistics.median(lefts or [0])
        right = max(of.right for of in page) if many else statistics.median_high(rights or [0])
        before: Row | None = None
        for of in page:
            distance = (before.base - of.base) / max(usual, 1.0) if before else 1.0
            size = max(of.size, 1.0)
            indent, lack = (of.left - left) / size, (right - of.right) / size
            found.append(Placed(of, indent, lack, distance, of.cells))
            before = of
    return found


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
    if labelled or of.distance > _APART:
        return False
    return not ended or before.lack <= 1
