"""The table of contents, whose lines are no headings."""

from __future__ import annotations

import re
from collections.abc import Sequence

from documents.text.labels import article_of, heading_of, is_heading
from documents.text.lines import Line

_NAMES = ("目录", "目次")
_PAGE = re.compile(r"[\s.…·．‥⋯]*[.…·．‥⋯]{2,}[\s.…·．‥⋯]*[（(]?\d{1,4}[）)]?$|\s+\d{1,4}$")
_LEADER = re.compile(r"[.…·．‥⋯]{2,}\s*[（(]?\d{1,4}[）)]?$")
_MOST = 400
"""Lines of a table of contents."""


def without(lines: Sequence[Line]) -> list[Line]:
    """The lines of a document without those of its table of contents."""
    kept = [line for line in lines if not _LEADER.search(line.text)]
    for at, line in enumerate(kept):
        if not line.apart and "".join(line.text.split()).strip("：:") in _NAMES:
            return [*kept[:at], *kept[_end(kept, at + 1) :]]
    return kept


def _end(lines: Sequence[Line], at: int) -> int:
    """The first line behind the contents: where their first entry comes again, or a sentence."""
    first = _key(lines[at].text) if at < len(lines) else ""
    for here in range(at + 1, min(len(lines), at + _MOST)):
        if _key(lines[here].text) == first:
            return here
    for here in range(at, len(lines)):
        if not _is_entry(lines[here]):
            return here
    return at


def _key(text: str) -> str:
    label = heading_of(text) or article_of(text)
    return label.label if label else "".join(_PAGE.sub("", text).split())


def _is_entry(line: Line) -> bool:
    labelled = heading_of(line.text) or article_of(line.text) or line.text.startswith("附")
    return bool(labelled and is_heading(line.text)) or bool(_PAGE.search(line.text))
