"""Running heads, page numbers and footnotes, which are no text of the document."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from documents.text.pdf.rows import Row

_NUMBER = re.compile(
    r"[-—–―－·•.\s]*(?:第?\s*\d{1,4}\s*页?(?:\s*[/／,，共]*\s*\d{1,4}\s*页?)?)[-—–―－·•.\s]*$"
    r"|第\s*\d{1,4}\s*页.{0,12}$|(?:page\s*)?\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?$|[ivxIVX]{1,5}$",
    re.IGNORECASE,
)
_EDGE, _SHARE, _SMALL = 3, 0.3, 0.87
"""Rows at an edge of a page; share of pages that have a running head; of the size of the text."""
_MARGIN = 0.1
"""Of the height of a page: a smaller row in it is a head or a foot, also where it comes once."""
_FAR, _SHORT = 1.25, 25
"""Of the distance of rows, and characters: a row that comes again is a head where it stands
farther off, or is as short as titles are.
"""


def body_size(pages: Sequence[Sequence[Row]]) -> float:
    """The size of most characters."""
    sizes = Counter[float]()
    for row in (row for page in pages for row in page):
        sizes[round(row.size * 2) / 2] += len(row.text)
    return sizes.most_common(1)[0][0] if sizes else 1.0


def without(pages: Sequence[Sequence[Row]], heights: Sequence[float]) -> list[list[Row]]:
    """Rows of the text alone, page by page."""
    steps = [one.base - two.base for page in pages for one, two in pairwise(page)]
    usual = _Usual(body_size(pages), statistics.median(steps) if steps else 1.0, _running(pages))
    return [_text(page, height, usual) for page, height in zip(pages, heights, strict=True)]


@dataclass(frozen=True, slots=True)
class _Usual:
    """Size and distance of rows of the text, and rows at edges that come again."""

    size: float
    step: float
    running: set[str]


def _text(page: Sequence[Row], height: float, usual: _Usual) -> list[Row]:
    rows = list(page)
    for at, inner in ((0, 1), (-1, -2)):
        for _ in range(_EDGE):
            neighbour = rows[inner] if len(rows) > 1 else None
            if rows and _is_margin(rows[at], neighbour, height, usual):
                rows.pop(at)
    while rows and rows[-1].size < _SMALL * usual.size and rows[-1].base < height / 2:
        rows.pop()
    return rows


def _is_margin(row: Row, neighbour: Row | None, height: float, usual: _Usual) -> bool:
    small = row.size < _SMALL * usual.size
    far = neighbour is None or abs(row.base - neighbour.base) > _FAR * usual.step
    if _NUMBER.match(row.text):
        return True
    if _key(row) in usual.running and (small or far or len(row.text) <= _SHORT):
        return True
    return small and (row.base > height * (1 - _MARGIN) or row.base < height * _MARGIN)


def _running(pages: Sequence[Sequence[Row]]) -> set[str]:
    """Rows at the edges that come again at the same height, whatever figures they have."""
    found = dict[str, list[float]]()
    for page in pages:
        edges = {_key(row): row.base for row in (*page[:_EDGE], *page[-_EDGE:])}
        for key, base in edges.items():
            found.setdefault(key, []).append(base)
    least = max(2.0, _SHARE * len(pages))
    return {
        key for key, bases in found.items() if len(bases) >= least and _is_level(bases) and key
    }


def _is_level(bases: Sequence[float]) -> bool:
    middle = statistics.median(bases)
    return sum(abs(base - middle) < 4 for base in bases) >= 0.8 * len(bases)


def _key(row: Row) -> str:
    return re.sub(r"\d+", "#", "".join(row.text.split()))
